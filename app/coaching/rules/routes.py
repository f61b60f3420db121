"""By which rules steps are proposed, and what they say: kept by those who coach."""

from typing import Any

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.coaching import wording
from app.coaching.plans import words as plan_words
from app.coaching.rules import operations
from app.coaching.rules.forms import RuleForm, TemplateForm
from app.core.choices import choices_of
from app.core.errors import Conflict, Invalid
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer

bp = Blueprint("coaching_rules", __name__, url_prefix="/coaching/rules")


@bp.get("")
@requires(Permission.COACHING_TEMPLATES)
def index() -> ResponseReturnValue:
    return render_template("coaching/rules/index.html", **_lists())


@bp.get("/new")
@requires(Permission.COACHING_TEMPLATES)
def new() -> ResponseReturnValue:
    return _rule(None, _rule_form(None))


@bp.post("")
@requires(Permission.COACHING_TEMPLATES)
def create() -> ResponseReturnValue:
    return _save_rule(None)


@bp.get("/<int:rule_id>")
@requires(Permission.COACHING_TEMPLATES)
def edit(rule_id: int) -> ResponseReturnValue:
    choice = operations.choice_for(rule_id)
    form = _rule_form(
        None,
        cause=choice.cause,
        aspect=choice.aspect or "",
        least_share=choice.least_share,
        template=str(choice.template_id),
        reason_en=choice.reasons.get("en", ""),
        reason_es=choice.reasons.get("es", ""),
        is_active=choice.is_active,
    )
    return _rule(choice, form)


@bp.post("/<int:rule_id>")
@requires(Permission.COACHING_TEMPLATES)
def change(rule_id: int) -> ResponseReturnValue:
    return _save_rule(operations.choice_for(rule_id))


@bp.post("/<int:rule_id>/state")
@requires(Permission.COACHING_TEMPLATES)
def switch(rule_id: int) -> ResponseReturnValue:
    operations.switch_choice(
        rule_id, is_active=request.form.get("active") == "yes", by_id=the_viewer().person_id
    )
    if wants_fragment():
        return fragment("coaching/rules/list.html", **_lists())
    return go_to(url_for("coaching_rules.index"))


@bp.get("/steps/new")
@requires(Permission.COACHING_TEMPLATES)
def new_template() -> ResponseReturnValue:
    return _template(None, _template_form(None))


@bp.post("/steps")
@requires(Permission.COACHING_TEMPLATES)
def create_template() -> ResponseReturnValue:
    return _save_template(None)


@bp.get("/steps/<int:template_id>")
@requires(Permission.COACHING_TEMPLATES)
def edit_template(template_id: int) -> ResponseReturnValue:
    template = operations.template_for(template_id)
    form = _template_form(
        None,
        kind=template.kind.value,
        title_en=template.titles.get("en", ""),
        title_es=template.titles.get("es", ""),
        text_en=template.texts.get("en", ""),
        text_es=template.texts.get("es", ""),
        days=template.days,
        is_active=template.archived_at is None,
    )
    return _template(template, form)


@bp.post("/steps/<int:template_id>")
@requires(Permission.COACHING_TEMPLATES)
def change_template(template_id: int) -> ResponseReturnValue:
    return _save_template(operations.template_for(template_id))


def _lists() -> dict[str, Any]:
    return {"choices": operations.choices(), "templates": operations.templates(), "words": plan_words}


def _save_rule(choice: Any) -> ResponseReturnValue:
    form = _rule_form(request.form)
    if not form.validate():
        return _rule(choice, form, 422)
    said = operations.RuleSaid(
        cause=form.cause.data,
        aspect=form.aspect.data or None,
        least_share=form.least_share.data or 0,
        template_id=int(form.template.data),
        reasons=form.reasons(),
        is_active=bool(form.is_active.data),
    )
    try:
        operations.save_choice(choice, said, by_id=the_viewer().person_id, key=form.key.key)
    except Invalid as error:
        form.refuse(error, "template")
        return _rule(choice, form, 422)
    flash(_("Saved. It is for plans to come."), "good")
    return go_to(url_for("coaching_rules.index"))


def _save_template(template: Any) -> ResponseReturnValue:
    form = _template_form(request.form)
    if not form.validate():
        return _template(template, form, 422)
    said = operations.TemplateSaid(
        kind=plan_words.step_kind(form.kind.data),
        titles=form.titles(),
        texts=form.texts(),
        days=form.days.data or 14,
        is_active=bool(form.is_active.data),
    )
    try:
        operations.save_template(template, said, by_id=the_viewer().person_id, key=form.key.key)
    except (Invalid, Conflict) as error:
        form.refuse(error, "is_active" if isinstance(error, Conflict) else "title_en")
        return _template(template, form, error.status)
    flash(_("Saved. It is for plans to come."), "good")
    return go_to(url_for("coaching_rules.index"))


def _rule_form(data: Any, **values: Any) -> RuleForm:
    form = RuleForm(data, **values)
    form.cause.choices = choices_of(plan_words.CAUSES.items())
    form.aspect.choices = choices_of([("", _("anything")), *plan_words.ASPECTS.items()])
    form.template.choices = choices_of(
        (template.id, template.title()) for template in operations.templates(with_archived=False)
    )
    return form


def _template_form(data: Any, **values: Any) -> TemplateForm:
    form = TemplateForm(data, **values)
    form.kind.choices = choices_of(plan_words.KINDS.items())
    return form


def _rule(choice: Any, form: RuleForm, status: int = 200) -> ResponseReturnValue:
    places = sorted(wording.IN_REASONS)
    page = render_template("coaching/rules/rule.html", choice=choice, form=form, places=places)
    return make_response(page, status)


def _template(template: Any, form: TemplateForm, status: int = 200) -> ResponseReturnValue:
    places = sorted(wording.IN_TITLES)
    page = render_template("coaching/rules/template.html", template=template, form=form, places=places)
    return make_response(page, status)
