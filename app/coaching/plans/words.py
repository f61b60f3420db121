"""What plans, steps, reasons and aims are called, in the reader's language."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.coaching import wording
from app.coaching.models import Plan, PlanKind, PlanStatus, PlanStep, StepKind
from app.coaching.plans import aim_words
from app.core import formats
from app.core.locales import language
from app.goals import units
from app.metrics.figures import format_figure
from app.metrics.models import Metric
from app.people.company import the_company


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


CAUSES = {
    "training": _l("Training"),
    "capability": _l("The person's own part"),
    "company": _l("Any of the company's own causes"),
    "product": _l("Product"),
    "price": _l("Price"),
    "delivery": _l("Delivery and production"),
    "service": _l("Customer service"),
    "marketing": _l("Marketing"),
}
ASPECTS = {
    "win_rate": _l("Win rate"),
    "activity": _l("Leads taken up and decided"),
    "deal_value": _l("Size of the sales"),
    "discounts": _l("Discounts"),
    "cancellations": _l("Cancellations"),
    "leads": _l("Number of leads"),
    "lead_quality": _l("Quality of the leads"),
    "several": _l("Several things at once"),
}
KINDS = {
    StepKind.COURSE: _l("Course"),
    StepKind.PRACTICE: _l("Practice"),
    StepKind.SHADOWING: _l("Going along with a peer"),
    StepKind.JOINT_VISIT: _l("Joint visit"),
    StepKind.PIPELINE_REVIEW: _l("Review of open sales"),
    StepKind.SUPPORT: _l("Support"),
    StepKind.OTHER: _l("Something else"),
}
ICONS = {
    StepKind.COURSE: "graduation-cap",
    StepKind.PRACTICE: "refresh-cw",
    StepKind.SHADOWING: "footprints",
    StepKind.JOINT_VISIT: "users",
    StepKind.PIPELINE_REVIEW: "filter",
    StepKind.SUPPORT: "life-buoy",
    StepKind.OTHER: "circle-dot",
}


def plan_name(plan: Plan) -> str:
    return plan_called(plan.kind, plan.metric)


def plan_called(kind: PlanKind, metric: Metric) -> str:
    if kind is PlanKind.SUPPORT:
        return _("Support plan: %(metric)s", metric=metric.label())
    return _("Coaching plan: %(metric)s", metric=metric.label())


def status_words(plan: Plan) -> str:
    if plan.status is PlanStatus.COMPLETED:
        return _("Completed")
    if plan.status is PlanStatus.ENDED:
        return _("Ended early")
    if plan.agreed_by_person_at and plan.agreed_by_coach_at:
        return _("Running")
    if plan.agreed_by_person_at:
        return _("Waits for the manager")
    if plan.agreed_by_coach_at:
        return _("Waits for the rep")
    return _("Waits for both") if plan.status is PlanStatus.PROPOSED else _("A change waits for both")


def status_tone(plan: Plan) -> str | None:
    if plan.status is PlanStatus.COMPLETED:
        return "good"
    if plan.status is PlanStatus.ENDED:
        return None
    return "primary" if plan.agreed_by_person_at and plan.agreed_by_coach_at else "gold"


def reason(step: PlanStep, metric: Metric) -> str:
    """Why this step: the rule's text with the figures that it saw."""
    said = step.reason.get("words")
    if not said:
        return ""
    figures: Mapping[str, Any] = step.reason.get("figures", {})
    values = {name: figures.get(name) for name in ("product", "peer", "course")}
    text = str(said.get(language()) or next(iter(said.values()), ""))
    return wording.fill(text, values | _figures(figures, metric))


def _figures(figures: Mapping[str, Any], metric: Metric) -> dict[str, str | None]:
    unit = str(figures.get("unit", ""))
    shown: dict[str, str | None] = {
        name: _in_unit(figures.get(name), unit) for name in ("now", "before", "peers")
    }
    shown["share"] = formats.percent(figures["share"]) if figures.get("share") is not None else None
    shown["amount"] = format_figure(Decimal(figures["amount"]), metric) if figures.get("amount") else None
    shown["cases"] = formats.number(figures["cases"]) if figures.get("cases") else None
    return shown


def _in_unit(value: float | None, unit: str) -> str | None:
    if value is None:
        return None
    if unit in ("share", "index"):
        return formats.percent(value)
    if unit == "money":
        return formats.money_short(round(value), the_company().currency)
    if unit == "days":
        return str(ngettext("%(num)s day", "%(num)s days", round(value)))
    return formats.number(value, 1) if unit == "score" else formats.number(round(value))


def open_places(text: str) -> str:
    """A template or rule in a list: what is filled in later is an ellipsis."""
    return wording.fill_title(text, dict.fromkeys(wording.places(text), "…")).replace("….", "…")


def step_kind(key: str) -> StepKind:
    return StepKind(key)


FILTERS = {
    "aim_figure": aim_words.aim_figure,
    "aim_line": aim_words.aim_line,
    "aim_now": aim_words.aim_now,
    "aim_pace": aim_words.aim_pace,
    "aim_reason": aim_words.aim_reason,
    "aim_said": aim_words.aim_said,
    "aim_sentence": aim_words.aim_sentence,
    "aim_state": aim_words.aim_state,
    "aim_unit": units.sign,
    "day_after": lambda day: day + timedelta(days=1),
    "plan_name": plan_name,
    "plan_status": status_words,
    "plan_tone": status_tone,
    "open_places": open_places,
    "step_reason": reason,
}
