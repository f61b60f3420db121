"""What each cause found costs each person, in the units of a goal's metric."""

from dataclasses import dataclass

import numpy as np

from app.diagnosis.baseline import Baseline, still_open
from app.diagnosis.counting import totals
from app.diagnosis.findings import Cause
from app.diagnosis.frame import Frame
from app.diagnosis.leads import Leads
from app.diagnosis.measures import COMPONENTS, Measured, Sort, measured, weight, within
from app.diagnosis.personal import Persons
from app.diagnosis.records import Flags, Floats
from app.diagnosis.search import Found
from app.diagnosis.shrinkage import shrink
from app.metrics.definition import ByDate, Condition, Rule


@dataclass(frozen=True)
class Costs:
    """By person. `expected` is what they would have reached without the causes, with the leads at hand; `usual`
    what their history makes of a period like this one. One row of `by_cause` for each cause found."""

    measured: Measured
    expected: Floats
    usual: Floats
    by_cause: Floats
    own: Floats  # of what is the person's own, where they are named


def costs(
    frame: Frame, base: Baseline, leads: Leads, found: list[Found], persons: Persons, rule: Rule
) -> Costs | None:
    """None for a metric of which nothing is known that moves it."""
    what = measured(rule)
    if what.sort is Sort.WON:
        return _won(frame, base, leads, found, persons, rule, what)
    if what.sort is Sort.WIN_RATE:
        return _rate(frame, base, found, persons, rule, what)
    return None


def _won(
    frame: Frame,
    base: Baseline,
    leads: Leads,
    found: list[Found],
    persons: Persons,
    rule: Rule,
    what: Measured,
) -> Costs:
    people, inside = len(frame.people), within(frame, rule)
    rows = inside & frame.decided & frame.in_now(frame.closed_in)
    counts_kept = bool({Condition.KEPT, Condition.DELIVERED, Condition.ON_TIME} & rule.conditions)
    win, keep = base.win.copy(), base.keep.copy() if counts_kept else np.ones(len(base.keep))
    worth = weight(frame, base, rule)
    lead_worth = _lead_worth(frame, win * keep * worth, inside)
    expected = totals(frame.person[rows], (win * keep * worth)[rows], people)
    by_cause = np.zeros((len(found), people))
    reach = in_period(frame)
    remaining = leads.expected.copy()
    for place, cause in enumerate(found):
        if cause.place is not None:
            lost = remaining * _cells(leads, cause) * cause.lead_fall
            remaining -= lost
            by_cause[place] = (lost * lead_worth).sum(axis=1) * reach
            expected += by_cause[place]
            continue
        assert cause.rows is not None
        hit = cause.rows & rows
        had = (win * keep * worth)[hit]
        win[hit] *= 1 - cause.fall
        if counts_kept:
            keep[hit] = np.maximum(keep[hit] - cause.cancelled, 0.02)
        if what.by_value:
            worth = np.where(hit, worth * (1 - cause.cheaper), worth)
        by_cause[place] = totals(frame.person[hit], had - (win * keep * worth)[hit], people)
    left = np.maximum(expected - by_cause.sum(axis=0), 0)
    return Costs(
        what,
        expected,
        (own_leads(leads) * lead_worth).sum(axis=1) * decided_at_all(frame),
        by_cause,
        left
        * own_loss(
            persons, COMPONENTS[what.sort] if what.by_value else frozenset({"leads", "pace", "win_rate"})
        ),
    )


def _rate(
    frame: Frame, base: Baseline, found: list[Found], persons: Persons, rule: Rule, what: Measured
) -> Costs:
    people = len(frame.people)
    rows = within(frame, rule) & frame.decided & frame.in_now(frame.closed_in)
    decided = np.maximum(totals(frame.person[rows], frame.share[rows], people), 1e-9)
    win = base.win.copy()
    expected = totals(frame.person[rows], (frame.share * win)[rows], people) / decided
    by_cause = np.zeros((len(found), people))
    for place, cause in enumerate(found):
        if cause.rows is None:
            continue
        hit = cause.rows & rows
        by_cause[place] = totals(frame.person[hit], (frame.share * win)[hit] * cause.fall, people) / decided
        win[hit] *= 1 - cause.fall
    left = np.maximum(expected - by_cause.sum(axis=0), 0)
    return Costs(what, expected, expected, by_cause, left * own_loss(persons, COMPONENTS[what.sort]))


def own_loss(persons: Persons, names: frozenset[str]) -> Floats:
    """Share of what was left to expect that the named lost on these sides of their work; 0 for all others."""
    kept = np.ones(len(persons.named))
    for each in persons.components:
        if each.name in names:
            kept *= np.where(each.known & (each.score < 0), np.clip(each.ratio, 0.0, 1.0), 1.0)
    return np.where(persons.named, 1 - kept, 0.0)


def _lead_worth(frame: Frame, worth: Floats, inside: Flags) -> Floats:
    """Persons x sources: what a decided lead brings on average (0 where it is none of the metric's)."""
    rows = frame.decided & (frame.before(frame.closed_in) if frame.now else frame.closed_in >= 0)
    value = np.where(inside, worth, 0.0)[rows]
    one, person, source = frame.share[rows], frame.person[rows], frame.source[rows]
    everything = max(float(one.sum()), 1e-9)
    mean = float(value.sum()) / everything
    by_source = (totals(source, value, len(frame.sources)) + 5 * mean) / (
        totals(source, one, len(frame.sources)) + 5
    )
    standard = by_source[source] * one
    people = len(frame.people)
    own = (totals(person, value, people) + 3 * mean) / (
        totals(person, standard, people) + 3 * mean if mean else 1.0
    )
    return np.asarray(own[:, None] * by_source[None, :])


def _cells(leads: Leads, cause: Found) -> Floats:
    assert cause.place is not None
    cells = np.zeros_like(leads.expected)
    who = cause.place.people & leads.known
    if cause.place.source < 0:
        cells[who] = 1.0
    else:
        cells[who, cause.place.source] = 1.0
    return cells


def own_leads(leads: Leads) -> Floats:
    """Persons x sources: what a period usually brings each, small numbers drawn towards all."""
    had = leads.before.sum(axis=1)
    usual = float(had.sum() / max(leads.exposure.sum(), 1e-9))
    awaited = usual * leads.exposure
    own = shrink(had, awaited, np.maximum(awaited, 1e-9))
    drawn = np.where(had > 0, own.factor * awaited / np.maximum(had, 1e-9), 1.0)
    return np.asarray(leads.expected * drawn[:, None])


def in_period(frame: Frame) -> float:
    """Share of the leads opened on the days of this period that are usually decided before its end."""
    left = still_open(frame)
    days = frame.spans[-1].days
    return float(np.mean(1 - left[1 : days + 1]))


def decided_at_all(frame: Frame) -> float:
    return float(1 - still_open(frame)[-1])


def is_counted_when_opened(rule: Rule) -> bool:
    return rule.date is ByDate.OPENED


CAUSES_IN_ORDER = tuple(Cause)
