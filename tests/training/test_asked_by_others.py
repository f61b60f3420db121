"""What diagnosis and coaching ask of training."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from app.core import clock
from app.core.errors import NotFound
from app.training import operations, queries
from app.training.models import AssignmentOrigin
from tests.sales.factories import make_product
from tests.training.factories import make_course, make_round

DAY = timedelta(days=1)


@pytest.fixture
def boots(cast):
    return make_product("Boots")


def needed(cast: SimpleNamespace, on: date | None = None) -> dict[str, tuple[date | None, date]]:
    names = {cast.ana.id: "ana", cast.bea.id: "bea", cast.luis.id: "luis"}
    found = queries.required_products(names, on)
    return {names[row.person_id]: (row.completed_on, row.required_since) for row in found}


def test_who_had_to_have_a_course_on_a_day_and_who_had_it(cast, boots):
    course = make_course(product_id=boots.id)
    make_round(cast.ana, course, assigned_on=date(2026, 3, 1), completed_on=date(2026, 4, 1))
    make_round(cast.bea, course, assigned_on=date(2026, 3, 5))
    make_round(cast.luis, course, origin=AssignmentOrigin.OWN, completed_on=date(2026, 3, 1))
    assert needed(cast, date(2026, 3, 31)) == {
        "ana": (None, date(2026, 3, 1)),
        "bea": (None, date(2026, 3, 5)),
    }
    assert needed(cast, date(2026, 4, 1))["ana"] == (date(2026, 4, 1), date(2026, 3, 1))
    assert needed(cast, date(2026, 2, 1)) == {}


def test_what_has_expired_is_not_had_any_more(cast, boots):
    course = make_course(product_id=boots.id, valid_months=6)
    make_round(cast.ana, course, assigned_on=date(2025, 1, 1), completed_on=date(2025, 1, 31))
    assert needed(cast, date(2025, 7, 30))["ana"][0] == date(2025, 1, 31)
    assert needed(cast, date(2025, 7, 31))["ana"] == (None, date(2025, 1, 1))


def test_a_file_says_no_since_when(cast, boots):
    make_round(cast.bea, make_course(product_id=boots.id), origin=AssignmentOrigin.IMPORT)
    assert needed(cast, date(2020, 1, 1)) == {"bea": (None, date.min)}


def test_what_was_taken_back_was_needed_until_then(cast, boots):
    course = make_course(product_id=boots.id)
    make_round(cast.ana, course, assigned_on=clock.today() - 9 * DAY, withdrawn_at=clock.now())
    assert needed(cast) == {}
    assert "ana" in needed(cast, clock.today() - DAY)


def test_a_plan_gives_a_course_once(cast):
    course, today = make_course(), clock.today()
    first = operations.assign(
        cast.ana.id, course.id, by_id=cast.marta.id, origin=AssignmentOrigin.PLAN, due_on=today + 20 * DAY
    )
    again = operations.assign(
        cast.ana.id, course.id, by_id=cast.marta.id, origin=AssignmentOrigin.PLAN, due_on=today + 9 * DAY
    )
    assert again.id == first.id
    assert again.due_on == today + 9 * DAY
    assert queries.completed(cast.ana.id, [course.id]) == {}


def test_nobody_is_given_what_cannot_be_taken(cast):
    draft = make_course(published_at=None)
    for person, course in ((cast.ana, draft), (cast.nora, make_course())):
        with pytest.raises(NotFound):
            operations.assign(person.id, course.id, by_id=None)


def test_completed_is_what_counts_today(cast):
    good, old = make_course(), make_course(valid_months=1)
    day = clock.today() - 40 * DAY
    make_round(cast.ana, good, completed_on=day)
    make_round(cast.ana, old, completed_on=day)
    assert queries.completed(cast.ana.id, [good.id, old.id]) == {good.id: day}
    assert queries.completed(cast.ana.id, [good.id], since=day + DAY) == {}
