"""Companies simulated by people who did not know the method are diagnosed as well."""

import pytest

from app.diagnosis.diagnosing import diagnose
from app.diagnosis.findings import Cause
from bench.outside import GENERATORS, outside_company

SEED = 1000


def answers(made, cause):
    touched = made.touched(cause)
    return [case.main_cause for case in diagnose(made.company, made.goals).cases if touched[case.goal - 1]]


@pytest.mark.parametrize("cause", ["price", "product", "marketing", "training"])
@pytest.mark.parametrize("generator", GENERATORS)
def test_most_of_those_whom_a_cause_touches_are_told_so(generator, cause):
    named = answers(outside_company(generator, SEED, cause, 1.0), cause)
    assert len(named) > 2
    assert named.count(Cause(cause)) > len(named) / 2


def test_nobody_is_named_in_a_quiet_company():
    made = outside_company("plain", SEED, "none", 1.0)
    assert made.goals
    assert all(case.main_cause is not Cause.CAPABILITY for case in diagnose(made.company, made.goals).cases)
