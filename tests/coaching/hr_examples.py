"""Which HR cases and effects each member of the cast reaches."""

from types import SimpleNamespace
from typing import Any

from app.coaching.hr import operations as hr_cases
from app.core.viewer import Viewer
from app.people.models import Person, Theme
from tests.coaching.hr import REASONS, make_diagnosis, make_plan, tried_everything
from tests.route_examples import Example


def viewer_of(person: Person) -> Viewer:
    return Viewer(
        person_id=person.id,
        name=person.name,
        role=person.role,
        team_id=person.team_id,
        locale=None,
        theme=Theme.AUTO,
        session_id=0,
        token="",
    )


def case_of_ana(cast: SimpleNamespace) -> dict[str, Any]:
    tried_everything(cast)
    evidence = [{"kind": "plan", "id": 1, "name": "Plan: Revenue"}]
    case = hr_cases.open_case(cast.ana.id, reasons=REASONS, evidence=evidence, by=viewer_of(cast.hilda))
    return {"case_id": case.id}


def ana(cast: SimpleNamespace) -> dict[str, Any]:
    return {"person_id": cast.ana.id}


def plan_of_ana(cast: SimpleNamespace) -> dict[str, Any]:
    from app.coaching import access
    from app.coaching.models import PlanCase
    from app.extensions import db

    diagnosis = make_diagnosis(cast.ana)
    plan = make_plan(cast.ana)
    access.as_worker()
    db.session.add(PlanCase(plan_id=plan.id, case_id=diagnosis.case_id, diagnosis_id=diagnosis.id))
    db.session.commit()
    return {"plan_id": plan.id}


HR = {"hilda"}
EXAMPLES = {
    "hr_cases.index": [Example()],
    "hr_cases.new": [Example(ana, reached_by=HR)],
    "hr_cases.create": [Example(ana, reached_by=HR)],
    "hr_cases.show": [Example(case_of_ana, "of Ana", reached_by={"ana", "marta", "hilda"})],
    "hr_cases.reply": [Example(case_of_ana, "of Ana", reached_by={"ana"})],
    "hr_cases.ask_approval": [Example(case_of_ana, "of Ana", reached_by=HR)],
    "hr_cases.approve": [Example(case_of_ana, "of Ana, with nobody asked", reached_by=set())],
    "hr_cases.decide": [Example(case_of_ana, "of Ana", reached_by=HR)],
    "hr_cases.withdraw": [Example(case_of_ana, "of Ana", reached_by=HR)],
    "coaching_effects.index": [Example()],
    "coaching_effects.show": [Example(plan_of_ana, "of Ana", reached_by={"ana", "marta", "hilda"})],
}
