"""The records behind a figure: the second tap."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.metrics import queries
from app.metrics import records as behind
from app.metrics.routes import bp
from app.metrics.routes.links import records_url
from app.people.queries import sees_all


@bp.get("/metrics/<key>/records")
@requires(Permission.STANDINGS_VIEW)
def records(key: str) -> ResponseReturnValue:
    metric = queries.metric_by_key(key)
    start, end = asked_days()
    viewer = the_viewer()
    whose = behind.whose(viewer, request.args.get("person", type=int), request.args.get("team", type=int))
    page = behind.page_of(viewer, metric, start, end, whose, request.args.get("page", 1, type=int))
    total, number = behind.total_of(metric, start, end, whose)

    def url_of(number: int) -> str:
        return records_url(metric, start, end, **whose.keys, page=number)

    return render_template(
        "metrics/records.html",
        metric=metric,
        rule=metric.parsed(),
        whose=whose,
        start=start,
        end=end,
        page=page,
        total=total,
        number=number,
        customers=behind.customers_of(page),
        newer=url_of(page.number - 1) if page.has_previous else None,
        older=url_of(page.number + 1) if page.has_next else None,
        may_open=viewer.can(Permission.SALES_VIEW),
        lists_all=viewer.can(Permission.SALES_VIEW) and (whose.person is not None or sees_all(viewer)),
    )


def asked_days() -> tuple[date, date]:
    """From and to of the URL; the running month where they are missing or make no sense."""
    today = clock.today()
    try:
        start = date.fromisoformat(request.args.get("from", ""))
        end = date.fromisoformat(request.args.get("to", ""))
    except ValueError:
        return today.replace(day=1), today
    return (start, end) if start <= end else (end, start)
