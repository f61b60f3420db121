"""What roles, kinds and functions are called."""

from flask_babel import lazy_gettext as _l

from app.core.permissions import Role
from app.people.models import Function, TeamKind, Theme

ROLES = {
    Role.REP: _l("Rep"),
    Role.MANAGER: _l("Manager"),
    Role.DEPARTMENT_LEAD: _l("Department lead"),
    Role.HR: _l("HR partner"),
    Role.EXECUTIVE: _l("Executive"),
    Role.ADMIN: _l("Administrator"),
}

KINDS = {
    TeamKind.COMPANY: _l("Company"),
    TeamKind.DEPARTMENT: _l("Department"),
    TeamKind.TEAM: _l("Team"),
}

KINDS_BELOW = {kind: words for kind, words in KINDS.items() if kind is not TeamKind.COMPANY}

FUNCTIONS = {
    Function.SALES: _l("Sales"),
    Function.PRODUCTION: _l("Production"),
    Function.LOGISTICS: _l("Logistics"),
    Function.CUSTOMER_SERVICE: _l("Customer service"),
    Function.MARKETING: _l("Marketing"),
    Function.PRICING: _l("Pricing"),
    Function.HR: _l("Human resources"),
    Function.OTHER: _l("Other"),
}

STATES = {
    "active": _l("Working here"),
    "not_invited": _l("Not invited yet"),
    "invited": _l("Invited, not yet in"),
    "no_email": _l("Without e-mail"),
    "needs_manager": _l("Manager has left"),
    "left": _l("Left"),
}

THEMES = {
    Theme.AUTO: _l("Like my device"),
    Theme.LIGHT: _l("Light"),
    Theme.DARK: _l("Dark"),
}


def kind(value: str) -> TeamKind:
    return TeamKind(value)


def function(value: str) -> Function:
    return Function(value)
