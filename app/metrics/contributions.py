"""What every sale and activity counts for: the closed lists of `definition` as SQL expressions.

Figures are made in whole ten-thousandths here (a share of 6000 is 0.6 of a deal): exact, so that sums agree
in any order, and several times faster to add up than decimals. `exact` makes decimals of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Numeric,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    null,
    select,
    true,
    values,
)

from app.metrics.definition import Activity as Kind
from app.metrics.definition import ByDate, Condition, Measure, Rule, Subject
from app.sales.models import Activity, Customer, Product, Sale, SaleCredit, Stage
from app.sales.series import series_on

PARTS = 10_000  # of one
_share: ColumnElement[Any] = cast(SaleCredit.share, BigInteger)


class Defined(Protocol):
    """A metric, or one that is still being written."""

    @property
    def id(self) -> int: ...
    def parsed(self) -> Rule: ...


Expression = SQLColumnExpression[Any]
Rows = Select[*tuple[Any, ...]]

_SALE_DATES: dict[ByDate, Expression] = {
    ByDate.OPENED: Sale.opened_on,
    ByDate.CLOSED: Sale.closed_on,
    ByDate.PROMISED: Sale.promised_on,
    ByDate.DELIVERED: Sale.delivered_on,
    ByDate.FOLLOWED_UP: Sale.followed_up_on,
    ByDate.CANCELLED: Sale.cancelled_on,
    ByDate.RATED: func.coalesce(Sale.followed_up_on, Sale.delivered_on, Sale.closed_on),
}
_SALE_MEASURES: dict[Measure, Expression] = {
    Measure.COUNT: _share,
    Measure.VALUE: SaleCredit.value * PARTS,
    # By the deal's own discount, so that the currency and its rate cancel out.
    Measure.LIST_VALUE: cast(
        cast(SaleCredit.value, Numeric)
        * PARTS
        * Sale.list_price
        * Sale.quantity
        / func.nullif(Sale.amount, 0),
        BigInteger,
    ),
    Measure.UNITS: _share * Sale.quantity,
    Measure.SATISFACTION: _share * Sale.satisfaction,
    Measure.DAYS_TO_CLOSE: _share * (Sale.closed_on - Sale.opened_on),
    Measure.DAYS_TO_DELIVER: _share * (Sale.delivered_on - Sale.closed_on),
}
_won = Sale.stage == Stage.WON
_CONDITIONS: dict[Condition, ColumnElement[bool]] = {
    Condition.WON: _won,
    Condition.LOST: Sale.stage == Stage.LOST,
    Condition.DECIDED: Sale.stage != Stage.OPEN,
    Condition.KEPT: Sale.cancelled_on.is_(None),
    Condition.CANCELLED: Sale.cancelled_on.is_not(None),
    Condition.NEW_CUSTOMER: Customer.first_sale_id == Sale.id,
    Condition.PROMISED: Sale.promised_on.is_not(None),
    Condition.DELIVERED: Sale.delivered_on.is_not(None),
    Condition.ON_TIME: Sale.delivered_on <= Sale.promised_on,
    Condition.LATE: Sale.delivered_on > Sale.promised_on,
    Condition.FOLLOWED_UP: Sale.followed_up_on.is_not(None),
    Condition.RATED: Sale.satisfaction.is_not(None),
    Condition.SATISFIED: Sale.satisfaction >= 4,
    Condition.WITH_SALE: Activity.sale_id.is_not(None),
    Condition.WITH_CUSTOMER: Activity.customer_id.is_not(None),
}
_ALWAYS_THERE = {Measure.COUNT, Measure.UNITS}


@dataclass(frozen=True, slots=True)
class Counted:
    """A rule as expressions over one record and credit; value and base in ten-thousandths."""

    holds: ColumnElement[bool]
    day: Expression
    value: Expression
    base: Expression


def exact(parts: Expression) -> ColumnElement[Any]:
    """Ten-thousandths as a decimal."""
    return cast(parts, Numeric) * literal(Decimal("0.0001"), Numeric(5, 4))


def counted(rule: Rule) -> Counted:
    of = rule.of or rule.part
    measure = _measure(rule, rule.part.measure)
    holds = [_CONDITIONS[condition] for condition in of.conditions]
    holds += [_measure(rule, m).is_not(None) for m in sorted({rule.part.measure, of.measure} - _ALWAYS_THERE)]
    holds += _filters(rule)
    value: Expression = measure
    base: Expression
    if rule.of is None:
        base = literal(0)
    else:
        numerator = [_CONDITIONS[c] for c in rule.part.conditions if c not in of.conditions]
        if numerator:
            value = case((and_(*numerator), measure), else_=literal(0))
        base = _measure(rule, of.measure)
    return Counted(holds=and_(true(), *holds), day=_date(rule), value=value, base=base)


def _date(rule: Rule) -> Expression:
    return Activity.happened_on if rule.subject is Subject.ACTIVITIES else _SALE_DATES[rule.date]


def _measure(rule: Rule, measure: Measure) -> Expression:
    return literal(PARTS) if rule.subject is Subject.ACTIVITIES else _SALE_MEASURES[measure]


def _filters(rule: Rule) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if rule.products:
        found.append(Sale.product_id.in_(rule.products))
    if rule.series:
        found.append(series_on(_date(rule)).in_(rule.series))
    if rule.lead_sources:
        found.append(Sale.lead_source_id.in_(rule.lead_sources))
    if rule.activities and set(rule.activities) != set(Kind):
        found.append(Activity.kind.in_([kind.value for kind in rule.activities]))
    return found


def records(subject: Subject, rules: Sequence[Rule]) -> tuple[FromClause, Expression, Expression]:
    """The tables that the rules read, whose result it is, and the team."""
    if subject is Subject.ACTIVITIES:
        return Activity.__table__, Activity.person_id, Activity.team_id
    tables: FromClause = Sale.__table__.join(SaleCredit, SaleCredit.sale_id == Sale.id)
    if any(Condition.NEW_CUSTOMER in rule.conditions for rule in rules):
        tables = tables.outerjoin(Customer, Customer.id == Sale.customer_id)
    if any(rule.series for rule in rules):
        tables = tables.join(Product, Product.id == Sale.product_id)
    return tables, SaleCredit.person_id, SaleCredit.team_id


def key_of(subject: Subject) -> Expression:
    return Activity.id if subject is Subject.ACTIVITIES else Sale.id


def stands(subject: Subject) -> ColumnElement[bool]:
    return (Activity if subject is Subject.ACTIVITIES else Sale).voided_at.is_(None)


def contributions(subject: Subject, metrics: Sequence[Defined]) -> Rows:
    """Of several metrics: (metric_id, day, person_id, team_id, value, base), for few records or people."""
    rules = [metric.parsed() for metric in metrics]
    tables, person, team = records(subject, rules)
    rows = []
    for metric, rule in zip(metrics, rules, strict=True):
        one = counted(rule)
        day = case((one.holds, one.day), else_=cast(null(), Date))
        rows.append((literal(metric.id, BigInteger), day, one.value, one.base))
    names = (
        column("metric_id", BigInteger),
        column("day", Date),
        column("value", BigInteger),
        column("base", BigInteger),
    )
    result = values(*names).data(rows).alias("result").lateral()
    return (
        select(
            result.c.metric_id,
            result.c.day,
            person.label("person_id"),
            team.label("team_id"),
            exact(result.c.value).label("value"),
            exact(result.c.base).label("base"),
        )
        .select_from(tables.join(result, true()))
        .where(stands(subject), result.c.day.is_not(None))
    )


def of_one(metric: Defined) -> Rows:
    """Of one metric: (day, person_id, team_id, value, base); narrow it by `day_of` and `person_of`."""
    rule = metric.parsed()
    tables, person, team = records(rule.subject, [rule])
    one = counted(rule)
    return (
        select(
            one.day.label("day"),
            person.label("person_id"),
            team.label("team_id"),
            exact(one.value).label("value"),
            exact(one.base).label("base"),
        )
        .select_from(tables)
        .where(stands(rule.subject), one.holds, one.day.is_not(None))
    )


def day_of(metric: Defined) -> Expression:
    return _date(metric.parsed())


def person_of(metric: Defined) -> Expression:
    return records(metric.parsed().subject, [])[1]


def team_of(metric: Defined) -> Expression:
    return records(metric.parsed().subject, [])[2]
