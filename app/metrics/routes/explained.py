"""For everybody: what is counted here, and how."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.metrics import catalogue, preview, queries
from app.metrics.routes import bp
from app.people.company import the_company


@bp.get("/metrics")
@requires(Permission.STANDINGS_VIEW)
def index() -> ResponseReturnValue:
    may_manage = the_viewer().can(Permission.METRICS_MANAGE)
    found = queries.metrics(with_hidden=may_manage)
    return render_template("metrics/index.html", metrics=found, may_manage=may_manage)


@bp.get("/metrics/<key>")
@requires(Permission.STANDINGS_VIEW)
def show(key: str) -> ResponseReturnValue:
    metric = queries.metric_by_key(key)
    today, viewer = clock.today(), the_viewer()
    month = today.replace(day=1), today
    quarter = preview.last_quarter(today, the_company().fiscal_start_month)
    own = {
        name: queries.person_values(metric, *span, [viewer.person_id]).get(viewer.person_id)
        for name, span in (("month", month), ("quarter", quarter))
    }
    rule = metric.parsed()
    return render_template(
        "metrics/show.html",
        metric=metric,
        rule=rule,
        only=catalogue.filters_of(rule),
        month=month,
        quarter=quarter,
        own=own,
        may_manage=viewer.can(Permission.METRICS_MANAGE),
    )
