from dataclasses import asdict
from datetime import date

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.admin import entries, operations, queries, words
from app.admin.queries import AuditFilter
from app.core import mail as core_mail
from app.core.errors import Invalid
from app.core.hx import fragment, go_to, wants_fragment
from app.core.pagination import page_of
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.people import queries as people
from app.people.company import the_company
from app.people.forms import CompanyForm
from app.people.operations import CompanyFacts

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/company")
@requires(Permission.COMPANY_MANAGE)
def company() -> ResponseReturnValue:
    form = CompanyForm(data=asdict(the_company()))
    form.offer_places()
    return render_template("admin/company.html", form=form)


@bp.post("/company")
@requires(Permission.COMPANY_MANAGE)
def set_company() -> ResponseReturnValue:
    form = CompanyForm()
    form.offer_places()
    if form.validate():
        try:
            operations.set_company(CompanyFacts(**form.facts()), by_id=the_viewer().person_id)
        except Invalid as problem:
            form.refuse(problem, "name")
        else:
            flash(_("Saved"), "good")
            return go_to(url_for("admin.company"))
    part = "admin/_company.html" if wants_fragment() else "admin/company.html"
    return fragment(part, 422, form=form)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@bp.get("/audit")
@requires(Permission.AUDIT_VIEW)
def audit() -> ResponseReturnValue:
    wanted = AuditFilter(
        who=request.args.get("who", "")[:100],
        what=request.args.get("what", "")[:60],
        first=_day("first"),
        last=_day("last"),
        subject=request.args.get("subject", "")[:60],
        subject_id=request.args.get("subject_id", type=int),
    )
    page = page_of(queries.audit(wanted), request.args.get("page", 1, type=int))
    known = people.people_by_id({key for entry in page.items for key in entries.people_in(entry)})
    goals = {entry.subject_id for entry in page.items if entry.subject_type == "goals" and entry.subject_id}
    metrics = queries.metrics_of_goals(goals)
    return render_template(
        "admin/audit.html",
        page=page,
        wanted=wanted,
        people=known,
        metrics=metrics,
        words=words,
        entries=entries,
    )


@bp.get("/mails")
@requires(Permission.MAIL_VIEW)
def mails() -> ResponseReturnValue:
    page = page_of(queries.mails(), request.args.get("page", 1, type=int))
    return render_template("admin/mails.html", page=page, leaves=core_mail.is_configured())


@bp.get("/mails/<int:mail_id>")
@requires(Permission.MAIL_VIEW)
def mail(mail_id: int) -> ResponseReturnValue:
    """Its text only where no mail leaves the portal: otherwise it is its receiver's alone."""
    found = queries.mail(mail_id)
    leaves = core_mail.is_configured()
    body = None if leaves else operations.read_mail(found, by_id=the_viewer().person_id)
    return render_template("admin/mail.html", mail=found, body=body, leaves=leaves)
