"""The figure that a review watches: computed from the records alone, for any period, so that the next one
shows whether it moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any

from sqlalchemy import text

from app.diagnosis.findings import Cause, Unit, Why
from app.diagnosis.stated import Json
from app.extensions import db

WIN_RATE, LEADS, LATE, CANCELLED, LOST, DISCOUNT, DEAL, SATISFACTION = (
    "win_rate",
    "leads_a_month",
    "late",
    "cancelled",
    "lost_for",
    "discount",
    "deal_value",
    "satisfaction",
)
# What is counted and among what, over credits of sales; which day puts a sale into a period; its unit;
# whether more of it is better.
_COUNTED: Mapping[str, tuple[str, str, str, Unit, bool]] = {
    WIN_RATE: ("won", "decided", "closed_on", Unit.SHARE, True),
    LEADS: ("share", "0", "opened_on", Unit.NUMBER, True),
    LATE: ("late", "delivered", "delivered_on", Unit.SHARE, False),
    CANCELLED: ("cancelled", "won", "closed_on", Unit.SHARE, False),
    LOST: ("lost_for", "decided", "closed_on", Unit.SHARE, False),
    DISCOUNT: ("listed - paid", "listed", "closed_on", Unit.SHARE, False),
    DEAL: ("won * value", "won", "closed_on", Unit.MONEY, True),
    SATISFACTION: ("satisfaction", "rated", "closed_on", Unit.SCORE, True),
}
_BY_WHY: Mapping[str, str] = {
    Why.WIN_RATE: WIN_RATE,
    Why.LEADS: LEADS,
    Why.LEAD_QUALITY: WIN_RATE,
    Why.DISCOUNTS: DISCOUNT,
    Why.CANCELLATIONS: CANCELLED,
    Why.DEAL_VALUE: DEAL,
}
_REASONS: Mapping[Cause, tuple[str, ...]] = {
    Cause.PRICE: ("price", "competitor"),
    Cause.DELIVERY: ("delivery",),
    Cause.SERVICE: ("service",),
}

MONTH = 30.4  # days
ENOUGH = 10  # records, below which nothing is compared
HARDLY, PLAIN = 0.1, 0.25  # shares of what a figure was
LEAST = 0.02  # a figure next to nothing is taken to have been so much


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` is None where there was nothing to measure; `n` is how many it was measured on."""

    first: date
    last: date
    value: float | None
    n: float


def watched(
    cause: Cause,
    why: str,
    product_id: int | None,
    source_id: int | None,
    team_id: int | None,
    figures: Sequence[Json] = (),
) -> Json:
    """Which figure, of what. Losses for a reason are watched where the reason is what the cause rests on.

    Where the finding's own figures say that these hardly changed, but another sign of the cause did, like
    late deliveries, it is that sign.
    """
    code = _BY_WHY.get(why, WIN_RATE)
    reasons = _REASONS.get(cause, ())
    if code == WIN_RATE and reasons:
        code = LOST
    worse = {figure["code"]: _worse(figure) for figure in figures}
    named = [worse[name] for reason in reasons if (name := f"lost_{reason}") in worse]
    own = named if code == LOST else [worse[code]] if code in worse else []
    signs = [sign for sign in (LATE, CANCELLED, SATISFACTION) if worse.get(sign, 0) >= PLAIN]
    if signs and own and max(own) < HARDLY:
        code = max(signs, key=lambda sign: worse[sign])
    return {
        "code": code,
        "product": product_id,
        "source": source_id,
        "team": team_id,
        "reasons": list(reasons) if code == LOST else [],
    }


def _worse(figure: Json) -> float:
    """By how much of what it was a finding's figure became worse."""
    now, before = figure.get("now"), figure.get("before")
    if now is None or before is None:
        return 0.0
    is_better_high = figure["code"] in (WIN_RATE, SATISFACTION)
    change = float(before - now if is_better_high else now - before)
    return change / max(abs(float(before)), LEAST)


def unit(figure: Mapping[str, Any]) -> Unit:
    return _COUNTED[figure["code"]][3]


def is_higher_better(figure: Mapping[str, Any]) -> bool:
    return _COUNTED[figure["code"]][4]


_READ = """
SELECT span.first, span.last,
  coalesce(sum({over}), 0)::float8, coalesce(sum({among}), 0)::float8, count(share)
FROM unnest(CAST(:firsts AS date[]), CAST(:lasts AS date[])) AS span (first, last)
LEFT JOIN LATERAL (
  SELECT credit.share / 10000.0 AS share,
    credit.share / 10000.0 * (sales.stage = 'won')::int AS won,
    credit.share / 10000.0 * (sales.stage <> 'open')::int AS decided,
    credit.share / 10000.0 * (sales.cancelled_on IS NOT NULL)::int AS cancelled,
    credit.share / 10000.0 * (sales.delivered_on > sales.promised_on)::int AS late,
    credit.share / 10000.0 * (sales.promised_on IS NOT NULL)::int AS delivered,
    credit.share / 10000.0 * (lower(btrim(sales.lost_reason)) = ANY(:reasons))::int AS lost_for,
    CASE WHEN sales.stage = 'won' AND sales.list_price > 0 AND sales.amount > 0
      THEN credit.share / 10000.0 * sales.amount END AS paid,
    CASE WHEN sales.stage = 'won' AND sales.list_price > 0 AND sales.amount > 0
      THEN credit.share / 10000.0 * sales.list_price * sales.quantity END AS listed,
    credit.value::numeric / nullif(credit.share, 0) * 10000 AS value,
    credit.share / 10000.0 * sales.satisfaction AS satisfaction,
    CASE WHEN sales.satisfaction IS NOT NULL THEN credit.share / 10000.0 END AS rated
  FROM sales JOIN sale_credits AS credit ON credit.sale_id = sales.id
  WHERE sales.voided_at IS NULL AND sales.{day} BETWEEN span.first AND span.last
    AND (CAST(:product AS bigint) IS NULL OR sales.product_id = :product)
    AND (CAST(:source AS bigint) IS NULL OR sales.lead_source_id = :source)
    AND (CAST(:team AS bigint) IS NULL
      OR credit.team_id IN (SELECT id FROM teams WHERE CAST(:team AS bigint) = ANY(path)))
) AS found ON true
GROUP BY span.first, span.last ORDER BY span.first
"""


def readings(figure: Mapping[str, Any], spans: Sequence[tuple[date, date]], today: date) -> list[Reading]:
    """What the figure was in each span, the earliest first. Leads are a number a month, so that a period
    that has just begun can be compared.
    """
    over, among, day, _unit, _better = _COUNTED[figure["code"]]
    given: dict[str, Any] = {
        "firsts": [first for first, _ in spans],
        "lasts": [last for _, last in spans],
        "reasons": list(figure.get("reasons", ())),
        **{name: figure.get(name) for name in ("product", "source", "team")},
    }
    rows = db.session.execute(text(_READ.format(over=over, among=among, day=day)), given)
    is_number = figure["code"] == LEADS
    return [
        Reading(
            first,
            last,
            whole / ((min(last, today) - first).days + 1) * MONTH
            if is_number
            else (whole / base if base else None),
            n,
        )
        for first, last, whole, base, n in rows
    ]


def has_moved(figure: Mapping[str, Any], before: Reading, after: Reading) -> bool:
    """By more than chance would have it: two standard errors of a share or a count; else by a tenth."""
    if before.value is None or after.value is None or min(before.n, after.n) < ENOUGH:
        return False
    change = abs(after.value - before.value)
    if unit(figure) is Unit.SHARE:
        pooled = (before.value * before.n + after.value * after.n) / (before.n + after.n)
        error = sqrt(max(pooled * (1 - pooled), 0.0) * (1 / before.n + 1 / after.n))
        return change > 2 * error
    if figure["code"] == LEADS:
        return change > 2 * before.value * sqrt(1 / before.n + 1 / after.n)
    return change > abs(before.value) / 10
