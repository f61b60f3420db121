"""What is written about Ana by those around her, each with a word of its own, and who may read it.

Omar managed her before and Marta does now, under Ximena. Otto manages others, Xavi is an executive of another
line, Bea a peer, and Nora has left.
"""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

from app.coaching import access
from app.coaching.hr import operations as hr_cases
from app.coaching.models import AgendaItem, HrCase, Plan, PlanKind, PlanStep, StepKind
from app.coaching.notes import operations as notes
from app.coaching.sessions import operations as sessions
from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.people import operations as people
from app.people.models import Person
from tests import factories
from tests.coaching.talks import make_commitment, make_draft, make_held, make_session, make_shared, viewer_of
from tests.goals.factories import the_metric

ROLES = ("ana", "marta", "omar", "ximena", "otto", "hilda", "xavi", "alba", "bea", "luis", "eva", "nora")


@dataclass(frozen=True, slots=True)
class Secret:
    """`url`: its page; `now` reads it while Marta manages Ana, `then` once Otto does."""

    word: str
    table: str
    id: int
    url: str
    now: frozenset[str]
    then: frozenset[str]


def _of(word: str, table: str, key: int, url: str, now: str, then: str) -> Secret:
    return Secret(word, table, key, url, frozenset(now.split()), frozenset(then.split()))


def write_all(cast: SimpleNamespace) -> list[Secret]:
    """Adds Otto and Xavi to the cast."""
    cast.otto = factories.make_person("Otto Ortega", Role.MANAGER, cast.sur, cast.ximena)
    cast.xavi = factories.make_person("Xavi Xirau", Role.EXECUTIVE, cast.root)
    hand_over(cast, cast.omar)
    old_note = make_shared(cast.omar, cast.ana, "QX-OLDNOTE")
    old_draft = make_draft(cast.omar, cast.ana, "QX-OLDDRAFT")
    old_session = make_held(cast.omar, cast.ana, days_ago=30)
    agenda(old_session.id, cast.omar, "QX-OLDAGENDA")
    hand_over(cast, cast.marta)
    session = make_session(cast.marta, cast.ana)
    sessions.add_item(session.id, "QX-AGENDA", by=viewer_of(cast.ana))
    held = make_held(cast.marta, cast.ana)
    promise = make_commitment(held, cast.ana, cast.marta)
    promise.text = "QX-PROMISE"
    db.session.commit()
    shared = make_shared(cast.marta, cast.ana, "QX-SHARED", held)
    signed = make_shared(cast.marta, cast.ana, "QX-SIGNED")
    for one in (cast.marta, cast.ana):
        notes.sign_note(signed.id, revision=signed.revision, by=viewer_of(one))
    notes.add_to_note(signed.id, "QX-ADDED", by=viewer_of(cast.ana))
    draft = make_draft(cast.marta, cast.ana, "QX-DRAFT", held)
    plan = make_plan(cast)
    case = make_case(cast)
    asked = make_case(cast, cast.bea, "QX-ASKED")
    ask_approver(asked, cast.xavi, cast)
    found = [
        _of(
            "QX-OLDNOTE",
            "notes",
            old_note.id,
            f"notes/{old_note.id}",
            "omar ana marta hilda",
            "omar ana otto hilda",
        ),
        _of("QX-OLDDRAFT", "notes", old_draft.id, f"notes/{old_draft.id}", "omar", "omar"),
        _of(
            "QX-OLDAGENDA",
            "coaching_sessions",
            old_session.id,
            f"sessions/{old_session.id}",
            "omar ana marta hilda",
            "omar ana otto hilda",
        ),
        _of(
            "QX-AGENDA",
            "coaching_sessions",
            session.id,
            f"sessions/{session.id}",
            "ana marta hilda",
            "ana otto hilda",
        ),
        _of(
            "QX-PROMISE",
            "commitments",
            promise.id,
            f"sessions/{held.id}",
            "ana marta hilda",
            "marta ana otto hilda",
        ),
        _of("QX-SHARED", "notes", shared.id, f"notes/{shared.id}", "marta ana hilda", "marta ana otto hilda"),
        _of("QX-SIGNED", "notes", signed.id, f"notes/{signed.id}", "marta ana hilda", "marta ana otto hilda"),
        _of("QX-ADDED", "notes", signed.id, f"notes/{signed.id}", "marta ana hilda", "marta ana otto hilda"),
        _of("QX-DRAFT", "notes", draft.id, f"notes/{draft.id}", "marta", "marta"),
        _of("QX-PLAN", "plans", plan.id, f"plans/{plan.id}", "ana marta hilda", "ana otto hilda"),
        _of("QX-CASE", "hr_cases", case.id, f"hr-cases/{case.id}", "ana marta hilda", "ana otto hilda"),
        # The table does not name the second person, whom HR asks by name: who approves has read it.
        _of(
            "QX-ASKED",
            "hr_cases",
            asked.id,
            f"hr-cases/{asked.id}",
            "bea marta hilda xavi",
            "bea marta hilda xavi",
        ),
    ]
    cast.keys = {
        "person_id": cast.ana.id,
        "session_id": held.id,
        "note_id": shared.id,
        "commitment_id": promise.id,
        "plan_id": plan.id,
        "case_id": case.id,
    }
    db.session.commit()
    return found


def hand_over(cast: SimpleNamespace, manager: Person) -> None:
    people.set_manager(cast.ana, manager, clock.today(), by_id=cast.alba.id)
    db.session.commit()


def agenda(session_id: int, by: Person, text: str) -> None:
    """On the agenda of a session that was held."""
    access.reading_as(by)
    db.session.add(AgendaItem(session_id=session_id, author_id=by.id, position=1, text=text))
    db.session.commit()


def make_plan(cast: SimpleNamespace) -> Plan:
    access.as_worker()
    today = clock.today()
    plan = Plan(
        person_id=cast.ana.id,
        metric_id=the_metric().id,
        kind=PlanKind.COACHING,
        coach_id=cast.marta.id,
        starts_on=today,
        ends_on=today,
    )
    db.session.add(plan)
    db.session.flush()
    db.session.add(
        PlanStep(
            plan_id=plan.id,
            position=1,
            kind=StepKind.PRACTICE,
            titles={"en": "QX-PLAN"},
            texts={},
            due_on=today,
        )
    )
    db.session.commit()
    return plan


def make_case(cast: SimpleNamespace, person: Person | None = None, word: str = "QX-CASE") -> HrCase:
    access.reading_as(cast.hilda)
    case = HrCase(
        person_id=(person or cast.ana).id,
        opened_by_id=cast.hilda.id,
        reasons=f"{word} " * 30,
        evidence=[],
        reply_until=clock.today() - timedelta(days=1),
    )
    db.session.add(case)
    db.session.commit()
    return case


def ask_approver(case: HrCase, approver: Person, cast: SimpleNamespace) -> None:
    hr_cases.ask_approval(case.id, approver.id, by=viewer_of(cast.hilda))
    db.session.commit()
