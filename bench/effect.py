"""Whether the estimate of coaching's effect tells the truth: simulated people, coached after a miss."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from app.coaching.effect.comparing import Effect, Record, claimed, effect_of, effect_over

RUNS = 500


def _win_rate(
    chance: np.random.Generator, skill: np.ndarray[Any, Any], lift: np.ndarray[Any, Any]
) -> tuple[Any, Any]:
    offers = chance.poisson(60, skill.shape)
    rate = np.clip(skill + lift, 0.02, 0.95)
    return chance.binomial(offers, rate) / np.maximum(offers, 1), offers


def _deals(
    chance: np.random.Generator, skill: np.ndarray[Any, Any], lift: np.ndarray[Any, Any]
) -> tuple[Any, Any]:
    found = chance.poisson(60 * np.clip(skill + lift, 0.02, None))
    return found.astype(float), found


def _revenue(
    chance: np.random.Generator, skill: np.ndarray[Any, Any], lift: np.ndarray[Any, Any]
) -> tuple[Any, Any]:
    found = chance.poisson(60 * np.clip(skill + lift, 0.02, None))
    value = np.array([chance.lognormal(8, 0.6, number).sum() for number in found])
    return value, found


FIGURES: dict[str, Callable[..., tuple[Any, Any]]] = {
    "win_rate": _win_rate,
    "deals": _deals,
    "revenue": _revenue,
}
SCALE = {"win_rate": 1.0, "deals": 60.0, "revenue": 60.0 * float(np.exp(8 + 0.18))}
"""What one unit of skill is in the figure."""


def _people(
    kind: str, chance: np.random.Generator, reps: int, lift: float
) -> tuple[list[Record], list[Record], list[float]]:
    """The coached and the others of one period, some of those who missed; the third: the true effects."""
    skill = np.clip(chance.normal(0.32, 0.06, reps), 0.1, 0.7)
    none = np.zeros(reps)
    figure = FIGURES[kind]
    first, _ = figure(chance, skill, none)
    second, _ = figure(chance, skill, none)
    latest, items = figure(chance, skill, none)
    earlier = (first + second) / 2
    target = earlier * chance.normal(1.0, 0.05, reps)
    missed = latest < target
    coached = missed & (chance.random(reps) < 0.5)
    own = np.where(coached, chance.normal(lift, abs(lift) / 4, reps) if lift else none, none)
    drift = chance.normal(0, 0.02)  # a better or worse season for everybody
    after, later = figure(chance, skill + drift, own)
    records = [
        Record(*map(float, row)) for row in zip(earlier, latest, after, np.minimum(items, later), strict=True)
    ]
    chosen = [record for record, is_own in zip(records, coached, strict=True) if is_own]
    others = [record for record, is_own in zip(records, coached, strict=True) if not is_own]
    return chosen, others, [float(value) * SCALE[kind] for value in own[coached]]


def _holds(found: Effect, true: float) -> bool:
    return found.low <= true <= found.high


def _one_plan(kind: str, lift: float, runs: int, reps: int) -> dict[str, float]:
    """The interval of one plan, chosen at random, against that person's own true effect."""
    held, clear, seen = 0, 0, 0
    chance, pick = np.random.default_rng(7), random.Random(7)
    while seen < runs:
        coached, others, truths = _people(kind, chance, reps, lift)
        if not coached:
            continue
        place = pick.randrange(len(coached))
        found = effect_of(coached[place], others, is_amount=kind != "win_rate")
        if isinstance(found, Effect):
            seen += 1
            held += _holds(found, truths[place])
            clear += found.is_clear
    return {"intervals_hold": round(held / seen, 3), "clear": round(clear / seen, 3)}


def _many(kind: str, lift: float, runs: int, reps: int, periods: int) -> dict[str, float]:
    held, clear, seen = 0, 0, 0
    chance = np.random.default_rng(11)
    while seen < runs:
        strata: list[tuple[Sequence[Record], Sequence[Record]]] = []
        truths: list[float] = []
        for _ in range(periods):
            coached, others, true = _people(kind, chance, reps, lift)
            strata.append((coached, others))
            truths += true
        found = effect_over(strata)
        if isinstance(found, Effect):
            seen += 1
            held += _holds(found, float(np.mean(truths)))
            clear += found.is_clear
    return {"intervals_hold": round(held / seen, 3), "clear": round(clear / seen, 3)}


def _lists(runs: int, reps: int, steps: int = 8) -> float:
    """Runs in which any of eight steps is claimed to help where none does."""
    chance, false = np.random.default_rng(13), 0
    for _ in range(runs):
        coached, others, _ = _people("win_rate", chance, reps, 0.0)
        mine = chance.integers(steps, size=len(coached))
        effects = [
            effect_over([([one for one, step in zip(coached, mine, strict=True) if step == number], others)])
            for number in range(steps)
        ]
        false += any(claimed([effect for effect in effects if isinstance(effect, Effect)]))
    return round(false / runs, 3)


def effect(reps: int = 60, **_: Any) -> dict[str, Any]:
    """Intervals of 95 % over 500 runs each, and how often an effect is claimed where there is none."""
    report: dict[str, Any] = {"runs": RUNS, "reps": reps}
    for kind in FIGURES:
        for lift in (0.0, 0.08):
            name = f"{kind}, {'an effect' if lift else 'no effect'}"
            report[f"one plan: {name}"] = _one_plan(kind, lift, RUNS, reps)
            report[f"many plans: {name}"] = _many(kind, lift, RUNS, reps, periods=2)
    report["lists of eight steps without effect that claim one"] = _lists(RUNS, max(reps, 120))
    report["to_reach"] = {"intervals_hold": [0.93, 0.97], "clear without an effect": 0.05}
    return report
