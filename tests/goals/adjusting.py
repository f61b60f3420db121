"""What somebody was kept from, asked for and decided, in one line each."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.goals import adjustment_drafts, adjustments
from app.goals.models import Adjustment
from app.people.models import Person
from app.sales.closed_days import ClosedDay
from tests.goals.factories import result_of

Act = Callable[[], Any]


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
