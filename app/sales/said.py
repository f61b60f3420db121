"""What somebody says of a sale, and what of it cannot be true together."""

from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from app.core import clock
from app.core.errors import Invalid
from app.sales.models import Stage

PROCESS = ("promised_on", "delivered_on", "followed_up_on")


@dataclass(kw_only=True, slots=True)
class Said:
    """What somebody says of a sale; a correction states it all anew. Amounts in minor units of `currency`."""

    product_id: int
    stage: Stage = Stage.WON
    customer: str = ""
    lead_source: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    quantity: int = 1
    list_price: int | None = None
    amount: int | None = None
    currency: str = ""
    lost_reason: str | None = None
    promised_on: date | None = None
    delivered_on: date | None = None
    followed_up_on: date | None = None
    cancelled_on: date | None = None
    satisfaction: int | None = None
    techniques: list[str] = field(default_factory=list)
    note: str | None = None


def check(said: Said) -> None:
    """Raises Invalid with the field."""
    today = clock.today()
    if said.quantity < 1:
        raise Invalid(_("At least one."), "quantity")
    if said.amount is not None and said.amount < 0:
        raise Invalid(_("An amount is not negative."), "amount")
    if said.stage == Stage.WON and said.amount is None:
        raise Invalid(_("A won sale has an amount."), "amount")
    if said.opened_on and said.opened_on > today:
        raise Invalid(_("That day is still to come."), "opened_on")
    if said.stage == Stage.OPEN:
        return
    if said.closed_on is None:
        raise Invalid(_("Say on which day it was decided."), "closed_on")
    if said.closed_on > today:
        raise Invalid(_("That day is still to come."), "closed_on")
    if said.opened_on and said.closed_on < said.opened_on:
        raise Invalid(_("It was decided before it was opened."), "closed_on")
    if said.stage == Stage.LOST:
        return
    for name in (*PROCESS, "cancelled_on"):
        on = getattr(said, name)
        if on is not None and on < said.closed_on:
            raise Invalid(_("That is before the sale was won."), name)
        if on is not None and on > today and name != "promised_on":
            raise Invalid(_("That day is still to come."), name)
    if said.followed_up_on and said.delivered_on and said.followed_up_on < said.delivered_on:
        raise Invalid(_("That is before it was delivered."), "followed_up_on")
    if said.satisfaction is not None and not 1 <= said.satisfaction <= 5:
        raise Invalid(_("From 1 to 5."), "satisfaction")
