"""A shared cause that was found, or may be; what is looked for, and what looking costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from app.diagnosis.evidence import Chances
from app.diagnosis.findings import Cause, Scope, Why
from app.diagnosis.leads import Leads, Place
from app.diagnosis.records import Flags, Floats, Reason
from app.diagnosis.scopes import Kind
from app.diagnosis.signals import Sign, Signal

ENOUGH: Mapping[Cause, float] = {
    Cause.PRODUCT: 3.4,
    Cause.PRICE: 5.0,
    Cause.DELIVERY: 6.8,
    Cause.SERVICE: 6.3,
    Cause.MARKETING: 6.3,
    Cause.TRAINING: 2.0,
}
"""Evidence beyond the price of looking in many places, from which a cause counts as found: as much as leaves
about one company in two hundred, in which nothing happened, with such a finding."""

REASONS: Mapping[Cause, tuple[tuple[Reason, ...], ...]] = {
    Cause.PRODUCT: ((Reason.PRODUCT,),),
    Cause.PRICE: ((Reason.PRICE,), (Reason.PRICE, Reason.COMPETITOR), (Reason.COMPETITOR,)),
    Cause.DELIVERY: ((Reason.DELIVERY,),),
    Cause.SERVICE: ((Reason.SERVICE,),),
}
SIGNS: Mapping[Cause, tuple[Sign, ...]] = {
    Cause.PRODUCT: (),
    Cause.PRICE: (Sign.DISCOUNT,),
    Cause.DELIVERY: (Sign.LATE,),
    Cause.SERVICE: (Sign.FOLLOWED_UP, Sign.SATISFACTION),
}
UNUSUAL: Mapping[tuple[Cause, Kind], float] = {
    (Cause.PRODUCT, Kind.ALL): 3.0,
    (Cause.PRODUCT, Kind.TEAM): 4.0,
    (Cause.PRODUCT, Kind.SOURCE): 5.0,
    (Cause.PRICE, Kind.PRODUCT): 3.0,
    (Cause.DELIVERY, Kind.PRODUCT): 2.0,
    (Cause.SERVICE, Kind.PRODUCT): 2.0,
    (Cause.PRICE, Kind.SOURCE): 5.0,
    (Cause.DELIVERY, Kind.SOURCE): 5.0,
    (Cause.SERVICE, Kind.SOURCE): 5.0,
}
"""What it costs to believe that a cause acts where it seldom does."""
UNUSUAL_QUALITY = {Kind.ALL: 2.0, Kind.TEAM: 2.5}


@dataclass(frozen=True)
class Known:
    """What is expected, causes found so far included."""

    chance: Floats  # by row: to be won
    chances: Chances  # the same, of the decided
    unexplained: Floats  # by row: how far a loss's reason still needs one
    signals: Mapping[Sign, Signal]
    leads: Leads
    excess: float
    excess_reasons: float


@dataclass(frozen=True)
class Found:
    """A cause, where it acts, what it does. `rows` are the decided leads of the period that it concerns."""

    cause: Cause
    why: Why
    scope: Scope
    kind: Kind
    evidence: float  # beyond the price of looking
    price: float
    fall: float = 0.0  # of the win rate
    lead_fall: float = 0.0
    cancelled: float = 0.0  # more than before, of what was won
    cheaper: float = 0.0  # share of the value lost to deeper discounts
    reasons: tuple[Reason, ...] = ()
    rows: Flags | None = None
    here: Flags | None = None  # the same place in all periods
    place: Place | None = None
    parts: tuple["Found", ...] = ()  # several places hit at once, each as far as it was


def price(kind: Kind, size: int, cause: Cause) -> float:
    """The price of looking: the logarithm of the number of places, more for unusual ones."""
    base = {Kind.ALL: 0.0, Kind.TEAM: 1.0, Kind.PRODUCT_TEAM: 2.0, Kind.SOURCE_TEAM: 1.5}.get(kind, 0.0)
    return base + log(max(size, 1)) + UNUSUAL.get((cause, kind), 0.0)
