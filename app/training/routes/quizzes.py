"""The quiz of a course: one form, and what came of it."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Invalid, NotFound
from app.core.forms import Form
from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.training import catalogue, learning, progress, quiz
from app.training.routes import bp
from app.training.routes.learning import resume_url


@bp.get("/courses/<int:course_id>/quiz", endpoint="quiz")
@requires(Permission.TRAINING_VIEW)
def show_quiz(course_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    found = catalogue.course_for(viewer, course_id)
    line = progress.line_of(viewer.person_id, found.id)
    if line is None or line.completed_on is not None or not line.has_quiz or line.has_passed:
        return go_to(url_for("training.course", course_id=found.id))
    return _page(found.id, line.attempts + 1, {})


def _page(
    course_id: int, number: int, answers: dict[int, list[int]], status: int = 200
) -> ResponseReturnValue:
    viewer = the_viewer()
    found = catalogue.course_for(viewer, course_id)
    line = progress.line_of(viewer.person_id, found.id)
    if line is None:
        raise NotFound
    questions = [learning.asked(question) for question in learning.questions_of(found.id)]
    page = render_template(
        "training/quiz.html",
        course=found,
        line=line,
        number=number,
        questions=quiz.shuffled(questions, line.id, number),
        answers=answers,
        is_refused=status != 200,
    )
    return page, status


@bp.post("/courses/<int:course_id>/attempts")
@requires(Permission.TRAINING_VIEW)
def hand_in(course_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    found = catalogue.course_for(viewer, course_id)
    form = Form()
    if not form.validate():
        raise NotFound
    answers = {
        int(name[2:]): request.form.getlist(name, type=int)
        for name in request.form
        if name.startswith("q-") and name[2:].isdigit()
    }
    number = request.form.get("attempt", 1, type=int)
    try:
        made = learning.hand_in(viewer.person_id, found.id, number, answers)
    except Invalid:
        return _page(found.id, number, answers, 422)
    line = progress.line_of(viewer.person_id, found.id)
    if made.has_passed and line is not None and line.completed_on is not None:
        flash(_("Completed: %(title)s. Well done!", title=line.title), "celebrate")
    return go_to(url_for("training.attempt", attempt_id=made.id))


@bp.get("/attempts/<int:attempt_id>")
@requires(Permission.TRAINING_VIEW)
def attempt(attempt_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    made, round_ = progress.attempt_for(viewer, attempt_id)
    found = catalogue.course_for(viewer, round_.course_id)
    line = progress.line_of(viewer.person_id, found.id)
    return render_template(
        "training/attempt.html",
        course=found,
        attempt=made,
        round=round_,
        line=line,
        answered=learning.answered(made),
        resume_url=resume_url,
    )
