"""What would change a closed period's results is asked for, decided by a second person, done as asked."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from app.core.audit import AuditEntry
from app.core.errors import Conflict, Invalid, NotFound
from app.core.events import Event
from app.extensions import db
from app.goals import adjustment_drafts, adjustments, carrying_out, closed, operations, revisions
from app.goals.adjustments import OwnAdjustment
from app.goals.models import (
    Adjustment,
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
from tests.goals.adjusting import asked, granted, kept, standing
from tests.goals.factories import close, make_goal, result_of
from tests.sales.factories import make_activity, make_product, make_sale

JULY, AUGUST, OCTOBER = date(2026, 7, 10), date(2026, 8, 10), date(2026, 10, 10)
QUARTER = "2026-Q3"


def told(name: str) -> list[dict[str, Any]]:
    return [event.payload for event in db.session.scalars(select(Event).where(Event.name == name))]


@pytest.fixture
def ended(cast):
    """The third quarter, closed: Ana missed by 20.00, her team and the company with her."""
    cast.sale = make_sale(cast.ana, 80_00, AUGUST, product=make_product("Lamp"))
    cast.goal = make_goal(cast.ana, 100_00, period=QUARTER)
    cast.of_bea = make_goal(cast.bea, 100_00, period=QUARTER)
    cast.of_norte = make_goal(cast.norte, 100_00, period=QUARTER)
    cast.of_all = make_goal(cast.root, 1000_00, period=QUARTER)
    close(QUARTER)
    assert standing(cast.goal) == ("missed", 80_00, 1)
    return cast


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


def test_nobody_decides_on_what_they_asked_for_or_what_changes_their_own_result(ended):
    adjustment = asked(lambda: make_sale(ended.ana, 20_00, JULY), ended.ximena)
    with pytest.raises(OwnAdjustment, match="You asked"):
        adjustments.decide(adjustment.id, grant=True, by=ended.ximena.id)
    with pytest.raises(OwnAdjustment, match="result of yours"):  # her team's
        adjustments.decide(adjustment.id, grant=True, by=ended.marta.id)
    assert standing(ended.goal) == ("missed", 80_00, 1)
    assert adjustments.decide(adjustment.id, grant=True, by=ended.omar.id).decided_by_id == ended.omar.id


def test_the_database_knows_no_approval_of_ones_own(ended):
    adjustment = asked(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana)
    approve = text("UPDATE adjustments SET status = 'applied', decided_by_id = author_id, decided_at = now()")
    with pytest.raises(Exception, match="second_person"), db.session.begin_nested():
        db.session.execute(approve)
    change = text("UPDATE adjustments SET change = change || '{\"rep_id\": 1}' WHERE id = :id")
    with pytest.raises(Exception, match="never changed"), db.session.begin_nested():
        db.session.execute(change, {"id": adjustment.id})


def test_what_is_refused_says_why_and_changes_nothing(ended):
    adjustment = asked(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana)
    with pytest.raises(Invalid):
        adjustments.decide(adjustment.id, grant=False, by=ended.omar.id)
    adjustments.decide(adjustment.id, grant=False, by=ended.omar.id, answer="It belongs to October")
    assert standing(ended.goal) == ("missed", 80_00, 1)
    assert told("result_adjusted") == []
    with pytest.raises(Conflict):
        adjustments.decide(adjustment.id, grant=True, by=ended.alba.id)


def test_the_same_decision_again_changes_nothing(ended):
    adjustment = asked(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana)
    for _ in range(2):
        adjustments.decide(adjustment.id, grant=True, by=ended.omar.id)
    assert standing(ended.goal) == ("reached", 100_00, 2)


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


def test_a_draft_is_its_authors_and_kept_once(ended):
    first = kept(lambda: make_sale(ended.ana, 20_00, JULY, customer="Acme"), ended.ana)
    again = kept(lambda: make_sale(ended.ana, 20_00, JULY, customer="Acme"), ended.ana)
    assert first.change["said"]["product_id"] != again.change["said"]["product_id"]
    third = kept(lambda: sales.void_sale(ended.sale, by_id=ended.ana.id, reason="Twice"), ended.ana)
    fourth = kept(lambda: sales.void_sale(ended.sale, by_id=ended.ana.id, reason="Twice"), ended.ana)
    assert third.id == fourth.id
    with pytest.raises(NotFound):
        adjustments.ask(third.id, reason="Mine", by=ended.bea.id)
    with pytest.raises(Invalid):
        adjustments.ask(third.id, reason="  ", by=ended.ana.id)
    adjustment_drafts.drop_draft(third.id, by=ended.ana.id)
    assert db.session.get(Adjustment, third.id) is None


def test_the_same_is_asked_for_once(ended):
    asked(lambda: sales.void_sale(ended.sale, by_id=ended.ana.id, reason="Twice"), ended.ana)
    with pytest.raises(Conflict, match="asked for already"):
        asked(lambda: sales.void_sale(ended.sale, by_id=ended.ana.id, reason="Twice"), ended.marta)


def test_it_leaves_its_trace(ended):
    adjustment = granted(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana, ended.omar)
    actions = select(AuditEntry.action, AuditEntry.actor_id).where(
        AuditEntry.subject_type == "adjustments", AuditEntry.subject_id == adjustment.id
    )
    assert db.session.execute(actions.order_by(AuditEntry.id)).all() == [
        ("adjustment.asked", ended.ana.id),
        ("adjustment.applied", ended.omar.id),
    ]
    (waiting,), (decided,) = told("adjustment_asked"), told("adjustment_decided")
    assert set(waiting["people"]) == {ended.ximena.id, ended.alba.id, ended.omar.id}
    assert set(decided["people"]) == {ended.ana.id, ended.marta.id}


def test_goals_of_a_closed_period_are_frozen(ended):
    with pytest.raises(Conflict):
        operations.set_weights({ended.goal.id: 5000}, by=ended.marta.id)
    draft = make_goal(ended.luis, period=QUARTER, status=GoalStatus.DRAFT)
    with pytest.raises(Conflict):
        operations.propose_goals([draft.id], by=ended.omar.id)
    assert db.session.scalar(select(Period.status).where(Period.key == QUARTER)) is PeriodStatus.CLOSED
    assert db.session.scalars(select(GoalResult).where(GoalResult.version > 1)).all() == []


def test_whoever_asked_takes_it_back_while_nobody_has_decided_and_it_stays_to_be_read(ended):
    adjustment = asked(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana)
    with pytest.raises(NotFound):
        adjustments.withdraw(adjustment.id, by=ended.marta.id)
    for _ in range(2):
        adjustments.withdraw(adjustment.id, by=ended.ana.id, why="It was in August")
    assert (adjustment.status, adjustment.decided_by_id) == (AdjustmentStatus.WITHDRAWN, None)
    assert (adjustment.reason, adjustment.answer) == ("The contract came late", "It was in August")
    (back,) = told("adjustment_withdrawn")
    assert set(back["people"]) == {ended.ximena.id, ended.alba.id, ended.omar.id}
    with pytest.raises(Conflict, match="taken it back"):
        adjustments.decide(adjustment.id, grant=True, by=ended.omar.id)
    assert standing(ended.goal) == ("missed", 80_00, 1)


def test_what_was_decided_is_not_taken_back(ended):
    adjustment = granted(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana, ended.omar)
    with pytest.raises(Conflict, match="decided"):
        adjustments.withdraw(adjustment.id, by=ended.ana.id)
    assert standing(ended.goal) == ("reached", 100_00, 2)


def test_the_same_may_be_asked_for_again_after_it_was_taken_back(ended):
    first = asked(lambda: sales.void_sale(ended.sale, by_id=ended.ana.id, reason="Twice"), ended.ana)
    adjustments.withdraw(first.id, by=ended.ana.id)
    again = asked(lambda: sales.void_sale(ended.sale, by_id=ended.ana.id, reason="Twice"), ended.ana)
    assert again.id != first.id


def test_drafts_that_nobody_asked_for_go_after_a_month_and_nothing_else_does(ended, monkeypatch):
    waiting = asked(lambda: make_sale(ended.ana, 20_00, JULY), ended.ana)
    draft = kept(lambda: make_sale(ended.ana, 30_00, JULY), ended.ana)
    assert adjustment_drafts.forget_drafts() == 0
    later = draft.created_at + adjustment_drafts.DRAFTS_LAST
    monkeypatch.setattr(adjustment_drafts.clock, "now", lambda: later + timedelta(minutes=1))
    assert adjustment_drafts.forget_drafts() == 1
    assert db.session.scalars(select(Adjustment.id)).all() == [waiting.id]
