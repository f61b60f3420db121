"""What one-to-ones go through: shipped templates and the company's own, for managers to edit."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.coaching.models import SessionTemplate
from app.core import audit, clock
from app.core.changes import changes
from app.core.errors import Invalid, NotFound
from app.core.transactions import atomic
from app.core.viewer import Viewer
from app.extensions import db

LANGUAGES = ("es", "en")
MOST_ITEMS = 20


def said(words: dict[str, str], language: str) -> str:
    """In a language, else in the one that there is."""
    return words.get(language) or next(iter(words.values()), "")


def templates(*, archived: bool = False) -> Sequence[SessionTemplate]:
    """Those in use, the shipped ones first."""
    stmt = select(SessionTemplate).order_by(SessionTemplate.key.is_(None), SessionTemplate.id)
    if not archived:
        stmt = stmt.where(SessionTemplate.archived_at.is_(None))
    return db.session.scalars(stmt).all()


def template_for(template_id: int) -> SessionTemplate:
    found = db.session.get(SessionTemplate, template_id)
    if found is None:
        raise NotFound
    return found


def after_a_miss() -> int | None:
    """The one for a plan's first session, unless it is out of use."""
    return db.session.scalar(
        select(SessionTemplate.id).where(
            SessionTemplate.key == "after_miss", SessionTemplate.archived_at.is_(None)
        )
    )


@atomic
def save_template(
    template_id: int | None, *, names: dict[str, str], items: dict[str, list[str]], minutes: int, by: Viewer
) -> SessionTemplate:
    """`names` and `items` by language; one language may be left empty, then the other stands for both.

    Items of two languages belong together by their place. Raises Invalid with the field.
    """
    names = {tongue: text.strip() for tongue, text in names.items() if text.strip()}
    if not names:
        raise Invalid(_("Give it a name."), "name_es")
    lines = {tongue: [one.strip() for one in items.get(tongue, ()) if one.strip()] for tongue in LANGUAGES}
    count = max(map(len, lines.values()))
    if not count:
        raise Invalid(_("Write one line at least."), "items_es")
    if count > MOST_ITEMS:
        raise Invalid(_("At most %(num)s lines.", num=MOST_ITEMS), "items_es")
    if all(lines.values()) and len({len(each) for each in lines.values()}) > 1:
        raise Invalid(_("Both languages need the same number of lines, or leave one empty."), "items_en")
    template = SessionTemplate() if template_id is None else template_for(template_id)
    template.names, template.minutes, template.edited_by_id = names, minutes, by.person_id
    template.items = [
        {tongue: lines[tongue][number] for tongue in LANGUAGES if lines[tongue]} for number in range(count)
    ]
    db.session.add(template)
    db.session.flush()
    audit.record("session_template.saved", template, actor_id=by.person_id)
    changes.announce("coaching")
    return template


@atomic
def archive_template(template_id: int, *, is_archived: bool, by: Viewer) -> SessionTemplate:
    """Out of use, or back in; sessions that began from it keep their agenda."""
    template = template_for(template_id)
    if (template.archived_at is not None) != is_archived:
        when: datetime | None = clock.now() if is_archived else None
        template.archived_at, template.edited_by_id = when, by.person_id
        action = "archived" if is_archived else "restored"
        audit.record(f"session_template.{action}", template, actor_id=by.person_id)
        changes.announce("coaching")
    return template
