"""Who is in which team and who manages whom, from a day on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import BigInteger, func, literal, select, text

from app.core import clock
from app.core.audit import record
from app.core.changes import changes
from app.core.errors import Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.people import timeline
from app.people.models import Membership, Person, ReportingLine, Team
from app.people.moving import moving
from app.people.timeline import Span

STRUCTURE_LOCK = 7401
NOBODY = 0


def lock_structure() -> None:
    """One change of the tree or of the reporting lines at a time: two harmless ones can make a circle."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": STRUCTURE_LOCK})


@atomic
def place(person: Person, team: Team, on: date, *, by_id: int | None) -> bool:
    """A person belongs to a team from a day until the next change that is already known.

    Returns whether anything changed. Raises Invalid for an archived team or a day after the person left.
    """
    if team.archived_at is not None:
        raise Invalid(_("%(team)s is archived.", team=team.name), "team")
    lock(person)
    if person.left_on is not None and on > person.left_on:
        raise Invalid(_("%(name)s has left by that day.", name=person.name), "on")
    before = membership_spans(person.id)
    after = timeline.changed(before, team.id, on, until=person.left_on)
    if before == after:
        return False
    with moving([person.id], timeline.difference(before, after)):
        write_memberships(person, before, after)
    record("person.moved", person, actor_id=by_id, team_id=team.id, team=team.name, on=on.isoformat())
    changes.announce("people", people=[person.id])
    return True


@atomic
def set_manager(person: Person, manager: Person | None, on: date, *, by_id: int | None) -> bool:
    """A person reports to somebody (or to nobody) from a day until the next change that is already known.

    Returns whether anything changed. Raises Invalid for a circle, and for a manager who left by that day.
    """
    lock_structure()
    lock(person)
    if person.left_on is not None and on > person.left_on:
        raise Invalid(_("%(name)s has left by that day.", name=person.name), "on")
    if manager is not None and manager.left_on is not None and on > manager.left_on:
        raise Invalid(_("%(name)s has left by that day.", name=manager.name), "manager")
    before = line_spans(person.id)
    key = manager.id if manager else NOBODY
    new = timeline.changed(before, key, on, until=person.left_on)
    after = [span for span in new if span.value != NOBODY]
    if before == after:
        return False
    if manager is not None:
        _refuse_circle(person, manager, next(span for span in new if span.covers(on)))
    write_lines(person, before, after)
    record(
        "person.manager_set",
        person,
        actor_id=by_id,
        manager_id=manager.id if manager else None,
        manager=manager.name if manager else None,
        on=on.isoformat(),
    )
    changes.announce("people", people=[person.id])
    return True


def lock(row: Person | Team) -> None:
    """Make others wait, and read afresh what they may have changed meanwhile."""
    db.session.flush()
    kind = type(row)
    afresh = select(kind).where(kind.id == row.id).with_for_update()
    db.session.scalars(afresh.execution_options(populate_existing=True)).one()


def _refuse_circle(person: Person, manager: Person, span: Span) -> None:
    days = func.daterange(literal(span.first), literal(span.last), "[]")
    line = select(ReportingLine.person_id, ReportingLine.manager_id).where(
        func.daterange(ReportingLine.starts_on, ReportingLine.ends_on, "[]").op("&&")(days)
    )
    lines = line.subquery()
    above = select(literal(manager.id, BigInteger).label("id")).cte("above", recursive=True)
    above = above.union(select(lines.c.manager_id).join(above, lines.c.person_id == above.c.id))
    if db.session.scalar(select(above.c.id).where(above.c.id == person.id)) is not None:
        raise Invalid(
            _("%(manager)s already reports to %(name)s.", manager=manager.name, name=person.name), "manager"
        )


def membership_spans(person_id: int) -> list[Span]:
    rows = db.session.execute(
        select(Membership.starts_on, Membership.ends_on, Membership.team_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.starts_on)
    )
    return [Span(*row) for row in rows]


def line_spans(person_id: int) -> list[Span]:
    rows = db.session.execute(
        select(ReportingLine.starts_on, ReportingLine.ends_on, ReportingLine.manager_id)
        .where(ReportingLine.person_id == person_id)
        .order_by(ReportingLine.starts_on)
    )
    return [Span(*row) for row in rows]


def write_memberships(person: Person, before: Sequence[Span], after: Sequence[Span]) -> None:
    """Make the rows say `after`, and today's team follow."""
    _write(Membership, "team_id", person.id, before, after)
    person.team_id = timeline.value_on(after, clock.today()) or person.team_id


def write_lines(person: Person, before: Sequence[Span], after: Sequence[Span]) -> None:
    """Make the rows say `after`, and today's manager follow: before the first day of work the first; who
    left keeps the last.
    """
    _write(ReportingLine, "manager_id", person.id, before, after)
    today = clock.today()
    if person.left_on is None or person.left_on >= today:
        person.manager_id = next(
            (span.value for span in after if span.last is None or span.last >= today), None
        )


def _rows_of(table: type[Membership] | type[ReportingLine], person_id: int) -> Any:
    return select(table).where(table.person_id == person_id)


def _write(
    table: type[Membership] | type[ReportingLine],
    column: str,
    person_id: int,
    before: Sequence[Span],
    after: Sequence[Span],
) -> None:
    """First what makes room, then what takes it: no moment with an overlap."""
    wanted = {span.first: span for span in after}
    rows: dict[date, Membership | ReportingLine] = {}
    if before:
        rows = {row.starts_on: row for row in db.session.scalars(_rows_of(table, person_id))}
    for first, row in rows.items():
        if first not in wanted:
            db.session.delete(row)
    db.session.flush()
    growing = []
    for first, row in rows.items():
        if span := wanted.get(first):
            setattr(row, column, span.value)
            if span.last is not None and (row.ends_on is None or span.last <= row.ends_on):
                row.ends_on = span.last
            else:
                growing.append((row, span))
    db.session.flush()
    for row, span in growing:
        row.ends_on = span.last
    for span in after:
        if span.first not in rows:
            values = {column: span.value}
            db.session.add(table(person_id=person_id, starts_on=span.first, ends_on=span.last, **values))
    db.session.flush()
