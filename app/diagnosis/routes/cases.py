"""Missed goals: the list, and why each was missed."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.permissions import Permission, requires
from app.core.viewer import Viewer, the_viewer
from app.diagnosis import case_pages, queries, words
from app.diagnosis.findings import Cause
from app.diagnosis.queries import lists
from app.diagnosis.routes import cases_bp as bp
from app.goals.words import period_name
from app.metrics import queries as metrics
from app.sales.queries import team_choices

FILTERED = [cause for cause in Cause if cause is not Cause.CAPABILITY]  # it may be closed still


@bp.get("/cases")
@requires(Permission.DIAGNOSIS_VIEW)
def index() -> ResponseReturnValue:
    viewer = the_viewer()
    periods = lists.periods_with_cases(viewer)
    asked = request.args.get("period")
    period = next((one for one in periods if one.key == asked), periods[0] if periods else None)
    teams = team_choices(viewer)
    wanted = lists.Wanted(
        period_id=period.id if period else None,
        team_id=_among(request.args.get("team", type=int), teams),
        cause=next((one for one in FILTERED if one.value == request.args.get("cause")), None),
        metric_id=_metric(),
    )
    page = lists.page_of_cases(viewer, wanted, request.args.get("page", 1, type=int))
    return render_template(
        "diagnosis/index.html",
        page=page,
        period=period,
        sums=_sums(viewer, wanted, page.items) if len(page.items) > 1 else None,
        contests=lists.contests_waiting(viewer),
        is_rep=len(teams) == 0,
        periods=[(one.key, period_name(one)) for one in periods],
        teams=[("", _("All teams")), *((str(key), name) for key, name in teams)],
        causes=[("", _("All causes")), *((one.value, words.CAUSES[one]) for one in FILTERED)],
        chosen=wanted,
        newer=_url(page.number - 1) if page.has_previous else None,
        older=_url(page.number + 1) if page.has_next else None,
    )


@bp.get("/cases/<int:case_id>")
@requires(Permission.DIAGNOSIS_VIEW)
def show(case_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    case = queries.case_for(viewer, case_id)
    page = case_pages.case_page(viewer, case, request.args.get("version", type=int))
    if page.is_own and case.read_at is None and not request.headers.get("HX-Preloaded"):
        case_pages.mark_read(case)
    return render_template("diagnosis/show.html", page=page, case=case)


def _among(key: int | None, choices: Any) -> int | None:
    return key if any(key == known for known, _name in choices) else None


def _metric() -> int | None:
    key = request.args.get("metric")
    return next((one.id for one in metrics.metrics(with_hidden=True) if one.key == key), None)


def _sums(viewer: Viewer, wanted: lists.Wanted, rows: Any) -> dict[str, Any] | None:
    """What the causes come to, where all that is listed is of one metric."""
    people = [row for row in rows if row.person is not None and not row.is_withdrawn]
    found = {row.metric.id: row.metric for row in people}
    if len(found) != 1 or len(people) < 2:
        return None
    metric = next(iter(found.values()))
    one = lists.Wanted(wanted.period_id, metric.id, wanted.team_id, cause=wanted.cause)
    return {"metric": metric, "rows": lists.sums_of(viewer, one)}


def _url(number: int) -> str:
    given = {name: value for name, value in request.args.items() if value and name != "page"}
    return url_for("cases.index", **given | ({"page": number} if number > 1 else {}))  # type: ignore[arg-type]  # words of the URL
