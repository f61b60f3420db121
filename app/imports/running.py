"""A file carried out, on the command line or by the worker, and what became of it written down."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core import audit, clock, events
from app.core.changes import changes
from app.core.transactions import atomic
from app.extensions import db
from app.imports import engine, kinds, queries, reading
from app.imports.engine import Order, Progress, Result
from app.imports.founding import ensure_company, settle_currency
from app.imports.layout import Survey
from app.imports.mapping import Mapping
from app.imports.models import Import, ImportMapping, ImportReject, ImportStatus
from app.imports.problems import Refused
from app.imports.rejects import RejectsFile

DEFAULT_SOURCE = "crm"


class _Dry(Exception):
    """Ends a dry run: everything is rolled back but this."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


def import_file(
    path: Path,
    kind: str,
    source: str,
    *,
    given: Mapping | None,
    saved: Mapping | None,
    is_dry: bool,
    progress: Progress,
    rejects: TextIO | None,
    again: bool = False,
) -> dict[str, Any]:
    """A file of any size, from first to last in one transaction. Raises Refused. Returns the summary.

    `again`: it is meant to be, though the same file came in under another source's name.
    """
    if not path.is_file():
        raise Refused("no_such_file", file=str(path))
    try:
        return _import_file(path, kind, source, given, saved, is_dry, progress, rejects, again)
    except _Dry as dry:
        return {**dry.result.as_json(), "dry_run": True}


@atomic
def _import_file(
    path: Path,
    kind: str,
    source: str,
    given: Mapping | None,
    saved: Mapping | None,
    is_dry: bool,
    progress: Progress,
    rejects: TextIO | None,
    again: bool,
) -> dict[str, Any]:
    founded = ensure_company()
    record = Import(
        kind=kind,
        source=source,
        filename=path.name,
        path=str(path.absolute()),
        sha256=digest(path),
        status=ImportStatus.RUNNING,
        started_at=clock.now(),
    )
    db.session.add(record)
    db.session.flush()
    if not again:
        _refuse_twice(record)
    order = Order(
        path=path,
        limits=reading.COMMAND_LINE,
        kind=kinds.kind(kind),
        source=source,
        import_id=record.id,
        given=given,
        saved=saved or queries.saved_mapping(kind, source),
        is_dry=is_dry,
    )
    survey, layout = engine.look_at(order)
    settled = settle_currency(survey, layout)
    sink = None
    if rejects is not None:
        if rejects.seekable():  # a deadlock starts all of this again
            rejects.seek(0)
            rejects.truncate()
        file = RejectsFile(rejects, survey.header, layout.theirs)
        sink = file.write
    result = engine.carry_out(order, survey, layout, progress, sink)
    if founded:
        result.outcome.notes.insert(0, ("founded", {}))
    if settled:
        result.outcome.notes.insert(0, ("currency", {"currency": settled}))
    if is_dry:
        raise _Dry(result)
    finish(record, result)
    if settled:
        record.summary = {**record.summary, "currency": settled}
    return result.as_json()


def same_file(record: Import) -> Import | None:
    """The import that this one would count a second time."""
    return queries.same_file(record) if kinds.kind(record.kind).is_known_by_source else None


def _refuse_twice(record: Import) -> None:
    engine.take_turn(record.kind)  # else two at once would not find one another
    if other := same_file(record):
        raise Refused("same_file", source=other.source, file=other.filename)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finish(record: Import, result: Result) -> None:
    """Write down what became of the file, in its own transaction."""
    record.status = ImportStatus.DONE
    record.error = None
    record.finished_at = clock.now()
    write_result(record, result)
    if result.outcome.taken:
        remember(record, result)
    counts = {k: record.summary[k] for k in ("rows", "created", "updated", "unchanged", "rejected")}
    audit.record("import.run", record, actor_id=_actor_id(record), kind=record.kind, **counts)
    events.record("import_finished", import_id=record.id, kind=record.kind, **counts)
    changes.announce("imports")


def write_result(record: Import, result: Result) -> None:
    record.rows_total = record.rows_done = result.survey.rows
    record.summary = {**result.as_json(), "survey": result.survey.as_json()}
    db.session.execute(delete(ImportReject).where(ImportReject.import_id == record.id))
    rows = [
        {
            "import_id": record.id,
            "line": problem.line,
            "column": problem.column,
            "reason": problem.reason,
            "parameters": problem.parameters,
            "row": cells,
        }
        for problem, cells in result.rejects.kept
    ]
    if rows:
        db.session.execute(insert(ImportReject), rows)
    db.session.flush()


def remember(record: Import, result: Result) -> None:
    """The mapping serves the source's next file; words that only differed in spelling are settled now."""
    mapping = result.layout.mapping
    kind = kinds.kind(record.kind)
    for column, matched in result.matched.items():
        if kind.has(column) and kind.column(column).type == "name":
            mapping = mapping.with_values(column, matched)
    values = {"kind": record.kind, "source": record.source, "mapping": mapping.as_json()}
    db.session.execute(
        upsert(ImportMapping)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["kind", "source"], set_={"mapping": values["mapping"], "updated_at": clock.now()}
        )
    )


def survey_of(record: Import) -> Survey:
    found = record.summary["survey"]
    return Survey(found["header"], found["rows"], found["columns"], found["format"])


def _actor_id(record: Import) -> int | None:
    """Whose doing it is: who had it run, not who brought the file."""
    return record.run_by_id or record.created_by_id


def order_of(record: Import, *, given: Mapping | None = None, is_dry: bool = False) -> Order:
    return Order(
        path=Path(record.path),
        limits=reading.UPLOADED if record.created_by_id else reading.COMMAND_LINE,
        kind=kinds.kind(record.kind),
        source=record.source,
        import_id=record.id,
        given=given or (Mapping.from_json(record.mapping) if record.mapping else None),
        saved=queries.saved_mapping(record.kind, record.source),
        actor_id=_actor_id(record),
        is_dry=is_dry,
    )


def check(import_id: int, progress: Progress) -> None:
    """The dry run of an uploaded file: the same as the run, rolled back, and its result written down."""
    try:
        _carry_out(import_id, progress, is_dry=True)
    except _Dry as dry:
        _write_checked(import_id, dry.result)
    except Refused as refused:
        fail(import_id, refused)


def run(import_id: int, progress: Progress, *, again: bool = False) -> bool:
    """Returns whether the file is imported. What fails is written down and changes nothing."""
    try:
        return _carry_out(import_id, progress, is_dry=False, again=again)
    except Refused as refused:
        fail(import_id, refused)
        return False


@atomic
def _carry_out(import_id: int, progress: Progress, *, is_dry: bool, again: bool = False) -> bool:
    record = db.session.get(Import, import_id, populate_existing=True)
    expected = ImportStatus.CHECKING if is_dry else ImportStatus.QUEUED
    if record is None or record.status not in {expected, ImportStatus.RUNNING}:
        return record is not None and record.status is ImportStatus.DONE  # done before: a job may come twice
    order = order_of(record, is_dry=is_dry)
    if not order.path.is_file() or digest(order.path) != record.sha256:
        raise Refused("file_changed")
    if not (is_dry or again):
        _refuse_twice(record)
    survey, layout = engine.look_at(order)
    result = engine.carry_out(order, survey, layout, progress)
    if is_dry:
        raise _Dry(result)
    finish(record, result)
    return True


@atomic
def _write_checked(import_id: int, result: Result) -> None:
    record = db.session.get_one(Import, import_id, with_for_update=True, populate_existing=True)
    record.status = ImportStatus.CHECKED
    write_result(record, result)
    changes.announce("imports")


@atomic
def fail(import_id: int, refused: Refused) -> None:
    record = db.session.get(Import, import_id, with_for_update=True, populate_existing=True)
    if record is None or record.status is ImportStatus.DONE:
        return
    record.status = ImportStatus.FAILED
    record.error = json.dumps(refused.as_json())
    changes.announce("imports")


@atomic
def hold(import_ids: Sequence[int]) -> None:
    """Files that wait for an answer, or for the file before them, can be run later."""
    for record in db.session.scalars(
        select(Import)
        .where(Import.id.in_(import_ids), Import.status == ImportStatus.QUEUED)
        .with_for_update()
    ):
        record.status = ImportStatus.UPLOADED
    changes.announce("imports")
