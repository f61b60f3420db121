"""Rows that were not taken: all counted, the first thousands kept, all written where a file was asked for."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO

from app.imports.problems import Bad, Problem
from app.imports.words import reason

MOST_KEPT = 10_000
LONGEST_KEPT = 300
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class Rejects:
    def __init__(
        self, header: Sequence[str], sink: Callable[[list[Problem], Sequence[Any]], None] | None = None
    ) -> None:
        self.header = header
        self.count = 0
        self.kept: list[tuple[Problem, list[str]]] = []
        self.by_reason: dict[tuple[str, str, str], list[Any]] = {}  # reason, column, value: count, parameters
        self.late: dict[
            int, list[Problem]
        ] = {}  # found when all rows were together: their cells come afterwards
        self._sink = sink

    def add(self, line: int, row: Sequence[Any], bads: Iterable[Bad]) -> None:
        problems = [Problem(line, bad.column, bad.reason, bad.parameters) for bad in bads]
        self._count(problems)
        self._keep(problems, row)

    def add_late(self, line: int, bad: Bad) -> None:
        """A row whose cells are no longer at hand; each line is rejected for one reason."""
        if line in self.late:
            return
        problem = Problem(line, bad.column, bad.reason, bad.parameters)
        self._count([problem])
        self.late[line] = [problem]

    def fill_in(self, line: int, row: Sequence[Any]) -> None:
        self._keep(self.late[line], row)

    def _count(self, problems: Sequence[Problem]) -> None:
        self.count += 1
        for problem in problems:
            key = (problem.reason, problem.column or "", str(problem.parameters.get("value", "")))
            if key in self.by_reason:
                self.by_reason[key][0] += 1
            elif len(self.by_reason) < 1000:
                self.by_reason[key] = [1, problem.parameters]

    def reasons(self) -> list[list[Any]]:
        """[reason, column, parameters, how many rows], the most frequent first."""
        ordered = sorted(self.by_reason.items(), key=lambda item: -item[1][0])
        return [[reason, column, parameters, count] for (reason, column, _), (count, parameters) in ordered]

    def _keep(self, problems: list[Problem], row: Sequence[Any]) -> None:
        if self._sink is not None:
            self._sink(problems, row)
        if len(self.kept) < MOST_KEPT:
            cells = [str(cell)[:LONGEST_KEPT] for cell in row]
            self.kept += [(problem, cells if index == 0 else []) for index, problem in enumerate(problems)]


# Where the list separator is a semicolon, a cell of ours may be read as several.
_INSIDE = re.compile(r"([;\t\r\n]\s*)([=+\-@])")


def harmless(cell: Any) -> str:
    """A spreadsheet runs what begins like a formula: a mark before it keeps it a text."""
    text = _INSIDE.sub(r"\1'\2", str(cell))
    return f"'{text}" if text.startswith(DANGEROUS) else text


class RejectsFile:
    """The CSV of rejects: line, column, reason, then the row as it came. `label` gives a column's name."""

    def __init__(self, file: TextIO, header: Sequence[str], label: Callable[[str], str]) -> None:
        self._writer = csv.writer(file, lineterminator="\r\n")
        self._label = label
        self._writer.writerow(["line", "column", "reason", *(harmless(name) for name in header)])

    def write(self, problems: list[Problem], row: Sequence[Any]) -> None:
        self._writer.writerow(
            [
                problems[0].line,
                " · ".join(dict.fromkeys(self._label(p.column) for p in problems if p.column)),
                harmless(" · ".join(reason(p.reason, p.parameters) for p in problems)),
                *(harmless(cell) for cell in row),
            ]
        )
