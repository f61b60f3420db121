"""What people decide about a finding, worked into it: its amount goes elsewhere, and the sum stays.

A department that shows that it was not the cause, or a person who contests a finding and is found right,
takes the finding's amount away. It goes to another cause that the same figures support, else it stays
unexplained. It never goes to the person: that somebody else was not the cause is no evidence against them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.diagnosis.findings import Cause, Verdict, Why
from app.diagnosis.stated import ASKED, Said, unexplained

TARGETS = (*ASKED, Cause.NONE)
"""Where an amount may go."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """`of` and `product_id` name the findings that lose their amount; `to` None leaves the choice to the
    figures. `by` says who ruled: "answered" (a department) or "contested" (the person).
    """

    of: Cause
    product_id: int | None
    by: str
    to: Cause | None = None


def apply(findings: Sequence[Said], rulings: Iterable[Ruling]) -> list[Said]:
    """The findings after all rulings, in order: supported ones by amount, the rest of the shortfall, and
    what explains nothing. Raises ValueError for a ruling towards the person.
    """
    found = list(findings)
    for ruling in rulings:
        found = _apply(found, ruling)
    return sorted(found, key=_place)


def main_cause(before: Cause, findings: Sequence[Said]) -> Cause:
    """The one from before as long as it stands for anything, else that of the largest amount, but the person:
    nobody becomes the cause because a department was not.
    """
    if any(one.cause is before and one.amount > 0 for one in findings):
        return before
    others = [one for one in findings if one.cause is not Cause.CAPABILITY]
    largest = max(others, key=lambda one: one.amount, default=None)
    return largest.cause if largest is not None and largest.amount > 0 else Cause.NONE


def _apply(findings: Sequence[Said], ruling: Ruling) -> list[Said]:
    if ruling.to is not None and ruling.to not in TARGETS:
        raise ValueError("an amount never goes to the person")
    taken = [one for one in findings if _is_meant(one, ruling) and one.amount > 0]
    kept = [one for one in findings if not any(one is each for each in taken)]
    for one in taken:
        # Emptied first: an amount must not come back to where it was taken from.
        kept = _put(kept, one, ruling)
        kept.append(replace(one, amount=Decimal(0), verdict=Verdict.RULED_OUT, moved=()))
    return kept


def _is_meant(one: Said, ruling: Ruling) -> bool:
    return one.cause is ruling.of and one.product_id == ruling.product_id


def _put(findings: list[Said], taken: Said, ruling: Ruling) -> list[Said]:
    told = {
        "cause": taken.cause.value,
        "product_id": taken.product_id,
        "amount": str(taken.amount),
        "by": ruling.by,
    }
    target = _target(findings, taken, ruling)
    if target is None:
        cause = ruling.to or Cause.NONE
        moved = unexplained(taken.amount, (told,))
        return [*findings, moved if cause is Cause.NONE else replace(moved, cause=cause, why=taken.why)]
    grown = replace(
        target,
        amount=target.amount + taken.amount,
        verdict=target.verdict if target.is_supported else Verdict.POSSIBLE,
        moved=(*target.moved, told),
    )
    return [grown if one is target else one for one in findings]


def _target(findings: Sequence[Said], taken: Said, ruling: Ruling) -> Said | None:
    """The largest finding that takes the amount up: of the cause named, or by the same figures."""
    if ruling.to not in (None, Cause.NONE):
        meant = [one for one in findings if one.cause is ruling.to]
        return max(meant, key=lambda one: (one.is_supported, one.amount), default=None)
    same = [one for one in findings if one.cause in ASKED and one.is_supported and one.why == taken.why]
    rest = [one for one in findings if one.cause is Cause.NONE and one.why == Why.CHANCE.value]
    found = rest if ruling.to is Cause.NONE else same or rest
    return max(found, key=lambda one: one.amount, default=None)


def _place(one: Said) -> tuple[int, Decimal]:
    rank = 2 if one.amount <= 0 else 1 if one.cause is Cause.NONE else 0
    return rank, -one.amount
