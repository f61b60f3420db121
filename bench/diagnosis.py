"""How often the diagnosis is right, on simulated companies."""

import time
from collections import Counter

import numpy as np

from app.diagnosis.diagnosing import diagnose
from bench.companies import any_plant, any_shape, simulate


def score(
    cause: str, strength: float, companies: int, seed: int, shape=any_shape, plant=any_plant
) -> dict[str, object]:
    rng = np.random.default_rng(seed)
    right = touched = misses = named = none = 0
    answers: Counter[str] = Counter()
    seconds = 0.0
    for number in range(companies):
        made = simulate(shape(rng), plant(cause, strength, rng), seed * 100_000 + number)
        began = time.perf_counter()
        result = diagnose(made.company, made.goals)
        seconds += time.perf_counter() - began
        hit = made.touched(cause) if cause in made.cost else np.zeros(len(made.missed), bool)
        slightly = made.cost[cause] > 0 if cause == "capability" else np.zeros(len(made.missed), bool)
        for case in result.cases:
            person = case.goal - 1
            misses += 1
            if hit[person]:
                touched += 1
                answers[case.main_cause.value] += 1
                right += case.main_cause.value == cause
            elif not slightly[person]:
                none += 1
                named += case.main_cause.value == "capability"
        if cause == "none":
            right = sum(1 for _ in ()) or right
            touched += len(result.cases)
            right += sum(case.main_cause.value == "none" for case in result.cases)
            answers.update(case.main_cause.value for case in result.cases)
        elif cause != "capability":
            named += sum(
                hit[case.goal - 1] and case.main_cause.value == "capability" for case in result.cases
            )
            none += sum(bool(hit[case.goal - 1]) for case in result.cases)
    return {
        "right": round(right / max(touched, 1), 4),
        "of": touched,
        "named": round(named / max(none, 1), 4),
        "named_of": none,
        "answers": dict(answers.most_common()),
        "ms": round(seconds / companies * 1000),
    }
