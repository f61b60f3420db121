"""The person contests a finding; a named reviewer answers."""

from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Invalid, NotFound
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.diagnosis import contests, queries, words
from app.diagnosis.findings import Cause
from app.diagnosis.forms import UPHOLD, ContestAnswerForm, ContestForm
from app.diagnosis.queries.cases import case_of
from app.diagnosis.routes import cases_bp as bp
from app.diagnosis.rulings import TARGETS

if TYPE_CHECKING:
    from app.diagnosis.models import Case, Contest, Finding


@bp.get("/cases/<int:case_id>/findings/<int:finding_id>/contest")
@requires(Permission.FINDINGS_CONTEST)
def new_contest(case_id: int, finding_id: int) -> ResponseReturnValue:
    case, finding = _own(case_id, finding_id)
    return render_template("diagnosis/contest.html", **_context(case, finding, _form(case)))


@bp.post("/cases/<int:case_id>/findings/<int:finding_id>/contest")
@requires(Permission.FINDINGS_CONTEST)
def contest(case_id: int, finding_id: int) -> ResponseReturnValue:
    case, finding = _own(case_id, finding_id)
    form = _form(case)
    if not form.validate():
        return _again(case, finding, form)
    try:
        contests.contest_finding(
            case,
            finding,
            text=form.text.data or "",
            reviewer_id=form.reviewer.data or None,
            by_id=the_viewer().person_id,
            key=form.key.key,
        )
    except Invalid as error:
        form.refuse(error, "text")
        return _again(case, finding, form)
    except Conflict as error:
        form.form_errors.append(str(error.message))
        return _again(case, finding, form, 409)
    flash(_("Sent. You are told as soon as there is an answer."), "good")
    return go_to(url_for("cases.show", case_id=case_id))


@bp.get("/contests/<int:contest_id>")
@requires(Permission.CONTESTS_ANSWER)
def show_contest(contest_id: int) -> ResponseReturnValue:
    found = queries.contest_for(the_viewer(), contest_id)
    return render_template("diagnosis/contest_answer.html", **_answering(found, _answer_form(found)))


@bp.post("/contests/<int:contest_id>")
@requires(Permission.CONTESTS_ANSWER)
def answer_contest(contest_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    found = queries.contest_for(viewer, contest_id)
    form = _answer_form(found)
    if not form.validate():
        return _answer_again(found, form)
    to = Cause(form.to.data) if form.decision.data == UPHOLD else None
    try:
        contests.answer_contest(found, answer=form.answer.data or "", to=to, by_id=viewer.person_id)
    except Invalid as error:
        form.refuse(error, "to")
        return _answer_again(found, form)
    except Conflict as error:
        form.form_errors.append(str(error.message))
        return _answer_again(found, form, 409)
    flash(_("Answered. The person and their manager are told."), "good")
    return go_to(url_for("cases.show", case_id=found.case_id))


def _own(case_id: int, finding_id: int) -> "tuple[Case, Finding]":
    """A finding that is shown, of a case that is the viewer's to contest."""
    viewer = the_viewer()
    case = queries.case_for(viewer, case_id)
    if contests.author_of(case) != viewer.person_id:
        raise NotFound
    finding = queries.finding_of(case, finding_id)
    if finding.cause is Cause.CAPABILITY and not queries.is_capability_open(case).is_open:
        raise NotFound
    return case, finding


def _form(case: "Case") -> ContestForm:
    form = ContestForm(request.form if request.method == "POST" else None)
    form.reviewer.choices = [(one.id, one.name) for one in contests.reviewers_for(case)]
    return form


def _context(case: "Case", finding: "Finding", form: ContestForm) -> dict[str, Any]:
    return {"case": case, "finding": finding, "form": form, "diagnosis": queries.current(case.id)}


def _again(case: "Case", finding: "Finding", form: ContestForm, status: int = 422) -> ResponseReturnValue:
    template = "diagnosis/_contest.html" if wants_fragment() else "diagnosis/contest.html"
    return fragment(template, status, **_context(case, finding, form))


def _answer_form(contest: "Contest") -> ContestAnswerForm:
    form = ContestAnswerForm(request.form if request.method == "POST" else None)
    about = contest.finding.cause
    # Unexplained first: it claims nothing.
    targets = [one for one in (Cause.NONE, *TARGETS) if one is not about]
    form.to.choices = [(one.value, str(words.CAUSES[one])) for one in dict.fromkeys(targets)]
    return form


def _answering(contest: "Contest", form: ContestAnswerForm) -> dict[str, Any]:
    return {"contest": contest, "form": form, "case": case_of(contest), "finding": contest.finding}


def _answer_again(contest: "Contest", form: ContestAnswerForm, status: int = 422) -> ResponseReturnValue:
    template = "diagnosis/_contest_answer.html" if wants_fragment() else "diagnosis/contest_answer.html"
    return fragment(template, status, **_answering(contest, form))
