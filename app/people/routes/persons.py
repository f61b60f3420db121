from datetime import timedelta
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.choices import choices_of
from app.core.errors import Conflict, Invalid
from app.core.forms import Form
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, Role, requires
from app.core.viewer import the_viewer
from app.people import directory, operations, profiles, queries, words
from app.people.forms import (
    DayOffForm,
    DepartureForm,
    NewPersonForm,
    PersonForm,
    PlacementForm,
    ReturnForm,
)
from app.people.operations import NewPerson, once
from app.people.routes import bp


def _teams(*, none: bool = True) -> list[Any]:
    listed = [(node.id, "\u2003" * node.depth + node.name) for node in queries.team_tree()]
    return choices_of([(0, _("No team yet")), *listed] if none else listed)


def _managers(besides: int | None = None, current: int | None = None) -> list[Any]:
    listed = [(key, name) for key, name in directory.possible_leads() if key != besides]
    if current and current not in dict(listed):
        person = queries.people_by_id([current])[current]
        listed.append((person.id, _("%(name)s (left)", name=person.name)))
    return choices_of([(0, _("Nobody")), *listed])


def _team(key: int | None) -> Any:
    return directory.team_of_directory(key) if key else None


def _person(key: int | None) -> Any:
    return queries.person_for(the_viewer(), key) if key else None


@bp.get("/people/new")
@requires(Permission.PEOPLE_MANAGE)
def new() -> ResponseReturnValue:
    form = NewPersonForm(role=Role.REP.value, team=request.args.get("team", type=int))
    form.team.choices, form.manager.choices = _teams(), _managers()
    return render_template("people/new.html", form=form)


@bp.post("/people")
@requires(Permission.PEOPLE_MANAGE)
def create() -> ResponseReturnValue:
    form, viewer = NewPersonForm(), the_viewer()
    form.team.choices, form.manager.choices = _teams(), _managers()
    if form.validate():
        new_person = NewPerson(
            name=form.name.data or "",
            role=Role(form.role.data),
            email=form.email.data,
            employee_number=form.employee_number.data,
            hired_on=form.hired_on.data,
            locale=form.locale.data or None,
            team=_team(form.team.data),
            manager=_person(form.manager.data),
        )
        invite_from = request.host_url if form.is_invited.data and form.email.data else None
        try:
            person = once.create_person_once(
                new_person, key=form.key.key, by_id=viewer.person_id, invite_from=invite_from
            )
        except Invalid as problem:
            form.refuse(problem, "name")
        else:
            words_said = (
                _("%(name)s is in, and invited.", name=person.name)
                if invite_from
                else _("%(name)s is in.", name=person.name)
            )
            flash(words_said, "good")
            return go_to(url_for("people.show", person_id=person.id))
    part = "people/_new.html" if wants_fragment() else "people/new.html"
    return fragment(part, 422, form=form)


@bp.get("/people/<int:person_id>")
@requires(Permission.PEOPLE_VIEW)
def show(person_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    person, is_in_scope = profiles.colleague_for(viewer, person_id)
    context: dict[str, Any] = {"person": person, "is_in_scope": is_in_scope, "roles": words.ROLES}
    if is_in_scope:
        context |= {
            "way": profiles.way_of(person.id),
            "reports": queries.managed_by(person.id),
            "access": directory.access_of([person])[person.id],
            "day": clock.today(),
            **_days_off(person),
        }
    return render_template("people/show.html", **context)


@bp.get("/people/<int:person_id>/edit")
@requires(Permission.PEOPLE_MANAGE)
def edit(person_id: int) -> ResponseReturnValue:
    person = queries.person_for(the_viewer(), person_id)
    form = PersonForm(
        name=person.name,
        email=person.email,
        role=person.role.value,
        employee_number=person.employee_number,
        hired_on=person.hired_on,
        locale=person.locale or "",
    )
    return render_template("people/edit.html", form=form, person=person)


@bp.post("/people/<int:person_id>")
@requires(Permission.PEOPLE_MANAGE)
def update(person_id: int) -> ResponseReturnValue:
    person, form = queries.person_for(the_viewer(), person_id), PersonForm()
    if form.validate():
        try:
            operations.update_person(
                person,
                name=form.name.data or "",
                role=Role(form.role.data),
                email=form.email.data,
                employee_number=form.employee_number.data,
                hired_on=form.hired_on.data,
                locale=form.locale.data or None,
                by_id=the_viewer().person_id,
            )
        except Invalid as problem:
            form.refuse(problem, "name")
        else:
            flash(_("Saved"), "good")
            return go_to(url_for("people.show", person_id=person_id))
    return _refused("edit", form, person_id)


def _refused(page: str, form: Form, person_id: int) -> ResponseReturnValue:
    """The form again, with what was wrong; the person as they are, not as the form wanted them."""
    person = queries.person_for(the_viewer(), person_id)
    part = f"people/_{page}.html" if wants_fragment() else f"people/{page}.html"
    return fragment(part, 422, form=form, person=person)


@bp.get("/people/<int:person_id>/placement")
@requires(Permission.PEOPLE_MANAGE)
def show_placement(person_id: int) -> ResponseReturnValue:
    person = queries.person_for(the_viewer(), person_id)
    form = PlacementForm(team=person.team_id or 0, manager=person.manager_id or 0, on=clock.today())
    form.team.choices = _teams(none=person.team_id is None)
    form.manager.choices = _managers(person.id, person.manager_id)
    return render_template("people/placement.html", form=form, person=person)


@bp.post("/people/<int:person_id>/placement")
@requires(Permission.PEOPLE_MANAGE)
def set_placement(person_id: int) -> ResponseReturnValue:
    viewer = the_viewer()
    person, form = queries.person_for(viewer, person_id), PlacementForm()
    form.team.choices = _teams(none=person.team_id is None)
    form.manager.choices = _managers(person.id, person.manager_id)
    if form.validate() and form.on.data:
        try:
            once.place_and_report(
                person,
                _team(form.team.data),
                _person(form.manager.data),
                form.on.data,
                by_id=viewer.person_id,
            )
        except Invalid as problem:
            form.refuse(problem, "on")
        else:
            flash(_("Saved"), "good")
            return go_to(url_for("people.show", person_id=person_id))
    return _refused("placement", form, person_id)


@bp.post("/people/<int:person_id>/invitation")
@requires(Permission.PEOPLE_MANAGE)
def create_invitation(person_id: int) -> ResponseReturnValue:
    person = queries.person_for(the_viewer(), person_id)
    try:
        operations.invite_one(person, by_id=the_viewer().person_id, address=request.host_url)
        flash(_("An invitation is on its way to %(email)s.", email=person.email), "good")
    except Invalid as problem:
        flash(str(problem.message), "danger")
    return go_to(url_for("people.show", person_id=person_id))


@bp.get("/people/<int:person_id>/departure")
@requires(Permission.PEOPLE_MANAGE)
def show_departure(person_id: int) -> ResponseReturnValue:
    person = queries.person_for(the_viewer(), person_id)
    if not person.is_active:
        abort(404)
    return render_template("people/departure.html", form=DepartureForm(on=clock.today()), person=person)


@bp.post("/people/<int:person_id>/departure")
@requires(Permission.PEOPLE_MANAGE)
def create_departure(person_id: int) -> ResponseReturnValue:
    person, form = queries.person_for(the_viewer(), person_id), DepartureForm()
    if form.validate() and form.on.data:
        try:
            operations.leave(person, form.on.data, by_id=the_viewer().person_id)
        except Invalid as problem:
            form.refuse(problem, "on")
        else:
            flash(_("Saved. %(name)s keeps their history.", name=person.name), "good")
            return go_to(url_for("people.show", person_id=person_id))
    return _refused("departure", form, person_id)


@bp.get("/people/<int:person_id>/return")
@requires(Permission.PEOPLE_MANAGE)
def show_return(person_id: int) -> ResponseReturnValue:
    person = queries.person_for(the_viewer(), person_id)
    if person.left_on is None:
        abort(404)
    back = max(clock.today(), person.left_on + timedelta(days=1))
    form = ReturnForm(on=back, team=person.team_id)
    form.team.choices = _teams(none=False)
    return render_template("people/return.html", form=form, person=person)


@bp.post("/people/<int:person_id>/return")
@requires(Permission.PEOPLE_MANAGE)
def create_return(person_id: int) -> ResponseReturnValue:
    person, form = queries.person_for(the_viewer(), person_id), ReturnForm()
    form.team.choices = _teams(none=False)
    if form.validate() and form.on.data:
        try:
            operations.bring_back(person, form.on.data, _team(form.team.data), by_id=the_viewer().person_id)
        except (Invalid, Conflict) as problem:
            form.refuse(problem, "on")
        else:
            flash(_("%(name)s is back.", name=person.name), "good")
            return go_to(url_for("people.show", person_id=person_id))
    return _refused("return", form, person_id)


def _days_off(person: Any, form: DayOffForm | None = None) -> dict[str, Any]:
    viewer = the_viewer()
    may_enter = viewer.can(Permission.DAYS_OFF_MANAGE) and (
        person.id != viewer.person_id or viewer.can(Permission.PEOPLE_MANAGE)
    )
    return {
        "person": person,
        "days_off": profiles.days_off_of(person.id),
        "may_enter_days_off": may_enter,
        "form": form or DayOffForm(formdata=None),
    }


@bp.post("/people/<int:person_id>/days-off")
@requires(Permission.DAYS_OFF_MANAGE)
def create_days_off(person_id: int) -> ResponseReturnValue:
    person, form = profiles.person_for_days_off(the_viewer(), person_id), DayOffForm()
    if form.validate() and form.starts_on.data:
        try:
            operations.add_days_off(
                person,
                form.starts_on.data,
                form.ends_on.data or form.starts_on.data,
                form.reason.data,
                by_id=the_viewer().person_id,
            )
            return _after_days_off(person)
        except Invalid as problem:
            form.refuse(problem, "ends_on")
    if wants_fragment():
        return fragment("people/_days_off.html", 422, **_days_off(person, form))
    return render_template("people/days_off.html", **_days_off(person, form)), 422


@bp.post("/people/<int:person_id>/days-off/<int:day_off_id>/removal")
@requires(Permission.DAYS_OFF_MANAGE)
def remove_days_off(person_id: int, day_off_id: int) -> ResponseReturnValue:
    person = profiles.person_for_days_off(the_viewer(), person_id)
    operations.remove_days_off(profiles.day_off_for(person, day_off_id), by_id=the_viewer().person_id)
    return _after_days_off(person)


def _after_days_off(person: Any) -> ResponseReturnValue:
    if wants_fragment():
        return fragment("people/_days_off.html", **_days_off(person))
    return go_to(url_for("people.show", person_id=person.id) + "#days-off")
