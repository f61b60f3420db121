"""Teams and managers change on a day; the rows tell who was where, without gap or overlap."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.core.audit import AuditEntry
from app.core.errors import Conflict, Invalid
from app.extensions import db
from app.people import moving, operations, queries
from app.people.models import Membership, Person, ReportingLine
from app.people.timeline import Days
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def today() -> date:
    return factories.today()


def history(person: Person) -> list[tuple[str, date, date | None]]:
    rows = db.session.execute(
        select(Membership.team_id, Membership.starts_on, Membership.ends_on)
        .where(Membership.person_id == person.id)
        .order_by(Membership.starts_on)
    )
    names = {node.id: node.name for node in queries.team_tree(archived=True)}
    return [(names[team], first, last) for team, first, last in rows]


def managers(person: Person) -> list[tuple[int, date, date | None]]:
    return [
        tuple(row)
        for row in db.session.execute(
            select(ReportingLine.manager_id, ReportingLine.starts_on, ReportingLine.ends_on)
            .where(ReportingLine.person_id == person.id)
            .order_by(ReportingLine.starts_on)
        )
    ]


class Told:
    """A room above, writing down what it hears and what `team_on` says at that moment."""

    def __init__(self, person_id: int, day: date) -> None:
        self.person_id, self.day = person_id, day
        self.heard: list[tuple[str, list[int], Days, int | None]] = []

    def before(self, person_ids, days):
        self.heard.append(("before", list(person_ids), days, queries.team_on(self.person_id, self.day)))

    def after(self, person_ids, days):
        self.heard.append(("after", list(person_ids), days, queries.team_on(self.person_id, self.day)))


@pytest.fixture
def told(cast, monkeypatch) -> Told:
    tracker = Told(cast.ana.id, date(2025, 6, 1))
    monkeypatch.setattr(moving, "trackers", [tracker])
    return tracker


def test_a_move_closes_the_old_row_and_opens_the_new_one(cast, today):
    operations.place(cast.ana, cast.sur, today, by_id=cast.alba.id)
    assert history(cast.ana) == [("Norte", date(2024, 1, 1), today - DAY), ("Sur", today, None)]
    assert db.session.get(Person, cast.ana.id).team_id == cast.sur.id


def test_the_same_again_changes_nothing(cast, today):
    assert operations.place(cast.ana, cast.sur, today, by_id=None)
    assert not operations.place(cast.ana, cast.sur, today, by_id=None)
    assert not operations.place(cast.ana, cast.sur, today + DAY, by_id=None)
    audit = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "person.moved")).all()
    assert len(audit) == 1


def test_a_move_into_the_past_says_so_to_the_rooms_above_before_and_after(cast, told):
    operations.place(cast.ana, cast.sur, date(2025, 3, 1), by_id=None)
    days = Days(date(2025, 3, 1), date.max)
    assert told.heard == [
        ("before", [cast.ana.id], days, cast.norte.id),
        ("after", [cast.ana.id], days, cast.sur.id),
    ]


def test_a_correction_between_two_moves_reaches_only_to_the_next(cast, told):
    operations.place(cast.ana, cast.sur, date(2025, 9, 1), by_id=None)
    told.heard.clear()
    operations.place(cast.ana, cast.logistics, date(2025, 3, 1), by_id=None)
    assert history(cast.ana) == [
        ("Norte", date(2024, 1, 1), date(2025, 2, 28)),
        ("Logistics", date(2025, 3, 1), date(2025, 8, 31)),
        ("Sur", date(2025, 9, 1), None),
    ]
    assert told.heard[0][2] == Days(date(2025, 3, 1), date(2025, 8, 31))


def test_moving_back_for_the_same_days_joins_the_rows_again(cast):
    operations.place(cast.ana, cast.sur, date(2025, 3, 1), by_id=None)
    operations.place(cast.ana, cast.norte, date(2025, 3, 1), by_id=None)
    assert history(cast.ana) == [("Norte", date(2024, 1, 1), None)]


def test_a_move_set_for_a_later_day_comes_true_on_that_day(cast, today, monkeypatch):
    operations.place(cast.ana, cast.sur, today + DAY, by_id=None)
    operations.set_manager(cast.ana, cast.omar, today + DAY, by_id=None)
    ana = db.session.get(Person, cast.ana.id)
    assert (ana.team_id, ana.manager_id) == (cast.norte.id, cast.marta.id)
    monkeypatch.setattr("app.core.clock.today", lambda: today + DAY)
    operations.turn_day()
    db.session.expire_all()
    ana = db.session.get(Person, cast.ana.id)
    assert (ana.team_id, ana.manager_id) == (cast.sur.id, cast.omar.id)


def test_an_archived_team_takes_nobody(cast, today):
    empty = operations.create_team("Oeste", cast.sales, by_id=None)
    operations.archive_team(empty, by_id=None)
    with pytest.raises(Invalid):
        operations.place(cast.ana, empty, today, by_id=None)


def test_a_new_manager_ends_the_line_to_the_old_one(cast, today):
    operations.set_manager(cast.ana, cast.omar, today, by_id=None)
    assert managers(cast.ana) == [
        (cast.marta.id, date(2024, 1, 1), today - DAY),
        (cast.omar.id, today, None),
    ]
    operations.set_manager(cast.ana, None, today + DAY, by_id=None)
    assert managers(cast.ana)[-1] == (cast.omar.id, today, today)


def test_nobody_reports_to_themselves_at_any_remove(cast, today):
    for manager in (cast.ana, cast.marta):
        with pytest.raises(Invalid):
            operations.set_manager(cast.marta, manager, today, by_id=None)
    with pytest.raises(Invalid):
        operations.set_manager(cast.ximena, cast.ana, today + 30 * DAY, by_id=None)


def test_two_may_change_places_from_a_day_on(cast, today):
    operations.set_manager(cast.ana, cast.ximena, today, by_id=None)
    operations.set_manager(cast.marta, cast.ana, today, by_id=None)
    assert managers(cast.marta)[-1] == (cast.ana.id, today, None)


def test_who_leaves_keeps_their_history_and_nothing_else(cast, today):
    operations.leave(cast.ana, today, by_id=cast.alba.id)
    assert history(cast.ana) == [("Norte", date(2024, 1, 1), today)]
    assert managers(cast.ana) == [(cast.marta.id, date(2024, 1, 1), today)]
    ana = db.session.get(Person, cast.ana.id)
    assert (ana.is_active, ana.left_on, ana.password_hash) == (False, today, None)
    assert queries.team_on(ana.id, today + 30 * DAY) == cast.norte.id
    with pytest.raises(Conflict):
        operations.leave(ana, today, by_id=None)
    with pytest.raises(Invalid):
        operations.place(ana, cast.sur, today + DAY, by_id=None)


def test_who_comes_back_has_a_gap_in_between(cast, today):
    operations.leave(cast.ana, today - 10 * DAY, by_id=None)
    with pytest.raises(Invalid):
        operations.bring_back(cast.ana, today - 10 * DAY, cast.sur, by_id=None)
    operations.bring_back(cast.ana, today, cast.sur, by_id=None)
    assert history(cast.ana) == [
        ("Norte", date(2024, 1, 1), today - 10 * DAY),
        ("Sur", today, None),
    ]
    ana = db.session.get(Person, cast.ana.id)
    assert (ana.is_active, ana.left_on, ana.manager_id) == (True, None, cast.marta.id)


def test_a_departure_set_for_later_takes_effect_when_the_day_is_over(cast, today, monkeypatch, as_ana):
    operations.leave(cast.ana, today + DAY, by_id=None)
    assert as_ana.get("/account/preferences").status == 200
    monkeypatch.setattr("app.core.clock.today", lambda: today + 2 * DAY)
    assert as_ana.get("/account/preferences").status == 302, "even before the worker has seen the day turn"
    operations.turn_day()
    db.session.expire_all()
    assert not db.session.get(Person, cast.ana.id).is_active


def test_the_last_administrator_stays(cast, today):
    with pytest.raises(Invalid):
        operations.leave(cast.alba, today, by_id=cast.alba.id)
    second = factories.make_person("Sole", "admin", cast.root)
    operations.leave(cast.alba, today + DAY, by_id=cast.alba.id)
    with pytest.raises(Invalid):
        operations.leave(second, today, by_id=second.id)


def test_a_team_that_moves_takes_those_below_along_and_says_whose_results_move(cast, told):
    north = operations.create_team("North half", cast.sales, kind="department", by_id=None)
    operations.update_team(
        cast.norte,
        name="Norte",
        parent=north,
        kind=cast.norte.kind,
        function=cast.norte.function,
        lead=cast.marta,
        by_id=None,
    )
    db.session.expire_all()
    assert cast.norte.path == [cast.root.id, cast.sales.id, north.id, cast.norte.id]
    assert {kind for kind, *_ in told.heard} == {"before", "after"}
    assert set(told.heard[0][1]) == {cast.marta.id, cast.ana.id, cast.bea.id, cast.nora.id}
    operations.update_team(
        north,
        name="North half",
        parent=cast.root,
        kind=north.kind,
        function=north.function,
        lead=None,
        by_id=None,
    )
    db.session.expire_all()
    assert cast.norte.path == [cast.root.id, north.id, cast.norte.id]


def test_a_team_is_never_part_of_itself(cast):
    for parent in (cast.sales, cast.norte):
        with pytest.raises(Invalid):
            operations.update_team(
                cast.sales,
                name="Sales",
                parent=parent,
                kind=cast.sales.kind,
                function=cast.sales.function,
                lead=None,
                by_id=None,
            )


def test_only_an_empty_team_can_be_archived_and_its_name_is_not_lost(cast):
    for team in (cast.norte, cast.sales, cast.root):
        with pytest.raises(Conflict):
            operations.archive_team(team, by_id=None)
    for person in (cast.omar, cast.luis):
        operations.place(person, cast.norte, factories.today(), by_id=None)
    operations.archive_team(cast.sur, by_id=None)
    with pytest.raises(Invalid):
        operations.create_team("SUR", cast.sales, by_id=None)
    operations.restore_team(cast.sur, by_id=None)
    assert cast.sur.archived_at is None


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("Norte", ["Norte"]),
        ("Sales/Norte", ["Sales", "Norte"]),
        ("andina / Sales / NORTE ", ["Sales", "Norte"]),
        ("Company/West/Team 3", ["West", "Team 3"]),
        ("Andina", []),
        ("Company", []),
    ],
)
def test_a_path_leads_to_its_team_and_makes_what_is_missing(cast: SimpleNamespace, path, names):
    team = operations.team_by_path(path)
    tree = {node.id: node.name for node in queries.team_tree()}
    assert [tree[key] for key in team.path[1:]] == names
    assert operations.team_by_path(path, create=False) == team


def test_no_path_and_an_unknown_one_lead_nowhere(cast):
    assert operations.team_by_path(" / ") is None
    assert operations.team_by_path("West/Team 3", create=False) is None
