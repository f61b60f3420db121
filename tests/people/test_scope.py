"""Whose results one may read, and which team a day belongs to."""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import literal, select

from app.core.errors import NotFound
from app.core.viewer import Viewer
from app.extensions import db
from app.people import queries
from app.people.models import Membership, Person
from tests import factories


def viewer_of(person: Person) -> Viewer:
    return Viewer(
        session_id=0,
        token="",
        person_id=person.id,
        name=person.name,
        role=person.role,
        team_id=person.team_id,
        locale=None,
        theme="auto",
    )


def people_seen_by(person: Person) -> set[str]:
    ids = queries.visible_people(viewer_of(person))
    return {name.split()[0] for name in db.session.scalars(select(Person.name).where(Person.id.in_(ids)))}


def test_the_keys_in_sight_are_a_column_called_id(cast):
    assert list(queries.visible_people(viewer_of(cast.ana)).subquery().c.keys()) == ["id"]


def test_a_rep_reads_only_their_own_results(cast):
    assert people_seen_by(cast.ana) == {"Ana"}


def test_a_manager_reads_those_of_their_team_who_left_included(cast):
    assert people_seen_by(cast.marta) == {"Marta", "Ana", "Bea", "Nora"}


def test_reports_of_reports_are_in_scope(cast):
    helper = factories.make_person("Iker", manager=cast.ana)
    factories.make_person("Jon", manager=helper)
    assert people_seen_by(cast.marta) >= {"Iker", "Jon"}


def test_who_leads_a_department_reads_all_teams_below_it(cast):
    cast.sales.lead_id = cast.eva.id
    db.session.commit()
    assert people_seen_by(cast.eva) == {"Eva", "Marta", "Omar", "Ana", "Bea", "Luis", "Nora"}


@pytest.mark.parametrize("name", ["hilda", "ximena", "alba"])
def test_hr_executive_and_administrator_read_everybody(cast, name):
    assert len(people_seen_by(getattr(cast, name))) == 10


def test_what_one_may_not_see_is_not_there(cast):
    with pytest.raises(NotFound):
        queries.person_for(viewer_of(cast.ana), cast.luis.id)
    assert queries.person_for(viewer_of(cast.omar), cast.luis.id) == cast.luis
    with pytest.raises(NotFound):
        queries.team_for(viewer_of(cast.omar), cast.norte.id)
    assert queries.team_for(viewer_of(cast.ana), cast.norte.id) == cast.norte


def test_the_tree_lists_each_team_before_those_below_it(cast):
    tree = [(node.name, node.depth, node.headcount, node.total) for node in queries.team_tree()]
    assert tree == [
        ("Andina", 0, 3, 9),
        ("Logistics", 1, 1, 1),
        ("Sales", 1, 0, 5),
        ("Norte", 2, 3, 3),
        ("Sur", 2, 2, 2),
    ]


@pytest.fixture
def moved(cast: SimpleNamespace) -> SimpleNamespace:
    """Ana was in Norte until March 2025, away in April, in Sur since May."""
    db.session.query(Membership).filter_by(person_id=cast.ana.id).delete()
    db.session.add_all(
        [
            Membership(
                person_id=cast.ana.id,
                team_id=cast.norte.id,
                starts_on=date(2025, 1, 1),
                ends_on=date(2025, 3, 31),
            ),
            Membership(person_id=cast.ana.id, team_id=cast.sur.id, starts_on=date(2025, 5, 1)),
        ]
    )
    db.session.commit()
    return cast


DAYS = [
    (date(2020, 1, 1), "norte"),
    (date(2025, 1, 1), "norte"),
    (date(2025, 3, 31), "norte"),
    (date(2025, 4, 15), "norte"),
    (date(2025, 5, 1), "sur"),
    (date(2030, 1, 1), "sur"),
]


@pytest.mark.parametrize(("day", "team"), DAYS)
def test_a_day_belongs_to_the_team_of_that_day_or_the_nearest(moved, day, team):
    expected = getattr(moved, team).id
    assert queries.team_on(moved.ana.id, day) == expected
    spans = queries.team_spans([moved.ana.id]).subquery()
    joined = select(spans.c.team_id).where(literal(day).between(spans.c.first, spans.c.last))
    assert db.session.scalars(joined).all() == [expected]


def test_without_a_membership_the_team_of_today_counts(cast):
    person = factories.make_person("Nuria")
    assert queries.team_on(person.id, date(2025, 1, 1)) is None
    person.team_id = cast.sur.id
    db.session.commit()
    assert queries.team_on(person.id, date(2025, 1, 1)) == cast.sur.id
