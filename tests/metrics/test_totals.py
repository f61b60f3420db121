"""Totals follow every change of a sale, in its own transaction."""

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import column, select, table, text

from app.core.changes import changes
from app.core.transactions import atomic
from app.extensions import db
from app.metrics import check, queries
from app.people.operations import placing, teams
from app.sales import activities, operations
from app.sales.models import Customer
from app.sales.recording import recording
from tests.factories import make_team
from tests.metrics.factories import figure, team_figure
from tests.sales.factories import make_activity, make_sale


@pytest.fixture(autouse=True)
def totals_agree_with_the_records(cast):
    yield
    assert check.differences() == []


def test_a_sale_counts_for_its_rep_and_every_team_above(cast):
    make_sale(cast.ana, 250_00, date(2026, 3, 31), quantity=3)
    assert figure("revenue", cast.ana) == 250_00
    assert figure("deals_won", cast.ana) == 1
    assert figure("units", cast.ana) == 3
    assert figure("new_customers", cast.ana) == 1
    assert figure("win_rate", cast.ana) == 1
    assert figure("average_deal", cast.ana) == 250_00
    for team in (cast.norte, cast.sales, cast.root):
        assert team_figure("revenue", team) == 250_00
    assert team_figure("revenue", cast.sur) == 0
    assert figure("on_time_delivery", cast.ana) is None


def test_a_sale_on_the_last_day_of_a_month_counts_in_that_month(cast):
    make_sale(cast.ana, 250_00, date(2026, 2, 28))
    assert figure("revenue", cast.ana, (date(2026, 2, 1), date(2026, 2, 28))) == 250_00
    assert figure("revenue", cast.ana, (date(2026, 3, 1), date(2026, 3, 31))) == 0


def test_a_cancelled_sale_goes_back_to_zero_and_stays_a_won_decision(cast):
    sale = make_sale(cast.ana, 250_00, date(2026, 3, 31))
    operations.advance_sale(sale, by_id=cast.marta.id, cancelled_on=date(2026, 4, 2))
    for key in ("revenue", "deals_won", "units", "new_customers"):
        assert figure(key, cast.ana) == 0
    assert figure("average_deal", cast.ana) is None
    assert figure("win_rate", cast.ana) == 1


def test_a_voided_sale_counts_nowhere_until_it_is_restored(cast):
    sale = make_sale(cast.ana, 250_00, date(2026, 3, 31))
    operations.void_sale(sale, by_id=cast.marta.id, reason="Entered twice")
    assert figure("revenue", cast.ana) == 0
    assert figure("win_rate", cast.ana) is None
    operations.restore_sale(sale, by_id=cast.marta.id, reason="It was another one")
    assert figure("revenue", cast.ana) == 250_00


def test_a_split_sale_is_part_of_a_deal_for_each(cast):
    make_sale(cast.ana, 100_01, date(2026, 3, 3), shares={cast.ana.id: 6000, cast.luis.id: 4000})
    assert figure("revenue", cast.ana) + figure("revenue", cast.luis) == 100_01
    assert figure("deals_won", cast.ana) == Decimal("0.6")
    assert figure("average_deal", cast.luis) == Decimal(40_00) / Decimal("0.4")
    assert team_figure("deals_won", cast.root) == 1
    assert team_figure("deals_won", cast.sur) == Decimal("0.4")


def test_the_way_after_the_win_counts_on_the_day_of_the_delivery(cast):
    april = (date(2026, 4, 1), date(2026, 4, 30))
    kept = make_sale(cast.ana, closed_on=date(2026, 3, 3), promised_on=date(2026, 4, 10))
    late = make_sale(cast.ana, closed_on=date(2026, 3, 4), promised_on=date(2026, 4, 10))
    assert figure("on_time_delivery", cast.ana, april) is None
    operations.advance_sale(
        kept, by_id=None, delivered_on=date(2026, 4, 10), followed_up_on=date(2026, 4, 20), satisfaction=5
    )
    operations.advance_sale(late, by_id=None, delivered_on=date(2026, 4, 11), satisfaction=2)
    assert figure("on_time_delivery", cast.ana, april) == Decimal("0.5")
    assert figure("follow_up_rate", cast.ana, april) == Decimal("0.5")
    assert figure("satisfaction", cast.ana, april) == Decimal("3.5")
    assert figure("on_time_delivery", cast.ana) is None


def test_only_meetings_are_meetings(cast):
    meeting = make_activity(cast.ana, "meeting", date(2026, 3, 5))
    make_activity(cast.ana, "call", date(2026, 3, 5))
    assert figure("meetings", cast.ana) == 1
    activities.void_activity(meeting, by_id=cast.ana.id)
    assert figure("meetings", cast.ana) == 0


def test_the_mark_of_a_new_customer_moves_to_the_next_sale(cast):
    first = make_sale(cast.ana, closed_on=date(2026, 3, 3), customer="Acme")
    make_sale(cast.luis, closed_on=date(2026, 3, 9), customer="Acme")
    assert (figure("new_customers", cast.ana), figure("new_customers", cast.luis)) == (1, 0)
    operations.void_sale(first, by_id=cast.marta.id, reason="Never happened")
    assert (figure("new_customers", cast.ana), figure("new_customers", cast.luis)) == (0, 1)
    make_sale(cast.bea, closed_on=date(2026, 3, 1), customer="Acme")
    assert (figure("new_customers", cast.bea), figure("new_customers", cast.luis)) == (1, 0)
    assert db.session.scalars(select(Customer).where(Customer.name == "Acme")).one()


def test_edges_of_a_span_are_counted_by_day(cast):
    for day in (date(2026, 2, 14), date(2026, 2, 15), date(2026, 3, 20), date(2026, 4, 2), date(2026, 4, 3)):
        make_sale(cast.ana, 100_00, day)
    assert figure("revenue", cast.ana, (date(2026, 2, 15), date(2026, 4, 2))) == 300_00
    assert figure("revenue", cast.ana, (date(2026, 3, 20), date(2026, 3, 20))) == 100_00
    assert team_figure("revenue", cast.norte, (date(2026, 2, 15), date(2026, 4, 2))) == 300_00


def test_the_days_of_a_person_and_of_a_team(cast):
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    make_sale(cast.bea, 50_00, date(2026, 3, 3))
    make_sale(cast.ana, 25_00, date(2026, 3, 9))
    revenue = queries.metric_by_key("revenue")
    mine = queries.daily_values(revenue, date(2026, 3, 1), date(2026, 3, 31), person_id=cast.ana.id)
    ours = queries.daily_values(revenue, date(2026, 3, 1), date(2026, 3, 31), team_id=cast.norte.id)
    assert [(day.day, value.figure) for day, value in mine.items()] == [(3, 100_00), (9, 25_00)]
    assert [(day.day, value.figure) for day, value in ours.items()] == [(3, 150_00), (9, 25_00)]


def test_the_records_behind_a_figure_add_up_to_it(cast):
    make_sale(cast.ana, 100_01, date(2026, 3, 3), shares={cast.ana.id: 6000, cast.bea.id: 4000})
    make_sale(cast.ana, 100_00, date(2026, 3, 9), stage="lost", lost_reason="price")
    make_sale(cast.luis, 30_00, date(2026, 3, 9))
    march = (date(2026, 3, 1), date(2026, 3, 31))
    for key in ("revenue", "win_rate", "average_deal"):
        metric = queries.metric_by_key(key)
        for team in (cast.norte, cast.root):
            rows = db.session.execute(queries.records_behind(metric, *march, team_id=team.id)).all()
            total = queries.team_values(metric, *march)[team.id]
            assert sum(row.value for row in rows) == total.value
            assert queries.sum_behind(metric, *march, team_id=team.id) == (total, len(rows))
    rows = db.session.execute(
        queries.records_behind(queries.metric_by_key("revenue"), *march, person_id=cast.ana.id)
    )
    assert [row.value for row in rows] == [60_01]


def test_what_is_nobodys_team_is_the_companys(cast):
    cast.ana.team_id = None
    db.session.execute(text("DELETE FROM memberships WHERE person_id = :ana"), {"ana": cast.ana.id})
    db.session.commit()
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    assert team_figure("revenue", cast.root) == 100_00
    assert team_figure("revenue", cast.norte) == 0


def test_a_person_who_moved_takes_the_results_since_that_day_along(cast):
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    make_sale(cast.ana, 50_00, date(2026, 3, 20))
    make_activity(cast.ana, "meeting", date(2026, 3, 21))
    placing.place(cast.ana, cast.sur, date(2026, 3, 10), by_id=None)
    assert team_figure("revenue", cast.norte) == 100_00
    assert team_figure("revenue", cast.sur) == 50_00
    assert team_figure("meetings", cast.sur) == 1
    assert team_figure("revenue", cast.sales) == 150_00
    assert figure("revenue", cast.ana) == 150_00


def test_a_team_that_moves_in_the_tree_takes_its_past_along(cast):
    west = make_team("West", kind="department")
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    make_sale(cast.luis, 70_00, date(2026, 3, 3))
    teams.update_team(
        cast.norte,
        name="Norte",
        kind=cast.norte.kind,
        function=cast.norte.function,
        parent=west,
        lead=None,
        by_id=None,
    )
    assert team_figure("revenue", west) == 100_00
    assert team_figure("revenue", cast.sales) == 70_00
    assert team_figure("revenue", cast.root) == 170_00


def test_many_sales_at_once_are_counted_as_one_by_one(cast):
    sales = [make_sale(cast.ana, 100_00, date(2026, 3, day), customer="Acme") for day in range(1, 20)]
    batch = table("batch", column("id"))

    @atomic
    def double():
        db.session.execute(text("CREATE TEMPORARY TABLE batch (id bigint) ON COMMIT DROP"))
        db.session.execute(batch.insert(), [{"id": sale.id} for sale in sales])
        with recording(select(batch.c.id)):
            db.session.execute(text("UPDATE sales SET amount = 2 * amount, value = 2 * value"))
            db.session.execute(text("UPDATE sale_credits SET value = 2 * value"))

    double()
    assert figure("revenue", cast.ana) == 19 * 200_00
    assert figure("deals_won", cast.ana) == 19


def test_a_change_that_alters_no_figure_writes_nothing(cast):
    sale = make_sale(cast.ana, 100_00, date(2026, 3, 3))
    heard = []
    changes.subscribe("totals", heard.append)
    operations.correct_sale(
        sale,
        operations.Said(**vars_of(sale) | {"note": "They asked for blue"}),
        by_id=cast.ana.id,
        reason="A note",
    )
    assert heard == []


def vars_of(sale):
    said = operations.said_of(sale)
    return {name: getattr(said, name) for name in said.__dataclass_fields__}


def test_a_change_tells_whose_totals_of_when_have_moved(cast):
    heard = []
    changes.subscribe("totals", heard.append)
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    make_sale(cast.ana, 50_00, date(2026, 3, 4))
    assert heard[-1]["people"] == [cast.ana.id]
    assert heard[-1]["months"] == ["2026-03-01"]
    assert heard[-1]["since"] == "2026-03-04"
    assert queries.metric_by_key("revenue").id in heard[-1]["metrics"]


def test_what_is_wrong_is_found_and_mended(cast):
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    db.session.execute(
        text("UPDATE totals SET value = value + 1 WHERE person_id = :ana"), {"ana": cast.ana.id}
    )
    db.session.execute(text("DELETE FROM team_totals WHERE team_id = :sur"), {"sur": cast.norte.id})
    db.session.commit()
    found = check.differences(["revenue"])
    assert {(one.of, one.subject_id) for one in found} == {("person", cast.ana.id), ("team", cast.norte.id)}
    assert check.rebuild(["revenue"]) == 2
    assert check.differences(["revenue"]) == []
    assert check.rebuild() > 0


def set_rule(key, rule):
    """As another process would have done it: this one has not heard of it."""
    db.session.execute(
        text(
            "UPDATE metrics SET rule = CAST(:rule AS jsonb), version = nextval('metrics_version')"
            " WHERE key = :key"
        ),
        {"key": key, "rule": json.dumps(rule)},
    )
    db.session.commit()


def test_a_process_that_has_not_heard_of_a_new_rule_counts_by_it_all_the_same(cast):
    sale = make_sale(cast.ana, 100_00, date(2026, 3, 3), quantity=2)
    set_rule("units", {"date": "opened_on", "measure": "days_to_close", "conditions": ["won"]})
    check.rebuild(["units"])
    operations.advance_sale(sale, by_id=None, satisfaction=4)
    make_sale(cast.ana, 100_00, date(2026, 3, 9), opened_on=date(2026, 3, 2), quantity=2)
    assert figure("units", cast.ana) == 7


def test_a_rule_that_nobody_understands_does_not_keep_sales_from_being_recorded(cast):
    set_rule("units", {"date": "closed_on", "measure": "luck", "conditions": []})
    make_sale(cast.ana, 100_00, date(2026, 3, 3))
    assert figure("revenue", cast.ana) == 100_00
    assert figure("units", cast.ana) == 0


def test_without_any_metric_of_activities_they_are_recorded_all_the_same(cast):
    db.session.execute(text("DELETE FROM metrics WHERE subject = 'activities'"))
    db.session.commit()
    activity = make_activity(cast.ana, "meeting", date(2026, 3, 5))
    activities.void_activity(activity, by_id=cast.ana.id)
    assert check.differences() == []
