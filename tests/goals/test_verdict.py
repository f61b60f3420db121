"""What a goal came to, by its figures and by how its person was there."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from app.goals.attainment import attainment
from app.goals.verdict import Given, Presence, judge, presence, withdrawn
from app.goals.words import stored

DAYS = [date(2026, 7, 1) + timedelta(days=number) for number in range(92)]


def given(value: Any, target: Any = 100, base: Any = None, **values: Any) -> Given:
    return Given(Decimal(value), None if base is None else Decimal(base), Decimal(target), **values)


@pytest.mark.parametrize(
    ("value", "outcome"),
    [("99.9999", "missed"), (100, "reached"), ("109.9999", "reached"), (110, "exceeded"), (-5, "missed")],
)
def test_an_amount_is_missed_reached_or_exceeded(value, outcome):
    assert judge(given(value)).outcome == outcome


@pytest.mark.parametrize(("value", "outcome"), [(101, "missed"), (100, "reached"), (90, "exceeded")])
def test_where_less_is_better_it_is_the_other_way_round(value, outcome):
    assert judge(given(value, higher_is_better=False)).outcome == outcome


def test_from_where_it_is_exceeded_can_be_set():
    assert judge(given(105, exceeded_from=Decimal("1.05"))).outcome == "exceeded"
    assert judge(given(100, exceeded_from=Decimal(1))).outcome == "exceeded"


def test_a_ratio_is_judged_by_its_exact_figure():
    assert judge(given(1, "0.3333", base=3)).outcome == "reached"
    assert judge(given(1, "0.3334", base=3)).outcome == "missed"


def test_a_ratio_of_too_few_cases_says_nothing():
    few = judge(given(0, "0.5", base=4, cases_needed=5))
    assert (few.outcome, few.not_judged) == ("not_judged", "too_little_data")
    assert judge(given(0, "0.5", base=5, cases_needed=5)).outcome == "missed"


def test_a_ratio_of_nothing_is_not_nought():
    none = judge(given(0, "0.5", base=0))
    assert (none.outcome, none.not_judged, none.figure) == ("not_judged", "too_little_data", None)


def test_who_is_there_half_of_the_days_is_judged():
    assert judge(given(1, presence=Presence(60, away=30))).outcome == "missed"
    away = judge(given(1, presence=Presence(60, away=31)))
    assert (away.outcome, away.not_judged) == ("not_judged", "leave")


def test_who_is_new_for_most_of_the_period_is_not_judged():
    new = judge(given(500, presence=Presence(60, ramp=40)))
    assert (new.outcome, new.not_judged) == ("not_judged", "ramp")


def test_new_and_away_together_count_and_the_larger_part_names_it():
    both = judge(given(500, presence=Presence(60, away=15, ramp=20)))
    assert (both.outcome, both.not_judged) == ("not_judged", "ramp")


def test_days_before_hiring_after_leaving_and_off_are_away():
    there = presence(DAYS, hired_on=date(2020, 1, 1), left_on=DAYS[59], days_off=frozenset(DAYS[:10]))
    assert (there.days, there.away, there.ramp) == (92, 42, 0)


def test_the_first_three_months_are_the_ramp():
    assert presence(DAYS, hired_on=date(2026, 7, 1)) == Presence(92, ramp=92)
    assert presence(DAYS, hired_on=date(2026, 5, 1)) == Presence(92, ramp=31)  # all of July
    assert presence(DAYS, hired_on=date(2026, 4, 1)) == Presence(92)
    assert presence(DAYS, hired_on=date(2026, 8, 1)) == Presence(92, away=31, ramp=61)
    assert presence(DAYS) == Presence(92)


@examples(
    value=st.integers(0, 10_000_000),
    base=st.none() | st.integers(0, 500),
    target=st.integers(1, 5_000_000),
    higher=st.booleans(),
    away=st.integers(0, 60),
    ramp=st.integers(0, 60),
)
def test_the_lines_hold_all_that_a_verdict_was_made_of(value, base, target, higher, away, ramp):
    there = Presence(60, away, min(ramp, 60 - away))
    first = given(
        value,
        target,
        base,
        higher_is_better=higher,
        cases_needed=5 if base is not None else 1,
        exceeded_from=Decimal("1.2"),
        presence=there,
    )
    verdict = judge(first)
    again = Given.again(
        stored(verdict.lines), base=None if base is None else Decimal(base), higher_is_better=higher
    )
    assert again == first
    assert judge(again) == verdict
    if verdict.attainment is not None and verdict.figure is not None:
        exact = attainment(first.figure, first.target, higher_is_better=higher)
        assert abs(verdict.attainment - exact) <= Decimal("0.000001")


def test_a_goal_taken_back_keeps_its_figures():
    back = withdrawn(judge(given(50)))
    assert (back.outcome, back.not_judged, back.figure) == ("not_judged", "withdrawn", Decimal(50))


def test_no_goal_is_below_nought():
    with pytest.raises(ValueError, match="positive"):
        judge(given(5, 0))
