"""Cases within a viewer's scope: one's own, and those of the people and teams in one's sight."""

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.errors import NotFound
from app.core.viewer import Viewer
from app.diagnosis.models import Case, Contest, Diagnosis, Finding
from app.extensions import db
from app.goals.models import Goal
from app.people.models import Person, Team
from app.people.queries import visible_people, visible_teams


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """A case is its person's and of those who have the person in sight; a team's is its members' too."""
    return or_(Case.person_id.in_(visible_people(viewer)), Case.team_id.in_(visible_teams(viewer)))


def with_names(stmt: Select[Case]) -> Select[Case]:
    """Load what a case is called by, and its goal."""
    return stmt.options(
        joinedload(Case.goal).joinedload(Goal.person),
        joinedload(Case.period),
        joinedload(Case.metric),
        joinedload(Case.person).joinedload(Person.manager),
        joinedload(Case.team).joinedload(Team.lead),
    )


def case_for(viewer: Viewer, case_id: int) -> Case:
    """A case the viewer may read, with its names. Raises NotFound for all others."""
    found = db.session.scalars(
        with_names(select(Case)).where(Case.id == case_id, visible(viewer))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def current(case_id: int) -> Diagnosis:
    """What is concluded of a case now, with findings and the names of what they are about."""
    return _diagnosis(Diagnosis.case_id == case_id, Diagnosis.is_current.is_(True))


def version(case_id: int, number: int) -> Diagnosis:
    """What was concluded earlier. Raises NotFound."""
    return _diagnosis(Diagnosis.case_id == case_id, Diagnosis.version == number)


def _diagnosis(*which: ColumnElement[bool]) -> Diagnosis:
    about = selectinload(Diagnosis.findings)
    found = db.session.scalars(
        select(Diagnosis)
        .where(*which)
        .options(
            about.joinedload(Finding.product),
            about.joinedload(Finding.source),
            about.joinedload(Finding.team),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def finding_of(case: Case, finding_id: int) -> Finding:
    """A finding of any version of a case. Raises NotFound."""
    found = db.session.scalars(
        select(Finding)
        .join(Diagnosis, Diagnosis.id == Finding.diagnosis_id)
        .where(Finding.id == finding_id, Diagnosis.case_id == case.id)
        .options(joinedload(Finding.product), joinedload(Finding.source), joinedload(Finding.team))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def contest_for(viewer: Viewer, contest_id: int) -> Contest:
    """A contest for which the viewer is named. Raises NotFound for all others."""
    about = joinedload(Contest.finding)
    found = db.session.scalars(
        select(Contest)
        .where(Contest.id == contest_id, Contest.reviewer_id == viewer.person_id)
        .options(
            about.joinedload(Finding.product),
            about.joinedload(Finding.source),
            about.joinedload(Finding.team),
            joinedload(Contest.author),
            joinedload(Contest.reviewer),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def case_of(contest: Contest) -> Case:
    """The case of a contest that its reviewer answers, with its names."""
    return db.session.scalars(with_names(select(Case)).where(Case.id == contest.case_id)).one()
