"""What a diagnosis reads: one closed period and those before it, as columns of numbers.

Days are ordinals (`date.toordinal()`, in SQL `day - date '0001-01-01' + 1`) and 0 where there is none.
Money is in minor units of the company's currency. Keys are the database's; 0 is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.metrics.definition import Rule

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Stage(IntEnum):
    OPEN = 0
    WON = 1
    LOST = 2


class Reason(IntEnum):
    """Why a sale was lost. What a file says in its own words is OTHER."""

    NONE = 0
    PRICE = 1
    PRODUCT = 2
    COMPETITOR = 3
    NO_DECISION = 4
    DELIVERY = 5
    SERVICE = 6
    OTHER = 7

    @classmethod
    def of(cls, text: str | None) -> "Reason":
        if not text or not text.strip():
            return cls.NONE
        return _REASONS.get(text.strip().casefold(), cls.OTHER)


_REASONS = {reason.name.casefold(): reason for reason in Reason if reason is not Reason.NONE}


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a span ends before it begins")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Person:
    """`teams` from the company's root down to their own, as in the period (or at its end).

    `present` is the share of each period's working days that the person was there (hired, not left, not
    on leave), aligned with `Company.spans`; empty means always.
    """

    id: int
    teams: tuple[int, ...] = ()
    hired_on: date | None = None
    left_on: date | None = None
    present: tuple[float, ...] = ()


@dataclass(frozen=True)
class Columns:
    """Columns of equal length, one row a record."""

    def __len__(self) -> int:
        first = fields(self)[0]
        return len(getattr(self, first.name))

    def __post_init__(self) -> None:
        for each in fields(self):
            column = np.asarray(getattr(self, each.name))
            if column.ndim != 1 or len(column) != len(self):
                raise ValueError(f"column {each.name} has another length")
            object.__setattr__(self, each.name, column)

    def where(self, chosen: Any) -> Any:
        """The rows that `chosen` (flags or positions) picks."""
        return type(self)(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})


@dataclass(frozen=True)
class Sales(Columns):
    """One row for every person credited with a sale: all sales that are not voided and were open at any time
    since the first period began (opened before its end and not decided before its start).

    `value` and `list_value` are the person's part (value: `sale_credits.value`).
    """

    id: Ints
    person: Ints
    product: Ints
    source: Ints
    opened: Ints
    closed: Ints
    stage: Ints  # Stage
    share: Floats  # of the credit, 0 to 1
    quantity: Floats  # of the whole sale
    value: Floats  # 0 where none
    list_value: Floats  # at list price; 0 where unknown
    reason: Ints  # Reason
    promised: Ints
    delivered: Ints
    followed_up: Ints
    cancelled: Ints
    satisfaction: Ints  # 1 to 5
    is_new_customer: Flags  # the customer's first won sale that stands


@dataclass(frozen=True)
class Activities(Columns):
    """Rows may be single activities or counts of them (a person's calls on a day)."""

    person: Ints
    kind: Ints  # position in `ACTIVITY_KINDS`
    day: Ints
    count: Floats


ACTIVITY_KINDS = ("call", "meeting", "demo")


@dataclass(frozen=True)
class Trainings(Columns):
    """What somebody must have completed to sell a product; product 0 is for all of them."""

    person: Ints
    product: Ints
    completed: Ints  # ordinal, 0: required and not done
    required: Ints  # ordinal from which it was required, 0: always


def _no_activities() -> Activities:
    none = np.zeros(0, np.int64)
    return Activities(none, none, none, np.zeros(0))


def _no_trainings() -> Trainings:
    none = np.zeros(0, np.int64)
    return Trainings(none, none, none, none)


@dataclass(frozen=True)
class Company:
    """Everything one diagnosis reads. `before` are the periods right before, oldest first."""

    now: Span
    before: tuple[Span, ...]
    as_of: date  # the day up to which the records tell
    people: tuple[Person, ...]
    sales: Sales
    last_year: Span | None = None  # the same season, if it is not among `before`
    activities: Activities = field(default_factory=_no_activities)
    trainings: Trainings = field(default_factory=_no_trainings)
    coaching: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # person: sessions, by span

    @property
    def spans(self) -> tuple[Span, ...]:
        """The same season last year (if given), then those before, then the one that is judged."""
        return (*((self.last_year,) if self.last_year else ()), *self.before, self.now)


@dataclass(frozen=True, slots=True)
class Goal:
    """A missed goal: of one person, or of a team (`people` are then its members).

    `rule` says what the metric sums or counts, with series already resolved to products. `unit` is the
    smallest step in which the shortfall is shared out: 1 for money in minor units, 0.0001 for a share.
    """

    id: int
    people: tuple[int, ...]
    rule: Rule
    target: Decimal
    actual: Decimal
    unit: Decimal = Decimal(1)
    higher_is_better: bool = True
    team: int | None = None

    @property
    def shortfall(self) -> Decimal:
        """Never negative: what was reached is not short."""
        gap = self.target - self.actual
        return max(gap if self.higher_is_better else -gap, Decimal(0))
