"""Rooms above keep their team figures right by what they are told before and after each change."""

import random
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from app.core.errors import Conflict, Invalid
from app.extensions import db
from app.people import moving, operations, queries
from app.people.models import Membership, Person, Team
from tests import factories

START = date(2026, 1, 1)


class Keeper:
    """Counts one sale a person and day for the team of that day and for all above it."""

    def __init__(self, people: list[Person], days: list[date]) -> None:
        self.sales = [(person.id, day) for person in people for day in days]
        self.kept = self.recomputed()

    def teams(self, person_id: int, day: date) -> list[int]:
        team = db.session.get(Team, queries.team_on(person_id, day) or 0)
        return list(team.path) if team else []

    def recomputed(self) -> Counter:
        return Counter((team, day) for person_id, day in self.sales for team in self.teams(person_id, day))

    def _count(self, person_ids, days, sign: int) -> None:
        for person_id, day in self.sales:
            if person_id in person_ids and days.first <= day <= days.last:
                for team in self.teams(person_id, day):
                    self.kept[team, day] += sign

    def before(self, person_ids, days) -> None:
        self._count(person_ids, days, -1)

    def after(self, person_ids, days) -> None:
        self._count(person_ids, days, 1)


@pytest.mark.parametrize("seed", range(4))
def test_figures_kept_by_what_is_told_equal_recomputed_ones_after_any_changes(cast, monkeypatch, seed):
    chance = random.Random(seed)
    people = [cast.ana, cast.bea, cast.luis, factories.make_person("Iker", hired_on=START)]
    keeper = Keeper(people, [START + timedelta(days=30 * number) for number in range(9)])
    monkeypatch.setattr(moving, "trackers", [keeper])
    teams = [cast.norte, cast.sur, cast.sales, cast.logistics]
    for _ in range(25):
        person, team = chance.choice(people), chance.choice(teams)
        on = START + timedelta(days=chance.randrange(300))
        try:
            match chance.randrange(6):
                case 0:
                    operations.leave(person, on, by_id=None)
                case 1:
                    operations.bring_back(person, on, team, by_id=None)
                case 2:
                    chosen, parent = (
                        chance.choice([cast.norte, cast.sur]),
                        chance.choice([cast.root, cast.sales]),
                    )
                    operations.update_team(
                        chosen,
                        name=chosen.name,
                        parent=parent,
                        kind=chosen.kind,
                        function=chosen.function,
                        lead=None,
                        by_id=None,
                    )
                case _:
                    operations.place(person, team, on, by_id=None)
        except (Invalid, Conflict):
            continue
        assert +keeper.kept == keeper.recomputed()
        _check_rows(person)


def _check_rows(person: Person) -> None:
    rows = db.session.scalars(
        select(Membership).where(Membership.person_id == person.id).order_by(Membership.starts_on)
    ).all()
    for earlier, later in pairwise(rows):
        assert earlier.ends_on is not None
        assert earlier.ends_on < later.starts_on
    if rows:
        assert (rows[-1].ends_on is None) == (person.left_on is None)
