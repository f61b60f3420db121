"""One person's figures over the periods of a kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, cast, func, select

from app.extensions import db
from app.goals.models import Period
from app.leaderboards.standing import SCALE, Number
from app.metrics.models import Metric, MetricKind, Total


@dataclass(frozen=True, slots=True)
class Past:
    period: Period
    figure: Number


def past_figures(metric: Metric, period: Period, person_id: int) -> Sequence[Past]:
    """Of all periods before this one in which a person had a result that is ranked, latest first."""
    value = cast(func.sum(Total.value) * SCALE, BigInteger)
    base = cast(func.sum(Total.base) * SCALE, BigInteger)
    rows = db.session.execute(
        select(Period, value, base)
        .join(Total, Total.month.between(Period.starts_on, Period.ends_on))
        .where(
            Total.metric_id == metric.id,
            Total.person_id == person_id,
            Period.kind == period.kind,
            Period.ends_on < period.starts_on,
        )
        .group_by(Period.id)
        .order_by(Period.starts_on.desc())
    )
    if metric.kind is not MetricKind.RATIO:
        return [Past(past, value) for past, value, _ in rows]
    least = max(metric.rank_from * SCALE, 1)
    return [Past(past, value / base) for past, value, base in rows if base >= least]
