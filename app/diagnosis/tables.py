"""Figures by person and month, from which every finding's evidence and chart are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from app.diagnosis.counting import totals
from app.diagnosis.findings import Chart, Figure, Point, Unit
from app.diagnosis.frame import Frame
from app.diagnosis.records import Flags, Floats, Ints, Span

SHORT = 45
"""A period of no more days is drawn by weeks, a longer one by months."""


@dataclass(frozen=True)
class Calendar:
    """The periods cut into weeks or months; each piece lies in one period."""

    firsts: tuple[date, ...]
    starts: Ints  # ordinals
    ends: Ints
    spans: Ints  # the period of each piece
    weights: Floats  # its share of the period's days

    def __len__(self) -> int:
        return len(self.firsts)

    def of(self, days: Ints) -> Ints:
        """The piece of each day, or -1."""
        place = np.searchsorted(self.starts, days, "right") - 1
        inside = (place >= 0) & (days <= self.ends[np.maximum(place, 0)])
        return np.where(inside, place, -1).astype(np.int64)


def calendar(spans: Sequence[Span]) -> Calendar:
    pieces: list[tuple[date, date, int, float]] = []
    for index, span in enumerate(spans):
        first = span.first
        while first <= span.last:
            following = first + timedelta(days=7) if span.days <= SHORT else _next_month(first)
            last = min(following - timedelta(days=1), span.last)
            pieces.append((first, last, index, ((last - first).days + 1) / span.days))
            first = following
    pieces.sort()
    return Calendar(
        tuple(piece[0] for piece in pieces),
        np.array([piece[0].toordinal() for piece in pieces], np.int64),
        np.array([piece[1].toordinal() for piece in pieces], np.int64),
        np.array([piece[2] for piece in pieces], np.int64),
        np.array([piece[3] for piece in pieces]),
    )


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@dataclass(frozen=True)
class Table:
    """A figure as what is above and what is under its stroke, persons x pieces of the calendar; and of how
    many records. `peers`, where given, is the table that the others' figure is read from.
    """

    code: str
    unit: Unit
    pieces: Calendar
    now: int
    top: Floats
    under: Floats
    count: Floats
    peers: "Table | None" = None

    def figure(self, members: Ints) -> Figure:
        """Of some persons, beside all others."""
        now, before = self._sums
        of = self.peers or self
        others_now, others_before = of._sums
        return Figure(
            self.code,
            self.unit,
            now.ratio(members),
            before.ratio(members),
            others_now.others(members),
            others_before.others(members),
            round(now.number(members)),
            round(before.number(members)),
        )

    @cached_property
    def _sums(self) -> "tuple[_Sums, _Sums]":
        """Of the period, and of those before it."""
        return (
            _Sums.of(self, self.pieces.spans == self.now),
            _Sums.of(self, self.pieces.spans < self.now),
        )

    def chart(self, members: Ints) -> Chart:
        top, under, count = (part[members].sum(axis=0) for part in (self.top, self.under, self.count))
        others_top, others_under = self._others(members)
        others = zip(others_top.tolist(), others_under.tolist(), strict=True)
        own = zip(top.tolist(), under.tolist(), count.tolist(), strict=True)
        return Chart(
            self.code,
            self.unit,
            tuple(
                Point(first, _ratio(a, b), _ratio(c, d), round(n))
                for first, (a, b, n), (c, d) in zip(self.pieces.firsts, own, others, strict=True)
            ),
        )

    def _others(self, members: Ints) -> tuple[Floats, Floats]:
        of = self.peers or self
        return of._all[0] - of.top[members].sum(axis=0), of._all[1] - of.under[members].sum(axis=0)

    @cached_property
    def _all(self) -> tuple[Floats, Floats]:
        return self.top.sum(axis=0), self.under.sum(axis=0)


@dataclass(frozen=True)
class _Sums:
    """A table over some of its pieces, by person: thousands of cases ask for a few persons each."""

    top: Floats
    under: Floats
    count: Floats
    all_top: float
    all_under: float

    @classmethod
    def of(cls, table: Table, pieces: Flags) -> "_Sums":
        top, under, count = (part[:, pieces].sum(axis=1) for part in (table.top, table.under, table.count))
        return cls(top, under, count, float(top.sum()), float(under.sum()))

    def ratio(self, members: Ints) -> float | None:
        return _ratio(_sum(self.top, members), _sum(self.under, members))

    def others(self, members: Ints) -> float | None:
        return _ratio(
            self.all_top - _sum(self.top, members),
            self.all_under - _sum(self.under, members),
        )

    def number(self, members: Ints) -> float:
        return _sum(self.count, members)


def _sum(values: Floats, members: Ints) -> float:
    return float(values[members[0]]) if len(members) == 1 else float(values[members].sum())


def _ratio(top: float, under: float) -> float | None:
    return float(top / under) if under > 1e-12 else None


@dataclass(frozen=True)
class Tabulator:
    """Makes tables; `piece_closed` and `piece_opened` are each row's piece of the calendar."""

    frame: Frame
    pieces: Calendar
    piece_closed: Ints
    piece_opened: Ints

    def ratio(self, code: str, unit: Unit, rows: Flags, top: Floats, under: Floats) -> Table:
        """Of the rows, by the day they were decided."""
        return self._table(code, unit, rows, self.piece_closed, top, under)

    def a_period(self, code: str, unit: Unit, rows: Flags, top: Floats) -> Table:
        """How much came in, by the day it was opened, for a period of presence."""
        table = self._table(code, unit, rows, self.piece_opened, top, top)
        present = self.frame.present[:, self.pieces.spans] * self.pieces.weights[None, :]
        return Table(code, unit, self.pieces, self.frame.now, table.top, present, table.count)

    def _table(self, code: str, unit: Unit, rows: Flags, piece: Ints, top: Floats, under: Floats) -> Table:
        people, width = len(self.frame.people), len(self.pieces)
        chosen = rows & (piece >= 0)
        cell = self.frame.person[chosen] * width + piece[chosen]

        def add(values: Floats) -> Floats:
            return totals(cell, values[chosen], people * width).reshape(people, width)

        ones = np.ones(len(piece))
        return Table(code, unit, self.pieces, self.frame.now, add(top), add(under), add(ones))


def tabulator(frame: Frame) -> Tabulator:
    pieces = calendar(frame.spans)
    closed = np.where(frame.decided, frame.sales.closed, 0)
    return Tabulator(frame, pieces, pieces.of(closed), pieces.of(frame.opened))
