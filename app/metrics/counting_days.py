"""By which days metrics count sales, and what a change of a sale alters: `sales/counted_days.py` asks."""

from app.metrics.definition import ByDate, Condition, Measure, Rule
from app.sales.counted_days import Counts

_RATED = ("followed_up_on", "delivered_on", "closed_on")
_ALWAYS = frozenset({"credits", "voided_at"})
_CONDITIONS: dict[Condition, frozenset[str]] = {
    Condition.WON: frozenset({"stage"}),
    Condition.LOST: frozenset({"stage"}),
    Condition.DECIDED: frozenset({"stage"}),
    Condition.KEPT: frozenset({"cancelled_on"}),
    Condition.CANCELLED: frozenset({"cancelled_on"}),
    Condition.NEW_CUSTOMER: frozenset({"customer_id", "stage", "closed_on", "cancelled_on"}),
    Condition.PROMISED: frozenset({"promised_on"}),
    Condition.DELIVERED: frozenset({"delivered_on"}),
    Condition.ON_TIME: frozenset({"promised_on", "delivered_on"}),
    Condition.LATE: frozenset({"promised_on", "delivered_on"}),
    Condition.FOLLOWED_UP: frozenset({"followed_up_on"}),
    Condition.RATED: frozenset({"satisfaction"}),
    Condition.SATISFIED: frozenset({"satisfaction"}),
}
_MEASURES: dict[Measure, frozenset[str]] = {
    Measure.COUNT: frozenset(),
    Measure.VALUE: frozenset({"value"}),
    Measure.LIST_VALUE: frozenset({"value", "amount", "list_price", "quantity"}),
    Measure.UNITS: frozenset({"quantity"}),
    Measure.SATISFACTION: frozenset({"satisfaction"}),
    Measure.DAYS_TO_CLOSE: frozenset({"opened_on", "closed_on"}),
    Measure.DAYS_TO_DELIVER: frozenset({"closed_on", "delivered_on"}),
}


def counts_of(metric_id: int, rule: Rule) -> Counts:
    days = _RATED if rule.date is ByDate.RATED else (rule.date.value,)
    of = set(days) | _ALWAYS | _MEASURES[rule.part.measure]
    if rule.of is not None:
        of |= _MEASURES[rule.of.measure]
    for condition in rule.conditions:
        of |= _CONDITIONS[condition]
    if rule.products or rule.series:
        of.add("product_id")
    if rule.lead_sources:
        of.add("lead_source_id")
    return Counts(metric_id, days, frozenset(of))
