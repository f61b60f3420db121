"""A rep's home: where I stand, what is next."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.core.viewer import Viewer
from app.goals import progress, queries
from app.goals.models import Goal, Period, PeriodKind
from app.goals.progress import Progress
from app.home.next import Next, next_step
from app.leaderboards import kept
from app.leaderboards.filters import BoardFilter
from app.leaderboards.queries import choices
from app.leaderboards.queries.choices import Choice
from app.leaderboards.queries.scope import scope_of
from app.leaderboards.routes.rows import rows
from app.leaderboards.standing import Standing

SHOWN = 3
TOP = 3


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
