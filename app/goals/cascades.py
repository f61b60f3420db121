"""A team's goal is spread down the tree, shown level by level, and saved as drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import text as sql

from app.core import audit, clock
from app.core.errors import Conflict, Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.goals import closed, news, operations, revisions, units
from app.goals.cascade import Cascade, Level, Source, cascade
from app.goals.lines import Line
from app.goals.models import Goal, RevisionReason
from app.goals.trees import Part, Tree, is_published, is_ratio, tree_of
from app.goals.words import stored
from app.people.models import Person, Team

By = Literal["history", "headcount", "hand"]
WAYS: tuple[By, ...] = ("history", "headcount", "hand")
LOCK = 7305
MOST_ROWS = 300
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Choices:
    """How to spread: `fixed` by part, as kept; `revise` lets it change what is proposed already."""

    by: By = "history"
    fixed: Mapping[str, Decimal] = field(default_factory=dict)
    revise: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A part as the page shows it. `before` is what is saved, `value` what it would be."""

    part: Part
    depth: int
    value: Decimal
    source: Source | Literal["same"]
    before: Decimal | None
    fixed: Decimal | None
    is_locked: bool
    parts_sum: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        """Above 0: the parts come to more than the whole."""
        return None if self.parts_sum is None else self.parts_sum - self.value

    @property
    def is_changed(self) -> bool:
        return self.before is not None and self.before != self.value


@dataclass(frozen=True)
class Plan:
    goal: Goal
    choices: Choices
    rows: Sequence[Row]

    @property
    def root(self) -> Row:
        return self.rows[0]

    @cached_property
    def by_key(self) -> dict[str, Row]:
        return {row.part.key: row for row in self.rows}

    def of(self, key: str | None) -> Row:
        return self.by_key[key] if key is not None else self.root

    @property
    def is_large(self) -> bool:
        """Too many parts for one table: a level at a time, as on a phone."""
        return len(self.rows) > MOST_ROWS

    @property
    def gaps(self) -> list[Row]:
        return [row for row in self.rows if row.gap]

    @property
    def locked(self) -> list[Row]:
        return [row for row in self.rows[1:] if row.is_locked]

    def level(self, key: str) -> list[Row]:
        """A part and those right below it: what a phone shows at a time."""
        return [row for row in self.rows if key in {row.part.key, row.part.parent}]


def saved_choices(goal: Goal, tree: Tree) -> Choices:
    """What was chosen when the drafts below were saved: the way, and what was fixed by hand."""
    goals = {part.key: part.goal for part in tree.parts[1:] if part.goal is not None}
    fixed = {key: each.target for key, each in goals.items() if each.is_fixed}
    steps = {line.get("key") for each in goals.values() for line in each.arithmetic}
    by: By = "history"
    if Source.HEADCOUNT in steps and Source.HISTORY not in steps:
        by = "headcount"
    elif goals and not steps & {Source.HISTORY, Source.NO_HISTORY}:
        by = "hand"
    return Choices(by, fixed)


def plan(goal: Goal, choices: Choices | None, *, by: int) -> Plan:
    """What a spread would come to; nothing is saved. `by` sets the goals and so gets none from it."""
    if goal.team is None:
        raise Invalid(_("Only a team's goal can be spread."))
    tree = tree_of(goal.team, goal.metric, goal.period, without=by)
    choices = choices or saved_choices(goal, tree)
    locked = {
        part.key: part.goal for part in tree.parts[1:] if part.goal is not None and is_published(part.goal)
    }
    fixed = {key: value for key, value in choices.fixed.items() if key != tree.root.key}
    if not choices.revise:
        fixed |= {key: each.target for key, each in locked.items()}
    node = tree.node(fixed)
    if is_ratio(goal.metric):
        levels = _same_for_all(tree, goal.target, fixed)
    else:
        levels = _with_source(cascade(node, goal.target, choices.by, unit=_unit(goal, tree)))
    rows = [
        Row(
            part=part,
            depth=level.depth,
            value=level.value,
            source=source,
            before=part.goal.target if part.goal is not None else None,
            fixed=choices.fixed.get(part.key),
            is_locked=part.key in locked and not choices.revise,
            parts_sum=level.parts_sum,
        )
        for part, (level, source) in zip(tree.parts, _ordered(tree, levels), strict=True)
    ]
    return Plan(goal, choices, rows)


def _unit(goal: Goal, tree: Tree) -> Decimal:
    """Round numbers where they cost little: the largest power of ten that divides the whole and is less than
    half a per cent of an average part."""
    least = units.step(goal.metric)
    heads = sum(1 for part in tree.parts if not part.is_team) or 1
    unit = least
    while not goal.target % (unit * 10) and unit * 10 * 200 * heads <= goal.target:
        unit *= 10
    return unit


@atomic
def save_cascade(
    goal_id: int,
    choices: Choices,
    *,
    version: int,
    by: int,
    reason: str = "",
    text: str = "",
) -> Plan:
    """Save the parts as drafts; the goals that are out already stay, or are revised with a reason.

    One at a time for a metric and period. Raises Conflict when the goal has another version than the one that
    was looked at, Invalid when goals would have to be revised and no reason is given.
    """
    goal = operations.lock(goal_id)
    db.session.execute(
        sql("SELECT pg_advisory_xact_lock(:lock, :key)"),
        {"lock": LOCK, "key": (goal.period_id * 1009 + goal.metric_id) % 2**31},
    )
    if goal.version != version:
        raise Conflict(
            _("This goal was changed in the meantime. Look at it again and repeat the step if need be.")
        )
    wanted = plan(goal, choices, by=by)
    revised = [row for row in wanted.rows[1:] if is_published(row.part.goal) and row.is_changed]
    if revised and closed.is_frozen(goal.period_id):
        raise Conflict(
            _(
                "This period is closed: change the target of a goal that is proposed already on its own "
                "page, where it becomes an adjustment. Without these goals the drafts can be saved."
            )
        )
    if revised and not (text.strip() and reason):
        raise Invalid(_("Goals that are proposed already would change: give a reason."), "text")
    goals: dict[str | None, Goal] = {wanted.root.part.key: goal}
    number = 0
    for row in wanted.rows[1:]:
        above = goals[row.part.parent]
        made = _save(row, wanted, above, by=by, reason=reason, text=text)
        number += made is not None
        goals[row.part.key] = made or above  # a part without a goal hands its parts to the one above
    audit.record(
        "goal.cascaded",
        goal,
        actor_id=by,
        way=choices.by,
        parts=number,
        fixed=len(choices.fixed),
        revised=len(revised),
    )
    news.targets_stand()  # each part has said what it changed
    return wanted


def _save(row: Row, plan: Plan, above: Goal, *, by: int, reason: str, text: str) -> Goal | None:
    part, root = row.part, plan.goal
    lines = stored(_lines(row, plan))
    if part.goal is None:
        return _create(row, root, above, lines, by=by) if row.value > 0 else None
    if is_published(part.goal):
        if not row.is_locked and row.is_changed and row.value > 0:
            revisions.revise_goal(
                part.goal.id,
                target=row.value,
                reason=RevisionReason(reason),
                text=text,
                effective_on=clock.today(),
                version=part.goal.version,
                by=by,
            )
        return part.goal
    if row.value <= 0:
        operations.withdraw_goal(part.goal.id, by=by)
        return None
    is_fixed = row.fixed is not None
    if (row.is_changed, part.goal.is_fixed, part.goal.parent_id) != (False, is_fixed, above.id):
        return operations.change_draft(
            part.goal.id,
            target=row.value,
            by=by,
            is_fixed=is_fixed,
            parent_id=above.id,
            arithmetic=lines,
        )
    return part.goal


def _create(row: Row, root: Goal, above: Goal, lines: list[dict[str, str]], *, by: int) -> Goal:
    part = row.part
    subject: Team | Person = (
        db.session.get_one(Team, part.id) if part.is_team else db.session.get_one(Person, part.id)
    )
    return operations.create_goal(
        subject,
        period=root.period,
        metric=root.metric,
        target=row.value,
        by=by,
        parent_id=above.id,
        weight=root.weight,
        is_fixed=row.fixed is not None,
        arithmetic=lines,
    )


def _lines(row: Row, plan: Plan) -> list[Line]:
    """How a part came to its value, as its goal keeps it."""
    if row.source is Source.HAND:
        return [Line("hand", row.value)]
    above = plan.of(row.part.parent)
    lines = []
    if row.part.last_year is not None and row.source is Source.HISTORY:
        lines.append(Line("last_year", row.part.last_year))
        if row.part.presence != ONE:
            lines.append(Line("present", row.part.last_year * row.part.presence, row.part.presence))
    elif row.part.presence != ONE:
        lines.append(Line("heads", row.part.presence))
    lines.append(Line("whole", above.value))
    share = row.value / above.value if above.value else None
    lines.append(Line(str(row.source), row.value, share))
    return lines


def _ordered(
    tree: Tree, levels: Mapping[str, tuple[Level, Source | Literal["same"]]]
) -> list[tuple[Level, Source | Literal["same"]]]:
    return [levels[part.key] for part in tree.parts]


def _with_source(found: Cascade) -> dict[str, tuple[Level, Source | Literal["same"]]]:
    return {str(level.key): (level, level.source) for level in found.levels}


def _same_for_all(
    tree: Tree, whole: Decimal, fixed: Mapping[str, Decimal]
) -> dict[str, tuple[Level, Source | Literal["same"]]]:
    """A ratio is not divided: each part gets what the one above it has; a level's parts are compared by their
    mean, each weighing the heads in it."""
    value: dict[str, Decimal] = {}
    depth: dict[str, int] = {}
    for part in tree.parts:
        above = part.parent
        depth[part.key] = depth[above] + 1 if above is not None else 0
        value[part.key] = fixed.get(part.key, value[above] if above is not None else whole)
    heads: dict[str, Decimal] = {}
    for part in reversed(tree.parts):
        heads[part.key] = heads.get(part.key, ZERO) if part.is_team else part.presence
        if part.parent is not None:
            heads[part.parent] = heads.get(part.parent, ZERO) + heads[part.key]
    found: dict[str, tuple[Level, Source | Literal["same"]]] = {}
    parts_of: dict[str | None, list[Part]] = {}
    for part in tree.parts:
        parts_of.setdefault(part.parent, []).append(part)
    for part in tree.parts:
        parts = parts_of.get(part.key, [])
        weight = sum((heads[each.key] for each in parts), ZERO)
        mean = (
            sum((value[each.key] * heads[each.key] for each in parts), ZERO) / weight
            if weight
            else (value[part.key] if parts else None)
        )
        source: Source | Literal["same"] = Source.HAND if part.key in fixed else "same"
        if part.parent is None:
            source = Source.WHOLE
        level = Level(part.key, part.parent, depth[part.key], value[part.key], Source.WHOLE, None, mean)
        found[part.key] = level, source
    return found
