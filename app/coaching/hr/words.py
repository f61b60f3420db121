"""What an HR case says of itself, in the reader's language."""

from flask_babel import gettext as _

from app.coaching.hr import queries
from app.coaching.models import HrCase, HrCaseStatus, HrOutcome
from app.core.formats import day
from app.core.viewer import Viewer
from app.diagnosis.models import Cause
from app.goals import queries as goals
from app.goals.words import period_name
from app.metrics import queries as metrics


def status(case: HrCase) -> str:
    words = {
        HrCaseStatus.WAITS_FOR_REPLY: _("The person may reply until %(day)s", day=day(case.reply_until)),
        HrCaseStatus.WAITS_FOR_APPROVAL: _("Waits for a second person"),
        HrCaseStatus.OPEN: _("Approved: to be decided"),
        HrCaseStatus.DECIDED: _("Decided"),
        HrCaseStatus.WITHDRAWN: _("Withdrawn"),
    }
    return str(words[case.status])


def outcome(chosen: HrOutcome) -> str:
    words = {
        HrOutcome.MORE_SUPPORT: _("More support"),
        HrOutcome.OTHER_ROLE: _("Another role"),
        HrOutcome.OTHER_TERRITORY: _("Another territory"),
        HrOutcome.IMPROVEMENT_AGREEMENT: _("An agreement on how to go on"),
        HrOutcome.OTHER: _("Something else"),
    }
    return str(words[chosen])


def outcomes() -> list[tuple[str, str]]:
    return [(chosen.value, outcome(chosen)) for chosen in HrOutcome]


def cause(found: Cause | None) -> str:
    words = {
        Cause.PRODUCT: _("the product"),
        Cause.PRICE: _("the price"),
        Cause.DELIVERY: _("delivery"),
        Cause.SERVICE: _("customer service"),
        Cause.MARKETING: _("marketing"),
        Cause.TRAINING: _("training"),
        Cause.CAPABILITY: _("the person's own way of selling"),
        Cause.NONE: _("ordinary variation"),
    }
    return str(words[found]) if found else "–"


def evidence(viewer: Viewer, person_id: int) -> list[queries.Evidence]:
    """What HR can say to have looked at: the finished plans and the diagnoses."""
    names = {metric.id: metric.label() for metric in metrics.metrics(with_hidden=True)}
    periods = {period.id: period for period in goals.periods_of()}
    found = [
        queries.Evidence(
            "plan",
            plan.id,
            _(
                "Plan: %(metric)s, %(first)s to %(last)s",
                metric=names.get(plan.metric_id, ""),
                first=day(plan.starts_on),
                last=day(plan.completed_on or plan.ends_on),
            ),
        )
        for plan in queries.readiness(viewer, person_id).plans
    ]
    found += [
        queries.Evidence(
            "diagnosis",
            diagnosis.id,
            _(
                "Missed goal: %(metric)s, %(period)s: %(cause)s",
                metric=names.get(diagnosis.case.metric_id, ""),
                period=period_name(periods[diagnosis.case.period_id])
                if diagnosis.case.period_id in periods
                else "",
                cause=cause(diagnosis.main_cause),
            ),
        )
        for diagnosis in queries.diagnoses_of(person_id)
    ]
    return found
