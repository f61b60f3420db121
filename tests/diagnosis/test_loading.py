"""The company's records as columns: the same as the database has them."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import update

from app.diagnosis import loading
from app.diagnosis.loading import records
from app.diagnosis.missed import missed_goals
from app.diagnosis.records import Reason, Stage
from app.extensions import db
from app.people.models import DayOff, Membership
from app.sales.models import Sale
from tests.diagnosis.factories import closed_period, make_result
from tests.goals.factories import make_goal, make_period
from tests.sales.factories import make_activity, make_product, make_rate, make_sale

FIRST, LAST = date(2026, 1, 1), date(2026, 11, 23)


def day(ordinal: int) -> date | None:
    return date.fromordinal(int(ordinal)) if ordinal else None


def test_a_row_for_every_credit(cast: SimpleNamespace) -> None:
    tent = make_product("Tent", 500_00)
    sale = make_sale(
        cast.ana,
        900_00,
        date(2026, 8, 3),
        product=tent,
        shares={cast.ana.id: 6000, cast.bea.id: 4000},
        quantity=2,
        opened_on=date(2026, 7, 1),
        list_price=500_00,
    )
    found = records.sales(FIRST, LAST)
    assert found.id.tolist() == [sale.id, sale.id]
    assert found.person.tolist() == sorted([cast.ana.id, cast.bea.id])
    assert dict(zip(found.person.tolist(), found.value.tolist(), strict=True)) == {
        cast.ana.id: 540_00,
        cast.bea.id: 360_00,
    }
    assert sorted(found.list_value.tolist()) == [400_00, 600_00]
    assert found.share.tolist() == [0.6, 0.4]
    assert (day(found.opened[0]), day(found.closed[0])) == (date(2026, 7, 1), date(2026, 8, 3))
    assert set(found.stage.tolist()) == {Stage.WON}
    assert set(found.product.tolist()) == {tent.id}
    assert found.is_new_customer.all()


def test_why_a_sale_was_lost_is_a_word_of_the_list_or_another(cast: SimpleNamespace) -> None:
    for reason in ("price", "Delivery ", "the moon", None):
        make_sale(cast.ana, None, date(2026, 8, 3), "lost", lost_reason=reason)
    found = records.sales(FIRST, LAST)
    assert found.reason.tolist() == [Reason.PRICE, Reason.DELIVERY, Reason.OTHER, Reason.NONE]


def test_what_happened_later_is_not_known_yet(cast: SimpleNamespace) -> None:
    make_sale(cast.ana, 100_00, date(2026, 10, 2), opened_on=date(2026, 9, 1))
    found = records.sales(FIRST, date(2026, 9, 30))
    assert (found.stage.tolist(), found.closed.tolist(), found.value.tolist()) == ([Stage.OPEN], [0], [0.0])


def test_sales_that_were_over_before_and_voided_ones_are_left_out(cast: SimpleNamespace) -> None:
    make_sale(cast.ana, 100_00, date(2025, 12, 1), opened_on=date(2025, 11, 1))
    void = make_sale(cast.ana, 100_00, date(2026, 8, 3))
    db.session.get_one(Sale, void.id).voided_at = db.func.now()
    make_sale(cast.ana, None, None, "open", opened_on=date(2025, 11, 1))
    found = records.sales(FIRST, LAST)
    assert found.stage.tolist() == [Stage.OPEN]


def test_list_prices_in_another_currency_are_the_companys(cast: SimpleNamespace) -> None:
    make_rate("EUR", "1.5")
    make_rate("JPY", "0.01")
    for currency, price in (("EUR", 100_00), ("JPY", 1000)):
        product = make_product(list_price=price, currency=currency)
        make_sale(cast.ana, price, date(2026, 8, 3), product=product, currency=currency, list_price=price)
    assert records.sales(FIRST, LAST).list_value.tolist() == [150_00, 10_00]


def test_a_product_gives_its_price_to_a_sale_without(cast: SimpleNamespace) -> None:
    sale = make_sale(cast.ana, None, date(2026, 8, 3), "lost", product=make_product(list_price=70_00))
    db.session.get_one(Sale, sale.id).list_price = None
    db.session.commit()
    assert records.sales(FIRST, LAST).list_value.tolist() == [70_00]


def test_activities_are_counted_by_day(cast: SimpleNamespace) -> None:
    for kind in ("call", "call", "demo"):
        make_activity(cast.ana, kind, date(2026, 8, 3))
    found = records.activities(FIRST, LAST)
    assert sorted(zip(found.kind.tolist(), found.count.tolist(), strict=True)) == [(0, 2.0), (2, 1.0)]


@pytest.fixture
def company(cast: SimpleNamespace):
    for month in (1, 4, 7, 9):
        make_sale(cast.ana, 100_00, date(2026, month, 20), opened_on=date(2026, month, 5))
    return loading.company(make_period("2026-Q3"), LAST, [cast.ana.id, cast.bea.id])


def test_periods_before_are_those_with_records(company) -> None:
    assert [(span.first, span.last) for span in company.before] == [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
    ]
    assert company.last_year is None


def test_a_period_of_which_only_what_outlasted_it_is_recorded_is_none_before(cast: SimpleNamespace) -> None:
    """An export of what was decided from the first of March on: what was opened and over earlier is not in
    it."""
    for opened, closed in ((1, 3), (2, 4), (4, 5), (5, 6), (7, 9)):
        made = date(2026, opened, 5)
        make_sale(cast.ana, 100_00, date(2026, closed, 1), opened_on=made)
    found = loading.company(make_period("2026-Q3"), LAST, [cast.ana.id])
    assert [span.first for span in found.before] == [date(2026, 4, 1)]


def test_the_records_tell_up_to_the_last_one(company) -> None:
    assert company.as_of == date(2026, 9, 30)  # never before the period's end


def test_everybody_is_there_with_their_teams(company, cast: SimpleNamespace) -> None:
    assert {person.id: person.teams for person in company.people} == {
        cast.ana.id: tuple(cast.norte.path),
        cast.bea.id: tuple(cast.norte.path),
    }


def test_who_was_away_counts_for_the_days_they_were_there(cast: SimpleNamespace) -> None:
    make_sale(cast.ana, 100_00, date(2026, 4, 20), opened_on=date(2026, 4, 5))
    cast.bea.hired_on = date(2026, 7, 1)
    first = date(2026, 7, 1)
    db.session.add(DayOff(person_id=cast.ana.id, starts_on=first, ends_on=first + timedelta(days=30)))
    db.session.commit()
    company = loading.company(make_period("2026-Q3"), LAST, [cast.ana.id, cast.bea.id, cast.luis.id])
    present = {person.id: person.present for person in company.people}
    assert present[cast.luis.id] == ()
    assert present[cast.bea.id] == (0.0, 1.0)
    assert present[cast.ana.id][0] == 1.0
    assert 0.6 < present[cast.ana.id][1] < 0.7


def test_a_teams_goal_is_of_everybody_below_it(cast: SimpleNamespace) -> None:
    period = closed_period()
    make_result(make_goal(cast.sales, 9_000_00, period=period), 5_000_00)
    (missed,) = missed_goals(period)
    assert set(missed.goal.people) >= {cast.ana.id, cast.bea.id, cast.luis.id}
    assert (missed.goal.team, missed.goal.shortfall, missed.goal.unit) == (
        cast.sales.id,
        Decimal(400000),
        Decimal(1),
    )


def test_a_teams_goal_is_also_of_whose_sales_count_for_it(cast: SimpleNamespace) -> None:
    """People who are imported join today; their sales are older than that."""
    make_sale(cast.ana, 100_00, date(2026, 7, 4))
    period = closed_period()
    db.session.execute(update(Membership).values(starts_on=period.ends_on + timedelta(days=9)))
    make_result(make_goal(cast.sales, 9_000_00, period=period), 5_000_00)
    (missed,) = missed_goals(period)
    assert missed.goal.people == (cast.ana.id,)


def test_coaching_sessions_come_from_above(cast: SimpleNamespace, company, monkeypatch) -> None:
    held = [(cast.ana.id, date(2026, 2, 1)), (cast.ana.id, date(2026, 8, 1)), (cast.ana.id, date(2026, 8, 9))]
    monkeypatch.setattr(records, "held_sessions", [lambda first, last: held])
    assert records.coaching(company.spans) == {cast.ana.id: (1, 0, 2)}
