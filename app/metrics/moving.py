"""Team totals when the past of the teams is told anew.

A person's team on a day has changed: their sales and activities of those days go to the other team, through
the tracker, like any correction. A team stands elsewhere in the tree: its totals leave the teams that it is
no longer part of and come to those above it now, on all days, for the tree has no past.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from sqlalchemy import Date, cast, column, func, literal, select, table, update

from app.core import clock
from app.core.changes import changes
from app.extensions import db
from app.metrics.statements import lock_records, run
from app.people import moving
from app.people.models import Team
from app.people.timeline import Days
from app.sales import first_sales
from app.sales.credit import team_then
from app.sales.models import Activity, Sale, SaleCredit
from app.sales.recording import recording, recording_activities

_number = count(1)
_PATHS = "totals_paths"

_MOVED = """
INSERT INTO team_totals AS total (metric_id, team_id, day, value, base)
SELECT metric_id, part.team_id, day, sum(part.sign * value), sum(part.sign * base)
FROM unnest(%(moved)s::bigint[], %(above)s::bigint[], %(signs)s::int[]) AS part (moved_id, team_id, sign)
JOIN team_totals AS moved ON moved.team_id = part.moved_id
GROUP BY 1, 2, 3 HAVING sum(part.sign * value) <> 0 OR sum(part.sign * base) <> 0 ORDER BY 1, 2, 3
ON CONFLICT (metric_id, team_id, day) DO UPDATE
  SET value = total.value + excluded.value, base = total.base + excluded.base
"""

Paths = Mapping[int, list[int]]


class Moving:
    """The tracker of changes of teams."""

    def before(self, _person_ids: Sequence[int], _days: Days) -> None:
        db.session.info.setdefault(_PATHS, []).append(_paths())

    def after(self, person_ids: Sequence[int], days: Days) -> None:
        move_totals(db.session.info[_PATHS].pop())
        reassign(person_ids, days)


def init() -> None:
    if not any(isinstance(tracker, Moving) for tracker in moving.trackers):
        moving.trackers.append(Moving())


def _paths() -> Paths:
    return {team_id: list(path) for team_id, path in db.session.execute(select(Team.id, Team.path))}


def move_totals(before: Paths) -> None:
    """`before`: the path of every team until now."""
    after = _paths()
    moved = {team_id for team_id, path in after.items() if team_id in before and before[team_id] != path}
    # The totals of a team hold those below it, so the top of what was moved is enough.
    tops = [team_id for team_id in sorted(moved) if not moved & set(after[team_id][:-1])]
    parts: list[tuple[int, int, int]] = []
    for team_id in tops:
        was, now = set(before[team_id]), set(after[team_id])
        parts += [(team_id, above, -1) for above in sorted(was - now)]
        parts += [(team_id, above, 1) for above in sorted(now - was)]
    if parts:
        lock_records()
        moved_ids, above_ids, signs = (list(values) for values in zip(*parts, strict=True))
        run(_MOVED, {"moved": moved_ids, "above": above_ids, "signs": signs})
        changes.announce("totals")


def reassign(person_ids: Sequence[int], days: Days) -> None:
    """Credit the teams of these people's results on these days by what `team_on` says now."""
    people = list(person_ids)
    day = func.coalesce(Sale.closed_on, Sale.opened_on, cast(literal(clock.today()), Date))
    then = team_then(SaleCredit.person_id.expression, day)
    sales = _chosen(
        select(SaleCredit.sale_id.label("id"), Sale.customer_id.label("customer_id"))
        .join(Sale, Sale.id == SaleCredit.sale_id)
        .where(
            SaleCredit.person_id.in_(people),
            day.between(days.first, days.last),
            SaleCredit.team_id.is_distinct_from(then),
        )
    )
    if sales is not None:
        keys = select(sales.c.id)
        db.session.execute(
            select(Sale.id).where(Sale.id.in_(keys)).order_by(Sale.id).with_for_update(key_share=True)
        )
        first_sales.lock(select(sales.c.customer_id))
        with recording(keys):
            db.session.execute(
                update(SaleCredit)
                .where(
                    SaleCredit.sale_id == Sale.id,
                    SaleCredit.sale_id.in_(keys),
                    SaleCredit.person_id.in_(people),
                    day.between(days.first, days.last),
                )
                .values(team_id=then)
                .execution_options(synchronize_session=False)
            )
    then = team_then(Activity.person_id.expression, Activity.happened_on.expression)
    activities = _chosen(
        select(Activity.id.label("id"), Activity.customer_id.label("customer_id")).where(
            Activity.person_id.in_(people),
            Activity.happened_on.between(days.first, days.last),
            Activity.team_id.is_distinct_from(then),
        )
    )
    if activities is not None:
        keys = select(activities.c.id)
        db.session.execute(
            select(Activity.id)
            .where(Activity.id.in_(keys))
            .order_by(Activity.id)
            .with_for_update(key_share=True)
        )
        with recording_activities(keys):
            db.session.execute(
                update(Activity)
                .where(Activity.id.in_(keys))
                .values(team_id=then)
                .execution_options(synchronize_session=False)
            )


def _chosen(stmt: Any) -> Any:
    """The records as a temporary table, for the condition that chose them will not hold afterwards."""
    name = f"totals_moved_{next(_number)}"
    compiled = stmt.compile(
        dialect=db.session.connection().dialect, compile_kwargs={"render_postcompile": True}
    )
    run(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {compiled}", dict(compiled.params))
    chosen = table(name, column("id"), column("customer_id"))
    return chosen if db.session.execute(select(chosen.c.id).limit(1)).first() else None
