"""Writing lessons, with a look at them before they are saved."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.forms import Form
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, requires
from app.core.undoable import flash_with_undo
from app.core.viewer import the_viewer
from app.training import authoring, catalogue, text
from app.training.forms import LessonForm
from app.training.routes import courses


def _page(form: LessonForm, course: Any, lesson: Any = None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "training/lesson_form.html",
        form=form,
        course=course,
        lesson=lesson,
        preview=text.read(form.body.data) if "preview" in request.form and form.body.data else None,
    )
    return page, status


def _look(form: LessonForm, course: Any, lesson: Any = None) -> ResponseReturnValue:
    """What it will look like; nothing is saved."""
    body = text.read((form.body.data or "")[: text.LONGEST])
    if wants_fragment():
        return fragment("training/_preview.html", preview=body)
    return _page(form, course, lesson)


def _save(form: LessonForm, course: Any, lesson: Any = None) -> ResponseReturnValue:
    if "preview" in request.form:
        return _look(form, course, lesson)
    if form.validate():
        try:
            authoring.save_lesson(
                course,
                lesson,
                title=form.title.data or "",
                body=form.body.data or "",
                is_read_again=form.is_read_again.data,
                key=form.key.key,
                by_id=the_viewer().person_id,
            )
        except DomainError as problem:
            form.refuse(problem, "body")
        else:
            flash(_("Saved.") if lesson else _("The lesson is there."), "good")
            return go_to(url_for("courses.edit", course_id=course.id, _anchor="lessons"))
    return _page(form, course, lesson, 422)


@courses.get("/courses/<int:course_id>/lessons/new")
@requires(Permission.TRAINING_MANAGE)
def new_lesson(course_id: int) -> ResponseReturnValue:
    return _page(LessonForm(formdata=None), catalogue.course_for(the_viewer(), course_id))


@courses.post("/courses/<int:course_id>/lessons")
@requires(Permission.TRAINING_MANAGE)
def create_lesson(course_id: int) -> ResponseReturnValue:
    return _save(LessonForm(), catalogue.course_for(the_viewer(), course_id))


@courses.get("/lessons/<int:lesson_id>/edit")
@requires(Permission.TRAINING_MANAGE)
def edit_lesson(lesson_id: int) -> ResponseReturnValue:
    lesson, course = catalogue.lesson_for(the_viewer(), lesson_id)
    return _page(LessonForm(formdata=None, title=lesson.title, body=lesson.body), course, lesson)


@courses.post("/lessons/<int:lesson_id>")
@requires(Permission.TRAINING_MANAGE)
def update_lesson(lesson_id: int) -> ResponseReturnValue:
    lesson, course = catalogue.lesson_for(the_viewer(), lesson_id)
    return _save(LessonForm(), course, lesson)


@courses.post("/lessons/<int:lesson_id>/move")
@requires(Permission.TRAINING_MANAGE)
def move_lesson(lesson_id: int) -> ResponseReturnValue:
    lesson, course = catalogue.lesson_for(the_viewer(), lesson_id)
    if Form().validate():
        authoring.move_lesson(
            lesson, -1 if request.form.get("to") == "up" else 1, by_id=the_viewer().person_id
        )
    return go_to(url_for("courses.edit", course_id=course.id, _anchor="lessons"))


@courses.post("/lessons/<int:lesson_id>/archive")
@requires(Permission.TRAINING_MANAGE)
def archive_lesson(lesson_id: int) -> ResponseReturnValue:
    lesson, course = catalogue.lesson_for(the_viewer(), lesson_id)
    authoring.archive_lesson(lesson, by_id=the_viewer().person_id)
    back = url_for("courses.restore_lesson", lesson_id=lesson.id)
    flash_with_undo(_("“%(title)s” is archived.", title=lesson.title), back)
    return go_to(url_for("courses.edit", course_id=course.id, _anchor="lessons"))


@courses.post("/lessons/<int:lesson_id>/restoration")
@requires(Permission.TRAINING_MANAGE)
def restore_lesson(lesson_id: int) -> ResponseReturnValue:
    lesson, course = catalogue.lesson_for(the_viewer(), lesson_id)
    authoring.restore_lesson(lesson, by_id=the_viewer().person_id)
    return go_to(url_for("courses.edit", course_id=course.id, _anchor="lessons"))
