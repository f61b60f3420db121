from flask_babel import gettext as _

from app.admin import queries
from app.core.audit import record
from app.core.errors import Invalid
from app.core.mail import OutgoingMail
from app.core.transactions import atomic
from app.people.company import settings
from app.people.operations import CompanyFacts, found_company


@atomic
def set_company(facts: CompanyFacts, *, by_id: int) -> None:
    """Raises Invalid where figures that are kept already would mean something else afterwards."""
    now = settings()
    if now is not None and facts.currency != now.currency and queries.has_sales():
        raise Invalid(
            _("There are sales in %(currency)s already, so the currency stays.", currency=now.currency),
            "currency",
        )
    if (
        now is not None
        and facts.fiscal_start_month != now.fiscal_start_month
        and queries.has_goals_beyond_months()
    ):
        raise Invalid(
            _("There are goals for quarters or years already, so the business year stays."),
            "fiscal_start_month",
        )
    found_company(facts, by_id=by_id)


@atomic
def read_mail(mail: OutgoingMail, *, by_id: int) -> str | None:
    """The text of a kept mail. It may open somebody's account: reading it is in the audit."""
    if mail.body is not None:
        record("mail.read", mail, actor_id=by_id, to=mail.to, about=mail.subject)
    return mail.body
