"""The sales one may see, one sale, and what is done to it."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import DomainError, Forbidden, Invalid
from app.core.hx import page_or_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.sales import activities, operations, queries
from app.sales.changing import Outdated
from app.sales.forms import (
    ActivityForm,
    CreditForm,
    DecisionForm,
    ReasonForm,
    StepForm,
    fill_choices,
    in_minor,
    refuse,
    shares_in,
    version_of,
)
from app.sales.routes.answers import changed, context, found, refused
from app.sales.routes.lists import asked, links, page_number
from app.sales.routes.reading import correction_of, stated
from app.sales.steps import DATES

bp = Blueprint("sales", __name__)


@bp.get("/sales")
@requires(Permission.SALES_VIEW)
def index() -> ResponseReturnValue:
    viewer, rules, wanted = the_viewer(), queries.rules(), asked()
    page = queries.page_of_sales(viewer, wanted, rules, page_number())
    return render_template(
        "sales/index.html",
        page=page,
        wanted=wanted,
        sums=queries.sums_of(viewer, wanted, rules),
        people=queries.people_in_sales(viewer),
        teams=queries.team_choices(viewer),
        products=queries.product_names(),
        sources=queries.lead_source_names(),
        rules=rules,
        **links(page),
    )


@bp.get("/sales/<int:sale_id>")
@requires(Permission.SALES_VIEW)
def show(sale_id: int) -> ResponseReturnValue:
    return page_or_fragment("sales/show.html", "sales/_sale.html", **context(found(sale_id)))


@bp.post("/sales/<int:sale_id>/decision")
@requires(Permission.SALES_CHANGE)
def decide(sale_id: int) -> ResponseReturnValue:
    sale = found(sale_id)
    form = DecisionForm()
    if sale.stage == "open" and not _rights(sale).decide:
        raise Forbidden
    if not form.validate():
        return refused(sale, 422, decision_form=form)
    try:
        operations.decide_sale(
            sale,
            queries.Stage(form.stage.data),
            by_id=the_viewer().person_id,
            on=form.on.data,
            amount=in_minor(form.amount.data, sale.currency, "amount"),
            lost_reason=form.reason,
            version=version_of(form),
        )
    except DomainError as error:
        return _declined(sale, error, form, "decision_form")
    is_won = sale.stage == "won"
    return changed(
        sale, _("Won. It counts from now on.") if is_won else _("Saved as lost."), kind=_kind(is_won)
    )


@bp.post("/sales/<int:sale_id>/steps")
@requires(Permission.PROCESS_ADVANCE)
def advance(sale_id: int) -> ResponseReturnValue:
    sale = found(sale_id)
    form = StepForm()
    if not form.validate():
        return refused(sale, 422, step_form=form)
    if form.step.data not in _rights(sale).steps:
        raise Forbidden
    try:
        take_step(sale, form)
    except DomainError as error:
        return _declined(sale, error, form, "step_form")
    return changed(sale, _("Saved."))


def take_step(sale: queries.Sale, form: StepForm) -> None:
    given: dict[str, Any] = {DATES[form.step.data]: form.on.data or clock.today()}
    if form.satisfaction.data:
        given["satisfaction"] = form.satisfaction.data
    version = version_of(form)
    try:
        operations.advance_sale(sale, by_id=the_viewer().person_id, version=version, **given)
    except Invalid as error:
        raise Invalid(error.message, "on" if error.field in given else error.field) from None


@bp.route("/sales/<int:sale_id>/correction", methods=["GET", "POST"])
@requires(Permission.SALES_CHANGE)
def correct(sale_id: int) -> ResponseReturnValue:
    sale = found(sale_id)
    if not _rights(sale).correct:
        raise Forbidden
    viewer = the_viewer()
    form = correction_of(sale, request.form or None)
    people = queries.people_choices(viewer, including=sale.rep_id)
    products = queries.product_choices(sale.rep_id, including=sale.product_id)
    fill_choices(form, products, queries.currencies(sale.currency), people=people, is_new=False)
    theirs = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                rep_id = form.rep_id.data if form.rep_id.data in dict(people) else sale.rep_id
                operations.correct_sale(
                    sale,
                    stated(form, form.currency.data or sale.currency),
                    by_id=viewer.person_id,
                    reason=form.why.data or "",
                    version=version_of(form),
                    rep_id=rep_id,
                )
            except Outdated as error:
                status, theirs = 409, queries.history_of(found(sale_id))[0]
                form.version.data = str(found(sale_id).version)
                form.form_errors.append(str(error.message))
            except DomainError as error:
                status = error.status
                refuse(form, error)
            else:
                return changed(sale, _("Corrected. The history keeps what it said before."))
    page = render_template(
        "sales/correction.html",
        form=form,
        sale=found(sale_id),
        theirs=theirs,
        names=queries.customer_hints("", sale.rep_id),
        sources=[name for _, name in queries.lead_source_names()],
        techniques=queries.technique_names(),
    )
    return make_response(page, status)


@bp.route("/sales/<int:sale_id>/credits", methods=["GET", "POST"])
@requires(Permission.SALES_CHANGE)
def split(sale_id: int) -> ResponseReturnValue:
    sale = found(sale_id)
    if not _rights(sale).correct:
        raise Forbidden
    viewer = the_viewer()
    form = CreditForm()
    held, theirs = queries.credits_of(sale), None
    if request.method == "GET":
        form.fill(sale.version, [(row.person_id, row.share) for row in held])
    people = queries.people_choices(viewer, everybody=True)
    form.choose([*people, *((row.person_id, row.name) for row in held if row.person_id not in dict(people))])
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                operations.set_credits(
                    sale,
                    shares_in(form),
                    by_id=viewer.person_id,
                    reason=form.reason.data or None,
                    version=version_of(form),
                )
            except DomainError as error:
                status = error.status
                refuse(form, error)
                if isinstance(error, Outdated):
                    form.version.data, theirs = str(sale.version), queries.history_of(sale)[0]
            else:
                return changed(sale, _("The credit is split."))
    return make_response(render_template("sales/credits.html", form=form, sale=sale, theirs=theirs), status)


@bp.route("/sales/<int:sale_id>/void", methods=["GET", "POST"])
@requires(Permission.SALES_CHANGE)
def void(sale_id: int) -> ResponseReturnValue:
    return _with_reason(sale_id, "void")


@bp.route("/sales/<int:sale_id>/restoration", methods=["GET", "POST"])
@requires(Permission.SALES_CORRECT)
def restore(sale_id: int) -> ResponseReturnValue:
    return _with_reason(sale_id, "restore")


@bp.route("/sales/<int:sale_id>/cancellation", methods=["GET", "POST"])
@requires(Permission.SALES_CHANGE)
def cancel(sale_id: int) -> ResponseReturnValue:
    return _with_reason(sale_id, "cancel")


def _with_reason(sale_id: int, what: str) -> ResponseReturnValue:
    """The three changes that are one reason and one button."""
    sale, by_id = found(sale_id), the_viewer().person_id
    rights = _rights(sale)
    if not {"void": rights.correct, "restore": rights.restore, "cancel": rights.cancel}[what]:
        raise Forbidden
    form = ReasonForm(version=sale.version, on=clock.today())
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            reason, version = form.reason.data or "", version_of(form)
            try:
                if what == "void":
                    operations.void_sale(sale, by_id=by_id, reason=reason, version=version)
                    return changed(sale, _("Voided. It counts nowhere any more."))
                if what == "restore":
                    operations.restore_sale(sale, by_id=by_id, reason=reason, version=version)
                    return changed(sale, _("Restored. It counts again."))
                on = form.on.data or clock.today()
                operations.advance_sale(sale, by_id=by_id, reason=reason, version=version, cancelled_on=on)
                return changed(sale, _("Cancelled."))
            except DomainError as error:
                status = error.status
                if isinstance(error, Invalid) and error.field == "cancelled_on":
                    error = Invalid(error.message, "on")
                refuse(form, error)
    return make_response(render_template("sales/reason.html", form=form, sale=sale, what=what), status)


@bp.post("/sales/<int:sale_id>/undo")
@requires(Permission.PROCESS_ADVANCE)
def undo(sale_id: int) -> ResponseReturnValue:
    sale = found(sale_id)
    try:
        operations.undo(sale, by_id=the_viewer().person_id)
    except DomainError as error:
        return refused(sale, error.status, notice=error.message)
    return changed(sale, _("Undone."), can_undo=False)


@bp.post("/sales/<int:sale_id>/activities")
@requires(Permission.SALES_RECORD)
def log(sale_id: int) -> ResponseReturnValue:
    sale = found(sale_id)
    form = ActivityForm()
    if not _rights(sale).log:
        raise Forbidden
    if not form.validate():
        return refused(sale, 422, activity_form=form)
    try:
        activities.record_activity(
            queries.ActivityKind(form.kind.data),
            person_id=the_viewer().person_id,
            by_id=the_viewer().person_id,
            on=form.happened_on.data,
            sale=sale,
            note=form.note.data,
            key=form.key.key,
        )
    except DomainError as error:
        return _declined(sale, error, form, "activity_form")
    return changed(sale, _("Saved."), can_undo=False)


def _rights(sale: queries.Sale) -> queries.Rights:
    return queries.rights_on(the_viewer(), sale, queries.rules())


def _kind(is_won: bool) -> str:
    return "celebrate" if is_won else "good"


def _declined(sale: queries.Sale, error: DomainError, form: Any, name: str) -> ResponseReturnValue:
    """The operation said no: an outdated form meets the sale as it is now, any other its complaint."""
    if isinstance(error, Outdated):
        return refused(found(sale.id), error.status, notice=error.message)
    refuse(form, error)
    return refused(found(sale.id), error.status, **{name: form})
