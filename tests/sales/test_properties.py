"""Whatever is done in whatever order: every cent belongs to somebody, every mark to the right sale, and what
the database says of a step is what the arithmetic says.
"""

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.errors import DomainError
from app.extensions import db
from app.sales import credit, operations, recording
from app.sales.models import Customer, Sale, SaleCredit, Stage
from app.sales.queries.show import facts_of
from app.sales.queries.waiting import due_on as due_column
from app.sales.queries.waiting import rules
from app.sales.queries.waiting import waiting_step as waiting_column
from app.sales.steps import due_on, waiting_step
from tests.sales.factories import make_product, make_sale, make_step_rule, today

SHARES = st.lists(st.integers(1, 9999), min_size=1, max_size=6)


@given(st.integers(-(10**15), 10**15), SHARES)
def test_a_split_loses_nothing_and_is_fair_to_the_unit(value, weights):
    whole = sum(weights)
    shares = {number: weight * 10_000 // whole for number, weight in enumerate(weights)}
    shares[0] += 10_000 - sum(shares.values())
    parts = credit.share_out(value, shares)
    assert sum(parts.values()) == value
    for person, share in shares.items():
        assert abs(parts[person] * 10_000 - value * share) < 10_000


def test_the_database_splits_like_the_arithmetic(cast):
    chance = random.Random(7)
    product = make_product()
    people = [cast.ana.id, cast.bea.id, cast.luis.id, cast.marta.id]
    sales = []
    for _ in range(40):
        cuts = sorted(chance.sample(range(1, 10_000), chance.randint(0, 3)))
        parts = [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]
        shares = dict(zip(chance.sample(people, len(parts)), parts, strict=True))
        sales.append(make_sale(cast.ana, chance.randint(0, 10_007), product=product, shares=shares))
    told = dict_of_values()
    assert told
    db.session.execute(SaleCredit.__table__.update().values(value=None, team_id=None))
    credit.reallocate(recording.keys_of(sale.id for sale in sales))
    assert dict_of_values() == told


def dict_of_values():
    rows = db.session.execute(
        select(SaleCredit.sale_id, SaleCredit.person_id, SaleCredit.value, SaleCredit.team_id)
    )
    return {(sale, person): (value, team) for sale, person, value, team in rows}


class Seen:
    """A tracker that keeps a count of new customers by its before and after, as totals do."""

    def __init__(self):
        self.firsts = 0

    def _count(self, keys):
        stmt = select(Customer.id).where(Customer.first_sale_id.in_(keys))
        return len(db.session.scalars(stmt).all())

    def before(self, keys):
        self.firsts -= self._count(keys)

    def after(self, keys, was):
        self.firsts += self._count(keys)


def test_any_order_of_changes_leaves_the_mark_on_the_earliest_sale_that_stands(cast, monkeypatch):
    seen = Seen()
    monkeypatch.setattr(recording, "trackers", [seen])
    chance = random.Random(11)
    product = make_product()
    names = ["Acme", "Big", "Co"]
    sales = []
    for _ in range(120):
        known = seen.firsts
        if not _do_something(chance, sales, names, product, cast):
            seen.firsts = known  # rolled back, as totals would be
        db.session.expire_all()
        marks = dict(db.session.query(Customer.id, Customer.first_sale_id))
        for customer_id, mark in marks.items():
            assert mark == _deserving(customer_id)
        assert seen.firsts == sum(mark is not None for mark in marks.values())


def _do_something(chance, sales, names, product, cast):
    on = today() - timedelta(days=chance.randint(0, 9))
    if not sales or chance.random() < 0.3:
        stage = chance.choice(["won", "won", "open", "lost"])
        closed_on = on if stage != "open" else None
        made = make_sale(
            cast.ana, 10_00, closed_on, stage, product=product, customer=chance.choice(names), opened_on=on
        )
        sales.append(made.id)
        return True
    sale = db.session.get(Sale, chance.choice(sales))
    what = chance.choice(["void", "restore", "cancel", "uncancel", "move", "redate", "decide", "undo"])
    said = operations.said_of(sale)
    try:
        if what == "void":
            operations.void_sale(sale, by_id=cast.ana.id, reason="x")
        elif what == "restore":
            operations.restore_sale(sale, by_id=cast.ana.id, reason="x")
        elif what in {"cancel", "uncancel"}:
            cancelled_on = today() if what == "cancel" else None
            operations.advance_sale(sale, by_id=cast.ana.id, cancelled_on=cancelled_on)
        elif what == "decide":
            operations.decide_sale(sale, chance.choice([Stage.WON, Stage.LOST]), by_id=cast.ana.id)
        elif what == "undo":
            operations.undo(sale, by_id=cast.ana.id)
        else:
            if what == "move":
                said.customer = chance.choice([*names, ""])
            elif said.closed_on:
                said.closed_on = said.opened_on = on
            operations.correct_sale(sale, said, by_id=cast.ana.id, reason="x")
    except DomainError:
        return False
    return True


def _deserving(customer_id):
    standing = select(Sale.id).where(
        Sale.customer_id == customer_id,
        Sale.stage == Stage.WON,
        Sale.voided_at.is_(None),
        Sale.cancelled_on.is_(None),
    )
    return db.session.scalars(standing.order_by(Sale.closed_on, Sale.id)).first()


DAYS = st.none() | st.integers(0, 40)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["won", "lost", "open"]), st.tuples(*[DAYS] * 4)), min_size=1, max_size=5
    )
)
def test_nothing_waits_twice_and_a_due_day_is_of_a_step_that_waits(histories):
    from app.sales.steps import Facts, Rule, way

    known = {step: Rule(step, None, 5, date(2020, 1, 1)) for step in ("promise", "deliver", "follow_up")}
    for stage, offsets in histories:
        start = date(2026, 1, 1)
        days = [start + timedelta(days=n) if n is not None and stage == "won" else None for n in offsets]
        facts = Facts(stage, start, start if stage != "open" else None, *days)
        stations = way(facts, known)
        assert sum(station.state == "current" for station in stations) <= 1
        current = [station.key for station in stations if station.state == "current"]
        waiting = waiting_step(facts, known)
        assert current == ([waiting] if waiting else [])


def test_the_database_says_the_same_of_waiting_as_the_arithmetic(cast):
    make_step_rule("promise", days=2)
    make_step_rule("deliver", cast.logistics, days=14).starts_on = today() - timedelta(days=25)
    make_step_rule("follow_up", days=7)
    db.session.commit()
    chance = random.Random(3)
    product = make_product()
    for _ in range(60):
        closed = today() - timedelta(days=chance.randint(0, 40))

        def later(after=closed):
            gap = chance.randint(0, 9)
            return min(today(), after + timedelta(days=gap)) if chance.random() < 0.5 else None

        delivered = later()
        make_sale(
            cast.ana,
            10_00,
            closed,
            product=product,
            promised_on=later(),
            delivered_on=delivered,
            followed_up_on=delivered and later(delivered),
            cancelled_on=later() if chance.random() < 0.2 else None,
        )
    make_sale(cast.ana, stage="open", product=product)
    make_sale(cast.ana, stage="lost", product=product)
    known = rules()
    rows = db.session.execute(select(Sale, waiting_column(known), due_column(known))).all()
    assert {waiting for _, waiting, _ in rows} == {None, "decide", "promise", "deliver", "follow_up"}
    for sale, waiting, due in rows:
        facts = facts_of(sale)
        assert waiting == waiting_step(facts, known)
        assert due == (due_on(waiting, facts, known) if waiting else None)
