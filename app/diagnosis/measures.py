"""What a goal's metric measures, as far as a cause can act on it."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.diagnosis.baseline import Baseline
from app.diagnosis.frame import Frame
from app.diagnosis.records import Flags, Floats
from app.diagnosis.signals import Sign
from app.metrics.definition import ByDate, Condition, Measure, MetricKind, Rule, Subject


class Sort(StrEnum):
    WON = "won"  # a sum or count over what was won
    LEADS = "leads"  # of what came in or was decided
    WIN_RATE = "win_rate"
    AVERAGE = "average"  # value of a won deal
    SIGN = "sign"  # late, followed up, satisfaction, cancelled, discount
    ACTIVITIES = "activities"
    OTHER = "other"  # nothing is known of what moves it


COMPONENTS: dict[Sort, frozenset[str]] = {
    Sort.WON: frozenset({"leads", "pace", "win_rate", "deal_value", "discount"}),
    Sort.LEADS: frozenset({"leads", "pace"}),
    Sort.WIN_RATE: frozenset({"win_rate"}),
    Sort.AVERAGE: frozenset({"deal_value", "discount"}),
}
"""The sides of a person's work that move a metric of each sort."""

_PROCESS = {
    Condition.ON_TIME: Sign.LATE,
    Condition.LATE: Sign.LATE,
    Condition.FOLLOWED_UP: Sign.FOLLOWED_UP,
    Condition.SATISFIED: Sign.SATISFACTION,
    Condition.CANCELLED: Sign.CANCELLED,
}


@dataclass(frozen=True)
class Measured:
    sort: Sort
    sign: Sign | None = None
    by_value: bool = False  # deals weigh by their value


def measured(rule: Rule) -> Measured:
    if rule.subject is Subject.ACTIVITIES:
        return Measured(Sort.ACTIVITIES)
    part, conditions = rule.part, set(rule.part.conditions)
    if rule.kind is MetricKind.RATIO:
        return _ratio(rule)
    if Condition.CANCELLED in conditions or Condition.LATE in conditions or Condition.LOST in conditions:
        return Measured(Sort.OTHER)
    process = {ByDate.PROMISED, ByDate.DELIVERED, ByDate.FOLLOWED_UP, ByDate.RATED}
    if conditions - {Condition.DECIDED} or rule.date in process:
        if part.measure in {Measure.VALUE, Measure.LIST_VALUE}:
            return Measured(Sort.WON, by_value=True)
        if part.measure in {Measure.COUNT, Measure.UNITS}:
            return Measured(Sort.WON)
        return Measured(Sort.OTHER)
    if part.measure in {Measure.COUNT, Measure.UNITS}:
        return Measured(Sort.LEADS)
    if part.measure is Measure.VALUE:
        return Measured(Sort.WON, by_value=True)
    return Measured(Sort.OTHER)


def _ratio(rule: Rule) -> Measured:
    assert rule.of is not None
    part, of = rule.part, rule.of
    added = set(part.conditions) - set(of.conditions)
    for condition, sign in _PROCESS.items():
        if condition in added:
            return Measured(Sort.SIGN, sign)
    if part.measure is Measure.SATISFACTION:
        return Measured(Sort.SIGN, Sign.SATISFACTION)
    if part.measure is Measure.VALUE and of.measure is Measure.LIST_VALUE:
        return Measured(Sort.SIGN, Sign.DISCOUNT)
    if part.measure is Measure.VALUE and of.measure is Measure.COUNT:
        is_won = Condition.WON in of.conditions or Condition.KEPT in of.conditions
        return Measured(Sort.AVERAGE if is_won else Sort.WON, by_value=True)
    if part.measure is Measure.COUNT and of.measure is Measure.COUNT and Condition.WON in added:
        return Measured(Sort.WIN_RATE)
    return Measured(Sort.OTHER)


def within(frame: Frame, rule: Rule) -> Flags:
    """The rows of the products and sources that the metric is narrowed to."""
    rows = np.ones(len(frame.person), bool)
    if rule.products:
        rows &= np.isin(frame.sales.product, rule.products)
    if rule.lead_sources:
        rows &= np.isin(frame.sales.source, rule.lead_sources)
    return rows


def weight(frame: Frame, base: Baseline, rule: Rule) -> Floats:
    """What a row adds to the metric if it is won."""
    if rule.part.measure is Measure.UNITS:
        return frame.share * frame.sales.quantity
    if rule.part.measure is Measure.LIST_VALUE:
        return np.where(frame.sales.list_value > 0, frame.sales.list_value, base.worth * frame.share)
    return frame.share * base.worth if measured(rule).by_value else frame.share
