"""One missed goal: its shortfall shared out over what was concluded about the company."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from app.diagnosis.costs import Claim, Costs
from app.diagnosis.exhibits import Exhibit, against_expected
from app.diagnosis.findings import Case, Cause, Figure, Finding, Split, Unit, Verdict, Why
from app.diagnosis.measures import COMPONENTS, Sort
from app.diagnosis.personal import Persons
from app.diagnosis.records import Goal, Ints
from app.diagnosis.sharing import share_out

MATERIAL = 0.06
"""A cause that costs less than this share of what was expected is not a goal's main cause."""

STRETCH = 1.02
"""A target up to this much above what history makes of the period is not set above it."""


@dataclass(frozen=True)
class Desk:
    """What every case of one metric is worked on with. `untold` are the causes that nothing recorded speaks
    of.
    """

    costs: Costs | None
    exhibits: dict[int, Exhibit]
    own: Exhibit
    persons: Persons
    untold: frozenset[Cause]


def verdict(sure: float) -> Verdict:
    if sure >= 0.99:
        return Verdict.ESTABLISHED
    return Verdict.LIKELY if sure >= 0.9 else Verdict.POSSIBLE


def work(desk: Desk, goal: Goal, members: Ints, split: Split | None) -> Case:
    if desk.costs is None or not len(members) or goal.shortfall <= 0:
        whole = (_chance(goal, goal.shortfall, None),)
        return Case(goal.id, goal.shortfall, None, Cause.NONE, whole + _others(desk, whole), split)
    costs = desk.costs
    # of a ratio or mean, a team's figure is taken as its members' mean
    many = len(members) if costs.measured.sort not in {Sort.WON, Sort.LEADS, Sort.ACTIVITIES} else 1
    claims = [claim for claim in costs.claims if float(claim.cost[members].sum()) > 0]
    parts = [float(claim.cost[members].sum()) / many for claim in claims]
    expected, usual = (float(part[members].sum()) / many for part in (costs.expected, costs.usual))
    above = _above(goal, usual)
    amounts, rest = share_out(goal.shortfall, [*parts, above], goal.unit)
    ranked = sorted(
        zip(claims, parts, amounts[:-1], strict=True),
        key=lambda each: (-each[1], list(Cause).index(each[0].cause)),
    )
    findings = [_finding(desk, goal, members, claim, amount) for claim, _, amount in ranked]
    remaining = []
    if amounts[-1] > 0:
        remaining.append(_target(goal, amounts[-1], usual))
    if rest > 0:
        remaining.append(_chance(goal, rest, usual))
    remaining.sort(key=lambda each: -each.amount)
    shown = (*findings, *remaining)
    return Case(
        goal.id,
        goal.shortfall,
        Decimal(usual).quantize(goal.unit, ROUND_HALF_EVEN) if np.isfinite(usual) else None,
        main_cause(((claim.cause, part) for claim, part, _ in ranked), expected),
        (*shown, *_others(desk, shown)),
        split,
    )


def main_cause(parts: Iterable[tuple[Cause, float]], expected: float) -> Cause:
    """The cause that costs most, its places taken together, if it costs enough to be worth a word."""
    total: dict[Cause, float] = {}
    for cause, part in parts:
        total[cause] = total.get(cause, 0.0) + part
    if not total:
        return Cause.NONE
    largest = max(total, key=lambda cause: total[cause])
    return largest if total[largest] >= MATERIAL * abs(expected) else Cause.NONE


def _above(goal: Goal, usual: float) -> float:
    """By how much the target was set above what history makes of the period."""
    target = float(goal.target)
    if goal.higher_is_better:
        return target - usual if target > usual * STRETCH else 0.0
    return usual - target if usual > target * STRETCH else 0.0


def _finding(desk: Desk, goal: Goal, members: Ints, claim: Claim, amount: Decimal) -> Finding:
    heaviest = members[int(claim.cost[members].argmax())]
    sure = float(claim.sure[heaviest])
    exhibit = desk.own if claim.found is None else desk.exhibits[claim.found]
    figures, why = exhibit.figures(members), claim.why
    if claim.cause is Cause.CAPABILITY:
        figures = (*against_expected(desk.persons, members), *figures)
        if desk.costs is not None and desk.costs.measured.sort in COMPONENTS:
            why = _side(desk.persons, int(heaviest), COMPONENTS[desk.costs.measured.sort])
    return Finding(
        claim.cause,
        why,
        amount,
        verdict(sure),
        sure,
        claim.scope,
        figures,
        exhibit.charts(members),
        exhibit.selections(goal.people if goal.team is None else ()),
    )


SIDES = {
    "leads": Why.ACTIVITY,
    "pace": Why.ACTIVITY,
    "win_rate": Why.WIN_RATE,
    "deal_value": Why.DEAL_VALUE,
    "discount": Why.DISCOUNTS,
}


def _side(persons: Persons, member: int, names: frozenset[str]) -> Why:
    """Which side of the work fell; several, where another fell more than half as far."""
    fell = {
        each.name: max(1 - float(each.ratio[member]), 0.0)
        if each.known[member] and each.score[member] < -1
        else 0.0
        for each in persons.components
        if each.name in names
    }
    if not fell or not max(fell.values()):
        return Why.SEVERAL
    first, *others = sorted(fell, key=lambda name: -fell[name])
    if any(fell[name] > fell[first] / 2 and SIDES[name] is not SIDES[first] for name in others):
        return Why.SEVERAL
    return SIDES[first]


def _target(goal: Goal, amount: Decimal, usual: float) -> Finding:
    figure = Figure("target", _unit(goal), float(goal.target), usual)
    sure = 0.9 if float(goal.target) > 1.15 * usual or not goal.higher_is_better else 0.7
    return Finding(Cause.NONE, Why.TARGET, amount, verdict(sure), sure, figures=(figure,))


def _chance(goal: Goal, amount: Decimal, usual: float | None) -> Finding:
    figure = Figure("actual", _unit(goal), float(goal.actual), usual)
    return Finding(Cause.NONE, Why.CHANCE, amount, Verdict.POSSIBLE, 0.5, figures=(figure,))


def _unit(goal: Goal) -> Unit:
    return Unit.MONEY if goal.unit >= 1 else Unit.NUMBER


def _others(desk: Desk, shown: Iterable[Finding]) -> tuple[Finding, ...]:
    """The causes that were looked for and are not supported, or that nothing recorded speaks of."""
    named = {finding.cause for finding in shown}
    return tuple(
        Finding(
            cause,
            Why.NOTHING,
            Decimal(0),
            Verdict.NO_DATA if cause in desk.untold else Verdict.RULED_OUT,
            0.0,
        )
        for cause in Cause
        if cause is not Cause.NONE and cause not in named
    )
