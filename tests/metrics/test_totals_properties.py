"""Whatever is done to sales and in whatever order, the totals are those of the records."""

from contextlib import suppress
from datetime import date, timedelta
from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.errors import DomainError
from app.extensions import db
from app.metrics import check
from app.people.models import Person, Team
from app.people.operations import placing
from app.sales import operations
from app.sales.models import Sale, Stage
from tests.sales.factories import make_activity, make_product, make_sale

START = date(2026, 2, 20)
days = st.integers(0, 60).map(lambda number: START + timedelta(days=number))
places = st.integers(0, 50)  # which of the sales there are
amounts = st.integers(0, 999_99)
splits = st.sampled_from([(10_000,), (6_000, 4_000), (3_333, 3_333, 3_334), (1, 9_999)])
customers = st.sampled_from(["Acme", "Brío", "Cima", ""])
reps = st.integers(0, 2)

changes = st.one_of(
    st.tuples(st.just("record"), days, amounts, splits, customers, st.sampled_from(["won", "lost", "open"])),
    st.tuples(st.just("record"), days, amounts, splits, customers, st.just("won")),
    st.tuples(st.just("correct"), places, days, amounts, customers, reps),
    st.tuples(st.just("void"), places),
    st.tuples(st.just("restore"), places),
    st.tuples(st.just("cancel"), places, days),
    st.tuples(st.just("deliver"), places, days, days, st.integers(1, 5)),
    st.tuples(st.just("split"), places, splits),
    st.tuples(st.just("decide"), places, days, amounts),
    st.tuples(st.just("move"), reps, days),
    st.tuples(st.just("meet"), reps, days),
)


class World:
    def __init__(self, cast: SimpleNamespace) -> None:
        self.reps = [cast.ana.id, cast.bea.id, cast.luis.id]
        self.teams = [cast.norte.id, cast.sur.id]
        self.product = make_product()
        self.moves = 0

    def shares(self, split: tuple[int, ...]) -> dict[int, int]:
        return dict(zip(self.reps, split, strict=False))

    def sale(self, place: int) -> Sale | None:
        keys = db.session.scalars(select(Sale.id).order_by(Sale.id)).all()
        return db.session.get(Sale, keys[place % len(keys)]) if keys else None

    def do(self, change: tuple) -> None:
        what, *told = change
        if what == "record":
            day, amount, split, customer, stage = told
            make_sale(
                db.session.get(Person, self.reps[0]),
                amount,
                None if stage == "open" else day,
                stage,
                product=self.product,
                customer=customer,
                shares=self.shares(split),
                opened_on=START - timedelta(days=5),
            )
        elif what == "move":
            rep, day = told
            self.moves += 1
            team = db.session.get(Team, self.teams[self.moves % 2])
            placing.place(db.session.get(Person, self.reps[rep]), team, day, by_id=None)
        elif what == "meet":
            make_activity(db.session.get(Person, self.reps[told[0]]), "meeting", told[1])
        elif (sale := self.sale(told[0])) is not None:
            self.change(sale, what, told[1:])

    def change(self, sale: Sale, what: str, told: list) -> None:
        if what == "correct":
            said = operations.said_of(sale)
            day, said.amount, said.customer, rep = told
            said.closed_on = None if said.stage is Stage.OPEN else day
            operations.correct_sale(sale, said, by_id=None, reason="So it was", rep_id=self.reps[rep])
        elif what == "void":
            operations.void_sale(sale, by_id=None, reason="By mistake")
        elif what == "restore":
            operations.restore_sale(sale, by_id=None, reason="It was right")
        elif what == "cancel":
            operations.advance_sale(sale, by_id=None, cancelled_on=told[0])
        elif what == "deliver":
            promised, delivered, satisfaction = told
            operations.advance_sale(
                sale, by_id=None, promised_on=promised, delivered_on=delivered, satisfaction=satisfaction
            )
        elif what == "split":
            operations.set_credits(sale, self.shares(told[0]), by_id=None)
        elif what == "decide":
            operations.decide_sale(sale, Stage.WON, by_id=None, on=told[0], amount=told[1])


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.lists(changes, min_size=3, max_size=25))
def test_any_order_of_changes_gives_the_recomputed_totals(cast, told):
    world = World(cast)
    for change in told:
        with suppress(DomainError):  # refused: nothing has changed
            world.do(change)
    assert check.differences() == []
