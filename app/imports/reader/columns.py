"""What a column holds."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

MOST_DISTINCT = 20_000  # values of a column that are counted one by one
MOST_SENT = 2_000
LONGEST_SENT = 200
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
