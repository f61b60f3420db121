"""What is done with a file: uploaded, mapped, checked, run, undone. `engine` does the work."""

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core import audit, clock, events, jobs
from app.core.changes import changes
from app.core.errors import Conflict
from app.core.transactions import atomic
from app.extensions import db
from app.imports import engine, guessing, kinds, queries, questions, reading, words
from app.imports import layout as layouts
from app.imports.engine import Order, Progress, Result
from app.imports.kinds import Undone
from app.imports.layout import Layout, Survey
from app.imports.mapping import Mapping
from app.imports.models import Import, ImportMapping, ImportReject, ImportStatus
from app.imports.problems import Refused
from app.imports.rejects import RejectsFile
from app.people.models import Company
from app.people.operations import CompanyFacts, found_company

DEFAULT_SOURCE = "crm"
log = logging.getLogger(__name__)


class _Dry(Exception):
    """Ends a dry run: everything is rolled back but this."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


def refusal(kind: str, refused: Refused) -> str:
    """Why a file was not taken, in words."""
    parameters = dict(refused.parameters)
    if "columns" in parameters and kinds.is_kind(kind):
        labels = [str(kinds.kind(kind).column(name).label) for name in parameters["columns"]]
        parameters["columns"] = ", ".join(labels)
        parameters["hint"] = words.reason(parameters["hint"], {}) if parameters.get("hint") else ""
    return words.reason(refused.reason, parameters).strip()


# On the command line


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
) -> dict[str, Any]:
    """A file of any size, from first to last in one transaction. Raises Refused. Returns the summary."""
    if not kinds.is_kind(kind):
        raise Refused("training_later")
    if not path.is_file():
        raise Refused("no_such_file", file=str(path))
    try:
        return _import_file(path, kind, source, given, saved, is_dry, progress, rejects)
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
    if is_dry:
        raise _Dry(result)
    finish(record, result)
    return result.as_json()


def ensure_company() -> bool:
    """A file may come before anybody set up the portal; whoever does gives the company its name."""
    if db.session.get(Company, 1) is not None:
        return False
    facts = CompanyFacts(name="Company", currency="USD", country="US", timezone="UTC", locale="en_US")
    found_company(facts)
    return True


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finish(record: Import, result: Result) -> None:
    """Write down what became of the file, in its own transaction."""
    record.status = ImportStatus.DONE
    record.error = None
    record.finished_at = clock.now()
    write_result(record, result)
    remember(record, result)
    counts = {k: record.summary[k] for k in ("rows", "created", "updated", "unchanged", "rejected")}
    audit.record("import.run", record, actor_id=record.created_by_id, kind=record.kind, **counts)
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


# On the pages


def keep_file(data: Path, content: bytes) -> Path:
    """In the data folder, under a name of our own."""
    folder = data / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / uuid4().hex
    path.write_bytes(content)
    path.chmod(0o600)
    return path


@atomic
def upload(path: Path, filename: str, *, source: str, kind: str | None, by_id: int) -> Import:
    """Look a kept file through and guess what it is. Raises Refused, and the file is forgotten."""
    try:
        survey = reading.survey(path, reading.UPLOADED)
        chosen = kinds.kind(kind) if kind else guessing.kind_of(kinds.kinds(), survey)
        if chosen is None:
            raise Refused(guessing.looks_like(survey) or "unknown_kind")
        record = Import(
            kind=chosen.name,
            source=source,
            filename=filename[:200],
            path=str(path),
            sha256=digest(path),
            summary={"survey": survey.as_json()},
            rows_total=survey.rows,
            created_by_id=by_id,
        )
        db.session.add(record)
        audit.record("import.uploaded", record, actor_id=by_id, filename=record.filename, kind=record.kind)
        changes.announce("imports")
        return record
    except Refused:
        path.unlink(missing_ok=True)
        raise


@atomic
def set_mapping(record: Import, mapping: Mapping, *, by_id: int) -> None:
    """Raises Refused for a mapping that leaves a key column out."""
    lock(record)
    _refuse_under_way(record)
    order = order_of(record, given=mapping)
    layouts.decide(order.kind, survey_of(record), mapping, order.saved, engine.day_first())
    record.mapping = mapping.as_json()
    if record.status is not ImportStatus.DONE:
        record.status = ImportStatus.UPLOADED
    audit.record("import.mapped", record, actor_id=by_id)


@atomic
def queue_check(record: Import, *, by_id: int) -> None:
    lock(record)
    _refuse_under_way(record)
    record.status, record.rows_done, record.error = ImportStatus.CHECKING, 0, None
    jobs.defer("imports.check", lock="imports", import_id=record.id)
    changes.announce("imports")


@atomic
def queue_run(records: Sequence[Import], *, by_id: int) -> None:
    """Run files one after the other; a file that asks something waits, and those after it."""
    ids = []
    for record in records:
        lock(record)
        _refuse_under_way(record)
        record.status, record.rows_done, record.error = ImportStatus.QUEUED, 0, None
        audit.record("import.queued", record, actor_id=by_id)
        ids.append(record.id)
    jobs.defer("imports.run", lock="imports", import_ids=ids, confirmed=len(ids) == 1)
    changes.announce("imports")


@atomic
def remove(record: Import, *, by_id: int) -> None:
    """Forget a file that was never imported."""
    lock(record)
    if record.status not in queries.WAITING:
        raise Conflict(_("Only a file that was not imported can be removed."))
    audit.record("import.removed", record, actor_id=by_id, filename=record.filename)
    Path(record.path).unlink(missing_ok=True)
    db.session.delete(record)
    changes.announce("imports")


@atomic
def undo(record: Import, *, by_id: int | None) -> Undone:
    """Take back what an import did, as far as nobody has built on it since. Can be repeated."""
    lock(record)
    if record.status not in {ImportStatus.DONE, ImportStatus.UNDONE}:
        raise Conflict(_("Only an import that was run can be undone."))
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('cumbre import'), hashtext(:kind))"),
        {"kind": record.kind},
    )
    undone = kinds.kind(record.kind).undo(record.id, by_id)
    record.status, record.undone_at, record.undone_by_id = ImportStatus.UNDONE, clock.now(), by_id
    record.summary = {
        **record.summary,
        "undone": {"removed": undone.removed, "restored": undone.restored, "kept": undone.kept[:200]},
        "not_undone": len(undone.kept),
    }
    audit.record(
        "import.undone",
        record,
        actor_id=by_id,
        removed=undone.removed,
        restored=undone.restored,
        kept=len(undone.kept),
    )
    for topic in ("imports", "sales", "people"):
        changes.announce(topic)
    return undone


def lock(record: Import) -> None:
    db.session.refresh(record, with_for_update=True)


def _refuse_under_way(record: Import) -> None:
    if record.status in queries.UNDER_WAY:
        raise Conflict(_("This import is under way."))


def survey_of(record: Import) -> Survey:
    found = record.summary["survey"]
    return Survey(found["header"], found["rows"], found["columns"], found["format"])


def order_of(record: Import, *, given: Mapping | None = None, is_dry: bool = False) -> Order:
    return Order(
        path=Path(record.path),
        limits=reading.UPLOADED if record.created_by_id else reading.COMMAND_LINE,
        kind=kinds.kind(record.kind),
        source=record.source,
        import_id=record.id,
        given=given or (Mapping.from_json(record.mapping) if record.mapping else None),
        saved=queries.saved_mapping(record.kind, record.source),
        actor_id=record.created_by_id,
        is_dry=is_dry,
    )


def layout_of(record: Import) -> Layout:
    """How the file would be read now. Raises Refused when a key column is missing."""
    order = order_of(record)
    return layouts.decide(order.kind, survey_of(record), order.given, order.saved, engine.day_first())


def asks(import_id: int) -> bool:
    """Whether a person has something to settle before this file is imported."""
    record = db.session.get(Import, import_id, populate_existing=True)
    if record is None or record.status is not ImportStatus.QUEUED:
        return False
    try:
        layout = layout_of(record)
    except Refused:
        return True
    kind = kinds.kind(record.kind)
    return bool(
        layout.unsure
        or questions.missing(kind, layout)
        or questions.unsettled(kind, layout, survey_of(record))
    )


# In the worker


def check(import_id: int, progress: Progress) -> None:
    """The dry run of an uploaded file: the same as the run, rolled back, and its result written down."""
    try:
        _carry_out(import_id, progress, is_dry=True)
    except _Dry as dry:
        _write_checked(import_id, dry.result)
    except Refused as refused:
        fail(import_id, refused)


def run(import_id: int, progress: Progress) -> bool:
    """Returns whether the file is imported. What fails is written down and changes nothing."""
    try:
        return _carry_out(import_id, progress, is_dry=False)
    except Refused as refused:
        fail(import_id, refused)
        return False


@atomic
def _carry_out(import_id: int, progress: Progress, *, is_dry: bool) -> bool:
    record = db.session.get(Import, import_id, populate_existing=True)
    expected = ImportStatus.CHECKING if is_dry else ImportStatus.QUEUED
    if record is None or record.status not in {expected, ImportStatus.RUNNING}:
        return record is not None and record.status is ImportStatus.DONE  # done before: a job may come twice
    order = order_of(record, is_dry=is_dry)
    if not order.path.is_file() or digest(order.path) != record.sha256:
        raise Refused("file_changed")
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
