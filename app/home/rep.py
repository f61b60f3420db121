"""A rep's home: where I stand, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from app.coaching import session_reading
from app.coaching.session_words import when
from app.core import clock
from app.core.viewer import Viewer
from app.extensions import db
from app.goals import progress, queries
from app.goals.models import Acknowledgement, Goal, GoalStatus, Period, PeriodKind, Revision
from app.goals.progress import Progress
from app.goals.words import goal_name
from app.leaderboards import kept
from app.leaderboards.board import Standing
from app.leaderboards.filters import BoardFilter
from app.leaderboards.queries import choices
from app.leaderboards.queries.choices import Choice
from app.leaderboards.queries.scope import scope_of
from app.leaderboards.routes.rows import rows
from app.sales.models import Customer, Product, Sale, Stage

SHOWN = 3
TOP = 3
_KINDS = list(PeriodKind)


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do: a card with a link to an endpoint."""

    icon: str
    title: str
    text: str
    action: str
    endpoint: str
    arguments: dict[str, int]


@dataclass(frozen=True, slots=True)
class Goals:
    """`first` are shown, `others` folded. `main` says the period that the page speaks of."""

    first: Sequence[Progress]
    others: Sequence[Progress]
    next: Next

    @property
    def main(self) -> Progress | None:
        return self.first[0] if self.first else None


@dataclass(frozen=True, slots=True)
class Place:
    """One's own place on the board of one's main goal, and the neighbourhood as rows."""

    choice: Choice
    own: Standing | None
    ranked: int
    folded: int
    top: Markup
    around: Markup


def goals_of(viewer: Viewer) -> Goals:
    found = progress.for_goals(queries.goals_for(person_ids=[viewer.person_id]))
    found.sort(key=lambda each: _weight(each.goal))
    return Goals(found[:SHOWN], found[SHOWN:], next_step(viewer, [each.goal for each in found]))


def _weight(goal: Goal) -> tuple[int, int, int]:
    """The quarter first, it is what people are asked about; then the month, then the year."""
    order = {PeriodKind.QUARTER: 0, PeriodKind.MONTH: 1, PeriodKind.YEAR: 2}
    return order[goal.period.kind], goal.metric.position, goal.id


def next_step(viewer: Viewer, goals: Sequence[Goal]) -> Next:
    """A session of today, a goal to answer, a change to read, a sale to decide, else the next sale."""
    session = session_reading.next_session(viewer, on=clock.today())
    if session is not None:
        return Next(
            "calendar",
            _("A session today"),
            _(
                "%(when)s, with %(name)s",
                when=when(session.starts_at),
                name=session_reading.coach_of(session).name,
            ),
            _("Agenda"),
            "coaching_sessions.show",
            {"session_id": session.id},
        )
    for goal in goals:
        if goal.status is GoalStatus.PROPOSED:
            return Next(
                "message-square",
                _("Your goal waits for your answer"),
                goal_name(goal),
                _("Answer"),
                "goals.show",
                {"goal_id": goal.id},
            )
    changed = db.session.execute(
        select(Revision.goal_id, Revision.text)
        .join(Acknowledgement, Acknowledgement.revision_id == Revision.id)
        .where(Acknowledgement.person_id == viewer.person_id, Acknowledgement.at.is_(None))
        .order_by(Revision.id)
        .limit(1)
    ).one_or_none()
    if changed is not None:
        return Next(
            "target",
            _("A goal has changed"),
            changed.text,
            _("Read it"),
            "goals.show",
            {"goal_id": changed.goal_id},
        )
    waiting = db.session.execute(
        select(Sale.id, Product.name, Customer.name.label("customer"))
        .join(Product, Product.id == Sale.product_id)
        .outerjoin(Customer, Customer.id == Sale.customer_id)
        .where(Sale.rep_id == viewer.person_id, Sale.stage == Stage.OPEN, Sale.voided_at.is_(None))
        .order_by(Sale.opened_on.nulls_first(), Sale.id)
        .limit(1)
    ).one_or_none()
    if waiting is not None:
        return Next(
            "handshake",
            _("Your oldest open sale"),
            " · ".join(part for part in (waiting.customer, waiting.name) if part),
            _("Open it"),
            "sales.show",
            {"sale_id": waiting.id},
        )
    return Next(
        "plus",
        _("Nothing waits for you"),
        _("Record the next sale as soon as it is won."),
        _("Record a sale"),
        "record.new",
        {},
    )


def place_of(viewer: Viewer) -> Place | None:
    """None in a portal that counts nothing yet."""
    choice = _choice(viewer)
    if choice is None:
        return None
    board = kept.board(choice.filter)
    view = board.view(viewer.person_id, top=TOP)
    scope = scope_of(viewer, choice.filter.of)
    return Place(
        choice=choice,
        own=view.own,
        ranked=view.ranked,
        folded=view.folded,
        top=rows(choice, board, view.top, scope, viewer.person_id),
        around=rows(choice, board, view.around, scope, viewer.person_id),
    )


def _choice(viewer: Viewer) -> Choice | None:
    """The board of the main goal; of whoever has none, the usual one."""
    goals = queries.goals_for(person_ids=[viewer.person_id])
    if not goals:
        return choices.choose({})
    goal = min(goals, key=_weight)
    period: Period = goal.period
    return Choice(BoardFilter(goal.metric_id, period.id, None), goal.metric, period, None)
