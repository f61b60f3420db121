"""An adjustment is done by its author as they asked: tried and taken back to be looked at, or for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from app.core import clock
from app.core.errors import Conflict, DomainError, NotFound
from app.core.transactions import atomic
from app.extensions import db
from app.goals import closed, effects, operations, queries, revisions
from app.goals.effects import Effect
from app.goals.models import Adjustment, Goal, GoalResult, Revision
from app.goals.watching import watching
from app.imports import operations as imports
from app.imports.models import Import
from app.people.models import TeamKind
from app.sales import performing
from app.sales.closed_days import Asked, lifting

LONG = 2_000  # rows of an import: taking back as many takes about a second


@dataclass(frozen=True, slots=True)
class Done:
    """What an adjustment does: the results that it changes, and the people whose they are.

    `people` lead a team whose result it is too; of `themselves` it is a result of their own.
    """

    effects: Sequence[Effect]
    people: frozenset[int] = frozenset()
    themselves: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Preview:
    """What an adjustment would do now, or why it can no longer be done."""

    done: Done | None
    problem: str | None = None


def carry_out(adjustment: Adjustment, *, decided_by: int | None = None) -> Done:
    """Do what was asked for, by its author, with its own closed days lifted and no others."""
    asked = Asked(
        adjustment.action,
        adjustment.change,
        adjustment.subject_id,
        adjustment.subject_version,
        adjustment.person_id,
    )
    people: set[int] = set()
    if asked.action.startswith("goal."):
        with closed.lifting_periods(adjustment.period_id):
            found = _change_goals(adjustment, asked, decided_by)
    else:
        withdrawn: list[Effect] = []
        with lifting(adjustment.days), watching() as watch:
            if asked.action == "import.undone":
                withdrawn = _undo_import(asked, adjustment.author_id)
            else:
                performing.perform(asked, by_id=adjustment.author_id)
        parts = watch.changed()
        found = [*effects.of_records(parts), *withdrawn]
        people = {part.person_id for part in parts}
    themselves = people | {effect.goal.person_id for effect in found if effect.goal.person_id is not None}
    people |= {key for effect in found if (key := _owner_id(effect.goal)) is not None}
    return Done(found, frozenset(people), frozenset(themselves))


def _owner_id(goal: Goal) -> int | None:
    """Whose result it is; the company's is everybody's."""
    if goal.team is not None and goal.team.kind is TeamKind.COMPANY:
        return None
    return queries.answerer_id(goal)


def _change_goals(adjustment: Adjustment, asked: Asked, decided_by: int | None) -> list[Effect]:
    goal_id, change, author_id = asked.subject_id or 0, asked.change, adjustment.author_id
    if asked.action == "goal.proposed":
        return _propose(adjustment, {int(key): Decimal(target) for key, target in change["targets"].items()})
    if asked.action == "goal.weighed":
        operations.set_weights({int(key): weight for key, weight in change["weights"].items()}, by=author_id)
        return []
    if asked.action == "goal.withdrawn":
        if operations.lock(goal_id).version != asked.version:
            raise Conflict(_("This goal was changed in the meantime."))
        found = effects.of_withdrawal(goal_id)
        operations.withdraw_goal(goal_id, by=author_id)
        return found
    revision: Revision = revisions.revise_goal(
        goal_id,
        target=Decimal(change["target"]),
        reason=change["reason"],
        text=change["text"],
        effective_on=clock.today().fromisoformat(change["effective_on"]),
        version=asked.version or 0,
        by=author_id,
    )
    revision.decided_by_id, revision.decided_at = decided_by, clock.now()
    db.session.flush()
    return effects.of_target(goal_id)


def _propose(adjustment: Adjustment, targets: dict[int, Decimal]) -> list[Effect]:
    """Drafts come to stand with the targets that were asked for, and are judged as at the close."""
    proposed = operations.propose_goals(sorted(targets), by=adjustment.author_id)
    if {goal.id: goal.target for goal in proposed} != targets:
        raise Conflict(_("A draft was changed, proposed or thrown away in the meantime."))
    db.session.flush()
    return effects.of_new(adjustment.period_id, list(targets))


def _undo_import(asked: Asked, author_id: int) -> list[Effect]:
    """Whole, in closed periods too. Goals that it made are withdrawn, with their results."""
    record = db.session.get(Import, asked.subject_id)
    if record is None:
        raise NotFound
    judged = db.session.scalars(
        select(Goal.id)
        .join(GoalResult, (GoalResult.goal_id == Goal.id) & GoalResult.is_current)
        .where(Goal.import_id == record.id, Goal.withdrawn_at.is_(None))
        .order_by(Goal.id)
    )
    found = [effect for goal_id in judged for effect in effects.of_withdrawal(goal_id)]
    with closed.lifting_periods(*asked.change["periods"]):
        imports.undo(record, by_id=author_id)
    return [effect for effect in found if effect.goal.withdrawn_at is not None]


class _Seen(Exception):
    """Takes back what was only tried."""

    def __init__(self, done: Done) -> None:
        self.done = done


def takes_long(adjustment: Adjustment) -> bool:
    """Whether trying it is more than a look should cost: it holds what it would take back meanwhile."""
    if adjustment.action != "import.undone":
        return False
    record = db.session.get(Import, adjustment.subject_id)
    return record is not None and record.rows_total > LONG


def preview(adjustment: Adjustment) -> Preview:
    """Try it, look at what comes of it, and take it back."""
    adjustment_id = adjustment.id
    try:
        _try(adjustment_id)
    except _Seen as seen:
        return Preview(seen.done)
    except DomainError as error:
        return Preview(None, str(error.message) or _("What it is about is no longer there."))
    raise AssertionError("unreachable: a trial never stands")


@atomic
def _try(adjustment_id: int) -> None:
    done = carry_out(db.session.get_one(Adjustment, adjustment_id))
    db.session.expunge_all()  # what it came to is read after it is taken back
    raise _Seen(done)
