"""What the pages and commands of imports ask."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.core.errors import NotFound
from app.core.pagination import Page, page_of, page_of_rows
from app.extensions import db
from app.imports.mapping import Mapping
from app.imports.models import Import, ImportMapping, ImportReject, ImportStatus
from app.people.models import Person

UNDER_WAY = frozenset({ImportStatus.CHECKING, ImportStatus.QUEUED, ImportStatus.RUNNING})
WAITING = frozenset({ImportStatus.UPLOADED, ImportStatus.CHECKED, ImportStatus.FAILED})


def source_named(text: str) -> str:
    """A source's name however it is typed: rows are known by it."""
    return " ".join(text.split()).casefold()


def same_file(record: Import) -> Import | None:
    """The import that took this very file under another source's name, unless this source took it as well."""
    stmt = (
        select(Import)
        .where(
            Import.kind == record.kind,
            Import.sha256 == record.sha256,
            Import.status == ImportStatus.DONE,
            Import.id != record.id,
        )
        .order_by((Import.source == record.source).desc(), Import.id.desc())
        .limit(1)
    )
    found = db.session.scalar(stmt)
    return found if found is not None and found.source != record.source else None


def saved_mapping(kind: str, source: str) -> Mapping | None:
    found = db.session.scalar(
        select(ImportMapping.mapping).where(ImportMapping.kind == kind, ImportMapping.source == source)
    )
    return Mapping.from_json(found) if found is not None else None


def import_for(import_id: int) -> Import:
    found = db.session.get(Import, import_id)
    if found is None:
        raise NotFound
    return found


def imports_page(number: int) -> Page[tuple[Import, str | None]]:
    """Newest first, with who uploaded it."""
    author = aliased(Person)
    stmt: Any = (
        select(Import, author.name)
        .outerjoin(author, author.id == Import.created_by_id)
        .order_by(Import.created_at.desc(), Import.id.desc())
    )
    return page_of_rows(stmt, number, 25)


def waiting() -> Sequence[Import]:
    """Uploaded files that nobody has run yet, in the order in which one needs the other."""
    found = db.session.scalars(select(Import).where(Import.status.in_(WAITING)).order_by(Import.id)).all()
    return [one for one in found if one.created_by_id is not None]


def person_name(person_id: int | None) -> str | None:
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) if person_id else None


def rejects_page(import_id: int, number: int) -> Page[ImportReject]:
    return page_of(
        select(ImportReject)
        .where(ImportReject.import_id == import_id)
        .order_by(ImportReject.line, ImportReject.id),
        number,
    )


def all_rejects(import_id: int) -> Sequence[ImportReject]:
    return db.session.scalars(
        select(ImportReject)
        .where(ImportReject.import_id == import_id)
        .order_by(ImportReject.line, ImportReject.id)
    ).all()


def known_sources() -> list[str]:
    return list(db.session.scalars(select(ImportMapping.source).distinct().order_by(ImportMapping.source)))
