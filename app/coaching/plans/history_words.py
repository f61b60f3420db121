"""What happened to a plan and what was tried, as sentences in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.coaching.models import PlanMessage, PlanMessageKind
from app.coaching.plans import measures
from app.coaching.plans.aim_words import rounded
from app.coaching.plans.measures import Measured
from app.core.locales import language


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


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
    now = measures.words(rounded(Decimal(one["now"]), what), what) if one.get("now") else "–"
    return _(
        "%(what)s: from %(start)s to %(aim)s, reached %(now)s",
        what=what.label(product),
        start=figures["starts_at"],
        aim=figures["aims_at"],
        now=now,
    )
