"""HR cases: opened, answered, approved and decided by people."""

from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching.hr import operations, queries, words
from app.coaching.hr.forms import ApprovalForm, ApproverForm, OpenForm, OutcomeForm, ReplyForm, WithdrawForm
from app.core.choices import choices_of
from app.core.errors import DomainError, NotFound
from app.core.forms import Form
from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.people import queries as people

bp = Blueprint("hr_cases", __name__, url_prefix="/coaching/hr-cases")


@bp.get("")
@requires(Permission.HR_CASES_VIEW)
def index() -> ResponseReturnValue:
    viewer = the_viewer()
    is_hr = viewer.can(Permission.HR_CASES_MANAGE)
    return render_template(
        "coaching/hr/index.html",
        cases=queries.cases(viewer),
        tried=queries.ready_people(viewer) if is_hr else (),
        is_hr=is_hr,
    )


@bp.get("/new/<int:person_id>")
@requires(Permission.HR_CASES_MANAGE)
def new(person_id: int) -> ResponseReturnValue:
    return _new(person_id, _open_form(person_id))


@bp.post("/new/<int:person_id>")
@requires(Permission.HR_CASES_MANAGE)
def create(person_id: int) -> ResponseReturnValue:
    form = _open_form(person_id)
    if not form.validate():
        return _new(person_id, form, 422)
    chosen = [
        {"kind": one.kind, "id": one.id, "name": one.name}
        for one in _evidence(person_id)
        if f"{one.kind}-{one.id}" in (form.evidence.data or ())
    ]
    try:
        case = operations.open_case(
            person_id, reasons=form.reasons.data or "", evidence=chosen, by=the_viewer(), key=form.key.key
        )
    except DomainError as error:
        return _new(person_id, _with(form, error, "reasons"), error.status)
    flash(_("The case is open. The person has been told and can reply."), "good")
    return go_to(url_for("hr_cases.show", case_id=case.id))


@bp.get("/<int:case_id>")
@requires(Permission.HR_CASES_VIEW)
def show(case_id: int) -> ResponseReturnValue:
    return _page(case_id)


@bp.post("/<int:case_id>/reply")
@requires(Permission.HR_CASES_VIEW)
def reply(case_id: int) -> ResponseReturnValue:
    form = ReplyForm()
    if queries.case_for(the_viewer(), case_id).person_id != the_viewer().person_id:
        raise NotFound
    if not form.validate():
        return _page(case_id, 422, reply_form=form)
    try:
        operations.reply(case_id, form.text.data or "", by=the_viewer())
    except DomainError as error:
        return _page(case_id, error.status, reply_form=_with(form, error, "text"))
    flash(_("Your reply has been handed in."), "good")
    return go_to(url_for("hr_cases.show", case_id=case_id))


@bp.post("/<int:case_id>/approver")
@requires(Permission.HR_CASES_MANAGE)
def ask_approval(case_id: int) -> ResponseReturnValue:
    form = _approver_form(case_id)
    if not form.validate():
        return _page(case_id, 422, approver_form=form)
    try:
        operations.ask_approval(case_id, int(form.approver.data), by=the_viewer())
    except DomainError as error:
        return _page(case_id, error.status, approver_form=_with(form, error, "approver"))
    flash(_("Asked. They read the case and answer."), "good")
    return go_to(url_for("hr_cases.show", case_id=case_id))


@bp.post("/<int:case_id>/approval")
@requires(Permission.HR_CASES_APPROVE)
def approve(case_id: int) -> ResponseReturnValue:
    form, grant = ApprovalForm(), request.form.get("grant")
    case = queries.case_for(the_viewer(), case_id)
    if case.approver_id != the_viewer().person_id:
        raise NotFound
    if grant not in {"yes", "no"} or not form.validate():
        return _page(case_id, 422, approval_form=form)
    try:
        operations.decide_approval(case_id, grant=grant == "yes", note=form.note.data or "", by=the_viewer())
    except DomainError as error:
        return _page(case_id, error.status, approval_form=_with(form, error, "note"))
    flash(_("Saved."), "good")
    return go_to(url_for("hr_cases.show", case_id=case_id))


@bp.post("/<int:case_id>/outcome")
@requires(Permission.HR_CASES_MANAGE)
def decide(case_id: int) -> ResponseReturnValue:
    form = _outcome_form()
    if not form.validate():
        return _page(case_id, 422, outcome_form=form)
    try:
        operations.decide_case(case_id, form.outcome.data, form.text.data or "", by=the_viewer())
    except DomainError as error:
        return _page(case_id, error.status, outcome_form=_with(form, error, "text"))
    flash(_("Saved. Those it concerns are told."), "good")
    return go_to(url_for("hr_cases.show", case_id=case_id))


@bp.post("/<int:case_id>/withdrawal")
@requires(Permission.HR_CASES_MANAGE)
def withdraw(case_id: int) -> ResponseReturnValue:
    form = WithdrawForm()
    if not form.validate():
        return _page(case_id, 422, withdraw_form=form)
    try:
        operations.withdraw_case(case_id, form.reason.data or "", by=the_viewer())
    except DomainError as error:
        return _page(case_id, error.status, withdraw_form=_with(form, error, "reason"))
    flash(_("The case is withdrawn. Those it concerns are told."), "info")
    return go_to(url_for("hr_cases.show", case_id=case_id))


def _page(case_id: int, status: int = 200, **forms: Form) -> ResponseReturnValue:
    viewer = the_viewer()
    case = queries.case_for(viewer, case_id)
    is_hr = viewer.can(Permission.HR_CASES_MANAGE) and case.person_id != viewer.person_id
    said = (case.person_id, case.opened_by_id, case.approver_id, case.decided_by_id)
    keys = {key for key in said if key is not None}
    page = render_template(
        "coaching/hr/show.html",
        case=case,
        names={key: person.name for key, person in people.people_by_id(keys).items()},
        is_hr=is_hr,
        is_own=case.person_id == viewer.person_id,
        is_approver=case.approver_id == viewer.person_id,
        is_over=case.status in queries.ENDED,
        may_ask=operations.may_ask(case),
        words=words,
        **{
            "reply_form": ReplyForm(formdata=None),
            "approver_form": _approver_form(case_id) if is_hr else None,
            "approval_form": ApprovalForm(formdata=None),
            "outcome_form": _outcome_form(),
            "withdraw_form": WithdrawForm(formdata=None),
        }
        | forms,
    )
    return make_response(page, status)


def _new(person_id: int, form: OpenForm, status: int = 200) -> ResponseReturnValue:
    viewer = the_viewer()
    if person_id == viewer.person_id:
        raise NotFound
    page = render_template(
        "coaching/hr/new.html",
        person=people.person_for(viewer, person_id),
        readiness=queries.readiness(viewer, person_id),
        form=form,
        words=words,
    )
    return make_response(page, status)


def _evidence(person_id: int) -> list[queries.Evidence]:
    return words.evidence(the_viewer(), person_id)


def _open_form(person_id: int) -> OpenForm:
    form = OpenForm()
    form.evidence.choices = choices_of((f"{one.kind}-{one.id}", one.name) for one in _evidence(person_id))
    return form


def _approver_form(case_id: int) -> ApproverForm:
    form = ApproverForm()
    case = queries.case_for(the_viewer(), case_id)
    people = queries.approvers(case.person_id, case.opened_by_id)
    # Nobody is chosen until somebody chooses.
    form.approver.choices = choices_of([(None, _("Choose")), *people]) if people else []
    return form


def _outcome_form() -> OutcomeForm:
    form = OutcomeForm()
    form.outcome.choices = choices_of(words.outcomes())
    return form


def _with(form: Any, error: DomainError, field: str) -> Any:
    form.refuse(error, field)
    return form
