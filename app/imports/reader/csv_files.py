"""The rows of a CSV file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

from .problems import Problem

DELIMITERS = ",;\t|"
Row = list[Any]
Numbered = Iterator[tuple[int, Row]]


def delimiter_of(first: str) -> str:
    outside = re.sub(r'"(?:[^"]|"")*"', "", first)
    return max(DELIMITERS, key=outside.count)


def csv_rows(path: str) -> Numbered:
    with open(path, encoding="utf-8-sig", newline="") as file:  # noqa: PTH123 - a child without pathlib starts faster
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
