"""A form that comes again: it leads to what it made before, unless its author has taken that back since.

Who undoes, goes back and sends the same form means it: it is recorded anew. What another has voided stays so.
"""

from typing import TypeVar
from uuid import UUID

from app.core import audit, idempotency
from app.extensions import db
from app.sales.models import Activity, Sale

Made = TypeVar("Made", Sale, Activity)


def made_before(kind: type[Made], voiding: str, key: UUID | None, by_id: int | None) -> Made | None:
    """What the form has made; None where it is to be made now. `voiding`: the action that takes it back."""
    if key is None or by_id is None:
        return None
    earlier = idempotency.earlier(key, by_id)
    if earlier is None or earlier.subject_id is None:
        return None
    made = db.session.get_one(kind, earlier.subject_id)
    is_taken_back = made.voided_at is not None and audit.last_actor_id(voiding, made) == by_id
    return None if is_taken_back else made
