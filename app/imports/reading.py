"""A strange file, read by a child process with limits; what comes back is plain JSON."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.imports.layout import Survey
from app.imports.problems import Refused

HERE = Path(__file__).parent
# Isolated: it sees the standard library and what is installed, and imports nothing of ours but `reader`.
READER = "import runpy, sys; sys.path.append(sys.argv.pop(1)); runpy.run_module('reader', None, '__main__')"
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` in bytes, `cpu` and `wall` in seconds; None is without."""

    rows: int | None
    columns: int | None
    memory: int | None
    cpu: int | None
    wall: int | None

    def as_json(self) -> str:
        return json.dumps(
            {"rows": self.rows, "columns": self.columns, "memory": self.memory, "cpu": self.cpu}
        )


UPLOADED = Limits(rows=200_000, columns=100, memory=1024 * MEGABYTE, cpu=60, wall=1800)
COMMAND_LINE = Limits(rows=None, columns=1000, memory=2048 * MEGABYTE, cpu=None, wall=None)


def survey(path: Path, limits: Limits) -> Survey:
    """Raises Refused for a file that cannot be imported at all."""
    for found in _ask("survey", path, limits):
        if not found["rows"]:
            raise Refused("header_only")
        return Survey(found["header"], found["rows"], found["columns"], found["format"])
    raise Refused("too_big_inside")


def rows(path: Path, limits: Limits) -> Iterator[tuple[list[int], list[list[Any]]]]:
    """Batches of lines and their rows. Raises Refused."""
    for found in _ask("rows", path, limits):
        if isinstance(found, list):
            yield found[0], found[1]
        elif found.get("end"):
            return
    raise Refused("too_big_inside")


def _ask(what: str, path: Path, limits: Limits) -> Iterator[Any]:
    command = [sys.executable, "-I", "-c", READER, str(HERE), what, str(path), limits.as_json()]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    ) as child:
        clock = threading.Timer(limits.wall, child.kill) if limits.wall else None
        if clock:
            clock.daemon = True
            clock.start()
        try:
            assert child.stdout is not None
            for line in child.stdout:
                try:
                    found = json.loads(line)
                except ValueError:  # cut off in the middle: it was killed
                    return
                if isinstance(found, dict) and "problem" in found:
                    raise Refused(found["problem"], **found["parameters"])
                yield found
        finally:
            if clock:
                clock.cancel()
            child.kill()
