"""From a figure to the records that it was made from."""

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import url_for

if TYPE_CHECKING:
    from app.metrics.models import Metric


def records_url(
    metric: "Metric",
    start: date,
    end: date,
    *,
    person_id: int | None = None,
    team_id: int | None = None,
    page: int | None = None,
) -> str:
    """The page that lists what a person, a team or (neither) the company has; it checks who may see it."""
    days: dict[str, Any] = {"from": start.isoformat(), "to": end.isoformat()}
    return url_for("metrics.records", key=metric.key, person=person_id, team=team_id, page=page, **days)
