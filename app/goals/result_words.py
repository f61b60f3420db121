"""What results and adjustments say in words."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.core import formats
from app.goals.models import AdjustmentStatus, GoalResult, Outcome
from app.goals.progress import STATES
from app.goals.verdict_words import ICONS, MANY, OUTCOMES, TONES, WHY_NOT, verdict
from app.goals.words import exact
from app.metrics.figures import format_part
from app.metrics.models import Metric, MetricKind

__all__ = ["ICONS", "MANY", "OUTCOMES", "TONES", "WHY_NOT", "verdict"]

ADJUSTMENT_STATUS = {
    AdjustmentStatus.DRAFT: _l("Not asked for yet"),
    AdjustmentStatus.WAITING: _l("Waits for a second person"),
    AdjustmentStatus.APPLIED: lazy_pgettext("adjustment", "Approved"),
    AdjustmentStatus.REFUSED: lazy_pgettext("adjustment", "Refused"),
    AdjustmentStatus.WITHDRAWN: lazy_pgettext("adjustment", "Taken back"),
}
ADJUSTMENT_TONES = {
    AdjustmentStatus.DRAFT: None,
    AdjustmentStatus.WAITING: "gold",
    AdjustmentStatus.APPLIED: "good",
    AdjustmentStatus.REFUSED: None,
    AdjustmentStatus.WITHDRAWN: None,
}
ADJUSTMENT_ICONS = {
    AdjustmentStatus.DRAFT: "pencil",
    AdjustmentStatus.WAITING: "clock",
    AdjustmentStatus.APPLIED: "check",
    AdjustmentStatus.REFUSED: "x",
    AdjustmentStatus.WITHDRAWN: "undo-2",
}

LINES = {
    "cases_met": _l("Counted"),
    "cases": _l("Divided by"),
    "cases_needed": _l("Fewest cases that are judged"),
    "result": _l("Result"),
    "target": _l("Target"),
    "attainment": _l("Share of the target"),
    "exceeded_from": _l("Exceeded from"),
    "days": _l("Working days of the period"),
    "away": _l("Away, not yet there or no longer"),
    "new": _l("In the first three months"),
    "in_full": _l("There in full; at least half is needed"),
}


def arithmetic(lines: Sequence[Mapping[str, Any]], metric: Metric) -> list[tuple[str, str]]:
    """A result's stored lines as (what, how much); unknown keys are left out."""
    rule = metric.parsed()
    of = rule.of or rule.part
    shown: dict[str, Callable[[Decimal], str]] = {
        "cases_met": lambda value: format_part(value, rule.part.measure),
        "cases": lambda value: format_part(value, of.measure),
        "cases_needed": _number,
        "result": lambda value: exact(value, metric),
        "target": lambda value: exact(value, metric),
        "attainment": lambda value: formats.percent(value, 1),
        "exceeded_from": lambda value: formats.percent(value, 1),
        "days": _number,
        "away": _number,
        "new": _number,
        "in_full": _number,
    }
    return [
        (str(LINES[line["key"]]), shown[line["key"]](Decimal(line["value"])))
        for line in lines
        if line.get("key") in LINES
    ]


def _number(value: Decimal) -> str:
    return formats.number(value)


def share(result: GoalResult, metric: Metric) -> Decimal | None:
    """What the bar shows; see `Progress.share`."""
    if result.figure is None:
        return None
    return result.attainment if metric.kind is MetricKind.RATIO else result.figure / result.target


def outcome_of(name: str) -> Outcome:
    return Outcome(name)


def state(result: GoalResult) -> str:
    return STATES[result.outcome]
