"""Templates of steps and the rules that choose them, as managers keep them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.coaching.models import StepChoice, StepKind, StepTemplate
from app.core import audit, clock, idempotency
from app.core.errors import Conflict, Invalid, NotFound
from app.core.transactions import atomic
from app.extensions import db


@dataclass(frozen=True, slots=True)
class TemplateSaid:
    kind: StepKind
    titles: dict[str, str]
    texts: dict[str, str]
    days: int
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class RuleSaid:
    cause: str
    aspect: str | None
    least_share: int
    template_id: int
    reasons: dict[str, str]
    is_active: bool = True


def choices() -> Sequence[StepChoice]:
    """All rules with their templates, in order."""
    return db.session.scalars(
        select(StepChoice)
        .options(joinedload(StepChoice.template))
        .order_by(StepChoice.position, StepChoice.id)
    ).all()


def templates(*, with_archived: bool = True) -> Sequence[StepTemplate]:
    stmt = select(StepTemplate).order_by(StepTemplate.archived_at.is_not(None), StepTemplate.id)
    return db.session.scalars(stmt if with_archived else stmt.where(StepTemplate.archived_at.is_(None))).all()


def choice_for(choice_id: int) -> StepChoice:
    """Raises NotFound."""
    found = db.session.scalars(
        select(StepChoice).where(StepChoice.id == choice_id).options(joinedload(StepChoice.template))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def template_for(template_id: int) -> StepTemplate:
    """Raises NotFound."""
    found = db.session.get(StepTemplate, template_id)
    if found is None:
        raise NotFound
    return found


@atomic
def save_template(
    template: StepTemplate | None, said: TemplateSaid, *, by_id: int, key: UUID | None = None
) -> StepTemplate:
    """A new one, or changed words: plans that were proposed before keep theirs."""
    if template is None and key is not None and (earlier := idempotency.earlier(key, by_id)) is not None:
        return template_for(earlier.subject_id or 0)
    titles = _given(said.titles, "title_en")
    if template is None:
        template = StepTemplate()
        db.session.add(template)
    elif not said.is_active and template.archived_at is None and _is_used(template):
        raise Conflict(_("A rule in use proposes this step. Switch the rule off first."))
    template.kind, template.titles, template.days = said.kind, titles, said.days
    template.texts = {name: text.strip() for name, text in said.texts.items() if text.strip()}
    template.edited_by_id = by_id
    if said.is_active:
        template.archived_at = None
    else:
        template.archived_at = template.archived_at or clock.now()
    audit.record("step_template.saved", template, actor_id=by_id, is_active=said.is_active)
    if key is not None:
        idempotency.settle(key, template.id)
    return template


@atomic
def save_choice(
    choice: StepChoice | None, said: RuleSaid, *, by_id: int, key: UUID | None = None
) -> StepChoice:
    """A rule is for the plans to come; what it proposed before keeps its reason."""
    if choice is None and key is not None and (earlier := idempotency.earlier(key, by_id)) is not None:
        return choice_for(earlier.subject_id or 0)
    reasons = _given(said.reasons, "reason_en")
    template = template_for(said.template_id)
    if said.is_active and template.archived_at is not None:
        raise Invalid(_("This step is not in use."), "template")
    if choice is None:
        last = db.session.scalar(select(func.max(StepChoice.position))) or 0
        choice = StepChoice(position=last + 10)
        db.session.add(choice)
    choice.cause, choice.aspect, choice.least_share = said.cause, said.aspect, said.least_share
    choice.template_id, choice.reasons, choice.is_active = template.id, reasons, said.is_active
    choice.edited_by_id = by_id
    audit.record(
        "step_choice.saved",
        choice,
        actor_id=by_id,
        cause=said.cause,
        aspect=said.aspect,
        is_active=said.is_active,
    )
    if key is not None:
        idempotency.settle(key, choice.id)
    return choice


@atomic
def switch_choice(choice_id: int, *, is_active: bool, by_id: int) -> StepChoice:
    choice = choice_for(choice_id)
    if choice.is_active == is_active:
        return choice
    if is_active and choice.template.archived_at is not None:
        raise Conflict(_("Its step is not in use. Take the step up again first."))
    choice.is_active, choice.edited_by_id = is_active, by_id
    audit.record("step_choice.switched", choice, actor_id=by_id, is_active=is_active)
    return choice


def _given(said: dict[str, str], field: str) -> dict[str, str]:
    """One language is enough: readers of the other see it rather than nothing."""
    given = {name: text.strip() for name, text in said.items() if text.strip()}
    if not given:
        raise Invalid(_("Write it in at least one language."), field)
    return given


def _is_used(template: StepTemplate) -> bool:
    used = select(StepChoice.id).where(StepChoice.template_id == template.id, StepChoice.is_active)
    return bool(db.session.scalar(select(used.exists())))
