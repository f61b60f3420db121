from typing import TYPE_CHECKING, Any

from flask import current_app, url_for

if TYPE_CHECKING:
    from app.goals.models import Period
    from app.metrics.models import Metric


def records_url(metric: "Metric", period: "Period", **subject: int) -> str | None:
    """The page of the records behind a figure, once the portal has it; `person` or `team` says whose."""
    if "metrics.records" not in current_app.view_functions:
        return None
    days = {"from": period.starts_on.isoformat(), "to": period.ends_on.isoformat()}
    arguments: dict[str, Any] = {**days, **subject}
    return url_for("metrics.records", key=metric.key, **arguments)
