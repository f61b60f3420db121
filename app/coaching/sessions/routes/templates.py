"""The templates of one-to-ones, for managers to edit."""

from flask import flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching.sessions import templates as kept
from app.coaching.sessions.forms import TemplateForm
from app.coaching.sessions.routes.sessions import bp
from app.core.errors import Invalid
from app.core.hx import go_to
from app.core.locales import language
from app.core.permissions import Permission, requires
from app.core.undoable import flash_with_undo
from app.core.viewer import the_viewer


@bp.get("/session-templates")
@requires(Permission.COACHING_TEMPLATES)
def templates() -> ResponseReturnValue:
    found = kept.templates(archived=True)
    return render_template("coaching/sessions/templates.html", templates=found, said=_said)


@bp.get("/session-templates/new")
@requires(Permission.COACHING_TEMPLATES)
def new_template() -> ResponseReturnValue:
    return _form(None, TemplateForm(formdata=None))


@bp.post("/session-templates")
@requires(Permission.COACHING_TEMPLATES)
def create_template() -> ResponseReturnValue:
    return _save(None)


@bp.get("/session-templates/<int:template_id>")
@requires(Permission.COACHING_TEMPLATES)
def edit_template(template_id: int) -> ResponseReturnValue:
    template = kept.template_for(template_id)
    form = TemplateForm(formdata=None, minutes=template.minutes)
    for tongue in kept.LANGUAGES:
        form[f"name_{tongue}"].data = template.names.get(tongue, "")
        form[f"items_{tongue}"].data = "\n".join(one.get(tongue, "") for one in template.items).strip()
    return _form(template_id, form)


@bp.post("/session-templates/<int:template_id>")
@requires(Permission.COACHING_TEMPLATES)
def change_template(template_id: int) -> ResponseReturnValue:
    kept.template_for(template_id)
    return _save(template_id)


@bp.post("/session-templates/<int:template_id>/archive")
@requires(Permission.COACHING_TEMPLATES)
def archive_template(template_id: int) -> ResponseReturnValue:
    kept.archive_template(template_id, is_archived=True, by=the_viewer())
    back = url_for("coaching_sessions.restore_template", template_id=template_id)
    flash_with_undo(_("Out of use."), back, "info")
    return go_to(url_for("coaching_sessions.templates"))


@bp.post("/session-templates/<int:template_id>/return")
@requires(Permission.COACHING_TEMPLATES)
def restore_template(template_id: int) -> ResponseReturnValue:
    kept.archive_template(template_id, is_archived=False, by=the_viewer())
    return go_to(url_for("coaching_sessions.templates"))


def _said(words: dict[str, str]) -> str:
    return kept.said(words, language())


def _save(template_id: int | None) -> ResponseReturnValue:
    form = TemplateForm()
    if not form.validate():
        return _form(template_id, form, 422)
    try:
        kept.save_template(
            template_id,
            names={tongue: form[f"name_{tongue}"].data or "" for tongue in kept.LANGUAGES},
            items={tongue: (form[f"items_{tongue}"].data or "").splitlines() for tongue in kept.LANGUAGES},
            minutes=form.minutes.data or 0,
            by=the_viewer(),
        )
    except Invalid as error:
        form.refuse(error, "name_es")
        return _form(template_id, form, 422)
    flash(_("Saved."), "good")
    return go_to(url_for("coaching_sessions.templates"))


def _form(template_id: int | None, form: TemplateForm, status: int = 200) -> ResponseReturnValue:
    html = render_template("coaching/sessions/template.html", form=form, template_id=template_id)
    return make_response(html, status)
