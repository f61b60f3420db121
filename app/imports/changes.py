"""What an import changed in rows that were there, kept so that it can be undone."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from app.core.models import Model
from app.extensions import db
from app.imports.kinds import Undone
from app.imports.models import ImportedChange


def plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, (int, str, list, bool)) else str(value)


def note(import_id: int, subject: Model, before: dict[str, Any], after: dict[str, Any]) -> None:
    db.session.add(
        ImportedChange(
            import_id=import_id,
            subject_type=type(subject).__tablename__,
            subject_id=subject.id,
            before={name: plain(value) for name, value in before.items()},
            after={name: plain(value) for name, value in after.items()},
        )
    )


def restore(
    import_id: int,
    model: type[Any],
    label: Callable[[Any], str],
    put: Callable[[Any, dict[str, Any]], None],
    undone: Undone,
) -> None:
    """Put back what rows of a table said before, where they still say what the import made of them."""
    noted = db.session.scalars(
        select(ImportedChange)
        .where(ImportedChange.import_id == import_id, ImportedChange.subject_type == model.__tablename__)
        .order_by(ImportedChange.id)
    ).all()
    for change in noted:
        subject = db.session.get(model, change.subject_id, with_for_update=True)
        if subject is None:
            continue
        if any(plain(getattr(subject, name)) != value for name, value in change.after.items()):
            undone.kept.append((label(subject), "changed_since"))
            continue
        put(subject, change.before)
        db.session.delete(change)
        undone.restored += 1
