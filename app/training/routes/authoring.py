"""Writing courses: what there is, a course's settings, publishing, archiving."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.choices import choices_of
from app.core.errors import Conflict, Invalid
from app.core.hx import go_to
from app.core.pagination import page_of_rows
from app.core.permissions import Permission, requires
from app.core.undoable import flash_with_undo
from app.core.viewer import the_viewer
from app.training import authoring, catalogue, learning, text, words
from app.training.catalogue import CourseRow
from app.training.forms import NOBODY, CourseForm, key_of
from app.training.routes import courses


@courses.get("/courses", endpoint="index")
@requires(Permission.TRAINING_MANAGE)
def index() -> ResponseReturnValue:
    archived = request.args.get("archived") == "1"
    page = page_of_rows(catalogue.all_courses(archived=archived), request.args.get("page", 1, type=int))
    return render_template(
        "training/courses.html", page=page, rows=[CourseRow(*row) for row in page.items], archived=archived
    )


def _offer(form: CourseForm, course: Any = None) -> None:
    products = dict(catalogue.product_options())
    if course is not None and course.product is not None:
        products.setdefault(course.product.id, course.product.name)
    form.product_id.choices = choices_of([(NOBODY, _("No product")), *products.items()])
    form.place.choices = choices_of(words.PLACES.items())


def _said(form: CourseForm) -> dict[str, Any]:
    return {
        "title": form.title.data or "",
        "summary": form.summary.data or "",
        "product_id": key_of(form.product_id.data),
        "is_outside": form.place.data == "outside",
        "pass_mark": form.pass_mark.data or 80,
        "valid_months": form.valid_months.data,
        "by_id": the_viewer().person_id,
    }


@courses.get("/courses/new")
@requires(Permission.TRAINING_MANAGE)
def new() -> ResponseReturnValue:
    form = CourseForm(formdata=None)
    _offer(form)
    return render_template("training/course_new.html", form=form)


@courses.post("/courses")
@requires(Permission.TRAINING_MANAGE)
def create() -> ResponseReturnValue:
    form = CourseForm()
    _offer(form)
    if form.validate():
        try:
            made = authoring.save_course(None, **_said(form), key=form.key.key)
        except Invalid as problem:
            form.refuse(problem, "title")
        else:
            return go_to(url_for("courses.edit", course_id=made.id))
    return render_template("training/course_new.html", form=form), 422


@courses.get("/courses/<int:course_id>/edit")
@requires(Permission.TRAINING_MANAGE)
def edit(course_id: int) -> ResponseReturnValue:
    return edit_page(course_id)


def edit_page(course_id: int, form: CourseForm | None = None, status: int = 200) -> ResponseReturnValue:
    found = catalogue.course_for(the_viewer(), course_id)
    if form is None:
        form = CourseForm(
            formdata=None,
            title=found.title,
            summary=found.summary,
            product_id=str(found.product_id or NOBODY),
            place="outside" if found.is_outside else "here",
            pass_mark=found.pass_mark,
            valid_months=found.valid_months,
        )
    _offer(form, found)
    lessons = catalogue.lessons_of(found.id)
    page = render_template(
        "training/course_edit.html",
        course=found,
        form=form,
        lessons=lessons,
        minutes={lesson.id: text.read(lesson.body).minutes for lesson in lessons},
        questions=[learning.asked(question) for question in learning.questions_of(found.id)],
        requirements=catalogue.requirements_of(found.id),
        requirement_words=words.requirement,
    )
    return page, status


@courses.post("/courses/<int:course_id>")
@requires(Permission.TRAINING_MANAGE)
def update(course_id: int) -> ResponseReturnValue:
    found, form = catalogue.course_for(the_viewer(), course_id), CourseForm()
    _offer(form, found)
    if form.validate():
        try:
            authoring.save_course(found, **_said(form))
        except Invalid as problem:
            form.refuse(problem, "title")
        else:
            flash(_("Saved."), "good")
            return go_to(url_for("courses.edit", course_id=found.id))
    return edit_page(course_id, form, 422)


@courses.post("/courses/<int:course_id>/publication")
@requires(Permission.TRAINING_MANAGE)
def publish(course_id: int) -> ResponseReturnValue:
    found = catalogue.course_for(the_viewer(), course_id)
    try:
        authoring.publish(found, by_id=the_viewer().person_id)
    except Conflict as problem:
        flash(str(problem.message), "danger")
    else:
        flash(_("“%(title)s” can be taken now.", title=found.title), "good")
    return go_to(url_for("courses.edit", course_id=found.id))


@courses.post("/courses/<int:course_id>/archive")
@requires(Permission.TRAINING_MANAGE)
def archive(course_id: int) -> ResponseReturnValue:
    found = catalogue.course_for(the_viewer(), course_id)
    authoring.archive_course(found, by_id=the_viewer().person_id)
    back = url_for("courses.restore", course_id=found.id)
    flash_with_undo(_("“%(title)s” is archived.", title=found.title), back)
    return go_to(url_for("courses.index"))


@courses.post("/courses/<int:course_id>/restoration")
@requires(Permission.TRAINING_MANAGE)
def restore(course_id: int) -> ResponseReturnValue:
    found = catalogue.course_for(the_viewer(), course_id)
    authoring.restore_course(found, by_id=the_viewer().person_id)
    return go_to(url_for("courses.edit", course_id=found.id))
