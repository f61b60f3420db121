"""From a form to what somebody says of a sale, and back."""

from typing import Any

from flask_babel import gettext as _

from app.core.errors import Invalid
from app.sales import words
from app.sales.forms import CorrectionForm, SaleForm, in_minor, major
from app.sales.queries import Sale, Stage
from app.sales.said import Said


def stated(form: SaleForm, currency: str) -> Said:
    """Raises Invalid with the field."""
    product_id = form.product_id
    if product_id is None:
        raise Invalid(_("Choose a product."), "product")
    stage = Stage(form.stage.data)
    said = Said(
        product_id=product_id,
        stage=stage,
        customer=form.customer.data or "",
        lead_source=form.lead_source.data or "",
        opened_on=form.opened_on.data,
        closed_on=form.closed_on.data if stage != Stage.OPEN else None,
        quantity=form.quantity.data or 1,
        amount=in_minor(form.amount.data, currency, "amount"),
        currency=currency,
        lost_reason=form.reason if stage == Stage.LOST else None,
        techniques=form.technique_list,
        note=form.note.data,
    )
    if isinstance(form, CorrectionForm) and stage == Stage.WON:
        said.promised_on = form.promised_on.data
        said.delivered_on = form.delivered_on.data
        said.followed_up_on = form.followed_up_on.data
        said.cancelled_on = form.cancelled_on.data
        said.satisfaction = form.satisfaction.data
    return said


def correction_of(sale: Sale, given: Any) -> CorrectionForm:
    """The form with what the sale says now, or with what was posted."""
    known = sale.lost_reason in words.LOST_REASONS
    return CorrectionForm(
        given,
        version=sale.version,
        customer=sale.customer.name if sale.customer else "",
        other_product=sale.product_id,
        stage=sale.stage.value,
        amount=major(sale.amount, sale.currency),
        lost_reason=sale.lost_reason if known else None,
        lost_text=None if known else sale.lost_reason,
        quantity=sale.quantity,
        closed_on=sale.closed_on,
        opened_on=sale.opened_on,
        currency=sale.currency,
        lead_source=sale.lead_source.name if sale.lead_source else "",
        techniques=", ".join(sale.techniques),
        note=sale.note,
        rep_id=sale.rep_id,
        promised_on=sale.promised_on,
        delivered_on=sale.delivered_on,
        followed_up_on=sale.followed_up_on,
        cancelled_on=sale.cancelled_on,
        satisfaction=sale.satisfaction,
    )
