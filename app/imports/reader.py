"""The child process that takes a strange file apart: `python -I reader.py survey|rows FILE LIMITS`.

Run by `reading.py`, with limits on memory and time, so that a file made to do harm ends this process
only. Standard library and calamine, nothing of ours. Answers in lines of JSON: `{"problem": ...}` ends it
at any time; `survey` gives one object about the whole file; `rows` gives batches
`[[line, ...], [[cell, ...], ...]]`, then `{"end": true}`. A cell is a text; a float where a workbook holds
a number with decimals.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

BATCH = 2000
CHUNK = 1 << 20
MOST_DISTINCT = 20_000  # values of a column that are counted one by one
MOST_SENT = 2_000
LONGEST_SENT = 200
MOST_UNPACKED = 400 << 20
DELIMITERS = ",;\t|"

Row = list[Any]
Numbered = Iterator[tuple[int, Row]]


class Problem(Exception):
    def __init__(self, key: str, **parameters: Any) -> None:
        super().__init__(key)
        self.key = key
        self.parameters = parameters


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


# What kind of file


def kind_of(path: str) -> str:
    with open(path, "rb") as file:  # noqa: PTH123 - a child without pathlib starts faster
        head = file.read(1 << 16)
    if not head.strip():
        raise Problem("empty_file")
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Problem("old_excel")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Problem("utf16")
    if b"\0" in head:
        few, many = sorted((head[0::2].count(0), head[1::2].count(0)))
        raise Problem("utf16" if many > len(head) * 0.4 and few < len(head) * 0.05 else "binary")
    if sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) * 0.05:
        raise Problem("binary")
    return "csv"


def check_bytes(path: str) -> None:
    """The whole of it is UTF-8 and text, or the line where it is not."""
    decode = codecs.getincrementaldecoder("utf-8")()
    lines = 0
    with open(path, "rb") as file:  # noqa: PTH123
        while True:
            chunk = file.read(CHUNK)
            zero = chunk.find(b"\0")
            if zero >= 0:
                raise Problem("binary_line", line=lines + chunk.count(b"\n", 0, zero) + 1)
            try:
                decode.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                where = lines + error.object.count(b"\n", 0, error.start) + 1
                near = error.object[max(0, error.start - 20) : error.start + 20].decode("cp1252", "replace")
                raise Problem("not_utf8", line=where, near=" ".join(near.split())) from None
            if not chunk:
                return
            lines += chunk.count(b"\n")


# CSV


def delimiter_of(first: str) -> str:
    outside = re.sub(r'"(?:[^"]|"")*"', "", first)
    return max(DELIMITERS, key=outside.count)


def csv_rows(path: str) -> Numbered:
    with open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
        first = file.readline()
        skipped = 0
        named = re.fullmatch(r"sep=(.)\s*", first)
        if named:
            skipped, delimiter = 1, named[1]
        else:
            while first and not first.strip():
                first = file.readline()
            delimiter = delimiter_of(first)
            file.seek(0)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        before = 0
        try:
            for row in reader:
                if row and any(row):
                    yield before + skipped + 1, row
                before = reader.line_num
        except csv.Error as error:
            key = "long_cell" if "field larger" in str(error) else "quotes"
            raise Problem(key, line=before + skipped + 1) from None
        except UnicodeDecodeError:
            raise Problem("not_utf8", line=before + skipped + 1, near="") from None


# XLSX


def cell_of(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def check_archive(path: str) -> None:
    """Before anything is unpacked; a header that lies meets the limits of this process."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Problem("broken_excel") from None
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise Problem("not_excel")
    if len(entries) > 2000 or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Problem("bomb")


def xlsx_rows(path: str, limits: dict[str, Any]) -> Numbered:
    import python_calamine as calamine

    check_archive(path)
    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            sheet = None
            for meta in workbook.sheets_metadata:
                if meta.typ == calamine.SheetTypeEnum.WorkSheet and str(meta.visible).endswith(".Visible"):
                    sheet = workbook.get_sheet_by_name(meta.name)
                    if sheet.start is not None and sheet.height:
                        break
            if sheet is None or sheet.start is None:
                raise Problem("empty_file")
            if limits.get("columns") and sheet.width > limits["columns"]:
                raise Problem("too_many_columns", limit=limits["columns"])
            if limits.get("rows") and sheet.height > limits["rows"] + 1:
                raise Problem("too_many_rows", limit=limits["rows"])
            top = sheet.start[0] + 1
            for number, values in enumerate(sheet.iter_rows(), top):
                row = [cell_of(value) for value in values]
                if any(row):
                    yield number, row
    except calamine.PasswordError:
        raise Problem("password") from None
    except (calamine.CalamineError, MemoryError, ValueError, OverflowError):
        raise Problem("broken_excel") from None


# Both


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


# What a column holds

ISO = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ].*)?")
DAY_FIRST_OR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?:[T ].*)?")
DOT = re.compile(r"(?:[1-9]\d{0,2}(?:[, '’\u00a0\u202f]\d{3})+|\d+)?\.\d+|[1-9]\d{0,2}(?:,\d{3})+")
COMMA = re.compile(r"(?:[1-9]\d{0,2}(?:[. '’\u00a0\u202f]\d{3})+|\d+)?,\d+|[1-9]\d{0,2}(?:\.\d{3})+")
ONE_GROUP = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
AROUND = " \t\u00a0-+()€$£%ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Column:
    def __init__(self) -> None:
        self.counts: Counter[Any] | None = Counter()
        self.filled = 0
        self.samples: list[Any] = []
        self.dates: Counter[str] = Counter()
        self.decimals: Counter[str] = Counter()
        self.looked_at = 0

    def add(self, cells: Any) -> None:
        counted = Counter(cells)
        self.filled += len(cells) - counted.get("", 0)
        if len(self.samples) < 3:
            found = [shown(value) for value in counted if value != ""]  # in the order of the file
            self.samples = list(dict.fromkeys(self.samples + found))[:3]
        new = counted if self.counts is None else counted.keys() - self.counts.keys()
        dull = self.looked_at > 5000 and not self.dates and not self.decimals
        for value in () if dull else new:
            if value != "":
                self.look_at(value)
        if self.counts is not None:
            self.counts.update(counted)
            if len(self.counts) > MOST_DISTINCT:
                self.counts = None

    def look_at(self, value: Any) -> None:
        self.looked_at += 1
        if not isinstance(value, str) or len(value) > 40:
            return
        text = value.strip()
        if ISO.fullmatch(text):
            self.dates["iso"] += 1
        elif found := DAY_FIRST_OR_LAST.fullmatch(text):
            first, second = int(found[1]), int(found[2])
            self.dates["dmy" if first > 12 else "mdy" if second > 12 else "either"] += 1
        elif not text.isdigit():
            number = text.strip(AROUND)
            if ONE_GROUP.fullmatch(number):
                self.decimals["maybe ," if "." in number else "maybe ."] += 1
            elif DOT.fullmatch(number):
                self.decimals["."] += 1
            elif COMMA.fullmatch(number):
                self.decimals[","] += 1

    def summary(self) -> dict[str, Any]:
        values = None
        if self.counts is not None:
            kept = [(shown(v), n) for v, n in self.counts.most_common(MOST_SENT + 1) if v != ""]
            values = kept if len(kept) <= MOST_SENT else None
        return {
            "filled": self.filled,
            "values": values,
            "samples": self.samples,
            "dates": self.dates,
            "decimals": self.decimals,
        }


def shown(value: Any) -> Any:
    return value[:LONGEST_SENT] if isinstance(value, str) else value


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


def padded(row: Row, width: int) -> Row:
    return row if len(row) == width else (row + [""] * width)[:width]


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
