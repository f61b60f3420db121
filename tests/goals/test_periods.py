"""Periods are there before anybody needs them, and as far back as records go."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from flask import g
from sqlalchemy import func, select

from app.core import clock
from app.extensions import db
from app.goals import periods, queries
from app.goals.fiscal import earlier, is_last_tenth, parse_key, span_of, spans_between, year_before
from app.goals.models import Period
from tests.factories import make_company
from tests.goals.factories import make_goal, make_period, the_metric


def test_a_day_lies_in_one_month_quarter_and_year():
    day = date(2026, 11, 23)
    assert span_of("month", day).key == "2026-11"
    assert span_of("quarter", day).key == "2026-Q4"
    assert span_of("year", day).key == "2026"


def test_a_fiscal_year_has_the_number_of_the_year_in_which_it_ends():
    first_day = date(2026, 4, 1)
    assert span_of("year", first_day, 4).key == "2027"
    assert span_of("quarter", first_day, 4).key == "2027-Q1"
    assert span_of("quarter", date(2026, 3, 31), 4).key == "2026-Q4"
    assert span_of("year", first_day, 4).ends_on == date(2027, 3, 31)


@pytest.mark.parametrize("start", range(1, 13))
def test_every_key_names_the_period_that_bears_it(start):
    for kind in ("month", "quarter", "year"):
        for span in spans_between(kind, date(2024, 1, 1), date(2027, 12, 31), start):
            assert parse_key(span.key, start) == span


@pytest.mark.parametrize("start", range(1, 13))
def test_periods_of_a_kind_follow_each_other_without_a_gap(start):
    for kind in ("month", "quarter", "year"):
        spans = list(spans_between(kind, date(2024, 1, 1), date(2027, 12, 31), start))
        assert all((b.starts_on - a.ends_on).days == 1 for a, b in pairwise(spans))


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "26", "2026-1", "Q1", "9999", "2026-Q1 "]
)
def test_what_is_no_key_names_no_period(text):
    assert parse_key(text) is None


def test_the_same_period_a_year_earlier_may_have_another_length():
    assert year_before("month", date(2025, 2, 1)) == (date(2024, 2, 1), date(2024, 2, 29))
    assert earlier("quarter", date(2026, 1, 1), 1) == (date(2025, 10, 1), date(2025, 12, 31))


def test_the_last_tenth_of_november_begins_on_the_28th():
    november = date(2026, 11, 1), date(2026, 11, 30)
    assert not is_last_tenth(*november, date(2026, 11, 27))
    assert is_last_tenth(*november, date(2026, 11, 28))
    assert is_last_tenth(*november, date(2026, 12, 5))


def test_periods_are_made_up_to_the_end_of_next_year_and_only_once(cast):
    made = periods.ensure_periods()
    assert made == db.session.scalar(select(func.count()).select_from(Period))
    assert periods.ensure_periods() == 0
    assert queries.periods_of("year")[0].key == str(clock.today().year + 1)
    assert queries.period_on("month").key == f"{clock.today():%Y-%m}"


def test_another_fiscal_start_replaces_the_periods_in_which_no_goal_stands(cast):
    periods.ensure_periods()
    kept = make_goal(cast.ana, period=queries.period_on("quarter")).period_id
    make_company(fiscal_start_month=2)
    db.session.expire_all()
    g.pop("company_settings")
    periods.ensure_periods()
    quarters = queries.periods_of("quarter")
    assert kept in {period.id for period in quarters}
    assert all((period.starts_on.month - 2) % 3 == 0 for period in quarters if period.id != kept)


def test_a_key_before_the_first_period_makes_it(cast):
    assert periods.period_by_key("2017-Q4").starts_on == date(2017, 10, 1)
    assert periods.period_by_key("2017-Q4").id == periods.period_by_key("2017-Q4").id
    assert periods.period_by_key("1066-Q4") is None


def test_a_target_is_the_goal_of_these_days_or_the_sum_of_what_covers_them(cast):
    metric = the_metric()
    for month, target in (("2026-10", 10), ("2026-11", 20), ("2026-12", 30)):
        make_goal(cast.ana, target, period=month)
    make_goal(cast.bea, 10, period="2026-10")
    quarter = date(2026, 10, 1), date(2026, 12, 31)
    assert queries.targets(metric, *quarter) == {cast.ana.id: Decimal(60)}
    make_goal(cast.ana, 75, period="2026-Q4")
    assert queries.targets(metric, *quarter, [cast.ana.id]) == {cast.ana.id: Decimal(75)}


def test_goals_of_people_come_with_their_names(cast):
    period = make_period()
    make_goal(cast.ana, period=period)
    make_goal(cast.norte, period=period)
    (goal,) = queries.goals_for(period, [cast.ana.id])
    assert (goal.person.name, goal.metric.key) == ("Ana Alonso", "revenue")
    assert len(queries.goals_for(period, [cast.ana.id], team_ids=[cast.norte.id])) == 2
