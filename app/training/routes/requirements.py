"""Who must take a course."""

from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.choices import choices_of
from app.core.errors import DomainError
from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.people.words import ROLES
from app.training import catalogue, overview, requiring, words
from app.training.forms import NOBODY, RequirementForm, key_of
from app.training.routes import courses


def _page(form: RequirementForm, course: Any, status: int = 200) -> ResponseReturnValue:
    return render_template("training/requirement_form.html", form=form, course=course), status


def _offer(form: RequirementForm) -> None:
    viewer = the_viewer()
    form.role.choices = choices_of(
        [("", _("Any role")), *((role.value, text) for role, text in ROLES.items())]
    )
    form.team_id.choices = choices_of([(NOBODY, _("Any team")), *overview.team_options(viewer)])
    form.sells_product_id.choices = choices_of(
        [(NOBODY, _("Any product, or none")), *catalogue.product_options()]
    )


@courses.get("/courses/<int:course_id>/requirements/new")
@requires(Permission.TRAINING_MANAGE)
def new_requirement(course_id: int) -> ResponseReturnValue:
    form = RequirementForm(formdata=None)
    _offer(form)
    return _page(form, catalogue.course_for(the_viewer(), course_id))


@courses.post("/courses/<int:course_id>/requirements")
@requires(Permission.TRAINING_MANAGE)
def create_requirement(course_id: int) -> ResponseReturnValue:
    course, form = catalogue.course_for(the_viewer(), course_id), RequirementForm()
    _offer(form)
    if form.validate():
        try:
            number = requiring.make_requirement(
                course,
                role=words.role(form.role.data),
                team_id=key_of(form.team_id.data),
                sells_product_id=key_of(form.sells_product_id.data),
                sells_months=form.sells_months.data or 12,
                due_days=form.due_days.data or 0,
                key=form.key.key,
                by_id=the_viewer().person_id,
            )
        except DomainError as problem:
            form.refuse(problem, "role")
        else:
            flash(_told(course, number), "good")
            return go_to(url_for("courses.edit", course_id=course.id, _anchor="requirements"))
    return _page(form, course, 422)


def _told(course: Any, number: int) -> str:
    if course.published_at is None:
        return str(_("It applies once the course is published."))
    return str(
        ngettext(
            "%(num)s person has the course to do now.", "%(num)s people have the course to do now.", number
        )
    )


@courses.post("/requirements/<int:requirement_id>/end")
@requires(Permission.TRAINING_MANAGE)
def end_requirement(requirement_id: int) -> ResponseReturnValue:
    requirement, course = catalogue.requirement_for(the_viewer(), requirement_id)
    requiring.end_requirement(requirement, by_id=the_viewer().person_id)
    flash(_("It is not required of them any more. What was begun stays."), "good")
    return go_to(url_for("courses.edit", course_id=course.id, _anchor="requirements"))
