"""What may be counted: closed lists of dates, measures and conditions, and the rule made of them.

A metric's rule is data, put together from these lists on a page; nothing in it is code or SQL.
Every item depends on recorded facts alone, never on what day it is: a figure changes when a sale
does, not overnight. So there is no "overdue" here; what is late is known once it is delivered.

- A *sum* adds up a measure, a *count* counts, a *ratio* divides what meets its conditions by
  all that `of` describes: win rate is the won among the decided.
- What meets the conditions but lacks a measure (a sale that nobody rated) is not counted.
- A sale shared by several persons counts for each by their share: 0.6 of a deal.
- What was voided is recorded by mistake and counts nowhere.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


class MetricKind(enum.StrEnum):
    SUM = "sum"
    COUNT = "count"
    RATIO = "ratio"  # numerator over denominator: win rate, average deal


class Subject(enum.StrEnum):
    SALES = "sales"
    ACTIVITIES = "activities"


class Unit(enum.StrEnum):
    MONEY = "money"  # the company's currency, kept in minor units
    NUMBER = "number"
    PERCENT = "percent"  # kept as a share: 0.25 is 25 %
    SCORE = "score"  # 1 to 5


class ByDate(enum.StrEnum):
    """The day on which something counts."""

    OPENED = "opened_on"
    CLOSED = "closed_on"
    PROMISED = "promised_on"
    DELIVERED = "delivered_on"
    FOLLOWED_UP = "followed_up_on"
    CANCELLED = "cancelled_on"
    RATED = "rated_on"  # followed up, else delivered, else closed: a rating has no day of its own
    HAPPENED = "happened_on"  # activities


class Measure(enum.StrEnum):
    """What is added up; each times the person's share, but for `value`, which is their part already."""

    COUNT = "count"
    VALUE = "value"  # the company's currency
    LIST_VALUE = "list_value"  # what it would have been at list price
    UNITS = "units"
    SATISFACTION = "satisfaction"  # 1 to 5
    DAYS_TO_CLOSE = "days_to_close"  # from opened to decided
    DAYS_TO_DELIVER = "days_to_deliver"  # from won to delivered


class Condition(enum.StrEnum):
    WON = "won"  # cancelled ones too, unless `kept` is asked for as well
    LOST = "lost"
    DECIDED = "decided"  # won or lost
    KEPT = "kept"  # not cancelled
    CANCELLED = "cancelled"
    NEW_CUSTOMER = "new_customer"  # the customer's first won sale that stands
    PROMISED = "promised"
    DELIVERED = "delivered"
    ON_TIME = "on_time"  # delivered by the promised day
    LATE = "late"  # delivered after it
    FOLLOWED_UP = "followed_up"
    RATED = "rated"
    SATISFIED = "satisfied"  # rated 4 or 5
    WITH_SALE = "with_sale"  # an activity that belongs to a sale
    WITH_CUSTOMER = "with_customer"


class Activity(enum.StrEnum):
    CALL = "call"
    MEETING = "meeting"
    DEMO = "demo"


DATES: dict[Subject, tuple[ByDate, ...]] = {
    Subject.SALES: tuple(date for date in ByDate if date is not ByDate.HAPPENED),
    Subject.ACTIVITIES: (ByDate.HAPPENED,),
}
MEASURES: dict[Subject, tuple[Measure, ...]] = {
    Subject.SALES: tuple(Measure),
    Subject.ACTIVITIES: (Measure.COUNT,),
}
_OF_ACTIVITIES = (Condition.WITH_SALE, Condition.WITH_CUSTOMER)
CONDITIONS: dict[Subject, tuple[Condition, ...]] = {
    Subject.SALES: tuple(condition for condition in Condition if condition not in _OF_ACTIVITIES),
    Subject.ACTIVITIES: _OF_ACTIVITIES,
}
_NEVER_BOTH = (
    {Condition.WON, Condition.LOST},
    {Condition.KEPT, Condition.CANCELLED},
    {Condition.ON_TIME, Condition.LATE},
)
_OF_MONEY = {Measure.VALUE, Measure.LIST_VALUE}


class Problem(enum.StrEnum):
    """Why a rule cannot be taken."""

    MISSING = "missing"
    UNKNOWN = "unknown"  # not in the closed list, or not for this subject
    CONTRADICTION = "contradiction"  # no sale can be both
    NEEDS_MEASURE = "needs_measure"  # a sum of what?
    COUNT_ONLY = "count_only"  # a count counts
    NEEDS_BASE = "needs_base"  # a ratio without its denominator
    NO_BASE = "no_base"  # a denominator without a ratio
    ALWAYS_ONE = "always_one"  # numerator and denominator are the same
    UNIT = "unit"  # the figure is not of that unit


class RuleError(ValueError):
    """`problems` maps a field of the rule to what is wrong with it."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__(", ".join(f"{field}: {problem.value}" for field, problem in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Part:
    """A measure over what meets all the conditions."""

    measure: Measure
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A valid rule. Of a ratio, `part` is the numerator: it counts only what `of` counts as well."""

    subject: Subject
    kind: MetricKind
    date: ByDate
    part: Part
    of: Part | None = None
    products: tuple[int, ...] = ()
    series: tuple[str, ...] = ()
    lead_sources: tuple[int, ...] = ()
    activities: tuple[Activity, ...] = ()
    units: frozenset[Unit] = field(default=frozenset(), compare=False)
    """The units that its figure can have."""

    @property
    def conditions(self) -> frozenset[Condition]:
        """All that appear anywhere in it."""
        return frozenset(self.part.conditions) | frozenset(self.of.conditions if self.of else ())

    def as_data(self) -> dict[str, Any]:
        """As `Metric.rule` keeps it; `parse` reads it back."""
        data: dict[str, Any] = {"date": self.date.value, **_part_data(self.part)}
        if self.of is not None:
            data["of"] = _part_data(self.of)
        filters: dict[str, tuple[Any, ...]] = {
            "products": self.products,
            "series": self.series,
            "lead_sources": self.lead_sources,
            "activities": tuple(kind.value for kind in self.activities),
        }
        return data | {name: list(chosen) for name, chosen in filters.items() if chosen}


def _part_data(part: Part) -> dict[str, Any]:
    return {
        "measure": part.measure.value,
        "conditions": [condition.value for condition in part.conditions],
    }


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric as the counting knows it; one that is still being written has no key yet."""

    id: int
    key: str
    subject: Subject
    kind: MetricKind
    rule: Mapping[str, Any]

    def parsed(self) -> Rule:
        return parse(self.subject, self.kind, self.rule)


def parse(subject: Subject, kind: MetricKind, data: Mapping[str, Any]) -> Rule:
    """Raises RuleError with every problem found."""
    reading = _Reading(subject)
    date = reading.one_of(DATES[subject], "date", data.get("date"))
    part = reading.part(data, "")
    of = reading.part(data["of"], "of.") if data.get("of") is not None else None
    if kind is MetricKind.SUM and part is not None and part.measure is Measure.COUNT:
        reading.problems["measure"] = Problem.NEEDS_MEASURE
    if kind is MetricKind.COUNT and part is not None and part.measure is not Measure.COUNT:
        reading.problems["measure"] = Problem.COUNT_ONLY
    if kind is MetricKind.RATIO and data.get("of") is None:
        reading.problems["of"] = Problem.NEEDS_BASE
    if kind is not MetricKind.RATIO and data.get("of") is not None:
        reading.problems["of"] = Problem.NO_BASE
    if part is not None and of is not None:
        if _contradicts({*part.conditions, *of.conditions}):
            reading.problems.setdefault("conditions", Problem.CONTRADICTION)
        if part.measure is of.measure and set(part.conditions) <= set(of.conditions):
            reading.problems.setdefault("conditions", Problem.ALWAYS_ONE)
    products = reading.keys("products", data.get("products", ()))
    lead_sources = reading.keys("lead_sources", data.get("lead_sources", ()))
    series = tuple(sorted({str(name) for name in data.get("series", ())}))
    activities = reading.several(tuple(Activity), "activities", data.get("activities", ()))
    if subject is Subject.SALES and activities:
        reading.problems["activities"] = Problem.UNKNOWN
    if subject is Subject.ACTIVITIES:
        for name, chosen in (("products", products), ("series", series), ("lead_sources", lead_sources)):
            if chosen:
                reading.problems[name] = Problem.UNKNOWN
    if reading.problems or date is None or part is None:
        raise RuleError(reading.problems)
    return Rule(
        subject=subject,
        kind=kind,
        date=date,
        part=part,
        of=of,
        products=products,
        series=series,
        lead_sources=lead_sources,
        activities=activities,
        units=units_of(part, of),
    )


def units_of(part: Part, of: Part | None) -> frozenset[Unit]:
    """What the figure can be: money over a count is money, money over money a share."""
    is_money = part.measure in _OF_MONEY
    if of is None:
        return frozenset({Unit.MONEY if is_money else Unit.NUMBER})
    if (is_money and of.measure in _OF_MONEY) or part.measure is of.measure:
        return frozenset({Unit.PERCENT, Unit.NUMBER})
    if is_money:
        return frozenset({Unit.MONEY})
    if part.measure is Measure.SATISFACTION and of.measure is Measure.COUNT:
        return frozenset({Unit.SCORE, Unit.NUMBER})
    return frozenset({Unit.NUMBER})


def check_unit(rule: Rule, unit: Unit) -> None:
    if unit not in rule.units:
        raise RuleError({"unit": Problem.UNIT})


def _contradicts(conditions: set[Condition]) -> bool:
    return any(pair <= conditions for pair in _NEVER_BOTH)


class _Reading:
    """Reads a rule's parts and keeps what is wrong with each."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.problems: dict[str, Problem] = {}

    def one_of(self, allowed: tuple[Any, ...], name: str, given: Any) -> Any:
        if given in (None, ""):
            self.problems[name] = Problem.MISSING
            return None
        found = next((item for item in allowed if item.value == given), None)
        if found is None:
            self.problems[name] = Problem.UNKNOWN
        return found

    def several(self, allowed: tuple[Any, ...], name: str, given: Iterable[Any]) -> tuple[Any, ...]:
        wanted = {str(item) for item in given}
        if wanted - {item.value for item in allowed}:
            self.problems[name] = Problem.UNKNOWN
        return tuple(item for item in allowed if item.value in wanted)

    def keys(self, name: str, given: Iterable[Any]) -> tuple[int, ...]:
        try:
            return tuple(sorted({int(key) for key in given}))
        except (TypeError, ValueError):
            self.problems[name] = Problem.UNKNOWN
            return ()

    def part(self, data: Any, prefix: str) -> Part | None:
        if not isinstance(data, Mapping):
            self.problems[prefix.rstrip(".")] = Problem.UNKNOWN
            return None
        measure = self.one_of(MEASURES[self.subject], f"{prefix}measure", data.get("measure"))
        conditions = self.several(CONDITIONS[self.subject], f"{prefix}conditions", data.get("conditions", ()))
        if _contradicts(set(conditions)):
            self.problems[f"{prefix}conditions"] = Problem.CONTRADICTION
        return Part(measure, conditions) if measure is not None else None
