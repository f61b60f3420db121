"""Who must take a course, evaluated for everybody at once."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select

from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.people import operations as people
from app.training import authoring, operations, requiring
from app.training.models import Assignment, AssignmentOrigin, Course
from tests.factories import make_person, make_team
from tests.jobs import run_jobs
from tests.sales.factories import make_product, make_sale
from tests.training.factories import make_course, make_read, make_requirement, make_round

DAY = timedelta(days=1)
MIDDAY = "2026-11-23 12:00"


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(MIDDAY, tick=False):
        yield


def rounds(course: Course) -> list[Assignment]:
    stmt = (
        select(Assignment)
        .where(Assignment.course_id == course.id, Assignment.withdrawn_at.is_(None))
        .order_by(Assignment.id)
    )
    db.session.expire_all()
    return list(db.session.scalars(stmt))


def who(course: Course, cast: SimpleNamespace) -> set[str]:
    names = {person.id: name for name, person in vars(cast).items() if hasattr(person, "email")}
    return {names.get(row.person_id, "?") for row in rounds(course)}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, {"ana", "bea", "luis", "marta", "omar", "eva", "hilda", "ximena", "alba"}),
        ({"role": Role.REP}, {"ana", "bea", "luis"}),
        ({"team": "sales"}, {"ana", "bea", "luis", "marta", "omar"}),
        ({"team": "norte"}, {"ana", "bea", "marta"}),
        ({"team": "norte", "role": Role.REP}, {"ana", "bea"}),
        ({"team": "logistics", "role": Role.REP}, set()),
    ],
)
def test_role_and_team_and_all_that_is_set(cast, rule, expected):
    course = make_course()
    team = getattr(cast, rule["team"]) if "team" in rule else None
    make_requirement(course, role=rule.get("role"), team_id=team.id if team else None, due_days=14)
    assert requiring.evaluate() == len(expected)
    assert who(course, cast) == expected
    assert {row.due_on for row in rounds(course)} <= {date(2026, 12, 7)}
    assert requiring.evaluate() == 0


def test_whoever_sells_a_product_is_whoever_had_a_sale_of_it_lately(cast):
    boots, today = make_product("Boots"), clock.today()
    course = make_course()
    make_requirement(course, sells_product_id=boots.id, sells_months=6)
    make_sale(cast.ana, closed_on=date(2026, 5, 23), product=boots)
    make_sale(cast.bea, closed_on=date(2026, 5, 22), product=boots)
    make_sale(cast.luis, product=make_product())
    assert requiring.evaluate() == 1
    assert who(course, cast) == {"ana"}
    make_sale(cast.luis, amount=0, closed_on=today, stage="lost", product=boots, lost_reason="price")
    make_sale(cast.marta, closed_on=None, stage="open", opened_on=today, product=boots)
    requiring.evaluate()
    assert who(course, cast) == {"ana", "luis", "marta"}


def test_one_course_required_twice_is_due_on_the_earlier_day(cast):
    course = make_course()
    make_requirement(course, role=Role.REP, due_days=60)
    make_requirement(course, team_id=cast.norte.id, due_days=10)
    requiring.evaluate()
    due = {row.person_id: row.due_on for row in rounds(course)}
    assert due[cast.ana.id] == date(2026, 12, 3)
    assert due[cast.luis.id] == date(2027, 1, 22)


def test_who_has_it_is_not_asked_until_it_expires(cast):
    course = make_course(valid_months=12)
    make_requirement(course, team_id=cast.norte.id, role=Role.REP)
    make_round(cast.ana, course, completed_on=date(2025, 12, 24))  # expires in 31 days
    make_round(cast.bea, course, completed_on=date(2025, 12, 23))  # in 30
    requiring.evaluate()
    again = [row for row in rounds(course) if row.completed_on is None]
    assert [(row.person_id, row.due_on) for row in again] == [(cast.bea.id, date(2026, 12, 23))]
    with time_machine.travel("2026-11-24 12:00"):
        assert requiring.evaluate() == 1


def test_a_course_of_one_month_is_not_asked_for_again_on_the_day_of_its_completion(cast):
    course = make_course(valid_months=1)
    make_requirement(course, team_id=cast.norte.id, role=Role.REP)
    for person in (cast.ana, cast.bea):
        make_round(person, course, completed_on=clock.today())
    assert requiring.evaluate() == 0


def test_what_has_expired_is_due_in_the_days_of_the_requirement(cast):
    course = make_course(valid_months=1)
    make_requirement(course, role=Role.HR, due_days=5)
    make_round(cast.hilda, course, completed_on=date(2025, 1, 1))
    requiring.evaluate()
    assert rounds(course)[-1].due_on == date(2026, 11, 28)


def test_what_a_manager_or_a_file_asked_for_is_asked_for_again_but_not_what_one_took_up(cast):
    course, old = make_course(valid_months=12), date(2025, 11, 30)
    make_round(cast.ana, course, completed_on=old)
    make_round(cast.bea, course, completed_on=old, origin=AssignmentOrigin.IMPORT)
    make_round(cast.luis, course, completed_on=old, origin=AssignmentOrigin.OWN)
    make_round(cast.nora, course, completed_on=old)
    assert requiring.evaluate() == 2
    assert {row.person_id for row in rounds(course) if row.completed_on is None} == {cast.ana.id, cast.bea.id}
    anas = next(row for row in rounds(course) if row.completed_on is None and row.person_id == cast.ana.id)
    operations.withdraw(anas, by_id=cast.marta.id)
    assert requiring.evaluate() == 0


def test_what_is_not_asked_for_any_more_goes_unless_it_was_begun(cast):
    course = make_course(lessons=1)
    requirement = make_requirement(course, role=Role.REP)
    requiring.evaluate()
    (lesson,) = db.session.scalars(select(authoring.Lesson))
    beas = next(row for row in rounds(course) if row.person_id == cast.bea.id)
    make_read(beas, lesson)
    requiring.end_requirement(requirement, by_id=cast.hilda.id)
    (left,) = rounds(course)
    assert (left.id, left.origin, left.due_on) == (beas.id, AssignmentOrigin.OWN, None)


def test_who_leaves_or_moves_has_nothing_to_do(cast):
    course = make_course()
    make_requirement(course, team_id=cast.norte.id)
    requiring.evaluate()
    people.leave(cast.bea, clock.today(), by_id=None)
    people.place(cast.ana, cast.sur, clock.today(), by_id=None)
    with time_machine.travel("2026-11-24 12:00"):
        run_jobs()
        requiring.evaluate()
        assert who(course, cast) == {"marta"}


def test_drafts_and_archived_courses_are_required_of_nobody(cast):
    for course in (make_course(published_at=None), make_course(archived_at=clock.now())):
        make_requirement(course)
    assert requiring.evaluate() == 0


def test_nobody_is_asked_before_their_first_day(cast):
    make_person("Late Joiner", Role.REP, cast.norte, hired_on=date(2026, 12, 1))
    course = make_course()
    make_requirement(course, team_id=cast.norte.id, role=Role.REP)
    requiring.evaluate()
    assert who(course, cast) == {"ana", "bea"}
    with time_machine.travel("2026-12-01 12:00"):
        assert requiring.evaluate() == 1


def test_a_new_person_is_asked_after_an_import_of_people(cast):
    from app.core import events

    course = make_course()
    make_requirement(course, role=Role.REP)
    events.record("import_finished", import_id=0, kind="people")
    db.session.commit()
    run_jobs()
    assert who(course, cast) == {"ana", "bea", "luis"}


def test_ten_thousand_people_take_a_few_statements(cast, app):
    from sqlalchemy import event, insert

    from app.people.models import Person

    team = make_team("Big")
    db.session.execute(
        insert(Person), [{"name": f"P{n}", "role": Role.REP, "team_id": team.id} for n in range(2_000)]
    )
    course = make_course()
    make_requirement(course, team_id=team.id)
    db.session.commit()
    seen: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert requiring.evaluate() == 2_000
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(seen) < 40
