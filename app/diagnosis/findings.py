"""What a diagnosis answers: machine-readable codes and figures; the pages have the words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Cause(StrEnum):
    """In the order in which they are looked for; the person's own part comes last."""

    PRODUCT = "product"
    PRICE = "price"
    DELIVERY = "delivery"
    SERVICE = "service"
    MARKETING = "marketing"
    TRAINING = "training"
    CAPABILITY = "capability"
    NONE = "none"


SHARED = (Cause.PRODUCT, Cause.PRICE, Cause.DELIVERY, Cause.SERVICE, Cause.MARKETING)
"""Causes for which a department answers."""


class Verdict(StrEnum):
    ESTABLISHED = "established"
    LIKELY = "likely"
    POSSIBLE = "possible"
    RULED_OUT = "ruled_out"  # looked for, and the records do not support it
    NO_DATA = "no_data"  # nothing recorded by which it could be judged


class Why(StrEnum):
    """What about the cause it was; for `none`, what else explains the rest."""

    WIN_RATE = "win_rate"
    LEADS = "leads"  # fewer
    LEAD_QUALITY = "lead_quality"  # worse: fewer of them won
    DISCOUNTS = "discounts"
    CANCELLATIONS = "cancellations"
    DEAL_VALUE = "deal_value"
    ACTIVITY = "activity"  # fewer leads taken up or decided than peers with the like
    SEVERAL = "several"
    CHANCE = "chance"
    TARGET = "target"  # set above what history supports
    NOTHING = "nothing"  # ruled out, or no data


class Factor(StrEnum):
    """The parts into which a change of revenue splits exactly: their product is the revenue."""

    LEADS = "leads"  # at hand, as many as are usually decided in the time
    PACE = "pace"  # how many of them were decided
    MIX = "mix"  # what a lead of these products and sources usually brings
    WIN_RATE = "win_rate"
    DEAL_VALUE = "deal_value"
    CANCELLATIONS = "cancellations"  # what stayed of what was won


class Unit(StrEnum):
    SHARE = "share"  # 0.25 is 25 %
    NUMBER = "number"
    MONEY = "money"
    SCORE = "score"  # 1 to 5
    DAYS = "days"
    INDEX = "index"  # 1 is as was to be expected


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of evidence. A peers' figure is that of all others in the same comparison."""

    code: str
    unit: Unit
    now: float | None
    before: float | None
    peers_now: float | None = None
    peers_before: float | None = None
    n_now: int = 0
    n_before: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    first: date  # of the period or week
    value: float | None  # the person's, or the cause's scope
    peers: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Chart:
    code: str  # what is drawn, as in Figure.code
    unit: Unit
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a cause acts; None is everywhere."""

    product: int | None = None
    source: int | None = None
    team: int | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The records behind a finding; empty means any. `by`, `conditions`: words of metrics.definition."""

    of: str  # sales, activities, training
    by: str  # opened_on, closed_on, happened_on, completed_on
    first: date
    last: date
    people: tuple[int, ...] = ()
    team: int | None = None
    product: int | None = None
    source: int | None = None
    reasons: tuple[str, ...] = ()  # lost_reason
    conditions: tuple[str, ...] = ()  # won, lost, decided, cancelled, late, ...; and `untrained`


@dataclass(frozen=True, slots=True)
class Finding:
    """`amount` of the shortfall, in the goal's unit, never negative; the amounts of a case add up to it."""

    cause: Cause
    why: Why
    amount: Decimal
    verdict: Verdict
    confidence: float  # 0 to 1, that the cause is there
    scope: Scope = Scope()
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    records: tuple[Selection, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One factor's part of the change of revenue; `shared` is what peers changed too, `own` the rest."""

    factor: Factor
    change: Decimal  # shared + own
    shared: Decimal
    own: Decimal
    before: float  # the factor's figure
    now: float


@dataclass(frozen=True, slots=True)
class Split:
    """Revenue (kept, minor units) before, prorated to the period, and now; parts add up exactly."""

    before: Decimal
    now: Decimal
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One missed goal. Findings: causes by amount, then `none`, then what was ruled out."""

    goal: int
    shortfall: Decimal
    expected: Decimal | None  # what the metric would have been by history; None without any
    main_cause: Cause
    findings: tuple[Finding, ...]
    split: Split | None


@dataclass(frozen=True, slots=True)
class SharedCause:
    """A cause found in the company's records, however many goals point to it."""

    cause: Cause
    why: Why
    scope: Scope
    verdict: Verdict
    confidence: float
    cost: int  # expected revenue lost in the period, minor units, over all persons
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    records: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    cases: tuple[Case, ...]  # as the goals came
    causes: tuple[SharedCause, ...]  # largest cost first
