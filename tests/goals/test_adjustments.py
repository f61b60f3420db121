"""What would change a closed period's results is asked for, decided by a second person, done as asked."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.core.errors import Conflict
from app.extensions import db
from app.goals import adjustments, carrying_out, closed, operations, revisions
from app.goals.models import (
    AdjustmentStatus,
    GoalMessage,
    GoalResult,
    GoalStatus,
    Period,
    PeriodStatus,
    Revision,
    RevisionStatus,
)
from app.metrics import check
from app.people.models import Person
from app.sales import operations as sales
from app.sales.activities import void_activity
from app.sales.closed_days import ClosedDay
from app.sales.models import Activity, Sale
from tests.events import told
from tests.goals.adjusting import (
    AUGUST,
    JULY,
    OCTOBER,
    QUARTER,
    asked,
    ended_quarter,
    granted,
    kept,
    standing,
)
from tests.goals.factories import close, make_goal, result_of
from tests.sales.factories import make_activity, make_sale


@pytest.fixture
def ended(cast):
    return ended_quarter(cast)


def test_a_late_sale_makes_new_versions_of_the_results_it_touches_and_of_no_others(ended):
    done = granted(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana, ended.omar)
    assert done.status is AdjustmentStatus.APPLIED
    assert standing(ended.goal) == ("reached", 100_00, 2)
    assert standing(ended.of_norte) == ("reached", 100_00, 2)
    assert standing(ended.of_all) == ("missed", 100_00, 2)
    assert standing(ended.of_bea) == ("missed", 0, 1)
    first, second = closed.versions_of(ended.goal.id)[::-1]
    assert (first.outcome.value, first.is_current, first.adjustment_id) == ("missed", False, None)
    assert (second.is_current, second.adjustment_id) == (True, done.id)
    assert {each["goal_id"]: (each["was"], each["outcome"]) for each in told("result_adjusted")} == {
        ended.goal.id: ("missed", "reached"),
        ended.of_norte.id: ("missed", "reached"),
        ended.of_all.id: ("missed", "missed"),
    }
    sale = db.session.scalars(select(Sale).order_by(Sale.id.desc())).first()
    assert (sale.closed_on, sale.created_by_id) == (JULY, ended.ana.id)
    assert check.differences() == []


def test_until_it_is_decided_nothing_changes(ended):
    asked(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana)
    assert db.session.scalars(select(Sale)).all() == [ended.sale]
    assert standing(ended.goal) == ("missed", 80_00, 1)


def test_a_void_a_correction_and_a_share_given_away_are_asked_for_too(ended):
    granted(
        lambda: sales.set_credits(
            ended.sale, {ended.ana.id: 5000, ended.luis.id: 5000}, by_id=ended.marta.id
        ),
        ended.marta,
        ended.alba,
    )
    assert standing(ended.goal) == ("missed", 40_00, 2)
    assert standing(ended.of_all)[2] == 1, "the company has as much as before"
    said = sales.said_of(ended.sale)
    said.amount = 300_00
    granted(
        lambda: sales.correct_sale(ended.sale, said, by_id=ended.ana.id, reason="A typing error"),
        ended.ana,
        ended.alba,
    )
    assert standing(ended.goal) == ("exceeded", 150_00, 3)
    granted(
        lambda: sales.void_sale(ended.sale, by_id=ended.ana.id, reason="Recorded twice"),
        ended.ana,
        ended.alba,
    )
    assert standing(ended.goal) == ("missed", 0, 4)
    assert check.differences() == []


def test_a_step_and_an_activity_are_asked_for_where_they_touch_closed_days(cast):
    sale = make_sale(cast.ana, 100_00, JULY, promised_on=AUGUST)
    meeting = make_activity(cast.ana, "meeting", JULY)
    deliveries = make_goal(cast.norte, "0.9", metric="on_time_delivery", period=QUARTER)
    meetings = make_goal(cast.ana, 2, metric="meetings", period=QUARTER)
    close(QUARTER)
    before = result_of(deliveries)
    assert before.not_judged is not None
    granted(lambda: sales.advance_sale(sale, by_id=cast.ana.id, delivered_on=AUGUST), cast.ana, cast.omar)
    after = result_of(deliveries)
    assert (after.value, after.base, after.version) == (1, 1, 2)
    granted(lambda: make_activity(cast.ana, "meeting", AUGUST), cast.ana, cast.omar)
    assert standing(meetings) == ("reached", 2, 2)
    granted(lambda: void_activity(meeting, by_id=cast.ana.id), cast.ana, cast.omar)
    assert standing(meetings) == ("missed", 1, 3)
    assert db.session.get_one(Activity, meeting.id).voided_at is not None


def test_a_target_is_changed_after_the_close_by_a_revision_that_the_decider_signs(ended):
    done = granted(lambda: revise(ended.goal, 80_00, ended.marta), ended.marta, ended.ximena)
    assert standing(ended.goal) == ("reached", 80_00, 2)
    assert result_of(ended.goal).target == 80_00
    (revision,) = db.session.scalars(select(Revision)).all()
    assert (revision.status, revision.decided_by_id) == (RevisionStatus.APPLIED, ended.ximena.id)
    assert db.session.scalars(select(GoalMessage.text)).all() == ["The district was split"]
    assert done.days == []


def revise(goal: Any, target: int, by: Person, version: int = 1) -> Revision:
    return revisions.revise_goal(
        goal.id,
        target=Decimal(target),
        reason="territory",
        text="The district was split",
        effective_on=JULY,
        version=version,
        by=by.id,
    )


def test_a_goal_taken_back_after_the_close_is_not_judged_and_still_to_be_read(ended, as_marta):
    granted(lambda: operations.withdraw_goal(ended.goal.id, by=ended.marta.id), ended.marta, ended.alba)
    result = result_of(ended.goal)
    assert (result.outcome.value, result.not_judged.value, result.version) == ("not_judged", "withdrawn", 2)
    assert result.figure == 80_00
    assert ended.goal.withdrawn_at is not None
    assert as_marta.get(f"/goals/{ended.goal.id}").status == 200


def test_a_sale_changed_in_the_meantime_is_not_what_was_asked_for(ended):
    adjustment = asked(lambda: sales.void_sale(ended.sale, by_id=ended.ana.id, reason="Twice"), ended.ana)
    sales.advance_sale(ended.sale, by_id=ended.ana.id, promised_on=OCTOBER)
    with pytest.raises(Conflict, match="while you had it open"):
        adjustments.decide(adjustment.id, grant=True, by=ended.omar.id)
    assert adjustment.status is AdjustmentStatus.WAITING
    assert standing(ended.goal) == ("missed", 80_00, 1)
    assert carrying_out.preview(adjustment).problem


def test_days_that_were_closed_since_are_not_lifted_along(cast):
    sale = make_sale(cast.ana, 100_00, OCTOBER)
    make_goal(cast.ana, 100_00, period=QUARTER)
    close(QUARTER)
    said = sales.said_of(sale)
    said.closed_on, said.opened_on = JULY, JULY
    adjustment = asked(
        lambda: sales.correct_sale(sale, said, by_id=cast.ana.id, reason="It was signed in July"), cast.ana
    )
    assert adjustment.days == [JULY]
    close("2026-10")
    with pytest.raises(ClosedDay):
        adjustments.decide(adjustment.id, grant=True, by=cast.omar.id)


def test_looking_at_what_would_change_changes_nothing(ended):
    adjustment = kept(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana)
    seen = carrying_out.preview(adjustment).done
    assert {
        effect.goal.id: (effect.before.outcome.value, effect.after.outcome) for effect in seen.effects
    } == {
        ended.goal.id: ("missed", "reached"),
        ended.of_norte.id: ("missed", "reached"),
        ended.of_all.id: ("missed", "missed"),
    }
    assert seen.people == {ended.ana.id, ended.marta.id}
    db.session.expire_all()
    assert standing(ended.goal) == ("missed", 80_00, 1)
    assert db.session.scalars(select(Sale.amount)).all() == [80_00]


def test_who_was_not_judged_for_being_new_is_not_judged_by_an_adjustment_either(cast):
    cast.ana.hired_on = date(2026, 6, 20)
    goal = make_goal(cast.ana, 100_00, period=QUARTER)
    close(QUARTER)
    cast.ana.hired_on = date(2020, 1, 1)
    granted(lambda: make_sale(cast.ana, 200_00, AUGUST), cast.ana, cast.omar)
    result = result_of(goal)
    assert (result.outcome.value, result.not_judged.value, result.figure) == ("not_judged", "ramp", 200_00)


def test_month_and_quarter_are_both_adjusted_where_both_are_closed(cast):
    month, quarter = make_goal(cast.ana, 50_00, period="2026-07"), make_goal(cast.ana, 50_00, period=QUARTER)
    close("2026-07")
    adjustment = asked(lambda: make_sale(cast.ana, 50_00, JULY), cast.ana)
    assert db.session.get_one(Period, adjustment.period_id).key == "2026-07"
    close(QUARTER)
    adjustments.decide(adjustment.id, grant=True, by=cast.omar.id)
    assert standing(month) == ("reached", 50_00, 2)
    assert standing(quarter) == ("reached", 50_00, 2)


def test_a_month_closed_within_an_open_quarter_is_adjusted_and_counts_for_the_quarter(cast):
    month = make_goal(cast.ana, 50_00, period="2026-07")
    quarter = make_goal(cast.ana, 50_00, period=QUARTER)
    close("2026-07")
    granted(lambda: make_sale(cast.ana, 50_00, JULY), cast.ana, cast.omar)
    assert standing(month) == ("reached", 50_00, 2)
    close(QUARTER)
    assert standing(quarter) == ("reached", 50_00, 1)


def test_the_first_sale_to_a_customer_may_become_somebody_elses(cast):
    bea = make_goal(cast.bea, 1, metric="new_customers", period=QUARTER)
    ana = make_goal(cast.ana, 1, metric="new_customers", period=QUARTER)
    make_sale(cast.bea, 10_00, AUGUST, customer="Acme")
    close(QUARTER)
    assert (standing(bea)[0], standing(ana)[0]) == ("reached", "missed")
    granted(lambda: make_sale(cast.ana, 10_00, JULY, customer="Acme"), cast.ana, cast.omar)
    assert (standing(bea), standing(ana)) == (("missed", 0, 2), ("reached", 1, 2))


def test_goals_of_a_closed_period_are_frozen(ended):
    with pytest.raises(Conflict):
        operations.set_weights({ended.goal.id: 5000}, by=ended.marta.id)
    draft = make_goal(ended.luis, period=QUARTER, status=GoalStatus.DRAFT)
    with pytest.raises(Conflict):
        operations.propose_goals([draft.id], by=ended.omar.id)
    assert db.session.scalar(select(Period.status).where(Period.key == QUARTER)) is PeriodStatus.CLOSED
    assert db.session.scalars(select(GoalResult).where(GoalResult.version > 1)).all() == []
