"""What an administrator does to metrics. Saving a rule counts it anew, over all that was ever recorded."""

import re
import unicodedata
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.core import audit, idempotency, jobs
from app.core.changes import changes
from app.core.errors import Conflict, Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.metrics import check, words
from app.metrics.definition import Rule, RuleError
from app.metrics.models import Metric
from app.metrics.statements import lock_records, run
from app.metrics.wanted import Wanted

RESERVED = {"new", "draft"}  # pages beside the metrics'
RECOUNT_LATER_FROM = 200_000  # records; about a second of counting


@atomic
def create_metric(wanted: Wanted, *, by_id: int | None, key: UUID | None = None) -> Metric:
    """Raises Invalid with the field. The same form posted twice makes one."""
    if key is not None and by_id is not None:
        earlier = idempotency.earlier(key, by_id)
        if earlier is not None and earlier.subject_id is not None:
            return db.session.get_one(Metric, earlier.subject_id)
    rule = _checked(wanted)
    lock_records()
    metric = Metric(
        key=_free_key(wanted.names), subject=wanted.subject, kind=wanted.kind, rule=rule.as_data()
    )
    metric.position = 10 + (db.session.scalar(select(func.max(Metric.position))) or 0)
    _show_as(metric, wanted)
    db.session.add(metric)
    db.session.flush()
    _recount(metric)
    audit.record("metric.created", metric, actor_id=by_id, key=metric.key, rule=metric.rule)
    changes.announce("metrics")
    if key is not None and by_id is not None:
        idempotency.settle(key, metric.id)
    return metric


@atomic
def update_metric(metric: Metric, wanted: Wanted, *, by_id: int | None) -> Metric:
    """Raises Invalid with the field, and Conflict when a shipped metric would count differently."""
    rule = _checked(wanted)
    lock_records()
    db.session.refresh(metric)
    counts_otherwise = (metric.subject, metric.kind, metric.parsed()) != (wanted.subject, wanted.kind, rule)
    if counts_otherwise and metric.is_shipped:
        raise Conflict(_("What comes with Cumbre is counted the same everywhere. Make a metric of your own."))
    before = dict(metric.rule)
    metric.subject, metric.kind = wanted.subject, wanted.kind
    metric.rule = rule.as_data()
    _show_as(metric, wanted)
    db.session.flush()
    if counts_otherwise:
        _recount(metric)
    audit.record("metric.changed", metric, actor_id=by_id, before=before, after=metric.rule)
    changes.announce("metrics")
    return metric


@atomic
def present_metric(
    metric: Metric,
    *,
    names: dict[str, str],
    decimals: int,
    rank_from: int,
    is_active: bool,
    by_id: int | None,
) -> Metric:
    """How a metric is called and shown; what it counts stays.

    A hidden one is not offered any more; it goes on counting, so goals on it stay right.
    """
    metric.names = _named(names)
    metric.decimals, metric.rank_from, metric.is_active = decimals, rank_from, is_active
    audit.record("metric.changed", metric, actor_id=by_id, names=metric.names, is_active=is_active)
    changes.announce("metrics")
    return metric


def recount_series() -> None:
    """A product has come to another series: what is narrowed to one counts otherwise."""
    narrowed = select(Metric).where(Metric.rule.has_key("series"))
    if metrics := db.session.scalars(narrowed).all():
        lock_records()
        for metric in metrics:
            _recount(metric)


@jobs.job("metrics.recount")
def recount(key: str) -> None:
    check.rebuild([key])


def is_large() -> bool:
    """By the planner's estimate, which costs nothing."""
    estimate = run(
        "SELECT sum(reltuples) FROM pg_class WHERE oid IN ('sales'::regclass, 'activities'::regclass)"
    )
    return bool((estimate.scalar_one() or 0) >= RECOUNT_LATER_FROM)


def _recount(metric: Metric) -> None:
    """The records are locked: what is recorded from the commit on is counted by the new rule."""
    if is_large():
        jobs.defer("metrics.recount", key=metric.key)
    else:
        check.rebuild([metric.key])


def _checked(wanted: Wanted) -> Rule:
    wanted.names = _named(wanted.names)
    try:
        return wanted.checked()
    except RuleError as error:
        name, problem = next(iter(error.problems.items()))
        field_name = "of_measure" if name == "of" else name.replace(".", "_")
        raise Invalid(words.PROBLEMS[problem], field_name) from error


def _named(names: dict[str, str]) -> dict[str, str]:
    given = {language: name.strip() for language, name in names.items() if name.strip()}
    if not given:
        raise Invalid(_("Give it a name."), "name_en")
    return given


def _show_as(metric: Metric, wanted: Wanted) -> None:
    metric.names, metric.unit, metric.decimals = dict(wanted.names), wanted.unit, wanted.decimals
    metric.is_higher_better, metric.rank_from = wanted.is_higher_better, wanted.rank_from
    metric.is_active = wanted.is_active


def _free_key(names: dict[str, str]) -> str:
    """`Units of GTX Pro` becomes units_of_gtx_pro; a second one units_of_gtx_pro_2."""
    name = names.get("en") or next(iter(names.values()))
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "metric"
    taken = set(db.session.scalars(select(Metric.key))) | RESERVED
    number = 1
    while (key := stem if number == 1 else f"{stem}_{number}") in taken:
        number += 1
    return key
