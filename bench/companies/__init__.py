"""Simulated companies, each with a cause planted in its last quarter, or two, or none.

A company is drawn from a `Shape` (how it works) and `Plant`s (what goes wrong, where, how badly). The truth
comes with it: what the cause costs every rep, as a share of what was to be expected of them.
"""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace as Record

import numpy as np

from app.diagnosis.records import Company, Goal, Person, Span, Trainings
from bench.companies.firm import DAYS, Random, firm_of, leads_of, training_of
from bench.companies.outcomes import outcomes_of, sales_of
from bench.companies.planting import effect_of
from bench.companies.shapes import CAUSES, Plant, Shape, any_plant, any_shape
from bench.companies.simulated import RULES, Simulated

__all__ = ["CAUSES", "RULES", "Plant", "Shape", "Simulated", "any_plant", "any_shape", "simulate"]
LAST_DAY = date(2026, 9, 30)


def simulate(shape: Shape, plants: tuple[Plant, ...], seed: int) -> Simulated:
    rng = np.random.default_rng(seed)
    start = LAST_DAY - timedelta(days=DAYS * shape.quarters - 1)
    spans = [
        Span(start + timedelta(days=DAYS * q), start + timedelta(days=DAYS * (q + 1) - 1))
        for q in range(shape.quarters)
    ]
    firm = firm_of(rng, shape)
    lead = leads_of(rng, shape, firm)
    course = training_of(rng, shape, firm)
    effect = effect_of(rng, shape, firm, lead, course, plants)
    found = outcomes_of(rng, shape, firm, lead, effect)
    company = Company(
        now=spans[-1],
        before=tuple(spans[:-1]),
        as_of=LAST_DAY + timedelta(days=shape.grace),
        people=_people(shape, firm, start),
        sales=sales_of(shape, lead, found, start),
        trainings=_trainings(rng, course, start),
    )
    targets, actual = _targets(shape, firm, lead, effect, found)
    missed = actual < targets
    unit = Decimal(1) if shape.metric == "revenue" else Decimal("0.0001")
    goals = [
        Goal(
            int(r) + 1,
            (int(r) + 1,),
            RULES[shape.metric],
            Decimal(int(targets[r])),
            Decimal(int(actual[r])),
            unit=unit,
        )
        for r in np.flatnonzero(missed)
    ]
    return Simulated(company, goals, effect.cost, missed)


def _people(shape: Shape, firm: Record, start: date) -> tuple[Person, ...]:
    return tuple(
        Person(
            r + 1,
            (1, 10 + int(firm.team[r])),
            hired_on=start + timedelta(days=int(firm.hired[r])) if firm.hired[r] else None,
            present=tuple(
                float(np.clip((DAYS * (q + 1) - firm.hired[r]) / DAYS, 0, 1)) for q in range(shape.quarters)
            ),
        )
        for r in range(shape.reps)
    )


def _trainings(rng: Random, course: Record, start: date) -> Trainings:
    pairs = [(r, p, course.lacks[r, p]) for p in course.products for r in range(len(course.lacks))]
    missing = [(r + 1, p + 1, 0) for r, p, lacks in pairs if lacks]
    done = [
        (r + 1, p + 1, start.toordinal() - int(rng.integers(1, 300))) for r, p, lacks in pairs if not lacks
    ]
    table = np.array(missing + done, np.int64).reshape(-1, 3)
    return Trainings(table[:, 0], table[:, 1], table[:, 2], np.zeros(len(table), np.int64))


def _targets(
    shape: Shape, firm: Record, lead: Record, effect: Record, found: Record
) -> tuple[np.ndarray, np.ndarray]:
    """By rep: the target of the last quarter, and what was reached."""
    is_revenue = shape.metric == "revenue"
    measure = (found.value if is_revenue else np.ones(lead.number)) * (found.kept & found.exists)
    actuals = [
        np.bincount(
            lead.rep, measure * ((lead.closed >= DAYS * q) & (lead.closed < DAYS * (q + 1))), shape.reps
        )
        for q in range(shape.quarters)
    ]
    in_quarter = effect.expected * lead.in_quarter
    if is_revenue:
        full = np.where(firm.hired > 0, 1, np.maximum(lead.luck, 0.2))
        expected = np.bincount(lead.rep, in_quarter, shape.reps) / full
    else:
        expected = np.bincount(lead.rep, in_quarter / firm.price[lead.product], shape.reps)
    ramp = np.bincount(lead.rep, effect.expected, shape.reps) / shape.quarters
    history = np.mean(actuals[1:-1] or actuals[:-1], axis=0)
    history = np.where(history > 0, history, ramp)
    targets = {
        "expected": expected,
        "history": history,
        "growth": history * 1.08,
        "flat": np.full(shape.reps, expected.mean()),
    }[shape.target] * shape.stretch
    return np.maximum(np.round(targets), 1), actuals[-1]
