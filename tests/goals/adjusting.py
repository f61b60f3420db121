"""What somebody was kept from, asked for and decided, in one line each."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from app.goals import adjustment_drafts, adjustments
from app.goals.models import Adjustment
from app.people.models import Person
from app.sales.closed_days import ClosedDay
from tests.goals.factories import close, make_goal, result_of
from tests.sales.factories import make_product, make_sale

Act = Callable[[], Any]
JULY, AUGUST, OCTOBER = date(2026, 7, 10), date(2026, 8, 10), date(2026, 10, 10)
QUARTER = "2026-Q3"


def kept(act: Act, by: Person) -> Adjustment:
    """The draft of what somebody was kept from."""
    with pytest.raises(ClosedDay) as refused:
        act()
    return adjustment_drafts.keep_draft(refused.value, by=by.id)


def asked(act: Act, by: Person, reason: str = "The contract came late") -> Adjustment:
    return adjustments.ask(kept(act, by).id, reason=reason, by=by.id)


def granted(act: Act, by: Person, to: Person) -> Adjustment:
    return adjustments.decide(asked(act, by).id, grant=True, by=to.id)


def standing(goal: Any) -> tuple[str, Decimal | None, int]:
    result = result_of(goal)
    return result.outcome.value, result.figure, result.version


def ended_quarter(cast: SimpleNamespace) -> SimpleNamespace:
    """The third quarter, closed: Ana missed by 20.00, her team and the company with her."""
    cast.sale = make_sale(cast.ana, 80_00, AUGUST, product=make_product("Lamp"))
    cast.goal = make_goal(cast.ana, 100_00, period=QUARTER)
    cast.of_bea = make_goal(cast.bea, 100_00, period=QUARTER)
    cast.of_norte = make_goal(cast.norte, 100_00, period=QUARTER)
    cast.of_all = make_goal(cast.root, 1000_00, period=QUARTER)
    close(QUARTER)
    assert standing(cast.goal) == ("missed", 80_00, 1)
    return cast
