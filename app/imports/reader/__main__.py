"""Reads a file within its limits, and writes what it found."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from .columns import Column
from .files import check_bytes, kind_of
from .problems import Problem
from .tables import batches, header_and_rows, padded


def limit(memory: int | None, cpu: int | None) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's clock alone
        return
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if cpu:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def survey(path: str, limits: dict[str, Any], out: Any) -> None:
    if kind_of(path) == "csv":
        check_bytes(path)
    kind, header, rows = header_and_rows(path, limits)
    columns = [Column() for _ in header]
    count = 0
    for _, batch in batches(rows, limits):
        count += len(batch)
        for column, cells in zip(
            columns, zip(*(padded(row, len(header)) for row in batch), strict=True), strict=True
        ):
            column.add(cells)
    answer = {"format": kind, "header": header, "rows": count, "columns": [c.summary() for c in columns]}
    out.write(json.dumps(answer) + "\n")


def give_rows(path: str, limits: dict[str, Any], out: Any) -> None:
    kind, header, rows = header_and_rows(path, limits)
    width = len(header)
    dumps = json.JSONEncoder(check_circular=False).encode
    for lines, batch in batches(rows, limits):
        if kind == "xlsx":
            whole = [padded(row, width) if not any(row[width:]) else row for row in batch]
            out.write(dumps((lines, whole)) + "\n")
        else:
            out.write(dumps((lines, batch)) + "\n")
    out.write('{"end": true}\n')


def main() -> int:
    what, path, given = sys.argv[1:4]
    limits: dict[str, Any] = json.loads(given)
    limit(limits.get("memory"), limits.get("cpu"))
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="ascii", write_through=False)
    try:
        (survey if what == "survey" else give_rows)(path, limits, out)
    except Problem as problem:
        out.write(json.dumps({"problem": problem.key, "parameters": problem.parameters}) + "\n")
    except MemoryError:
        out.write('{"problem": "too_big_inside", "parameters": {}}\n')
    except RecursionError:
        out.write('{"problem": "broken_excel", "parameters": {}}\n')
    out.flush()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # nobody reads any more
        sys.stderr.close()
        sys.exit(0)
