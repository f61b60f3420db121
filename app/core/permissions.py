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
    ADJUSTMENTS_ASK = "adjustments_ask"  # a change of what a closed period came to
    ADJUSTMENTS_DECIDE = "adjustments_decide"  # never one's own
    TRAINING_VIEW = "training_view"  # courses, own progress
    TRAINING_ASSIGN = "training_assign"  # to those in one's sight; who is overdue
    TRAINING_MANAGE = "training_manage"  # courses, quizzes, requirements
    DIAGNOSIS_VIEW = "diagnosis_view"  # own cases, and those in one's sight
    FINDINGS_CONTEST = "findings_contest"  # of one's own case
    CONTESTS_ANSWER = "contests_answer"  # those one is named for
    REVIEWS_VIEW = (
        "reviews_view"  # root-cause reviews of one's department, team or company, or with an action
    )
    REVIEWS_ANSWER = "reviews_answer"  # for a department
    REVIEWS_DECIDE = "reviews_decide"  # whether a department's rejection stands: never one's own
    COACHING_VIEW = "coaching_view"  # own plans, sessions and notes
    COACHING_LEAD = "coaching_lead"  # coach those who report to one
    COACHING_TEMPLATES = "coaching_templates"  # templates and rules of steps and sessions
    COACHING_EFFECT = "coaching_effect"  # what helps, over the company: never a note
    HR_CASES_VIEW = "hr_cases_view"  # own, to reply; as the person's manager; HR
    HR_CASES_MANAGE = "hr_cases_manage"
    HR_CASES_APPROVE = "hr_cases_approve"  # outside the person's line


_EVERYBODY = {
    Permission.OWN_ACCOUNT,
    Permission.HOME_VIEW,
    Permission.PEOPLE_VIEW,
    Permission.STANDINGS_VIEW,
    Permission.GOALS_VIEW,
    Permission.GOALS_ANSWER,
    Permission.TRAINING_VIEW,
    Permission.DIAGNOSIS_VIEW,
    Permission.FINDINGS_CONTEST,
    Permission.HR_CASES_VIEW,
}
_COACHED = {Permission.COACHING_VIEW}  # everybody but the administrator, who never reads a note
_COACHES = {Permission.COACHING_LEAD, Permission.COACHING_TEMPLATES, Permission.TRAINING_ASSIGN}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.REP: frozenset(
        _EVERYBODY
        | _COACHED
        | {
            Permission.SALES_VIEW,
            Permission.SALES_RECORD,
            Permission.SALES_CHANGE,
            Permission.PROCESS_ADVANCE,
            Permission.ADJUSTMENTS_ASK,
            Permission.REVIEWS_VIEW,  # of the corrective actions they own
        }
    ),
    Role.MANAGER: frozenset(
        _EVERYBODY
        | _COACHED
        | _COACHES
        | {
            Permission.DAYS_OFF_MANAGE,
            Permission.SALES_VIEW,
            Permission.SALES_RECORD,
            Permission.SALES_CHANGE,
            Permission.SALES_CORRECT,
            Permission.PROCESS_ADVANCE,
            Permission.GOALS_MANAGE,
            Permission.TV_MANAGE,
            Permission.ADJUSTMENTS_ASK,
            Permission.ADJUSTMENTS_DECIDE,
            Permission.CONTESTS_ANSWER,
            Permission.REVIEWS_VIEW,
            Permission.REVIEWS_ANSWER,  # of the department they lead
            Permission.COACHING_EFFECT,
        }
    ),
    Role.DEPARTMENT_LEAD: frozenset(
        _EVERYBODY
        | _COACHED
        | _COACHES
        | {
            Permission.DAYS_OFF_MANAGE,
            Permission.SALES_VIEW,
            Permission.PROCESS_ADVANCE,
            Permission.ADJUSTMENTS_ASK,
            Permission.CONTESTS_ANSWER,
            Permission.REVIEWS_VIEW,
            Permission.REVIEWS_ANSWER,
        }
    ),
    Role.HR: frozenset(
        _EVERYBODY
        | _COACHED
        | {
            Permission.DAYS_OFF_MANAGE,
            Permission.TRAINING_ASSIGN,
            Permission.TRAINING_MANAGE,
            Permission.CONTESTS_ANSWER,
            Permission.REVIEWS_VIEW,
            Permission.REVIEWS_ANSWER,  # for training
            Permission.REVIEWS_DECIDE,
            Permission.COACHING_EFFECT,
            Permission.HR_CASES_MANAGE,
            Permission.HR_CASES_APPROVE,
        }
    ),
    Role.EXECUTIVE: frozenset(
        _EVERYBODY
        | _COACHED
        | _COACHES
        | {
            Permission.SALES_VIEW,
            Permission.GOALS_MANAGE,
            Permission.TV_MANAGE,
            Permission.ADJUSTMENTS_ASK,
            Permission.ADJUSTMENTS_DECIDE,
            Permission.CONTESTS_ANSWER,
            Permission.REVIEWS_VIEW,
            Permission.REVIEWS_ANSWER,
            Permission.REVIEWS_DECIDE,
            Permission.COACHING_EFFECT,
            Permission.HR_CASES_APPROVE,
        }
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
            Permission.ADJUSTMENTS_ASK,
            Permission.ADJUSTMENTS_DECIDE,
            Permission.TRAINING_ASSIGN,
            Permission.TRAINING_MANAGE,
            Permission.REVIEWS_VIEW,
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
