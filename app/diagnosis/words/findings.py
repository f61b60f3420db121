"""What a finding says in words: it describes, and blames nobody."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.core import formats
from app.diagnosis.findings import Cause, Verdict, Why
from app.diagnosis.models import Finding
from app.diagnosis.words.causes import CAUSES, SURE, what
from app.diagnosis.words.figures import expected_lines
from app.diagnosis.words.saying import _
from app.sales.words import lost_reason

TELLING: Mapping[str, tuple[str, ...]] = {
    Why.WIN_RATE: ("wins_expected",),
    Why.ACTIVITY: ("leads_expected", "decided_expected"),
    Why.SEVERAL: ("leads_expected", "wins_expected"),
}
"""The figures that say in a sentence what a person's own part is about."""


def about(finding: Finding) -> str:
    """Where the cause acts: product, source, team; empty where everywhere."""
    named = (finding.product, finding.source, finding.team)
    return ", ".join(each.name for each in named if each is not None)


def headline(finding: Finding, *, of_team: bool = False) -> str:
    """Ridge Boot: fewer deals with it were won, by everybody. A team has no peers, its people have."""
    said, where = what(finding.cause, finding.why), about(finding)
    if of_team and finding.cause is Cause.CAPABILITY:
        said = _("Some of its people achieved less than peers with leads like theirs")
    return _("%(where)s: %(said)s", where=where, said=said[:1].lower() + said[1:]) if where else said


def explanation(finding: Finding, expected: str | None, target: str) -> str:
    """What follows from it, in a sentence or two."""
    if finding.cause is Cause.NONE and finding.why == Why.TARGET:
        if expected:
            return _(
                "By history %(expected)s was to be expected; the target was %(target)s. "
                "That difference is nobody's shortfall.",
                expected=expected,
                target=target,
            )
        return _("History supports less than the target. That difference is nobody's shortfall.")
    if finding.cause is Cause.NONE:
        return _(
            "Results go up and down by as much as this from one period to the next, "
            "with nobody doing anything differently. There is nothing here to correct."
        )
    sure = str(SURE[finding.verdict])
    if finding.cause is Cause.CAPABILITY:
        telling = TELLING.get(finding.why, ())
        seen = expected_lines([one for one in finding.figures if one["code"] in telling])
        return " ".join([*seen, sure])
    return sure


def share_of(amount: Decimal, whole: Decimal) -> str:
    return formats.percent(amount / whole if whole else Decimal(0))


def moved_text(entry: Mapping[str, Any], amount: str) -> str:
    """An amount that a ruling put here."""
    cause = str(CAUSES[Cause(entry["cause"])])
    if entry["by"] == "contested":
        return _("%(amount)s came here from %(cause)s, after it was contested.", amount=amount, cause=cause)
    return _(
        "%(amount)s came here from %(cause)s, which showed that it was not the cause.",
        amount=amount,
        cause=cause,
    )


def no_part(finding: Finding) -> str | None:
    """Why a cause that was looked for explains nothing; None where it was simply not found."""
    if finding.verdict is Verdict.RULED_OUT:
        return None
    if finding.verdict is Verdict.NO_DATA:
        return str(SURE[finding.verdict])
    return _("It was found in the company, and cost this goal next to nothing.")


def records_name(records: Mapping[str, Any]) -> str:
    """What a link to records says: which, and of which days."""
    first, last = (date.fromisoformat(records[name]) for name in ("first", "last"))
    conditions = set(records.get("conditions", ()))
    if records["of"] == "training":
        name = _("Trainings")
    elif records["of"] == "activities":
        name = _("Calls, meetings and demos")
    elif records.get("reasons"):
        reasons = ", ".join(str(lost_reason(each)) for each in records["reasons"])
        name = _("Deals lost (%(reasons)s)", reasons=reasons)
    elif "lost" in conditions:
        name = _("Deals lost")
    elif "cancelled" in conditions:
        name = _("Orders cancelled")
    elif "late" in conditions:
        name = _("Orders delivered late")
    elif "won" in conditions:
        name = _("Deals won")
    elif records["by"] == "opened_on":
        name = _("Leads that came in")
    else:
        name = _("Deals decided")
    return _(
        "%(what)s, %(first)s to %(last)s",
        what=name,
        first=formats.short_day(first),
        last=formats.short_day(last),
    )
