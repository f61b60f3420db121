"""What the worker does with files. A job that comes twice, or again after a crash, does no more than once."""

import logging
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from app.core import clock, jobs
from app.extensions import db
from app.imports import operations, running
from app.imports.models import Import, ImportStatus
from app.imports.problems import Refused
from app.imports.progress import Progress

KEPT_FOR = timedelta(days=30)  # a file after its import
log = logging.getLogger(__name__)


@jobs.job("imports.check", queue="imports")
def check(import_id: int) -> None:
    with _progress(import_id) as progress:
        try:
            running.check(import_id, progress)
        except Exception:
            log.exception("the check of import %s stopped", import_id)
            running.fail(import_id, Refused("failed"))


@jobs.job("imports.run", queue="imports")
def run(import_ids: list[int], confirmed: bool, again: bool = False) -> None:
    """One after the other; who needs an answer stops those that come after. `confirmed`: nothing to ask."""
    for position, import_id in enumerate(import_ids):
        if not confirmed and operations.asks(import_id):
            running.hold(import_ids[position:])
            return
        with _progress(import_id) as progress:
            progress.status(ImportStatus.RUNNING.value)
            try:
                done = running.run(import_id, progress, again=again)
            except Exception:
                log.exception("import %s stopped", import_id)
                running.fail(import_id, Refused("failed"))
                done = False
        if not done:
            running.hold(import_ids[position + 1 :])
            return


@jobs.job("imports.forget_files", cron="30 3 * * *")
def forget_files(timestamp: int = 0) -> None:
    """A file is not kept for ever: it holds people's names."""
    old = select(Import.path).where(
        Import.created_by_id.is_not(None), Import.created_at < clock.now() - KEPT_FOR
    )
    for path in db.session.scalars(old):
        Path(path).unlink(missing_ok=True)  # those of the command line have no author, and are not ours


def _progress(import_id: int) -> Progress:
    return Progress(db.engine.engine.url, import_id)
