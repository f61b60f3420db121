"""What the room's stages, reasons and steps are called; lazily, in each reader's language."""

from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import get_locale, lazy_pgettext
from flask_babel import lazy_gettext as _l

STAGES = {
    "open": lazy_pgettext("sale", "Open"),
    "won": lazy_pgettext("sale", "Won"),
    "lost": lazy_pgettext("sale", "Lost"),
}
CANCELLED = lazy_pgettext("sale", "Cancelled")
VOIDED = lazy_pgettext("sale", "Voided")

LOST_REASONS = {
    "price": _l("Price"),
    "product": _l("Product"),
    "competitor": _l("Competitor"),
    "no_decision": _l("No decision"),
    "delivery": _l("Delivery"),
    "service": _l("Service"),
}

KINDS = {"call": _l("Call"), "meeting": _l("Meeting"), "demo": _l("Demo")}

# What a step is called, what waiting for it is, what doing it is.
STEPS = {
    "promise": _l("Delivery promised"),
    "deliver": lazy_pgettext("sale", "Delivered"),
    "follow_up": lazy_pgettext("sale", "Followed up"),
}
WAITING = {
    "decide": _l("To be decided"),
    "promise": _l("To be promised"),
    "deliver": _l("To be delivered"),
    "follow_up": _l("To be followed up"),
}
DOING = {
    "promise": _l("Promise the delivery"),
    "deliver": _l("Mark as delivered"),
    "follow_up": _l("Mark as followed up"),
}
STATIONS = {
    "open": lazy_pgettext("sale", "Opened"),
    "decide": _l("Decision"),
    "won": STAGES["won"],
    "lost": STAGES["lost"],
    "cancelled": CANCELLED,
    "promise": _l("Promise of delivery"),
    "deliver": _l("Delivery"),
    "follow_up": _l("Follow-up"),
}

# What a change was, in the history.
CHANGES = {
    "recorded": lazy_pgettext("sale", "Recorded"),
    "won": STAGES["won"],
    "lost": STAGES["lost"],
    "voided": VOIDED,
    "restored": lazy_pgettext("sale", "Restored"),
    "cancelled": CANCELLED,
    "advanced": _l("A step on"),
    "credited": _l("Credit split"),
    "revalued": _l("Exchange rate changed"),
    "corrected": lazy_pgettext("sale", "Corrected"),
}

COLUMNS = {
    "rep_id": _l("Rep"),
    "product_id": _l("Product"),
    "customer_id": _l("Customer"),
    "lead_source_id": _l("Lead source"),
    "stage": _l("Stage"),
    "opened_on": _l("Opened on"),
    "closed_on": _l("Decided on"),
    "quantity": _l("Quantity"),
    "list_price": _l("List price"),
    "amount": _l("Amount"),
    "currency": _l("Currency"),
    "rate": _l("Exchange rate"),
    "value": _l("Value"),
    "lost_reason": _l("Why it was lost"),
    "promised_on": _l("Delivery promised for"),
    "delivered_on": _l("Delivered on"),
    "followed_up_on": _l("Followed up on"),
    "cancelled_on": _l("Cancelled on"),
    "satisfaction": _l("Satisfaction"),
    "techniques": _l("Techniques"),
    "note": _l("Note"),
    "voided_at": VOIDED,
    "credits": _l("Credit"),
}


def lost_reason(reason: str | None) -> object:
    """A known reason in the reader's language, any other as it was written."""
    return LOST_REASONS.get(reason or "", reason or "")


def rate(value: Decimal | str) -> str:
    """An exchange rate with the decimals that it has, at least two."""
    return str(format_decimal(Decimal(value), format="#,##0.00########", locale=get_locale() or "en_US"))
