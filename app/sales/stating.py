"""Between a sale and what somebody says of it."""

from flask_babel import gettext as _

from app.core import clock
from app.core.errors import Invalid
from app.extensions import db
from app.people.company import the_company
from app.sales import rates
from app.sales.customers import key_of, tidy
from app.sales.models import Customer, LeadSource, Sale, Stage
from app.sales.queries import ProductChoice, product_chosen
from app.sales.said import PROCESS, Said, check


def said_of(sale: Sale) -> Said:
    """What a sale says now, to be changed in part."""
    customer = db.session.get(Customer, sale.customer_id) if sale.customer_id else None
    source = db.session.get(LeadSource, sale.lead_source_id) if sale.lead_source_id else None
    return Said(
        product_id=sale.product_id,
        stage=sale.stage,
        customer=customer.name if customer else "",
        lead_source=source.name if source else "",
        opened_on=sale.opened_on,
        closed_on=sale.closed_on,
        quantity=sale.quantity,
        list_price=sale.list_price,
        amount=sale.amount,
        currency=sale.currency,
        lost_reason=sale.lost_reason,
        promised_on=sale.promised_on,
        delivered_on=sale.delivered_on,
        followed_up_on=sale.followed_up_on,
        cancelled_on=sale.cancelled_on,
        satisfaction=sale.satisfaction,
        techniques=list(sale.techniques),
        note=sale.note,
    )


def put(sale: Sale, said: Said, customer_id: int | None, product: ProductChoice | None = None) -> None:
    """Make the sale say it. What cannot be true together is refused with its field."""
    check(said)
    product = product or product_chosen(said.product_id)
    if product is None:
        raise Invalid(_("Choose a product."), "product_id")
    source = key_of(LeadSource, said.lead_source) if tidy(said.lead_source) else None
    currency = said.currency or the_company().currency
    closed_on = None if said.stage == Stage.OPEN else said.closed_on
    told = rates.worth(said.amount, currency, closed_on or said.opened_on or clock.today())
    list_price = said.list_price
    if list_price is None and (sale.product_id, sale.currency) == (product.id, currency):
        list_price = sale.list_price  # what it was when it was sold
    elif list_price is None and product.currency == currency:
        list_price = product.list_price
    # Asking is over: from here on nothing is flushed half done.
    sale.product_id, sale.customer_id, sale.lead_source_id = product.id, customer_id, source
    sale.stage, sale.opened_on, sale.closed_on = said.stage, said.opened_on, closed_on
    sale.currency, sale.rate, sale.value = currency, told.rate, told.value
    sale.quantity, sale.list_price, sale.amount = said.quantity, list_price, said.amount
    sale.lost_reason = (said.lost_reason or None) if said.stage == Stage.LOST else None
    for name in (*PROCESS, "cancelled_on", "satisfaction"):
        setattr(sale, name, getattr(said, name) if said.stage == Stage.WON else None)
    sale.techniques, sale.note = list(said.techniques), said.note or None
