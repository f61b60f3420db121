"""Who may do what: one enum, one declaration a route, deny by default."""

import enum
from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Role(enum.StrEnum):
    REP = "rep"
    MANAGER = "manager"
    DEPARTMENT_LEAD = "department_lead"
    HR = "hr"
    EXECUTIVE = "executive"
    ADMIN = "admin"


class Permission(enum.StrEnum):
    """A verb on a thing. Which records it reaches is the scoped query's part."""

    OWN_ACCOUNT = "own_account"  # own preferences, own sessions, own inbox
    HOME_VIEW = "home_view"
    PEOPLE_VIEW = "people_view"  # names, teams: the directory
    PEOPLE_MANAGE = "people_manage"
    DAYS_OFF_MANAGE = "days_off_manage"  # of those in one's sight
    COMPANY_MANAGE = "company_manage"
    AUDIT_VIEW = "audit_view"
    MAIL_VIEW = "mail_view"  # mails kept because no SMTP server is set
    IMPORT_RUN = "import_run"
    CATALOGUE_MANAGE = "catalogue_manage"  # products, exchange rates
    SALES_VIEW = "sales_view"
    SALES_RECORD = "sales_record"
    SALES_CHANGE = "sales_change"  # decide, correct, split, void: own ones, while they are fresh
    SALES_CORRECT = "sales_correct"  # the same for everybody in one's sight, at any time
    PROCESS_ADVANCE = "process_advance"  # promised, delivered, followed up
    METRICS_MANAGE = "metrics_manage"
    GOALS_VIEW = "goals_view"
    GOALS_ANSWER = "goals_answer"
    GOALS_MANAGE = "goals_manage"
    PERIODS_MANAGE = "periods_manage"
    STANDINGS_VIEW = "standings_view"
    TV_MANAGE = "tv_manage"


_EVERYBODY = {
    Permission.OWN_ACCOUNT,
    Permission.HOME_VIEW,
    Permission.PEOPLE_VIEW,
    Permission.STANDINGS_VIEW,
    Permission.GOALS_VIEW,
    Permission.GOALS_ANSWER,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.REP: frozenset(
        _EVERYBODY
        | {
            Permission.SALES_VIEW,
            Permission.SALES_RECORD,
            Permission.SALES_CHANGE,
            Permission.PROCESS_ADVANCE,
        }
    ),
    Role.MANAGER: frozenset(
        _EVERYBODY
        | {
            Permission.DAYS_OFF_MANAGE,
            Permission.SALES_VIEW,
            Permission.SALES_RECORD,
            Permission.SALES_CHANGE,
            Permission.SALES_CORRECT,
            Permission.PROCESS_ADVANCE,
            Permission.GOALS_MANAGE,
            Permission.TV_MANAGE,
        }
    ),
    Role.DEPARTMENT_LEAD: frozenset(
        _EVERYBODY | {Permission.DAYS_OFF_MANAGE, Permission.SALES_VIEW, Permission.PROCESS_ADVANCE}
    ),
    Role.HR: frozenset(_EVERYBODY | {Permission.DAYS_OFF_MANAGE}),
    Role.EXECUTIVE: frozenset(
        _EVERYBODY | {Permission.SALES_VIEW, Permission.GOALS_MANAGE, Permission.TV_MANAGE}
    ),
    Role.ADMIN: frozenset(
        _EVERYBODY
        | {
            Permission.DAYS_OFF_MANAGE,
            Permission.PEOPLE_MANAGE,
            Permission.COMPANY_MANAGE,
            Permission.AUDIT_VIEW,
            Permission.MAIL_VIEW,
            Permission.IMPORT_RUN,
            Permission.CATALOGUE_MANAGE,
            Permission.SALES_VIEW,
            Permission.SALES_CHANGE,
            Permission.SALES_CORRECT,
            Permission.PROCESS_ADVANCE,
            Permission.METRICS_MANAGE,
            Permission.GOALS_MANAGE,
            Permission.PERIODS_MANAGE,
            Permission.TV_MANAGE,
        }
    ),
}


def allows(role: Role, permission: Permission) -> bool:
    return permission in GRANTS[role]


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare what a route needs; checked before the view runs."""

    def declare(view: View) -> View:
        view.__permission__ = permission  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return declare


def public(view: View) -> View:
    """Declare that a route is for everybody, signed in or not."""
    view.__permission__ = None  # type: ignore[attr-defined]  # functions carry attributes
    return view
