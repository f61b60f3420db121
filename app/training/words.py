"""What places, origins, states and requirements are called."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext, lazy_pgettext, ngettext
from flask_babel import lazy_gettext as _l

from app.core.formats import day
from app.core.permissions import Role
from app.people.words import ROLES

PLACES = {
    "here": _l("Here: lessons, and a quiz where there is one"),
    "outside": _l("Elsewhere: somebody says here when it was completed"),
}
ORIGINS = {
    "requirement": _l("Required"),
    "manager": lazy_pgettext("course", "Assigned"),
    "plan": _l("From the coaching plan"),
    "own": _l("Taken up oneself"),
    "import": _l("From training records"),
}
STATES = {
    "all": _l("Everybody"),
    "overdue": _l("With something overdue"),
    "open": _l("With something to do"),
    "done": _l("All done"),
}


def role(value: str | None) -> Role | None:
    return Role(value) if value else None


def requirement(row: Any) -> str:
    """Whom it is required of, in one line: `Rep · Norte · sells Boots (12 months)`."""
    found = row.requirement
    parts = [str(ROLES[found.role])] if found.role else []
    parts += [row.team] if row.team else []
    if row.product:
        parts.append(
            ngettext(
                "sells %(product)s (a sale in the last month)",
                "sells %(product)s (a sale in the last %(num)s months)",
                found.sells_months,
                product=row.product,
            )
        )
    return " · ".join(parts) if parts else str(gettext("Everybody"))


def due(line: Any) -> str:
    """`Due today`, `Due in 3 days`, `Overdue since Nov 3`; empty where there is no day."""
    left = line.days_left
    if left is None or line.completed_on is not None:
        return ""
    if left < 0:
        return str(gettext("Overdue since %(day)s", day=day(line.due_on)))
    if left == 0:
        return str(gettext("Due today"))
    if left <= 30:
        return str(ngettext("Due tomorrow", "Due in %(num)s days", left))
    return str(gettext("Due on %(day)s", day=day(line.due_on)))


def steps(line: Any) -> str:
    """`2 of 5 steps`."""
    return str(ngettext("%(done)s of %(num)s step", "%(done)s of %(num)s steps", line.steps, done=line.done))


def last_day(expires_on: date) -> date:
    """On which it still counts."""
    return expires_on - timedelta(days=1)


def valid(months: int | None) -> str:
    if months is None:
        return str(gettext("Valid for good"))
    if months % 12 == 0:
        return str(ngettext("Valid for a year", "Valid for %(num)s years", months // 12))
    return str(ngettext("Valid for a month", "Valid for %(num)s months", months))
