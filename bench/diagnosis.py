"""How often the diagnosis is right, on simulated companies; and how long it takes on a large one."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from app.diagnosis.diagnosing import diagnose
from app.diagnosis.findings import Cause
from bench.companies import CAUSES, Plant, Shape, Simulated, any_plant, any_shape, simulate
from bench.outside import GENERATORS, outside_company

Random = np.random.Generator
STRENGTHS = (1.0, 0.6)
OTHERS: Mapping[str, Mapping[str, Any]] = {
    "few leads": {"leads": 15.0},
    "few reps": {"reps": 8, "teams": 2},
    "seasons": {"season": 0.15, "quarters": 6},
    "joiners": {"joiners": 0.25},
    "new books": {"quarters": 2},
}
"""Other shapes of companies: what is changed of an ordinary one."""


@dataclass
class Tally:
    """Missed goals, and how they were judged. `untouched` are those of people who did not fall on their own:
    nobody of them is to be named."""

    touched: int = 0
    right: int = 0
    untouched: int = 0
    named: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    companies: int = 0

    def add(self, made: Simulated, cause: str) -> None:
        began = time.perf_counter()
        cases = diagnose(made.company, made.goals).cases
        self.seconds += time.perf_counter() - began
        self.companies += 1
        nobody = np.zeros(len(made.missed), bool)
        fell = made.cost.get("capability", np.zeros(len(made.missed)))
        hit = ~nobody if cause == "none" else made.touched(cause)
        for case in cases:
            rep = case.goal - 1
            if hit[rep]:
                self.touched += 1
                self.right += case.main_cause == cause
                self.answers[case.main_cause.value] += 1
            if fell[rep] <= 0:
                self.untouched += 1
                self.named += case.main_cause is Cause.CAPABILITY

    def report(self) -> dict[str, Any]:
        return {
            "right": _share(self.right, self.touched),
            "of": self.touched,
            "person_named_wrongly": _share(self.named, self.untouched),
            "of_untouched": self.untouched,
            "answers": dict(self.answers.most_common()),
            "ms_a_company": round(1000 * self.seconds / max(self.companies, 1)),
        }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def diagnosis(companies: int = 60, seed: int = 1, **_: Any) -> dict[str, Any]:
    """The table of docs/diagnosis.md: `companies` for each cause, strength and shape."""
    tables: dict[str, Any] = {"ordinary": _table(any_shape, any_plant, companies, seed, STRENGTHS)}
    tables["whole company"] = _table(any_shape, _broad, companies, seed + 1, STRENGTHS)
    tables["one team only"] = _table(any_shape, _one_team, companies, seed + 2, (1.0,), SHARED)
    for place, (name, changes) in enumerate(OTHERS.items()):
        shape = _changed(changes)
        tables[name] = _table(shape, any_plant, max(companies // 2, 1), seed + 3 + place, (1.0,))
    tables["two causes"] = _two(companies, seed + 20)
    return {"companies": companies, "tables": tables}


SHARED = ("product", "price", "delivery", "service", "marketing")


def _changed(changes: Mapping[str, Any]) -> Callable[[Random], Shape]:
    return lambda rng: replace(any_shape(rng), **changes)


def _broad(cause: str, strength: float, rng: Random) -> tuple[Plant, ...]:
    return tuple(replace(plant, team=False, product=False) for plant in any_plant(cause, strength, rng))


def _one_team(cause: str, strength: float, rng: Random) -> tuple[Plant, ...]:
    return tuple(replace(plant, team=True, product=False) for plant in any_plant(cause, strength, rng))


def _table(
    shape: Callable[[Random], Shape],
    plant: Callable[[str, float, Random], tuple[Plant, ...]],
    companies: int,
    seed: int,
    strengths: tuple[float, ...],
    causes: tuple[str, ...] = (*CAUSES, "none"),
) -> dict[str, Any]:
    return {
        (cause if strength == 1.0 else f"{cause} x {strength}"): _tally(
            shape, plant, cause, strength, companies, seed
        ).report()
        for cause in causes
        for strength in (strengths if cause != "none" else (1.0,))
    }


def _tally(
    shape: Callable[[Random], Shape],
    plant: Callable[[str, float, Random], tuple[Plant, ...]],
    cause: str,
    strength: float,
    companies: int,
    seed: int,
) -> Tally:
    rng, tally = np.random.default_rng(seed), Tally()
    for number in range(companies):
        tally.add(simulate(shape(rng), plant(cause, strength, rng), seed * 100_000 + number), cause)
    return tally


def _two(companies: int, seed: int) -> dict[str, Any]:
    """Two shared causes at once: are both among the first two findings of those whom both touched?"""
    rng = np.random.default_rng(seed)
    both = cases = one = 0
    for number in range(companies):
        first, second = rng.choice(SHARED, 2, replace=False)
        plants = (*_broad(first, 1.0, rng), *_broad(second, 1.0, rng))
        made = simulate(any_shape(rng), plants, seed * 100_000 + number)
        hit = made.touched(first) & made.touched(second)
        for case in diagnose(made.company, made.goals).cases:
            if hit[case.goal - 1]:
                seen = {finding.cause for finding in case.findings[:2]}
                cases += 1
                both += {first, second} == seen
                one += bool({first, second} & seen)
    return {"both_first": _share(both, cases), "one_first": _share(one, cases), "of": cases}


def diagnosis_outside(companies: int = 24, seed: int = 1000, **_: Any) -> dict[str, Any]:
    """Companies of the generators written without knowledge of the method: `companies` for each line."""
    lines = [
        (generator, cause, strength, companies, seed)
        for generator in GENERATORS
        for cause in (*CAUSES, "none")
        for strength in (STRENGTHS if cause != "none" else (1.0,))
    ]
    tables: dict[str, dict[str, Any]] = {generator: {} for generator in GENERATORS}
    with ProcessPoolExecutor(2) as processes:
        for line, report in zip(lines, processes.map(_outside, lines), strict=True):
            generator, cause, strength, *_rest = line
            tables[generator][cause if strength == 1.0 else f"{cause} x {strength}"] = report
    return {"companies": companies, "tables": tables}


def _outside(line: tuple[str, str, float, int, int]) -> dict[str, Any]:
    generator, cause, strength, companies, seed = line
    tally = Tally()
    for number in range(companies):
        tally.add(outside_company(generator, seed + number, cause, strength), cause)
    return tally.report()


def diagnosis_scale(reps: int = 10_000, sales: int = 1_000_000, **_: Any) -> dict[str, Any]:
    """Pure computing for a large company with a goal missed by half its reps, and for a tenth of it."""
    answer: dict[str, Any] = {}
    for size in (max(reps // 10, 1), reps):
        shape = Shape(
            reps=size,
            products=40,
            sources=8,
            teams=max(size // 10, 1),
            leads=sales / reps / 3,
            trained_products=10,
        )
        made = simulate(shape, (Plant("price"),), 1)
        began = time.perf_counter()
        result = diagnose(made.company, made.goals)
        answer[f"{size} reps"] = {
            "sales": len(made.company.sales),
            "goals": len(made.goals),
            "seconds": round(time.perf_counter() - began, 2),
            "answers": dict(Counter(case.main_cause.value for case in result.cases).most_common()),
        }
    return answer
