"""What a goal came to: exceeded, reached, missed, or not judged, with the arithmetic.

    attainment = figure / target            (lower is better: 2 - figure / target, see `attainment`)
    exceeded   where it is reached and attainment >= exceeded_from
    reached    where the figure meets the target; meeting it exactly does
    missed     otherwise

A goal is not judged, whatever came of it, where that would say nothing about whose goal it is:

    in full = working days of the period - days away - days of the first three months   (a person's goal)
    ramp, leave      in full is less than half of the working days; named by the larger of the two parts
    too little data  a ratio of fewer cases than its metric asks for to be ranked

Everything that the verdict was made of is among its lines, so that an adjustment judges by the same rules
later (`Given.again`): what was settled at the close stays, even if the rules have changed since.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from app.goals.attainment import attainment, is_reached
from app.goals.lines import Line
from app.goals.proration import DEFAULT_RAMP, Ramp, months_since

Outcome = Literal["exceeded", "reached", "missed", "not_judged"]
Reason = Literal["ramp", "leave", "too_little_data", "withdrawn"]
PLACES, SHARE_PLACES = Decimal("0.00000001"), Decimal("0.000001")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Presence:
    """Of a period's working days: all, those away, and those of the first months that were not away."""

    days: int
    away: int = 0
    ramp: int = 0

    @property
    def in_full(self) -> int:
        return self.days - self.away - self.ramp


def presence(
    days: Collection[date],
    *,
    hired_on: date | None = None,
    left_on: date | None = None,
    days_off: Collection[date] = (),
    ramp: Ramp = DEFAULT_RAMP,
) -> Presence:
    """How somebody was there on a period's working days; on its plain days where none is worked."""
    there = [
        day
        for day in days
        if (hired_on is None or day >= hired_on)
        and (left_on is None or day <= left_on)
        and day not in days_off
    ]
    new = 0
    if hired_on is not None:
        new = sum(months_since(hired_on, day) < ramp[-1][0] for day in there)
    return Presence(len(days), len(days) - len(there), new)


@dataclass(frozen=True, slots=True)
class Given:
    """What a goal is judged by. `value` and `base` as in totals; `base` is None but for a ratio.

    `exceeded_from` is a share of the target; `cases_needed` a ratio's fewest cases; `presence` is None for
    a team, which is always there.
    """

    value: Decimal
    base: Decimal | None
    target: Decimal
    higher_is_better: bool = True
    exceeded_from: Decimal = Decimal("1.1")
    cases_needed: int = 1
    presence: Presence | None = None

    @property
    def figure(self) -> Decimal | None:
        if self.base is None:
            return self.value
        return self.value / self.base if self.base else None

    @classmethod
    def again(
        cls, lines: Sequence[Mapping[str, Any]], *, base: Decimal | None, higher_is_better: bool
    ) -> "Given":
        """What an earlier verdict was made of, read from its stored lines, to be judged with other figures.

        `base` is the earlier one, or None where the metric is no ratio.
        """
        said = {line["key"]: Decimal(line["value"]) for line in lines}
        there = None
        if "days" in said:
            there = Presence(int(said["days"]), int(said.get("away", 0)), int(said.get("new", 0)))
        return cls(
            value=said["cases_met"] if base is not None else said["result"],
            base=base,
            target=said["target"],
            higher_is_better=higher_is_better,
            exceeded_from=said["exceeded_from"],
            cases_needed=int(said.get("cases_needed", 1)),
            presence=there,
        )

    def changed(self, *, value: Decimal = Decimal(0), base: Decimal = Decimal(0)) -> "Given":
        """With so much more, or less, recorded."""
        return replace(self, value=self.value + value, base=None if self.base is None else self.base + base)


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    not_judged: Reason | None
    figure: Decimal | None
    attainment: Decimal | None
    lines: tuple[Line, ...]


def judge(given: Given) -> Verdict:
    """Raises ValueError for a target that is not positive."""
    figure = given.figure
    share = None
    if figure is not None:
        share = attainment(figure, given.target, higher_is_better=given.higher_is_better)
    reason = _not_judged(given)
    outcome: Outcome
    if reason is not None:
        outcome = "not_judged"
    elif figure is None or share is None:
        outcome, reason = "not_judged", "too_little_data"
    elif not is_reached(figure, given.target, higher_is_better=given.higher_is_better):
        outcome = "missed"
    else:
        outcome = "exceeded" if share >= given.exceeded_from else "reached"
    lines = _lines(given, figure, share)
    return Verdict(outcome, reason, _to(figure, PLACES), _to(share, SHARE_PLACES), lines)


def withdrawn(verdict: Verdict) -> Verdict:
    """The same figures, of a goal that was taken back after the close."""
    return replace(verdict, outcome="not_judged", not_judged="withdrawn")


def _not_judged(given: Given) -> Reason | None:
    there = given.presence
    if there is not None and there.in_full * 2 < there.days:
        return "leave" if there.away >= there.ramp else "ramp"
    if given.base is not None and given.base < given.cases_needed:
        return "too_little_data"
    return None


def _lines(given: Given, figure: Decimal | None, share: Decimal | None) -> tuple[Line, ...]:
    lines = []
    if given.base is None:
        lines.append(Line("result", given.value))
    else:
        lines += [Line("cases_met", given.value), Line("cases", given.base)]
        if given.cases_needed > 1:
            lines.append(Line("cases_needed", Decimal(given.cases_needed)))
        if figure is not None:
            lines.append(Line("result", figure))
    lines.append(Line("target", given.target))
    if share is not None:
        lines.append(Line("attainment", share))
    lines.append(Line("exceeded_from", given.exceeded_from))
    if (there := given.presence) is not None:
        lines.append(Line("days", Decimal(there.days)))
        if there.away:
            lines.append(Line("away", Decimal(there.away)))
        if there.ramp:
            lines.append(Line("new", Decimal(there.ramp)))
        if there.in_full != there.days:
            lines.append(Line("in_full", Decimal(there.in_full)))
    return tuple(lines)


def _to(figure: Decimal | None, places: Decimal) -> Decimal | None:
    return None if figure is None else figure.quantize(places, ROUND_HALF_EVEN)
