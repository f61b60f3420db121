"""A header and rows, whatever the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .columns import LONGEST_SENT
from .csv_files import Numbered, Row, csv_rows
from .files import kind_of
from .problems import Problem
from .workbooks import xlsx_rows

BATCH = 2000


def header_and_rows(path: str, limits: dict[str, Any]) -> tuple[str, list[str], Numbered]:
    kind = kind_of(path)
    rows = csv_rows(path) if kind == "csv" else xlsx_rows(path, limits)
    first = next(rows, None)
    if first is None:
        raise Problem("empty_file")
    header = [" ".join(str(name).split()) for name in first[1]]
    while header and not header[-1]:
        header.pop()
    if limits.get("columns") and len(header) > limits["columns"]:
        raise Problem("too_many_columns", limit=limits["columns"])
    seen: set[str] = set()
    for name in header:
        if name and name.casefold() in seen:
            raise Problem("duplicate_header", column=name[:LONGEST_SENT])
        seen.add(name.casefold())
    return kind, header, rows


def batches(rows: Numbered, limits: dict[str, Any]) -> Iterator[tuple[list[int], list[Row]]]:
    lines: list[int] = []
    batch: list[Row] = []
    most, count = limits.get("rows"), 0
    for line, row in rows:
        lines.append(line)
        batch.append(row)
        if len(batch) == BATCH:
            count += BATCH
            if most and count > most:
                break
            yield lines, batch
            lines, batch = [], []
    if most and count + (len(batch) if len(batch) < BATCH else 0) > most:
        raise Problem("too_many_rows", limit=most)
    if batch:
        yield lines, batch


def padded(row: Row, width: int) -> Row:
    return row if len(row) == width else (row + [""] * width)[:width]
