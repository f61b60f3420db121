"""Writing the questions of a quiz."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.undoable import flash_with_undo
from app.core.viewer import the_viewer
from app.training import authoring, catalogue
from app.training.authoring import MOST_CHOICES
from app.training.forms import QuestionForm
from app.training.routes import courses

Choices = list[tuple[str, bool]]
LONGEST_CHOICE = 300


def _typed() -> Choices:
    return [
        (request.form.get(f"choice-{place}", "")[:LONGEST_CHOICE], f"right-{place}" in request.form)
        for place in range(MOST_CHOICES)
    ]


def _page(
    form: QuestionForm, choices: Choices, course: Any, question: Any = None, status: int = 200
) -> ResponseReturnValue:
    choices = [*choices, *[("", False)] * (MOST_CHOICES - len(choices))]
    page = render_template(
        "training/question_form.html", form=form, choices=choices, course=course, question=question
    )
    return page, status


def _save(form: QuestionForm, course: Any, question: Any = None) -> ResponseReturnValue:
    typed = _typed()
    if form.validate():
        try:
            authoring.save_question(
                course,
                question,
                text=form.text.data or "",
                choices=typed,
                explanation=form.explanation.data or "",
                key=form.key.key,
                by_id=the_viewer().person_id,
            )
        except DomainError as problem:
            form.refuse(problem, "choices")
        else:
            flash(_("Saved."), "good")
            return go_to(url_for("courses.edit", course_id=course.id, _anchor="quiz"))
    return _page(form, typed, course, question, 422)


@courses.get("/courses/<int:course_id>/questions/new")
@requires(Permission.TRAINING_MANAGE)
def new_question(course_id: int) -> ResponseReturnValue:
    return _page(QuestionForm(formdata=None), [], catalogue.course_for(the_viewer(), course_id))


@courses.post("/courses/<int:course_id>/questions")
@requires(Permission.TRAINING_MANAGE)
def create_question(course_id: int) -> ResponseReturnValue:
    return _save(QuestionForm(), catalogue.course_for(the_viewer(), course_id))


@courses.get("/questions/<int:question_id>")
@requires(Permission.TRAINING_MANAGE)
def edit_question(question_id: int) -> ResponseReturnValue:
    question, course = catalogue.question_for(the_viewer(), question_id)
    choices = [(str(choice["text"]), bool(choice["is_right"])) for choice in question.choices]
    form = QuestionForm(formdata=None, text=question.text, explanation=question.explanation)
    return _page(form, choices, course, question)


@courses.post("/questions/<int:question_id>")
@requires(Permission.TRAINING_MANAGE)
def update_question(question_id: int) -> ResponseReturnValue:
    question, course = catalogue.question_for(the_viewer(), question_id)
    return _save(QuestionForm(), course, question)


@courses.post("/questions/<int:question_id>/archive")
@requires(Permission.TRAINING_MANAGE)
def archive_question(question_id: int) -> ResponseReturnValue:
    question, course = catalogue.question_for(the_viewer(), question_id)
    authoring.archive_question(question, by_id=the_viewer().person_id)
    back = url_for("courses.restore_question", question_id=question.id)
    flash_with_undo(_("The question is archived."), back)
    return go_to(url_for("courses.edit", course_id=course.id, _anchor="quiz"))


@courses.post("/questions/<int:question_id>/restoration")
@requires(Permission.TRAINING_MANAGE)
def restore_question(question_id: int) -> ResponseReturnValue:
    question, course = catalogue.question_for(the_viewer(), question_id)
    authoring.restore_question(question, by_id=the_viewer().person_id)
    return go_to(url_for("courses.edit", course_id=course.id, _anchor="quiz"))
