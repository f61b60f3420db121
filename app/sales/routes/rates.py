"""Exchange rates by day."""

from decimal import Decimal

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.errors import DomainError
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.sales import queries, revaluation
from app.sales.closed_days import ClosedDay
from app.sales.forms import RateForm, refuse

bp = Blueprint("rates", __name__)


@bp.get("/rates")
@requires(Permission.CATALOGUE_MANAGE)
def index() -> ResponseReturnValue:
    return _page(RateForm(formdata=None, starts_on=clock.today()))


@bp.post("/rates")
@requires(Permission.CATALOGUE_MANAGE)
def create() -> ResponseReturnValue:
    form = RateForm()
    if not form.validate():
        return _page(form, 422)
    try:
        changed = revaluation.set_rate(
            (form.currency.data or "").strip().upper(),
            form.starts_on.data or clock.today(),
            form.rate.data or Decimal(0),
            by_id=the_viewer().person_id,
        )
    except DomainError as error:
        refuse(form, error)
        return _page(form, error.status)
    flash(_revalued(changed), "good")
    return redirect(url_for("rates.index"), 303)


@bp.post("/rates/<int:rate_id>/removal")
@requires(Permission.CATALOGUE_MANAGE)
def remove(rate_id: int) -> ResponseReturnValue:
    rate = queries.rate_for(rate_id)
    try:
        changed = revaluation.remove_rate(rate.currency, rate.starts_on, by_id=the_viewer().person_id)
    except ClosedDay:
        raise
    except DomainError as error:
        flash(str(error.message), "danger")
    else:
        flash(_revalued(changed), "good")
    return redirect(url_for("rates.index"), 303)


def _revalued(changed: int) -> str:
    if not changed:
        return str(_("Saved. No sale is worth anything else."))
    return str(ngettext("Saved. %(num)s sale was revalued.", "Saved. %(num)s sales were revalued.", changed))


def _page(form: RateForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "sales/rates.html", form=form, rates=queries.rates(), counts=queries.sales_by_currency()
    )
    return make_response(page, status)
