"""`flask import KIND FILE`: in this process, in one transaction, with no limit on rows.

--mapping takes the name of a source whose mapping is saved, or a JSON file (see `app/imports/mapping.py`).
Exit code 0 only if every row was taken.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any, TextIO

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from app.imports import operations, queries, running, words
from app.imports.mapping import Mapping
from app.imports.problems import Refused
from app.imports.report import summary_lines

log = logging.getLogger(__name__)
group = AppGroup("import", help="Import a CSV or XLSX file.")
KINDS = ("people", "products", "sales", "goals", "training")


class Bar:
    """A progress bar on a terminal; nothing elsewhere."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._done = 0

    def __call__(self, phase: str, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = click.progressbar(length=total, label="Importing", file=sys.stderr)
            self._bar.__enter__()
        self._bar.label = "Importing" if phase == "rows" else "Putting in order"
        self._bar.update(done - self._done)
        self._done = done

    def close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


def from_file(path: Path) -> Mapping:
    try:
        return Mapping.from_json(json.loads(path.read_text("utf-8-sig")))
    except (OSError, ValueError) as error:
        raise Refused("bad_mapping", why=f"{path}: {error}") from None


def saved_for(source: str, kind: str) -> Mapping:
    saved = queries.saved_mapping(kind, queries.source_named(source))
    if saved is None:
        raise Refused("no_mapping", source=source)
    return saved


def command(kind: str) -> click.Command:
    @click.command(kind, help=f"Import {kind} from FILE.")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--source", help="The system that the file comes from; rows are known by it.")
    @click.option("--mapping", help="A saved mapping's source, or a JSON file.")
    @click.option("--json", "as_json", is_flag=True, help="The summary for machines.")
    @click.option(
        "--rejects",
        type=click.File("w", encoding="utf-8", lazy=True),
        help="Write rejected rows to a CSV file.",
    )
    @click.option("--again", is_flag=True, help="Even if the same file came from another source before.")
    @click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
    def run(
        file: Path,
        source: str | None,
        mapping: str | None,
        as_json: bool,
        rejects: TextIO | None,
        again: bool,
        dry_run: bool,
    ) -> None:
        bar = Bar()
        try:
            is_file = mapping is not None and (mapping.lower().endswith(".json") or Path(mapping).is_file())
            named = queries.source_named(source or ("" if is_file else mapping) or "")
            result = running.import_file(
                file,
                kind,
                named or running.DEFAULT_SOURCE,
                given=from_file(Path(mapping)) if mapping is not None and is_file else None,
                saved=saved_for(mapping, kind) if mapping is not None and not is_file else None,
                is_dry=dry_run,
                progress=bar,
                rejects=rejects,
                again=again,
            )
        except Refused as refused:
            bar.close()
            text = operations.refusal(kind, refused)
            if refused.reason == "same_file":
                text += " " + _("Add --again to import it anyway.")
            if as_json:
                click.echo(
                    json.dumps(
                        {"error": text, "rows": 0, "created": 0, "updated": 0, "unchanged": 0, "rejected": 0}
                    )
                )
            click.echo(f"cumbre: {text}", err=True)
            sys.exit(1)
        except (OSError, SQLAlchemyError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            bar.close()
            log.debug("the import stopped", exc_info=error)
            told = str(error).strip().splitlines() or [""]
            click.echo(f"cumbre: {words.reason('failed', {})} ({type(error).__name__}: {told[0]})", err=True)
            sys.exit(2)
        bar.close()
        if as_json:
            click.echo(json.dumps(result, ensure_ascii=False, default=str))
        else:
            click.echo("\n".join(summary_lines(kind, result)))
        sys.exit(1 if result["rejected"] else 0)

    return run


def init_app(app: Flask) -> None:
    for kind in KINDS:
        group.add_command(command(kind))
    app.cli.add_command(group)
