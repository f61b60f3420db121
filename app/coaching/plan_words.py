"""What plans, steps, reasons and aims are called, in the reader's language."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.coaching import measures, wording
from app.coaching.measures import Measured
from app.coaching.models import (
    Aim,
    Plan,
    PlanKind,
    PlanMessage,
    PlanMessageKind,
    PlanStatus,
    PlanStep,
    StepKind,
)
from app.coaching.standing import AimStand
from app.core import formats
from app.core.locales import language
from app.metrics.figures import format_figure
from app.metrics.models import Metric
from app.people.company import the_company


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


FIRST_DAYS = 7
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
MESSAGE_ICONS = {
    PlanMessageKind.PROPOSED: "sparkles",
    PlanMessageKind.EXTENDED: "git-branch",
    PlanMessageKind.OPENED: "lock",
    PlanMessageKind.FINDINGS_CHANGED: "info",
    PlanMessageKind.CHANGED: "pencil",
    PlanMessageKind.COMMENT: "message-square",
    PlanMessageKind.AGREED: "handshake",
    PlanMessageKind.STEP_DONE: "check",
    PlanMessageKind.STEP_REOPENED: "undo-2",
    PlanMessageKind.COMPLETED: "flag",
    PlanMessageKind.ENDED: "x",
}


def plan_name(plan: Plan) -> str:
    return plan_called(plan.kind, plan.metric)


def plan_called(kind: PlanKind, metric: Metric) -> str:
    if kind is PlanKind.SUPPORT:
        return _("Support plan: %(metric)s", metric=metric.label())
    return _("Coaching plan: %(metric)s", metric=metric.label())


def status_words(plan: Plan) -> str:
    if plan.status is PlanStatus.COMPLETED:
        return _("completed")
    if plan.status is PlanStatus.ENDED:
        return _("ended early")
    if plan.agreed_by_person_at and plan.agreed_by_coach_at:
        return _("running")
    if plan.agreed_by_person_at:
        return _("waits for the manager")
    if plan.agreed_by_coach_at:
        return _("waits for the rep")
    return _("waits for both") if plan.status is PlanStatus.PROPOSED else _("a change waits for both")


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


def cause_words(step: PlanStep) -> str:
    return str(CAUSES.get(str(step.reason.get("figures", {}).get("cause", "")), ""))


def aim_sentence(stand: AimStand) -> str:
    """From 18% to 26%, by 3 February."""
    aim, what = stand.aim, stand.what
    return _(
        "from %(start)s to %(aim)s by %(day)s",
        start=measures.words(aim.starts_at, what),
        aim=measures.words(aim.aims_at, what),
        day=formats.day(aim.by_on),
    )


def aim_line(stand: AimStand) -> str:
    """What the bar above does not say."""
    if stand.standing.wanted is None:
        return _("by %(day)s", day=formats.day(stand.aim.by_on))
    return aim_sentence(stand)


def aim_figure(stand: AimStand) -> str:
    """How it stands today, alone."""
    standing, what = stand.standing, stand.what
    if standing.done is not None:
        return measures.words(standing.done, what)
    return measures.words(_rounded(standing.now, what), what) if standing.now is not None else "–"


def aim_said(stand: AimStand) -> str | None:
    """In the place of the share: a ratio's bar is the way from start to aim, which nobody would guess."""
    return aim_figure(stand) if stand.standing.wanted is None and stand.standing.now is not None else None


def aim_now(stand: AimStand) -> str:
    """Where it comes from and goes to, or how much of the whole there is."""
    standing, what = stand.standing, stand.what
    if standing.wanted is not None:
        return _(
            "%(done)s of %(wanted)s",
            done=aim_figure(stand),
            wanted=measures.words(standing.wanted.quantize(what.step), what),
        )
    return _(
        "from %(start)s to %(aim)s",
        start=measures.words(stand.aim.starts_at, what),
        aim=measures.words(stand.aim.aims_at, what),
    )


def aim_pace(stand: AimStand) -> str:
    """What it rests on so far; a week's figure once there is a week."""
    standing, what = stand.standing, stand.what
    if standing.wanted is not None:
        if standing.now is None or (stand.until - stand.aim.from_on).days < FIRST_DAYS:
            return ""
        return _("%(figure)s a week so far", figure=measures.words(_rounded(standing.now, what), what))
    if stand.value.base:
        return str(ngettext("of %(num)s case so far", "of %(num)s cases so far", round(stand.value.base)))
    return _("nothing counted yet") if standing.now is None else ""


def _rounded(figure: Decimal, what: Measured) -> Decimal:
    return figure.quantize(what.step)


def aim_state(stand: AimStand) -> str:
    """For the bar: reached, ahead, on_track, behind, no_data."""
    share, expected = stand.standing.share, stand.standing.expected
    if share is None:
        return "no_data"
    if share >= 1:
        return "reached"
    if share >= expected + Decimal("0.1"):
        return "ahead"
    return "on_track" if share >= expected - Decimal("0.1") else "behind"


def aim_reason(stand: AimStand) -> str:
    """How the aim was set."""
    said, what = stand.aim.reason, stand.what
    if said.get("peers") is None:
        return (
            _("Set by hand.") if said.get("by_hand") else _("From what was missing for reasons of one's own.")
        )
    return _(
        "Peers come to %(peers)s, the upper quarter of them to %(upper)s. What is set here is what can be "
        "reached in %(weeks)s weeks, not more.",
        peers=measures.words(_rounded(Decimal(str(said["peers"])), what), what),
        upper=measures.words(_rounded(Decimal(str(said["upper"])), what), what),
        weeks=formats.number(said.get("weeks", 0)),
    )


def message_words(message: PlanMessage, author: str | None, person: str) -> str:
    """What happened, as a sentence with its author."""
    details, who = message.details, author or _("The portal")
    kind = message.kind
    if kind is PlanMessageKind.PROPOSED:
        return _("Proposed from the findings")
    if kind is PlanMessageKind.EXTENDED:
        return _("Extended: the goal was missed again. What was tried is kept below.")
    if kind is PlanMessageKind.OPENED:
        if details.get("steps"):
            return _("The departments have answered: the part about one's own work was added.")
        return _("The departments have answered: nothing is left for %(person)s to change.", person=person)
    if kind is PlanMessageKind.FINDINGS_CHANGED:
        if details.get("why") == "reached":
            return _("A correction shows that the goal was reached. Say whether the plan still makes sense.")
        return _("The findings behind this plan have changed.")
    if kind is PlanMessageKind.CHANGED:
        return _changed(details, who)
    if kind is PlanMessageKind.COMMENT:
        return _("%(name)s wrote", name=who)
    if kind is PlanMessageKind.AGREED:
        return _("%(name)s agreed", name=who)
    if kind is PlanMessageKind.STEP_DONE:
        if author is None:
            return _("Course completed: %(step)s", step=_title(details))
        return _("%(name)s: step done, %(step)s", name=who, step=_title(details))
    if kind is PlanMessageKind.STEP_REOPENED:
        return _("%(name)s: step open again, %(step)s", name=who, step=_title(details))
    if kind is PlanMessageKind.COMPLETED:
        return _("%(name)s completed the plan", name=who)
    if author is None:
        if details.get("why") == "reached":
            return _("Ended: a correction shows that the goal was reached.")
        if details.get("why") == "left":
            return _("Ended: %(person)s has left.", person=person)
        return _("Ended: by the findings as they are now, nothing is left to do here.")
    return _("%(name)s ended the plan early", name=who)


def _changed(details: Mapping[str, Any], who: str) -> str:
    said = {
        "step_added": _l("%(name)s added a step: %(what)s"),
        "step_changed": _l("%(name)s changed a step: %(what)s"),
        "step_dropped": _l("%(name)s dropped a step: %(what)s"),
        "step_restored": _l("%(name)s took a step back in: %(what)s"),
        "step_moved": _l("%(name)s put the steps in another order"),
        "aim_added": _l("%(name)s added an aim: %(what)s"),
        "aim_changed": _l("%(name)s changed an aim: %(what)s"),
        "aim_dropped": _l("%(name)s dropped an aim: %(what)s"),
        "dates": _l("%(name)s changed the dates"),
    }
    text = str(said.get(str(details.get("what")), _l("%(name)s changed the plan")))
    return text % {"name": who, "what": _title(details)}


def _title(details: Mapping[str, Any]) -> str:
    titles = details.get("titles") or {}
    return str(titles.get(language()) or next(iter(titles.values()), ""))


def tried_words(one: Mapping[str, Any], what: Measured | None, product: str | None) -> str:
    """A step or an aim of before, and how it came out."""
    if one.get("of") == "step":
        said = {"done": _l("done"), "open": _l("not done"), "dropped": _l("dropped")}
        return f"{_title(one)}: {said[str(one['status'])]}"
    if what is None:
        return ""
    figures = {name: measures.words(Decimal(one[name]), what) for name in ("starts_at", "aims_at")}
    now = measures.words(_rounded(Decimal(one["now"]), what), what) if one.get("now") else "–"
    return _(
        "%(what)s: from %(start)s to %(aim)s, reached %(now)s",
        what=what.label(product),
        start=figures["starts_at"],
        aim=figures["aims_at"],
        now=now,
    )


def titles_of(aim: Aim, product: str | None) -> dict[str, str]:
    """An aim's name for the history, in the language of whoever changes it."""
    return {language(): measures.of(aim).label(product)}


def open_places(text: str) -> str:
    """A template or rule in a list: what is filled in later is an ellipsis."""
    return wording.fill_title(text, dict.fromkeys(wording.places(text), "…"))


def step_kind(key: str) -> StepKind:
    return StepKind(key)


FILTERS = {
    "aim_figure": aim_figure,
    "aim_line": aim_line,
    "aim_now": aim_now,
    "aim_pace": aim_pace,
    "aim_reason": aim_reason,
    "aim_said": aim_said,
    "aim_sentence": aim_sentence,
    "aim_state": aim_state,
    "aim_unit": measures.sign,
    "day_after": lambda day: day + timedelta(days=1),
    "plan_name": plan_name,
    "plan_status": status_words,
    "plan_tone": status_tone,
    "open_places": open_places,
    "step_reason": reason,
}
