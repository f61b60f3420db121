"""Which goals each member of the cast reaches."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from app.core import clock
from app.extensions import db
from app.goals import adjustment_drafts, adjustments
from app.goals.holidays import add_holiday
from app.goals.models import Acknowledgement, GoalStatus, Revision, RevisionReason, RevisionStatus
from app.sales.closed_days import ClosedDay
from tests.goals.factories import close, make_goal
from tests.route_examples import EVERYBODY, Example
from tests.sales.factories import make_sale

ABOVE_ANA = {"marta", "ximena", "alba"}


def anas(cast: SimpleNamespace) -> dict[str, Any]:
    return {"goal_id": make_goal(cast.ana, by=cast.marta).id}


def luiss(cast: SimpleNamespace) -> dict[str, Any]:
    return {"goal_id": make_goal(cast.luis, by=cast.omar).id}


def companys(cast: SimpleNamespace) -> dict[str, Any]:
    return {"goal_id": make_goal(cast.root, by=cast.ximena).id}


def nortes(cast: SimpleNamespace) -> dict[str, Any]:
    return {"goal_id": make_goal(cast.norte, by=cast.ximena).id}


def draft(cast: SimpleNamespace) -> dict[str, Any]:
    return {"goal_id": make_goal(cast.ana, by=cast.marta, status=GoalStatus.DRAFT).id}


def waiting_for_ana(cast: SimpleNamespace) -> dict[str, Any]:
    return {"goal_id": make_goal(cast.ana, by=cast.marta, status=GoalStatus.PROPOSED).id}


def revision(cast: SimpleNamespace, status: RevisionStatus = RevisionStatus.WAITING) -> dict[str, Any]:
    goal = make_goal(cast.ana, by=cast.marta)
    row = Revision(
        goal_id=goal.id,
        version=2,
        target_before=goal.target,
        target=goal.target - 1,
        reason=RevisionReason.OTHER,
        text="Because",
        effective_on=clock.today(),
        status=status,
        author_id=cast.marta.id,
    )
    db.session.add(row)
    db.session.flush()
    if status is RevisionStatus.APPLIED:
        db.session.add(Acknowledgement(revision_id=row.id, person_id=cast.ana.id))
    db.session.commit()
    return {"revision_id": row.id}


def applied(cast: SimpleNamespace) -> dict[str, Any]:
    return revision(cast, RevisionStatus.APPLIED)


def holiday(cast: SimpleNamespace) -> dict[str, Any]:
    return {"holiday_id": add_holiday(date(2027, 6, 8), "Inventory", is_working=False, by=cast.alba.id).id}


def draft_adjustment(cast: SimpleNamespace) -> dict[str, Any]:
    """Ana's, who was kept from recording a sale."""
    make_goal(cast.norte, period="2026-07", by=cast.ximena)
    close("2026-07")
    try:
        make_sale(cast.ana, 100_00, date(2026, 7, 10))
    except ClosedDay as error:
        return {"adjustment_id": adjustment_drafts.keep_draft(error, by=cast.ana.id).id}
    raise AssertionError("the day is not closed")


def waiting_adjustment(cast: SimpleNamespace) -> dict[str, Any]:
    """It changes the result of her team, which Marta leads."""
    keys = draft_adjustment(cast)
    adjustments.ask(keys["adjustment_id"], reason="It came late", by=cast.ana.id)
    return keys


def card(cast: SimpleNamespace) -> dict[str, Any]:
    make_goal(cast.ana, period="2026-11", by=cast.marta)
    return {"period": "2026-11", "subject": f"person-{cast.ana.id}"}


LOOKS = [
    Example(anas, "her own", reached_by={"ana", "hilda", *ABOVE_ANA}),
    Example(luiss, "of another team", reached_by={"luis", "omar", "hilda", "ximena", "alba"}),
    Example(companys, "the company's", reached_by=set(EVERYBODY)),
    Example(nortes, "her team's", reached_by={"ana", "hilda", *ABOVE_ANA}),
    Example(draft, "a draft", reached_by=ABOVE_ANA),
]

EXAMPLES = {
    "goals.index": [Example()],
    "goals.show": LOOKS,
    "goals.show_progress": LOOKS,
    "goals.show_conversation": LOOKS,
    "goals.accept": [Example(waiting_for_ana, "hers", reached_by={"ana"})],
    "goals.question": [Example(waiting_for_ana, "hers", reached_by={"ana"})],
    "goals.comment": [Example(anas, "hers", reached_by={"ana", *ABOVE_ANA})],
    "goals.answers": [Example()],
    "goals.remind": [Example()],
    "goals.new": [Example()],
    "goals.create": [Example()],
    "goals.edit": [Example(draft, "of her rep", reached_by=ABOVE_ANA)],
    "goals.change": [Example(draft, "of her rep", reached_by=ABOVE_ANA)],
    "goals.propose": [Example(draft, "of her rep", reached_by=ABOVE_ANA)],
    "goals.propose_all": [Example(data={"period": "2026-11"})],
    "goals.withdraw": [Example(draft, "of her rep", reached_by=ABOVE_ANA)],
    "goals.new_revision": [
        Example(anas, "of her rep", reached_by=ABOVE_ANA),
        Example(nortes, "of her own team, set above her", reached_by={"ximena", "alba"}),
    ],
    "goals.revise": [Example(anas, "of her rep", reached_by=ABOVE_ANA)],
    "goals.decide": [Example(revision, "of her rep", reached_by=ABOVE_ANA, data={"grant": "no"})],
    "goals.acknowledge": [Example(applied, "touches her", reached_by={"ana"})],
    "goals.cascade": [
        Example(nortes, "her team's", reached_by=ABOVE_ANA),
        Example(companys, "the company's", reached_by={"ximena", "alba"}),
    ],
    "goals.spread": [Example(nortes, "her team's", reached_by=ABOVE_ANA)],
    "goals.propose_from_history": [Example()],
    "goals.save_proposals": [Example()],
    "goals.scorecard": [Example(card, "hers", reached_by={"ana", "hilda", *ABOVE_ANA})],
    "goals.weigh": [Example(data={"period": "2026-11", "subject": "person-0"}, reached_by=set())],
    "goals.periods": [Example()],
    "goals.closing": [Example()],
    "goals.set_closing": [Example()],
    "results.index": [Example()],
    "adjustments.index": [Example()],
    "adjustments.show": [
        Example(draft_adjustment, "her draft", reached_by={"ana"}),
        Example(
            waiting_adjustment,
            "hers, to be decided",
            reached_by={"ana", "marta", "omar", "hilda", "ximena", "alba"},
        ),
    ],
    "adjustments.ask": [Example(draft_adjustment, "her draft", reached_by={"ana"})],
    "adjustments.withdraw": [Example(waiting_adjustment, "hers", reached_by={"ana"})],
    "adjustments.drop": [Example(draft_adjustment, "her draft", reached_by={"ana"})],
    "adjustments.decide": [
        Example(
            waiting_adjustment,
            "hers",
            reached_by={"marta", "omar", "ximena", "alba"},
            data={"grant": "no", "answer": "It belongs to August"},
        )
    ],
    "goals.show_holidays": [Example()],
    "goals.add_holiday": [Example()],
    "goals.remove_holiday": [Example(holiday, "the company's", reached_by={"alba"})],
}
