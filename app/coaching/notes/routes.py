"""Coaching notes. Their pages are kept nowhere: neither by a browser nor by us."""

from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching import scope
from app.coaching.notes import operations, queries
from app.coaching.notes.forms import AdditionForm, ChangeForm, NoteForm, SignForm
from app.coaching.notes.operations import Diverged, Draft
from app.core.errors import DomainError, Invalid, NotFound
from app.core.hx import go_to
from app.core.idempotency import new_key
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.people.words import ROLES

bp = Blueprint("coaching_notes", __name__, url_prefix="/coaching/notes")


@bp.get("/new")
@requires(Permission.COACHING_LEAD)
def new() -> ResponseReturnValue:
    person_id = request.args.get("person_id", type=int)
    if person_id is None:
        raise NotFound
    session_id = request.args.get("session_id", type=int)
    return _write(NoteForm(formdata=None, note_key=new_key(), person=person_id, session=session_id))


@bp.post("")
@requires(Permission.COACHING_LEAD)
def save() -> ResponseReturnValue:
    """The plain way: a button instead of pauses. `share` also lets the person read it."""
    form = NoteForm()
    if not form.validate():
        return _write(form, 422)
    try:
        note = operations.save_draft(_draft(form), by=the_viewer())
        if "share" in request.form:
            operations.share_note(note.id, by=the_viewer())
    except Diverged as error:
        form.base.data = error.note.revision
        return _write(form, 409, other=error.note)
    except Invalid as error:
        form.refuse(error, "body")
        return _write(form, 422)
    flash(_("Shared. It can be signed now.") if "share" in request.form else _("Saved as a draft."), "good")
    return go_to(url_for("coaching_notes.show", note_id=note.id))


@bp.post("/drafts")
@requires(Permission.COACHING_LEAD)
def save_draft() -> ResponseReturnValue:
    """What static/js/notes.js sends at every pause: any number of times, in any order."""
    form = NoteForm()
    if not form.validate():
        return {"problem": " ".join(str(text) for texts in form.errors.values() for text in texts)}, 422
    try:
        note = operations.save_draft(_draft(form), by=the_viewer())
    except Diverged as error:
        other = error.note
        return _json(other) | {"body": other.body, "shared": other.status == "shared"}, 409
    except DomainError as error:
        return {"problem": str(error.message)}, error.status
    return _json(note)


@bp.get("/<int:note_id>")
@requires(Permission.COACHING_VIEW)
def show(note_id: int) -> ResponseReturnValue:
    return _page(note_id)


@bp.post("/<int:note_id>/sharing")
@requires(Permission.COACHING_LEAD)
def share(note_id: int) -> ResponseReturnValue:
    operations.share_note(note_id, by=the_viewer())
    flash(_("Shared. It can be signed now."), "good")
    return go_to(url_for("coaching_notes.show", note_id=note_id))


@bp.get("/<int:note_id>/change")
@requires(Permission.COACHING_LEAD)
def show_change(note_id: int) -> ResponseReturnValue:
    note = _to_change(note_id)
    return _change(note_id, ChangeForm(formdata=None, base=note.revision, body=note.body))


@bp.post("/<int:note_id>/change")
@requires(Permission.COACHING_LEAD)
def change(note_id: int) -> ResponseReturnValue:
    form = ChangeForm()
    _to_change(note_id)
    if not form.validate():
        return _change(note_id, form, 422)
    try:
        operations.change_note(note_id, form.body.data or "", base=form.base.data or 0, by=the_viewer())
    except Diverged as error:
        form.base.data = error.note.revision
        return _change(note_id, form, 409, other=error.note)
    except Invalid as error:
        form.refuse(error, "body")
        return _change(note_id, form, 422)
    flash(_("Changed. Whoever had signed signs anew."), "good")
    return go_to(url_for("coaching_notes.show", note_id=note_id))


@bp.post("/<int:note_id>/signature")
@requires(Permission.COACHING_VIEW)
def sign(note_id: int) -> ResponseReturnValue:
    form = SignForm()
    queries.note_of_two(note_id, by=the_viewer())
    try:
        operations.sign_note(note_id, revision=form.revision.data or 0, by=the_viewer())
    except DomainError as error:
        if error.status == NotFound.status:
            raise
        flash(str(error.message), "danger")
        return go_to(url_for("coaching_notes.show", note_id=note_id))
    flash(_("Signed."), "good")
    return go_to(url_for("coaching_notes.show", note_id=note_id))


@bp.post("/<int:note_id>/additions")
@requires(Permission.COACHING_VIEW)
def add(note_id: int) -> ResponseReturnValue:
    queries.note_of_two(note_id, by=the_viewer())
    form = AdditionForm()
    if not form.validate():
        return _page(note_id, 422, form)
    try:
        operations.add_to_note(note_id, form.body.data or "", by=the_viewer(), key=form.key.key)
    except Invalid as error:
        form.refuse(error, "body")
        return _page(note_id, 422, form)
    flash(_("Added."), "good")
    return go_to(url_for("coaching_notes.show", note_id=note_id))


def _page(note_id: int, status: int = 200, addition: AdditionForm | None = None) -> ResponseReturnValue:
    """A draft is its author's to write; a shared note is read, and who reads it is in the audit."""
    viewer = the_viewer()
    note = operations.read_note(note_id, by=viewer)
    if note.status == "draft":
        form = NoteForm(
            formdata=None,
            note_key=note.key,
            person=note.person_id,
            session=note.session_id,
            base=note.revision,
            body=note.body,
        )
        return _write(form, status, note=note)
    is_one_of_two = viewer.person_id in {note.author_id, note.person_id}
    return _answer(
        "coaching/notes/show.html",
        status,
        note=note,
        names=queries.names(note),
        roles=ROLES,
        additions=queries.additions(note),
        readers=queries.readers(note) if is_one_of_two else (),
        is_one_of_two=is_one_of_two,
        is_author=viewer.person_id == note.author_id,
        is_signed=queries.is_signed(note),
        may_sign=is_one_of_two and not queries.has_signed(note, viewer.person_id),
        form=addition or AdditionForm(formdata=None),
    )


def _write(form: NoteForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    """`note`: the draft, once there is one; `other`: what is kept of it elsewhere, where it differs."""
    viewer = the_viewer()
    note = more.get("note")
    if note is None and not form.note_key.errors:
        note = queries.draft_of(viewer, form.note_key.value)
    # Of a note that is there, also where the person is somebody else's to coach by now.
    person = queries.person_of(note) if note else scope.person_led(viewer, form.person.data or 0)
    return _answer(
        "coaching/notes/edit.html",
        status,
        form=form,
        person=person,
        may_share=scope.leads(viewer, person),
        **{"other": None} | more,
    )


def _change(note_id: int, form: ChangeForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    note = _to_change(note_id)
    return _answer(
        "coaching/notes/change.html",
        status,
        form=form,
        note=note,
        names=queries.names(note),
        **{"other": None} | more,
    )


def _to_change(note_id: int) -> Any:
    """One's own shared note, as long as not both have signed it."""
    note = queries.note_of_two(note_id, by=the_viewer())
    if note.author_id != the_viewer().person_id or note.status != "shared" or queries.is_signed(note):
        raise NotFound
    return note


def _answer(template: str, status: int, **context: Any) -> ResponseReturnValue:
    answer = make_response(render_template(template, **context), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _draft(form: NoteForm) -> Draft:
    return Draft(
        key=form.note_key.value,
        person_id=form.person.data or 0,
        body=form.body.data or "",
        base=form.base.data or 0,
        session_id=form.session.data,
    )


def _json(note: Any) -> dict[str, Any]:
    url = url_for("coaching_notes.show", note_id=note.id)
    return {"id": note.id, "revision": note.revision, "url": url}
