"""A rep learns: what is next, courses to take up, a course, a lesson."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.core.hx import go_to
from app.core.pagination import page_of_rows
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.training import catalogue, learning, operations, progress, text
from app.training.catalogue import Offer
from app.training.progress import Line
from app.training.routes import bp


def resume_url(line: Line) -> str:
    """Where somebody goes on: the place in the lesson, the quiz, or the course where nothing is left."""
    mark = line.next_mark
    if mark is not None:
        anchor = f"part-{mark.part}" if mark.part else None
        return url_for("training.lesson", lesson_id=mark.lesson_id, _anchor=anchor)
    if line.has_quiz and not line.has_passed:
        return url_for("training.quiz", course_id=line.course_id)
    return url_for("training.course", course_id=line.course_id)


@bp.get("")
@requires(Permission.TRAINING_VIEW)
def index() -> ResponseReturnValue:
    lines = progress.lines_of(the_viewer().person_id)
    todo = [line for line in lines if line.completed_on is None]
    begun = [line for line in todo if line.is_begun and line.due_state in {"later", "none"}]
    urgent = [line for line in todo if line.due_state in {"overdue", "soon"} and not line.is_outside]
    first = next(iter(urgent + begun + [line for line in todo if not line.is_outside]), None)
    return render_template(
        "training/index.html",
        first=first,
        todo=[line for line in todo if line is not first],
        done=[line for line in lines if line.completed_on is not None],
        resume_url=resume_url,
    )


@bp.get("/catalogue")
@requires(Permission.TRAINING_VIEW)
def show_catalogue() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:100]
    page = page_of_rows(catalogue.offers(the_viewer(), words), request.args.get("page", 1, type=int), 24)
    return render_template(
        "training/catalogue.html", page=page, offers=[Offer(*row) for row in page.items], q=words
    )


@bp.get("/courses/<int:course_id>")
@requires(Permission.TRAINING_VIEW)
def course(course_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    found = catalogue.course_for(viewer, course_id)
    lessons = catalogue.lessons_of(found.id)
    lines = progress.lines_of(viewer.person_id, [found.id])
    line = next(iter(lines), None)
    return render_template(
        "training/course.html",
        course=found,
        lessons=lessons,
        minutes={lesson.id: text.read(lesson.body).minutes for lesson in lessons},
        questions=len(learning.questions_of(found.id)),
        line=line,
        open_line=line if line is not None and line.completed_on is None else None,
        done=[one for one in lines if one.completed_on is not None],
        can_take=found.published_at is not None and found.archived_at is None and not found.is_outside,
        resume_url=resume_url,
    )


@bp.post("/courses/<int:course_id>/rounds")
@requires(Permission.TRAINING_VIEW)
def take_up(course_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    found = catalogue.course_for(viewer, course_id)
    if found.is_outside:
        raise NotFound
    operations.take_up(viewer.person_id, found.id)
    line = progress.line_of(viewer.person_id, found.id)
    return go_to(resume_url(line) if line else url_for("training.course", course_id=found.id))


@bp.get("/lessons/<int:lesson_id>")
@requires(Permission.TRAINING_VIEW)
def lesson(lesson_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    found, course = catalogue.lesson_for(viewer, lesson_id)
    return render_template("training/lesson.html", **_lesson_context(viewer.person_id, found, course))


def _lesson_context(person_id: int, found: Any, course: Any) -> dict[str, Any]:
    lessons = list(catalogue.lessons_of(course.id))
    place = next((number for number, each in enumerate(lessons) if each.id == found.id), 0)
    line = progress.line_of(person_id, course.id)
    is_open = line is not None and line.completed_on is None
    return {
        "course": course,
        "lesson": found,
        "body": text.read(found.body),
        "number": place + 1,
        "lessons": lessons,
        "before": lessons[place - 1] if place else None,
        "after": lessons[place + 1] if place + 1 < len(lessons) else None,
        "line": line if is_open else None,
        "mark": next((mark for mark in line.marks if mark.lesson_id == found.id), None)
        if line is not None and is_open
        else None,
    }


@bp.post("/lessons/<int:lesson_id>/reading")
@requires(Permission.TRAINING_VIEW)
def read(lesson_id: int) -> ResponseReturnValue:
    """Read to its end: on to the next one, the quiz, or the certificate."""
    viewer = the_viewer()
    found, course = catalogue.lesson_for(viewer, lesson_id)
    was_open = learning.read_lesson(viewer.person_id, found) is not None
    line = progress.line_of(viewer.person_id, course.id)
    if was_open and line is not None and line.completed_on is not None:
        flash(_("Completed: %(title)s. Well done!", title=line.title), "celebrate")
        return go_to(url_for("training.course", course_id=course.id))
    context = _lesson_context(viewer.person_id, found, course)
    if context["after"] is not None:
        return go_to(url_for("training.lesson", lesson_id=context["after"].id))
    return go_to(resume_url(line) if line and was_open else url_for("training.course", course_id=course.id))


@bp.post("/lessons/<int:lesson_id>/place")
@requires(Permission.TRAINING_VIEW)
def keep_place(lesson_id: int) -> ResponseReturnValue:
    """By itself while one reads, or by the bookmark where there is no JavaScript (`stop`)."""
    viewer = the_viewer()
    found, _course = catalogue.lesson_for(viewer, lesson_id)
    learning.keep_place(viewer.person_id, found, request.form.get("part", 0, type=int))
    if "stop" not in request.form:
        return "", 204
    flash(_("Your place is kept: go on here on any device."), "good")
    return go_to(url_for("training.index"))
