"""A request to change closed results: drafted, asked for once, taken back, refused, traced."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.core.audit import AuditEntry
from app.core.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.goals import adjustment_drafts, adjustments
from app.goals.adjustments import OwnAdjustment
from app.goals.models import Adjustment, AdjustmentStatus
from app.sales import operations as sales
from tests.events import told
from tests.goals.adjusting import JULY, asked, ended_quarter, granted, kept, standing
from tests.sales.factories import make_sale


@pytest.fixture
def ended(cast):
    return ended_quarter(cast)


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
