"""The demo company's plans: those of earlier closed quarters are over and measured, those of the last one run
or wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.coaching.access import as_worker
from app.coaching.effect import measuring
from app.coaching.models import Plan, PlanKind, PlanStatus, StepKind
from app.coaching.plans import operations as plans
from app.coaching.plans import standing, steps
from app.coaching.proposals import proposing
from app.coaching.sessions import operations as sessions
from app.coaching.sessions.templates import templates
from app.core import clock
from app.demo.coaching import held, viewer_of
from app.demo.company import Cast
from app.demo.moments import AFTERNOON, at, on
from app.diagnosis.models import Case
from app.extensions import db
from app.goals.models import Period, PeriodKind, PeriodStatus
from app.people.models import Person

AFTER = timedelta(days=6)
"""From a quarter's end until its plans are proposed."""

WAITING = 3  # every so many-th proposal of support is still to be agreed to
DAY = timedelta(days=1)
TALKS = timedelta(days=21)  # between the one-to-ones of a plan


@dataclass(frozen=True, slots=True)
class Said:
    question: str
    answer: str
    word: str
    place: str


ES = Said(
    question="¿Puede ser el segundo paso una semana más tarde? La próxima la tengo llena de ferias.",
    answer="Sí, una semana más está bien. Lo demás lo dejamos como está.",
    place="Sala Cares",
    word="Los pasos ayudaron. Seguimos mirando las ventas abiertas cada semana.",
)
EN = Said(
    question="Could the second step be a week later? Next week is full of fairs.",
    answer="Yes, a week later is fine. The rest stays as it is.",
    place="Room Cares",
    word="The steps helped. We go on looking at the open sales every week.",
)


def write(cast: Cast, locale: str) -> None:
    """Runs inside the demo's transaction, once the quarters are closed and their cases are there."""
    said = ES if locale.startswith("es") else EN
    people = {person.id: person for person in (*cast.reps, *cast.managers)}
    closed = db.session.scalars(
        select(Period)
        .where(Period.kind == PeriodKind.QUARTER, Period.status == PeriodStatus.CLOSED)
        .order_by(Period.ends_on)
    ).all()
    for period in closed:
        is_last = period is closed[-1]
        for number, plan in enumerate(_proposed(period)):
            coach = people.get(plan.coach_id or 0)
            waits = is_last and plan.kind is PlanKind.SUPPORT and number % WAITING == WAITING - 1
            if coach is None or waits:
                continue
            _carry_out(plan, people[plan.person_id], coach, said)
            if plan.kind is PlanKind.COACHING:
                _talk(plan, people[plan.person_id], coach, said)
            if not is_last:
                _complete(plan, coach, said)
    if measuring.measure_effects():
        measuring.sum_up()


def _proposed(period: Period) -> Sequence[Plan]:
    cases = db.session.scalars(select(Case.id).where(Case.period_id == period.id)).all()
    with on(period.ends_on + AFTER):
        proposing.propose(cases)
        as_worker()
        return db.session.scalars(
            select(Plan)
            .where(Plan.status == PlanStatus.PROPOSED, Plan.starts_on == clock.today())
            .order_by(Plan.id)
        ).all()


def _carry_out(plan: Plan, rep: Person, coach: Person, said: Said) -> None:
    """Talked about, agreed, and what was due is done, but for the last of it."""
    with on(plan.starts_on + DAY):
        plans.comment_plan(plan.id, by=viewer_of(rep), text=said.question)
    with on(plan.starts_on + DAY, AFTERNOON):
        plans.comment_plan(plan.id, by=viewer_of(coach), text=said.answer)
    with on(plan.starts_on + 2 * DAY):
        for person in (rep, coach):
            plans.agree_plan(plan.id, by=viewer_of(person), version=plan.version)
    due = [
        step
        for step in standing.whole(plan).steps
        if step.due_on < clock.today() and step.kind is not StepKind.COURSE  # a course is done in the course
    ]
    for step in sorted(due[: max(len(due) - 1, 1)], key=lambda step: step.due_on):
        with on(step.due_on, AFTERNOON):
            steps.finish_step(plan.id, step.id, by=viewer_of(rep))
    db.session.flush()


def _talk(plan: Plan, rep: Person, coach: Person, said: Said) -> None:
    """One-to-ones about it, and the next one while it runs."""
    today = clock.today()
    day = plan.session_on or plan.starts_on
    while day < min(today, plan.ends_on):
        held(coach, rep, day, said.place, plan.id)
        day += TALKS
    if day < plan.ends_on:
        sessions.plan_session(
            rep.id,
            by=viewer_of(coach),
            starts_at=at(max(day, today + timedelta(days=1))),
            minutes=30,
            place=said.place,
            template_id=templates()[0].id,
            plan_id=plan.id,
        )


def _complete(plan: Plan, coach: Person, said: Said) -> None:
    """Its time is over."""
    if plan.ends_on >= clock.today():
        return
    with on(plan.ends_on + DAY):
        plans.complete_plan(plan.id, by=viewer_of(coach), text=said.word)
    plan.completed_on = plan.ends_on
    db.session.flush()
