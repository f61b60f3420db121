"""The catalogue."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.people.company import the_company
from app.sales import catalogue, queries
from app.sales.forms import ProductForm, in_minor, major, refuse
from app.sales.routes.lists import links, page_number

bp = Blueprint("products", __name__)


@bp.get("/products")
@requires(Permission.CATALOGUE_MANAGE)
def index() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:100]
    page = queries.page_of_products(words, page_number())
    return render_template("sales/products.html", page=page, q=words, **links(page))


@bp.get("/products/new")
@requires(Permission.CATALOGUE_MANAGE)
def new() -> ResponseReturnValue:
    form = ProductForm(formdata=None, currency=the_company().currency)
    return render_template("sales/product.html", form=form, product=None)


@bp.post("/products")
@requires(Permission.CATALOGUE_MANAGE)
def create() -> ResponseReturnValue:
    return _save(None)


@bp.get("/products/<int:product_id>")
@requires(Permission.CATALOGUE_MANAGE)
def show(product_id: int) -> ResponseReturnValue:
    product = queries.product_for(product_id)
    form = ProductForm(formdata=None, obj=product, list_price=major(product.list_price, product.currency))
    form.list_price.data = major(product.list_price, product.currency)
    return render_template("sales/product.html", form=form, product=product)


@bp.post("/products/<int:product_id>")
@requires(Permission.CATALOGUE_MANAGE)
def update(product_id: int) -> ResponseReturnValue:
    return _save(product_id)


def _save(product_id: int | None) -> ResponseReturnValue:
    product = queries.product_for(product_id) if product_id is not None else None
    form, status = ProductForm(), 422
    if form.validate():
        try:
            currency = (form.currency.data or "").strip().upper()
            catalogue.save_product(
                product,
                code=form.code.data or "",
                name=form.name.data or "",
                series=form.series.data,
                list_price=in_minor(form.list_price.data, currency, "list_price"),
                currency=currency,
                is_active=form.is_active.data,
                by_id=the_viewer().person_id,
            )
        except DomainError as error:
            status = error.status
            refuse(form, error)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("products.index"), 303)
    return make_response(render_template("sales/product.html", form=form, product=product), status)
