"""The records of a company, coded for counting: positions instead of keys, periods instead of days."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.diagnosis.records import Company, Flags, Floats, Ints, Reason, Sales, Span, Stage


def codes(keys: Ints) -> tuple[Ints, Ints]:
    """The distinct keys in order, and for every row the position of its key among them."""
    distinct, positions = np.unique(keys, return_inverse=True)
    return distinct, positions.astype(np.int64)


def span_of(days: Ints, spans: tuple[Span, ...]) -> Ints:
    """For every day the position of the span it lies in, or -1."""
    found = np.full(len(days), -1, np.int64)
    for position, span in enumerate(spans):
        found[(days >= span.first.toordinal()) & (days <= span.last.toordinal())] = position
    return found


@dataclass(frozen=True)
class Level:
    """One level of the tree of teams: for every person the position of their team there, or -1."""

    keys: Ints
    of_person: Ints


@dataclass(frozen=True)
class Frame:
    """Rows are credits. `now` is the position of the judged span; all others are before it."""

    company: Company
    sales: Sales
    spans: tuple[Span, ...]
    people: Ints  # keys
    products: Ints
    sources: Ints
    person: Ints
    product: Ints
    source: Ints
    opened: Ints  # the day; that of the decision where nobody wrote when it was opened
    opened_in: Ints  # span
    closed_in: Ints  # span in which it was decided, or -1
    won: Flags  # decided in one of the spans
    lost: Flags
    kept: Flags  # won, and not cancelled within as long as could be seen of this period's sales
    cancelled: Flags
    untrained: Flags  # by somebody who lacked a training when it was decided
    unschooled: Flags  # who lacked one that is required to sell whatever it is, not the product's
    is_required: Flags  # by somebody of whom the training is required, completed or not
    present: Floats  # persons x spans: share of the working days
    levels: tuple[Level, ...]

    @property
    def now(self) -> int:
        return len(self.spans) - 1

    @property
    def share(self) -> Floats:
        return self.sales.share

    @property
    def decided(self) -> Flags:
        return self.won | self.lost

    @cached_property
    def decided_rows(self) -> tuple[Ints, Ints]:
        """Positions of what was decided now, and before."""
        return self.split(self.decided)

    @cached_property
    def stated_rows(self) -> tuple[Ints, Ints]:
        """Positions of the losses whose reason is stated, now and before."""
        return self.split(self.lost & (self.sales.reason != Reason.NONE))

    def lost_for(self, reasons: tuple[Reason, ...]) -> tuple[Ints, Ints]:
        """Which of `stated_rows` were lost for one of these."""
        if reasons not in self._lost_for:
            wanted = np.zeros(max(Reason) + 1, bool)
            wanted[[int(reason) for reason in reasons]] = True
            now, before = (np.flatnonzero(wanted[self.sales.reason[rows]]) for rows in self.stated_rows)
            self._lost_for[reasons] = (now, before)
        return self._lost_for[reasons]

    @cached_property
    def _lost_for(self) -> dict[tuple[Reason, ...], tuple[Ints, Ints]]:
        return {}

    def split(self, rows: Flags) -> tuple[Ints, Ints]:
        """Positions of those decided in the period, and before it."""
        now, before = self.in_now(self.closed_in), self.before(self.closed_in)
        return np.flatnonzero(rows & now), np.flatnonzero(rows & before)

    def in_now(self, rows: Ints) -> Flags:
        return np.asarray(rows == self.now)

    def before(self, rows: Ints) -> Flags:
        return np.asarray((rows >= 0) & (rows < self.now))


def frame(company: Company) -> Frame:
    sales, spans = company.sales, company.spans
    people, person = _people(company)
    sales, person = sales.where(person >= 0), person[person >= 0]
    products, product = codes(sales.product)
    sources, source = codes(sales.source)
    is_open = sales.stage == Stage.OPEN
    opened = np.where((sales.opened == 0) & ~is_open, sales.closed, sales.opened)
    closed_in = np.where(is_open, -1, span_of(sales.closed, spans))
    decided = closed_in >= 0
    won = decided & (sales.stage == Stage.WON)
    cancelled = won & _seen_by(sales.cancelled, closed_in, company)
    of_product, unschooled, is_required = _training(company, sales)
    return Frame(
        company=company,
        sales=sales,
        spans=spans,
        people=people,
        products=products,
        sources=sources,
        person=person,
        product=product,
        source=source,
        opened=opened,
        opened_in=span_of(opened, spans),
        closed_in=closed_in,
        won=won,
        lost=decided & (sales.stage == Stage.LOST),
        kept=won & ~cancelled,
        cancelled=cancelled,
        untrained=of_product | unschooled,
        unschooled=unschooled,
        is_required=is_required,
        present=_presence(company, people),
        levels=_levels(company, people),
    )


def _people(company: Company) -> tuple[Ints, Ints]:
    """Keys of the persons in order, and the position of each row's; -1 for who is not listed."""
    listed = np.unique(np.array([person.id for person in company.people], np.int64))
    if not len(listed):
        return listed, np.full(len(company.sales), -1, np.int64)
    positions = np.minimum(np.searchsorted(listed, company.sales.person), len(listed) - 1)
    return listed, np.where(listed[positions] == company.sales.person, positions, -1).astype(np.int64)


def seen_until(company: Company) -> Ints:
    """For each span the last day that counts for what follows a sale: each as long after its end as the
    records reach beyond this period's, so that old sales had no more time to be cancelled than new ones.
    """
    beyond = max((company.as_of - company.now.last).days, 0)
    return np.array([span.last.toordinal() + beyond for span in company.spans], np.int64)


def _seen_by(days: Ints, closed_in: Ints, company: Company) -> Flags:
    limit = np.where(closed_in >= 0, seen_until(company)[closed_in], 0)
    return np.array((days > 0) & (days <= limit), bool)


def _presence(company: Company, people: Ints) -> Floats:
    """From `Person.present`, else from the days of being hired and leaving."""
    spans = company.spans
    present = np.ones((len(people), len(spans)))
    position = {int(key): row for row, key in enumerate(people)}
    for person in company.people:
        row = present[position[person.id]]
        if len(person.present) == len(spans):
            row[:] = person.present
            continue
        for index, span in enumerate(spans):
            first = max(span.first, person.hired_on or span.first)
            last = min(span.last, person.left_on or span.last)
            row[index] = max((last - first).days + 1, 0) / span.days
    return np.clip(present, 0.0, 1.0)


def _levels(company: Company, people: Ints) -> tuple[Level, ...]:
    """Levels of the tree at which there is more than one team."""
    of = {person.id: person.teams for person in company.people}
    depth = max((len(teams) for teams in of.values()), default=0)
    found = []
    for level in range(depth):
        keys = np.array(
            [teams[level] if len(teams := of[int(key)]) > level else 0 for key in people], np.int64
        )
        distinct, positions = codes(keys)
        if (distinct > 0).sum() > 1:
            offset = int(distinct[0] == 0)
            found.append(Level(distinct[offset:], positions - offset))
    return tuple(found)


def _training(company: Company, sales: Sales) -> tuple[Flags, Flags, Flags]:
    """Whose product's training was lacking, whose general one, and of whom any is required.

    A sale counts as untrained from the day the training was required to the day it was completed.
    """
    asked = np.zeros(len(sales), bool)
    lacking = np.zeros((2, len(sales)), bool)
    trainings = company.trainings
    if not len(trainings) or not len(sales):
        return lacking[0], lacking[1], asked
    day = np.where(sales.closed > 0, sales.closed, company.as_of.toordinal())
    width = int(max(sales.product.max(), trainings.product.max())) + 1
    pair = trainings.person * width + trainings.product
    order = np.lexsort((trainings.completed, pair))
    pair, completed, required = pair[order], trainings.completed[order], trainings.required[order]
    for place, product in enumerate((sales.product, np.zeros(len(sales), np.int64))):
        wanted = sales.person * width + product
        first, last = np.searchsorted(pair, wanted, "left"), np.searchsorted(pair, wanted, "right")
        for each in range(int((last - first).max(initial=0))):
            row = np.minimum(first + each, len(pair) - 1)
            counts = (first + each < last) & (required[row] <= day)
            asked |= counts
            lacking[place] |= counts & ((completed[row] == 0) | (completed[row] > day))
    return lacking[0], lacking[1], asked
