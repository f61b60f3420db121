"""What people do with a file: upload, map, queue, remove, undo. `running` carries it out."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from flask_babel import gettext as _

from app.core import audit, clock, jobs
from app.core.changes import changes
from app.core.errors import Conflict
from app.core.transactions import atomic
from app.extensions import db
from app.imports import engine, guessing, kinds, queries, questions, reading, running, words
from app.imports import layout as layouts
from app.imports.kinds import Undone
from app.imports.layout import Layout
from app.imports.mapping import Mapping
from app.imports.models import Import, ImportStatus
from app.imports.problems import Refused


def refusal(kind: str, refused: Refused) -> str:
    """Why a file was not taken, in words."""
    parameters = dict(refused.parameters)
    if "columns" in parameters and kinds.is_kind(kind):
        labels = [str(kinds.kind(kind).column(name).label) for name in parameters["columns"]]
        parameters["columns"] = ", ".join(labels)
        parameters["hint"] = words.reason(parameters["hint"], {}) if parameters.get("hint") else ""
    return words.reason(refused.reason, parameters).strip()


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
            source=queries.source_named(source),
            filename=filename[:200],
            path=str(path),
            sha256=running.digest(path),
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
    order = running.order_of(record, given=mapping)
    layouts.decide(order.kind, running.survey_of(record), mapping, order.saved, engine.day_first())
    record.mapping = mapping.as_json()
    if record.status is not ImportStatus.DONE:
        record.status = ImportStatus.UPLOADED
    audit.record("import.mapped", record, actor_id=by_id)


@atomic
def queue_check(record: Import, *, by_id: int) -> None:
    lock(record)
    _refuse_under_way(record)
    record.status, record.rows_done, record.error = ImportStatus.CHECKING, 0, None
    record.run_by_id = by_id
    jobs.defer("imports.check", lock="imports", import_id=record.id)
    changes.announce("imports")


@atomic
def queue_run(records: Sequence[Import], *, by_id: int, again: bool = False) -> None:
    """Run files one after the other; a file that asks something waits, and those after it.

    `again`: the one file is meant to be imported, though it came in under another source's name before.
    """
    ids = []
    for record in records:
        lock(record)
        _refuse_under_way(record)
        record.status, record.rows_done, record.error = ImportStatus.QUEUED, 0, None
        record.run_by_id = by_id
        audit.record("import.queued", record, actor_id=by_id)
        ids.append(record.id)
    jobs.defer("imports.run", lock="imports", import_ids=ids, confirmed=len(ids) == 1, again=again)
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
def undo(record: Import, *, by_id: int | None, only_open: bool = False) -> Undone:
    """Take back what an import did, as far as nobody has built on it since. Can be repeated.

    Nothing is done where it reaches into closed periods, unless `only_open`: then what counts there stays.
    """
    lock(record)
    if record.status not in {ImportStatus.DONE, ImportStatus.UNDONE}:
        raise Conflict(_("Only an import that was run can be undone."))
    engine.take_turn(record.kind)
    kind = kinds.kind(record.kind)
    undone = (kind.undo_open if only_open else kind.undo)(record.id, by_id)
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


def layout_of(record: Import) -> Layout:
    """How the file would be read now. Raises Refused when a key column is missing."""
    order = running.order_of(record)
    return layouts.decide(order.kind, running.survey_of(record), order.given, order.saved, engine.day_first())


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
        running.same_file(record)
        or layout.unsure
        or questions.missing(kind, layout)
        or questions.unsettled(kind, layout, running.survey_of(record))
    )
