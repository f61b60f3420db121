"""What a URL or a form names, looked up within the viewer's scope."""

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext

from app.core.asked import whole
from app.core.errors import NotFound
from app.core.viewer import Viewer
from app.goals import pages, periods, queries, words
from app.goals.pages import Filters
from app.metrics import queries as metrics
from app.people.queries import team_for

if TYPE_CHECKING:
    from app.goals.models import Period


def filters(viewer: Viewer) -> Filters:
    """From the URL. What cannot be read there is as if it were not."""
    period = request.args.get("period", "").strip()
    metric = request.args.get("metric", "").strip()
    team = request.args.get("team", type=int)
    return Filters(
        period=periods.period_by_key(period) if period else None,
        metric=metrics.metric_by_key(metric) if metric else None,
        team=team_for(viewer, team) if team else None,
        page=max(request.args.get("page", 1, type=int), 1),
    )


def period_options(
    viewer: Viewer, none: str | None = None, *, also: "Period | None" = None
) -> dict[str, list[tuple[str, str]]]:
    """Grouped by kind, for a select; `none` is what choosing none of them is called, `also` one asked for."""
    found: dict[str, list[tuple[str, str]]] = {gettext("Now"): [("", none)]} if none else {}
    offered = pages.period_choices(viewer)
    if also is not None and also not in offered:
        offered.append(also)
    for period in offered:
        found.setdefault(str(words.KINDS[period.kind]), []).append((period.key, words.period_name(period)))
    return found


def metric_options() -> list[tuple[str, str]]:
    return [(metric.key, metric.label()) for metric in metrics.active_metrics()]


def subject_options(viewer: Viewer) -> dict[str, list[tuple[str, str]]]:
    """Whom this viewer may set a goal for: `team-3`, `person-7`."""
    teams, people = queries.subjects(viewer)
    return {
        gettext("Teams"): [(f"team-{key}", name) for key, name in teams],
        gettext("People"): [(f"person-{key}", name) for key, name in people],
    }


def subject_of(viewer: Viewer, text: str) -> Any:
    """Read `team-3`. Raises NotFound for what this viewer may set no goal for."""
    kind, _, number = text.partition("-")
    if kind not in {"team", "person"} or not number.isdecimal():
        raise NotFound
    return queries.subject_for(viewer, kind, int(number))


def number(text: str | None) -> int:
    """A version in a hidden field; 0, which none has, for anything else."""
    try:
        return whole(text or "")
    except ValueError:
        return 0
