"""A new sale, in seconds."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import DomainError, Invalid
from app.core.hx import fragment, is_htmx
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.people.company import the_company
from app.sales import operations, queries
from app.sales.forms import SaleForm, fill_choices, major, refuse
from app.sales.routes.reading import stated

bp = Blueprint("record", __name__)

CHIPS = 6


@bp.get("/sales/new")
@requires(Permission.SALES_RECORD)
def new() -> ResponseReturnValue:
    form = _with_choices(SaleForm(request.args if "product" in request.args else None))
    return render_template("sales/new.html", form=form, **_context(form))


@bp.post("/sales")
@requires(Permission.SALES_RECORD)
def create() -> ResponseReturnValue:
    viewer = the_viewer()
    form = _without_choices(SaleForm())
    if not form.validate():
        return _refused(_with_choices(form), 422)
    try:
        product = queries.product_chosen(form.product_id)
        said = stated(form, _currency(form, product))
        if said.amount is None:
            said.amount = queries.list_amount(form.product_id, form.quantity.data or 1, said.currency)
        rep_id = form.rep_id.data or viewer.person_id
        if rep_id != viewer.person_id and rep_id not in dict(queries.people_choices(viewer)):
            raise Invalid(_("Choose people of this company."), "rep_id")
        sale = operations.record_sale(
            said, rep_id=rep_id, by_id=viewer.person_id, key=form.key.key, product=product
        )
    except DomainError as error:
        refuse(form, error)
        return _refused(_with_choices(form), error.status)
    if sale.voided_at is not None:  # the form came again
        flash(_("This sale was recorded before and voided since: it does not count."), "info")
    else:
        toast = {"message": _saved(sale), "undo_url": url_for("sales.undo", sale_id=sale.id)}
        flash(toast, "celebrate" if sale.stage == "won" else "good")  # type: ignore[arg-type]  # with its undo
    url = url_for("sales.show", sale_id=sale.id)
    if is_htmx():
        headers = {"HX-Redirect": url, "HX-Trigger": f'{{"results:recorded": {{"sale": {sale.id}}}}}'}
        return "", 204, headers
    return redirect(url, 303)


@bp.get("/sales/new/customers")
@requires(Permission.SALES_RECORD)
def customers() -> ResponseReturnValue:
    if not is_htmx():
        return redirect(url_for("record.new"))
    names = queries.customer_hints(request.args.get("customer", ""), the_viewer().person_id)
    return fragment("sales/_customers.html", names=names)


@bp.get("/sales/new/amount")
@requires(Permission.SALES_RECORD)
def amount() -> ResponseReturnValue:
    """The amount as the list price has it, unless the rep has typed another."""
    if not is_htmx():
        return redirect(url_for("record.new"))
    form = _with_choices(SaleForm(request.args))
    currency = _currency(form, queries.product_chosen(form.product_id))
    if not form.amount.raw or form.amount.raw == form.prefilled.data:
        quantity = form.quantity.data or 1
        proposed = queries.list_amount(form.product_id, max(1, quantity), currency)
        form.amount.raw, form.amount.data = "", major(proposed, currency)
        form.prefilled.data = form.amount._value()
    return fragment("sales/_amount.html", form=form, currency=currency)


def _refused(form: SaleForm, status: int) -> ResponseReturnValue:
    template = "sales/_new.html" if is_htmx() else "sales/new.html"
    return make_response(render_template(template, form=form, **_context(form)), status)


def _saved(sale: queries.Sale) -> Any:
    if sale.stage == "won":
        return _("Won. It counts from now on.")
    return _("Saved as open.") if sale.stage == "open" else _("Saved as lost.")


def _with_choices(form: SaleForm) -> SaleForm:
    viewer = the_viewer()
    products = queries.product_choices(viewer.person_id)
    fill_choices(form, products, queries.currencies(), people=queries.people_choices(viewer), chips=CHIPS)
    form.rep_id.data = form.rep_id.data or viewer.person_id
    return form


def _without_choices(form: SaleForm) -> SaleForm:
    """For a form that is read, not shown: what may be chosen is the operation's to say."""
    fill_choices(form, (), (), people=())
    return form


def _currency(form: SaleForm, product: queries.ProductChoice | None) -> str:
    """What is chosen, else the one that the product is priced in."""
    if form.currency.data and form.currency.data in queries.currencies():
        return str(form.currency.data)
    return product.currency if product is not None else the_company().currency


def _context(form: SaleForm) -> dict[str, Any]:
    return {
        "currency": _currency(form, queries.product_chosen(form.product_id)),
        "names": queries.customer_hints("", the_viewer().person_id),
        "sources": [name for _, name in queries.lead_source_names()],
        "techniques": queries.technique_names(),
        "today": clock.today(),
    }
