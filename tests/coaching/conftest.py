"""The plan that most tests of plans begin with."""

import pytest

from tests.coaching.plan_pages import agree
from tests.coaching.plans import make_plan


@pytest.fixture
def plan(cast):
    return make_plan(cast.ana)


@pytest.fixture
def running(cast, plan, as_ana, as_marta):
    agree(as_ana, plan)
    agree(as_marta, plan)
    return plan
