from app.core.audit import record
from app.core.changes import changes
from app.core.transactions import atomic
from app.extensions import db
from app.people.models import Person, Theme


@atomic
def set_preferences(person_id: int, *, locale: str | None, theme: str, is_hidden: bool) -> None:
    """How the portal looks to a person, and whether boards name them."""
    person = db.session.get_one(Person, person_id)
    before = (person.locale, person.theme, person.is_hidden)
    after = (locale, Theme(theme), is_hidden)
    person.locale, person.theme, person.is_hidden = after
    if before == after:
        return
    record("person.preferences_set", person, actor_id=person_id, is_hidden=is_hidden)
    changes.announce("people", people=[person_id], boards=before[2] != after[2])
