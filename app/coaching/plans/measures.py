"""What an aim counts: one of the company's metrics or one of our own, of all products or of one.

A sum or a count is a week's, so that aims of plans of any length can be compared.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, any_, func, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import joinedload

from app.coaching.models import Aim
from app.coaching.plans.aiming import WEEK
from app.core.pagination import Page, page_of_rows
from app.extensions import db
from app.goals import units
from app.metrics import queries as metrics
from app.metrics.contributions import day_of, of_one, person_of
from app.metrics.definition import ByDate, Condition, Definition, Measure, MetricKind, Subject, Unit
from app.metrics.figures import Value, format_figure, format_figure_short, value_of
from app.metrics.models import Metric
from app.sales.models import Sale

METRIC = "metric"
DECIDED, CONTACTS, KEPT_RATE = "decided", "contacts", "kept_rate"
_WON = {"measure": Measure.COUNT.value, "conditions": [Condition.WON.value]}
OWN: dict[str, Definition] = {
    DECIDED: Definition(
        0,
        DECIDED,
        Subject.SALES,
        MetricKind.COUNT,
        {
            "date": ByDate.CLOSED.value,
            "measure": Measure.COUNT.value,
            "conditions": [Condition.DECIDED.value],
        },
    ),
    CONTACTS: Definition(
        0,
        CONTACTS,
        Subject.ACTIVITIES,
        MetricKind.COUNT,
        {"date": ByDate.HAPPENED.value, "measure": Measure.COUNT.value, "conditions": []},
    ),
    KEPT_RATE: Definition(
        0,
        KEPT_RATE,
        Subject.SALES,
        MetricKind.RATIO,
        {
            "date": ByDate.CLOSED.value,
            "measure": Measure.COUNT.value,
            "conditions": [Condition.WON.value, Condition.KEPT.value],
            "of": _WON,
        },
    ),
}
_LABELS = {
    DECIDED: _l("Leads decided"),
    CONTACTS: _l("Customer contacts"),
    KEPT_RATE: _l("Won sales that were kept"),
}
_UNITS = {DECIDED: Unit.NUMBER, CONTACTS: Unit.NUMBER, KEPT_RATE: Unit.PERCENT}


@dataclass(frozen=True, slots=True)
class Measured:
    """What is counted, how it is shown. `metric` None: one of our own."""

    measure: str
    definition: Definition
    unit: Unit
    decimals: int
    is_higher_better: bool
    metric: Metric | None = None
    product_id: int | None = None

    @property
    def kind(self) -> MetricKind:
        return self.definition.kind

    @property
    def is_per_week(self) -> bool:
        return self.kind is not MetricKind.RATIO

    @property
    def key(self) -> tuple[str, int | None, int | None]:
        return self.measure, self.metric.id if self.metric else None, self.product_id

    @property
    def step(self) -> Decimal:
        """The least difference that shows: a per cent, a tenth of a lead a week."""
        places = Decimal(1).scaleb(-self.decimals)
        if self.unit is Unit.PERCENT:
            return places / 100
        return Decimal("0.1") if self.unit is Unit.NUMBER and self.is_per_week else places

    def label(self, product: str | None = None) -> str:
        name = self.metric.label() if self.metric else str(_LABELS[self.measure])
        if product:
            name = _("%(what)s, %(product)s", what=name, product=product)
        return _("%(what)s a week", what=name) if self.is_per_week else name

    def rounded_step(self, value: Decimal) -> Decimal:
        """Three digits are precise enough for an aim, and easier to say."""
        if self.unit is not Unit.MONEY or not value:
            return self.step
        return max(self.step, Decimal(10) ** (abs(value).adjusted() - 2))


def measured(measure: str, metric: Metric | None, product_id: int | None = None) -> Measured:
    if metric is not None:
        definition = Definition(metric.id, metric.key, metric.subject, metric.kind, metric.rule)
        found = Measured(
            METRIC, definition, metric.unit, metric.decimals, metric.is_higher_better, metric, None
        )
    else:
        found = Measured(measure, OWN[measure], _UNITS[measure], 0, True)
    if product_id is None or found.definition.subject is not Subject.SALES:
        return found
    narrow = replace(found.definition, rule={**found.definition.rule, "products": [product_id]})
    return replace(found, definition=narrow, product_id=product_id)


def of(aim: Aim) -> Measured:
    """What an aim counts; its metric must be loaded."""
    return measured(aim.measure, aim.metric if aim.metric_id is not None else None, aim.product_id)


def person_values(
    what: Measured, start: date, end: date, person_ids: Collection[int] | None = None
) -> dict[int, Value]:
    """Of those who have any, both days included."""
    if end < start:
        return {}
    if what.metric is not None and what.product_id is None:
        return metrics.person_values(what.metric, start, end, person_ids)
    fresh = of_one(what.definition).where(day_of(what.definition).between(start, end))
    if person_ids is not None:
        fresh = fresh.where(_is_one_of(what, person_ids))
    counted = fresh.subquery()
    rows = db.session.execute(
        db.select(counted.c.person_id, func.sum(counted.c.value), func.sum(counted.c.base)).group_by(
            counted.c.person_id
        )
    )
    return {person_id: value_of(what, value, base) for person_id, value, base in rows}


def _is_one_of(what: Measured, person_ids: Collection[int]) -> Any:
    return person_of(what.definition) == any_(literal(sorted(person_ids), ARRAY(BigInteger)))


def value_for(what: Measured, start: date, end: date, person_id: int) -> Value:
    return person_values(what, start, end, [person_id]).get(person_id, value_of(what))


def page_of_records(what: Measured, start: date, end: date, person_id: int, number: int) -> Page[Any]:
    """The sales or activities behind a figure, the latest first: (record, day, person_id, value, base)."""
    stmt = metrics.records_behind(what.definition, start, end, person_id=person_id)
    if what.definition.subject is Subject.SALES:
        stmt = stmt.options(joinedload(Sale.product), joinedload(Sale.customer))
    return page_of_rows(stmt, number)


def weeks(start: date, end: date) -> Decimal:
    """Both days included."""
    return Decimal((end - start).days + 1) / WEEK


def as_said(what: Measured, value: Value, start: date, end: date) -> Decimal | None:
    """The figure as an aim says it: a ratio, or what came to a week."""
    if not what.is_per_week:
        return value.figure
    return value.value / weeks(start, end) if end >= start else None


def words(figure: Decimal | None, what: Measured) -> str:
    """As people say it: money in whole units."""
    if figure is not None and what.unit is Unit.MONEY:
        whole = units.factor(what)
        return format_figure_short((figure / whole).quantize(Decimal(1)) * whole, what)
    return format_figure(figure, what)
