"""The entry: a company's records and its missed goals in, a case for each goal out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp

import numpy as np

from app.diagnosis import costs as costing
from app.diagnosis import leads as leading
from app.diagnosis import personal, search, signals
from app.diagnosis.baseline import Baseline, baseline
from app.diagnosis.costs import Costs
from app.diagnosis.findings import Case, Cause, Diagnosis, Finding, Scope, SharedCause, Verdict, Why
from app.diagnosis.frame import Frame, frame
from app.diagnosis.leads import Leads
from app.diagnosis.personal import Persons
from app.diagnosis.records import Company, Goal, Ints
from app.diagnosis.search import Found, Known
from app.diagnosis.sharing import share_out
from app.metrics.definition import Rule

MATERIAL = 0.03
"""A cause that costs less than this share of what was expected is not a goal's main cause."""


@dataclass(frozen=True)
class Study:
    """All that is concluded about the company, before any goal is looked at."""

    frame: Frame
    base: Baseline
    leads: Leads
    known: Known
    found: list[Found]
    persons: Persons


def study(company: Company) -> Study:
    coded = frame(company)
    base = baseline(coded)
    expected = leading.leads(coded)
    known = search.start(coded, base, signals.read(coded, base), expected)
    found, known = search.search(coded, known)
    return Study(coded, base, expected, known, found, personal.persons(coded, base, known))


def diagnose(company: Company, goals: Sequence[Goal]) -> Diagnosis:
    studied = study(company)
    by_rule: dict[Rule, Costs | None] = {}
    cases = []
    for goal in goals:
        if goal.rule not in by_rule:
            by_rule[goal.rule] = costing.costs(
                studied.frame, studied.base, studied.leads, studied.found, studied.persons, goal.rule
            )
        cases.append(_case(studied, by_rule[goal.rule], goal))
    return Diagnosis(tuple(cases), ())


def confidence(evidence: float) -> float:
    """Chance that a cause is there: by its evidence, and one in ten that it is before any is heard."""
    return 1 / (1 + 10 * exp(-min(evidence, 50.0)))


def verdict(chance: float) -> Verdict:
    if chance >= 0.99:
        return Verdict.ESTABLISHED
    return Verdict.LIKELY if chance >= 0.9 else Verdict.POSSIBLE


def _case(studied: Study, costs: Costs | None, goal: Goal) -> Case:
    members = _positions(studied.frame, goal.people)
    if costs is None or not len(members):
        chance = Finding(Cause.NONE, Why.CHANCE, goal.shortfall, Verdict.POSSIBLE, 0.5)
        return Case(goal.id, goal.shortfall, None, Cause.NONE, (chance,), None)
    expected = float(costs.expected[members].sum())
    usual = float(costs.usual[members].sum())
    parts = [float(costs.by_cause[place, members].sum()) for place in range(len(studied.found))]
    own = float(costs.own[members].sum())
    gap = max(float(goal.target) - usual, 0.0)
    amounts, rest = share_out(goal.shortfall, [*parts, own, gap], goal.unit)
    findings = []
    for found, part, amount in zip(studied.found, parts, amounts, strict=False):
        if part > 0:
            sure = confidence(found.evidence)
            findings.append((part, Finding(found.cause, found.why, amount, verdict(sure), sure, found.scope)))
    if own > 0:
        sure = float(studied.persons.judgement.fell[members].max())
        findings.append(
            (own, Finding(Cause.CAPABILITY, Why.SEVERAL, amounts[-2], verdict(sure), sure))
        )
    findings.sort(key=lambda each: -each[0])
    by_cause: dict[Cause, float] = {}
    for part, finding in findings:
        by_cause[finding.cause] = by_cause.get(finding.cause, 0.0) + part
    main = max(by_cause, key=lambda cause: by_cause[cause], default=Cause.NONE)
    if by_cause.get(main, 0.0) < MATERIAL * max(expected, 1e-9):
        main = Cause.NONE
    rest_of = [
        Finding(Cause.NONE, Why.TARGET, amounts[-1], Verdict.LIKELY, 0.5),
        Finding(Cause.NONE, Why.CHANCE, rest, Verdict.POSSIBLE, 0.5),
    ]
    return Case(
        goal.id,
        goal.shortfall,
        Decimal(round(usual)),
        main,
        (*(finding for _, finding in findings), *(each for each in rest_of if each.amount)),
        None,
    )


def _positions(coded: Frame, people: Sequence[int]) -> Ints:
    keys = np.array(sorted(set(people)), np.int64)
    if not len(coded.people):
        return np.zeros(0, np.int64)
    places = np.minimum(np.searchsorted(coded.people, keys), len(coded.people) - 1)
    return places[coded.people[places] == keys]


__all__ = ["Scope", "SharedCause", "diagnose", "study"]
