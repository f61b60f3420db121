"""What else is written where only some may read, while plans, sessions and cases go on, each in its own word.

Beside the secrets (`tests/coaching/secrets.py`), about the same people.
"""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

from sqlalchemy import select

from app.coaching.hr import operations as hr
from app.coaching.models import Aim, Note, Plan
from app.coaching.notes.operations import Draft
from app.coaching.plans import aims, measures, steps
from app.coaching.plans import operations as plans
from app.coaching.plans.steps import Said
from app.coaching.sessions import commitments, logbook
from app.coaching.sessions import operations as sessions
from app.core import clock
from app.extensions import db
from tests.coaching.talks import make_session, soon, viewer_of
from tests.goals.factories import the_metric

TWO = frozenset({"ana", "marta", "hilda"})
THEN = frozenset({"ana", "otto", "hilda"})

WHISPERS = {
    "QX-COMMENT": (TWO, THEN),
    "QX-STEP": (TWO, THEN),
    "QX-HOW": (TWO, THEN),
    "QX-WHY": (TWO, THEN),
    "QX-PLACE": (TWO, THEN),
    "QX-MOVED": (TWO, THEN),
    "QX-ITEM": (TWO, THEN),
    "QX-CANCELLED": (TWO, THEN | {"marta"}),
    "QX-LOGGED": (TWO, THEN | {"marta"}),
    "QX-KEPT": (TWO, THEN | {"marta"}),
    "QX-DROPPED": (TWO, THEN | {"marta"}),
    "QX-REPLY": (TWO, THEN),
}
"""Who reads a word while Marta manages Ana, and at most once Otto does: Marta keeps what she has held."""


def whisper(cast: SimpleNamespace) -> list[str]:
    """Said by those who may; returns every address at which something of it stands. After `write_all`."""
    ana = viewer_of(cast.ana)
    plan_id = cast.keys["plan_id"]
    step_id = _plan(plan_id, cast)
    planned, cancelled, logged = _sessions(cast)
    promise_id = cast.keys["commitment_id"]
    commitments.drop(promise_id, "QX-DROPPED", by=ana)
    hr.reply(cast.keys["case_id"], "QX-REPLY", by=ana)
    aim_id = db.session.scalars(select(Aim.id).where(Aim.plan_id == plan_id)).one()
    note_id = db.session.scalars(select(Note.id).where(Note.body == "QX-LOGGED")).one()
    plan = f"/coaching/plans/{plan_id}"
    parts = ("progress", "my-progress", "conversation", "print", "dates", "steps/new", "aims/new")
    talks = [f"/coaching/sessions/{key}" for key in (planned, cancelled, logged, cast.keys["session_id"])]
    forms = [f"/coaching/sessions/{planned}/{form}" for form in ("calendar.ics", "move", "cancel")]
    return [
        *(f"{plan}/{part}" for part in parts),
        plan,
        f"{plan}/aims/{aim_id}/records",
        f"{plan}/aims/{aim_id}/edit",
        f"{plan}/steps/{step_id}/edit",
        *(f"{talk}{part}" for talk in talks for part in ("", "/talk")),
        *forms,
        f"/coaching/notes/{note_id}",
        f"/coaching/commitments/{promise_id}/drop",
        f"/coaching/people/{cast.ana.id}",
        f"/coaching/hr-cases/{cast.keys['case_id']}",
    ]


def _plan(plan_id: int, cast: SimpleNamespace) -> int:
    ana, marta = viewer_of(cast.ana), viewer_of(cast.marta)
    plans.comment_plan(plan_id, by=ana, text="QX-COMMENT")
    soon_on = clock.today() + timedelta(days=7)
    plans.change_dates(plan_id, by=marta, version=_version(plan_id), ends_on=soon_on, session_on=None)
    kept = steps.add_step(
        plan_id, Said("practice", "QX-STEP", "QX-HOW", soon_on), by=marta, version=_version(plan_id)
    )
    other = steps.add_step(
        plan_id, Said("practice", "Other", "", soon_on), by=marta, version=_version(plan_id)
    )
    steps.drop_step(plan_id, other.id, by=marta, version=_version(plan_id), why="QX-WHY")
    what = measures.measured(measures.METRIC, the_metric("deals_won"))
    aims.add_aim(plan_id, what, by=marta, version=_version(plan_id), aims_at=Decimal(5), by_on=soon_on)
    return kept.id


def _version(plan_id: int) -> int:
    return db.session.get_one(Plan, plan_id).version


def _sessions(cast: SimpleNamespace) -> tuple[int, int, int]:
    ana, marta = viewer_of(cast.ana), viewer_of(cast.marta)
    planned = make_session(cast.marta, cast.ana, soon(3), place="QX-PLACE")
    sessions.move_session(planned.id, by=marta, starts_at=soon(4), minutes=30, why="QX-MOVED")
    sessions.add_item(planned.id, "QX-ITEM", by=ana)
    cancelled = make_session(cast.marta, cast.ana, soon(5))
    sessions.cancel_session(cancelled.id, by=ana, why="QX-CANCELLED")
    logged = logbook.write_down(
        cast.ana.id,
        logbook.Logged(
            at=clock.now(),
            minutes=20,
            place="",
            note=Draft(uuid4(), cast.ana.id, "QX-LOGGED", 0),
            share=True,
            promised=[logbook.Promised("QX-KEPT", cast.ana.id, None)],
            kept=[],
        ),
        by=marta,
        key=uuid4(),
    )
    return planned.id, cancelled.id, logged.id
