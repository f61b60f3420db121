"""A department's answer, a second person's word on it, who answers, and what is said beside it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Conflict, Invalid, NotFound
from app.core.forms import Form
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.diagnosis import answering
from app.diagnosis.forms import CommentForm, ConfirmForm, DecideForm, HandOverForm, RejectForm
from app.diagnosis.queries import reviews
from app.diagnosis.routes import reviews_bp as bp
from app.diagnosis.routes.reviews import context
from app.people import queries as people

if TYPE_CHECKING:
    from app.diagnosis.models import Review


@bp.post("/<int:review_id>/confirmation")
@requires(Permission.REVIEWS_VIEW)
def confirm(review_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    review = reviews.review_answered_by(viewer, review_id)
    form = ConfirmForm()
    return _done(
        review,
        "confirm",
        form,
        lambda: answering.confirm_review(
            review, text=form.text.data or "", version=version(form), by_id=viewer.person_id
        ),
        _("Confirmed. Those whose goals it touched are told."),
    )


@bp.post("/<int:review_id>/rejection")
@requires(Permission.REVIEWS_VIEW)
def reject(review_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    review = reviews.review_answered_by(viewer, review_id)
    form = RejectForm()
    return _done(
        review,
        "reject",
        form,
        lambda: answering.reject_review(
            review, text=form.text.data or "", version=version(form), by_id=viewer.person_id
        ),
        _("Sent. A second person decides on your evidence; until then the findings stand."),
    )


@bp.post("/<int:review_id>/rejection/decision")
@requires(Permission.REVIEWS_DECIDE)
def decide(review_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    review = reviews.review_decided_by(viewer, review_id)
    form = DecideForm()
    agrees = request.form.get("agrees")
    if agrees not in {"yes", "no"}:
        raise NotFound
    verb = answering.accept_rejection if agrees == "yes" else answering.return_rejection

    def run() -> Any:
        return verb(review, text=form.text.data or "", version=version(form), by_id=viewer.person_id)

    told = (
        _("The findings were changed; those they are about are told.")
        if agrees == "yes"
        else _("The department is asked again.")
    )
    return _done(review, "decide", form, run, told)


@bp.post("/<int:review_id>/owner")
@requires(Permission.REVIEWS_VIEW)
def hand_over(review_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    review = reviews.review_answered_by(viewer, review_id)
    form = HandOverForm()
    owners = {one.id: one for one in reviews.owners_for(review)}
    form.owner.choices = [(one.id, one.name) for one in owners.values()]
    return _done(
        review,
        "hand_over",
        form,
        lambda: answering.hand_over(
            review,
            to=people.the_person(form.owner.data),
            version=version(form),
            by_id=viewer.person_id,
        ),
        _("Handed over."),
    )


@bp.post("/<int:review_id>/comments")
@requires(Permission.REVIEWS_VIEW)
def comment(review_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    review = reviews.review_for(viewer, review_id)
    form = CommentForm()
    return _done(
        review,
        "comment",
        form,
        lambda: answering.comment_review(review, text=form.text.data or "", by_id=viewer.person_id),
        None,
    )


def version(form: Any) -> int:
    """That of the page; none that was tampered with."""
    return int(form.version.data) if str(form.version.data).isdigit() else 0


def _done(
    review: "Review", name: str, form: Form, verb: Callable[[], Any], told: str | None
) -> ResponseReturnValue:
    """Check the form, do it, and go back to the review."""
    if not form.validate():
        return again(review, 422, **{name: form})
    try:
        verb()
    except Invalid as error:
        form.refuse(error, "text")
        return again(review, 422, **{name: form})
    except Conflict as error:
        return again(review, 409, problem=error.message, **{name: form})
    if told:
        flash(told, "good")
    return go_to(url_for("reviews.show", review_id=review.id))


def again(review: "Review", status: int, *, problem: object = None, **forms: Any) -> ResponseReturnValue:
    """The review as it stands now, with the form that was refused and why."""
    shown = context(review, **forms) | {"problem": problem}
    if wants_fragment():
        return fragment("diagnosis/_answer.html", status, **shown)
    return render_template("diagnosis/review.html", **shown), status
