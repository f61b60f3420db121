"""What each cause costs each person, in the units of a goal's metric."""

from dataclasses import dataclass, replace

import numpy as np

from app.diagnosis import measures
from app.diagnosis.baseline import Baseline, still_open
from app.diagnosis.counting import totals
from app.diagnosis.findings import Cause, Scope, Why
from app.diagnosis.found import Found
from app.diagnosis.frame import Frame
from app.diagnosis.leads import Leads
from app.diagnosis.measures import Measured, Sort
from app.diagnosis.personal import Persons
from app.diagnosis.records import Flags, Floats
from app.diagnosis.shrinkage import shrink
from app.metrics.definition import ByDate, Condition, Rule

EVERYWHERE = Scope()


@dataclass(frozen=True)
class Claim:
    """A cause's cost by person; `found` is its place among those found, `sure` how likely it is there."""

    cause: Cause
    why: Why
    cost: Floats
    sure: Floats  # by person
    scope: Scope = EVERYWHERE
    found: int | None = None


@dataclass(frozen=True)
class Costs:
    """By person. `expected` is what they would have reached without the causes, with the leads at hand;
    `usual` what their history makes of a period like this one.
    """

    measured: Measured
    expected: Floats
    usual: Floats
    claims: tuple[Claim, ...]


def together(costs: Costs) -> Costs:
    """One claim a cause, reason and place: found in several rounds it is still one thing to its reader."""
    claims: dict[tuple[Cause, Why, Scope], Claim] = {}
    for claim in costs.claims:
        known = claims.get(key := (claim.cause, claim.why, claim.scope))
        claims[key] = (
            claim
            if known is None
            else replace(known, cost=known.cost + claim.cost, sure=np.maximum(known.sure, claim.sure))
        )
    return replace(costs, claims=tuple(claims.values()))


@dataclass(frozen=True)
class Conclusions:
    """What is concluded about the company, before any goal is looked at."""

    frame: Frame
    base: Baseline
    leads: Leads
    found: tuple[Found, ...]
    persons: Persons


def confidence(evidence: float) -> float:
    """Chance that a cause is there: by its evidence, and one in ten that it is before any is heard."""
    return float(1 / (1 + 10 * np.exp(-min(evidence, 50.0))))


def won(about: Conclusions, rule: Rule, what: Measured) -> Costs:
    """Of a sum or count over what was won: wins, values and cancellations lost, by row, cause after cause."""
    frame, base, leads = about.frame, about.base, about.leads
    people, inside = len(frame.people), measures.within(frame, rule)
    rows = inside & frame.decided & frame.in_now(frame.closed_in)
    is_kept = bool({Condition.KEPT, Condition.DELIVERED, Condition.ON_TIME} & rule.conditions)
    win, keep = base.win.copy(), base.keep.copy() if is_kept else np.ones(len(base.keep))
    worth = measures.weight(frame, base, rule)
    lead_worth = _lead_worth(frame, win * keep * worth, inside)
    expected = totals(frame.person[rows], (win * keep * worth)[rows], people)
    reach, remaining = in_period(frame), leads.expected.copy()
    costs = []
    for cause in about.found:
        if cause.place is not None:
            lost = remaining * _cells(leads, cause) * cause.lead_fall
            remaining -= lost
            costs.append((lost * lead_worth).sum(axis=1) * reach)
            expected = expected + costs[-1]
            continue
        assert cause.rows is not None
        hit = cause.rows & rows
        had = (win * keep * worth)[hit]
        win[hit] *= 1 - cause.fall
        if is_kept:
            keep[hit] = np.maximum(keep[hit] - cause.cancelled, 0.02)
        if what.by_value:
            worth = np.where(hit, worth * (1 - cause.cheaper), worth)
        costs.append(totals(frame.person[hit], had - (win * keep * worth)[hit], people))
    sides = measures.COMPONENTS[Sort.WON] if what.by_value else frozenset({"leads", "pace", "win_rate"})
    usual = (own_leads(leads) * lead_worth).sum(axis=1) * decided_at_all(frame)
    return Costs(what, expected, usual, _claims(about, costs, expected, sides))


def win_rate(about: Conclusions, rule: Rule, what: Measured) -> Costs:
    frame, people = about.frame, len(about.frame.people)
    rows = measures.within(frame, rule) & frame.decided & frame.in_now(frame.closed_in)
    decided = np.maximum(totals(frame.person[rows], frame.share[rows], people), 1e-9)
    win = about.base.win.copy()
    expected = totals(frame.person[rows], (frame.share * win)[rows], people) / decided
    costs = []
    for cause in about.found:
        hit = rows & cause.rows if cause.rows is not None else np.zeros(len(rows), bool)
        costs.append(totals(frame.person[hit], (frame.share * win)[hit] * cause.fall, people) / decided)
        win[hit] *= 1 - cause.fall
    return Costs(
        what, expected, expected, _claims(about, costs, expected, measures.COMPONENTS[Sort.WIN_RATE])
    )


def average(about: Conclusions, rule: Rule, what: Measured) -> Costs:
    """Of the value of a won deal: deeper discounts."""
    frame, people = about.frame, len(about.frame.people)
    rows = measures.within(frame, rule) & frame.won & frame.in_now(frame.closed_in)
    deals = np.maximum(totals(frame.person[rows], frame.share[rows], people), 1e-9)
    worth = frame.share * about.base.worth
    expected = totals(frame.person[rows], worth[rows], people) / deals
    costs = []
    for cause in about.found:
        hit = rows & cause.rows if cause.rows is not None else np.zeros(len(rows), bool)
        costs.append(totals(frame.person[hit], worth[hit] * cause.cheaper, people) / deals)
        worth[hit] *= 1 - cause.cheaper
    return Costs(what, expected, expected, _claims(about, costs, expected, measures.COMPONENTS[Sort.AVERAGE]))


def taken_up(about: Conclusions, rule: Rule, what: Measured) -> Costs:
    """Of leads, as they came in or were decided."""
    frame, leads, people = about.frame, about.leads, len(about.frame.people)
    inside = measures.within(frame, rule)
    share = totals(frame.person[inside], frame.share[inside], people) / np.maximum(
        totals(frame.person, frame.share, people), 1e-9
    )
    later = 1.0 if rule.date is ByDate.OPENED else in_period(frame)
    remaining, costs = leads.expected.copy(), []
    for cause in about.found:
        lost = (
            remaining * _cells(leads, cause) * cause.lead_fall if cause.place is not None else remaining * 0
        )
        remaining -= lost
        costs.append(lost.sum(axis=1) * share * later)
    usual = (
        own_leads(leads).sum(axis=1) * share * (1.0 if rule.date is ByDate.OPENED else decided_at_all(frame))
    )
    return Costs(what, usual, usual, _claims(about, costs, usual, measures.COMPONENTS[Sort.LEADS]))


def _claims(
    about: Conclusions, costs: list[Floats], expected: Floats, sides: frozenset[str]
) -> tuple[Claim, ...]:
    people = len(about.frame.people)
    claims = [
        Claim(each.cause, each.why, cost, np.full(people, confidence(each.evidence)), each.scope, place)
        for place, (each, cost) in enumerate(zip(about.found, costs, strict=True))
    ]
    left = np.maximum(expected - sum(costs, np.zeros(people)), 0)
    own = left * own_loss(about.persons, sides)
    return (*claims, Claim(Cause.CAPABILITY, Why.SEVERAL, own, about.persons.judgement.fell))


def own_loss(persons: Persons, sides: frozenset[str]) -> Floats:
    """Share of what was left to expect that the named lost on these sides of their work; 0 for all others."""
    kept = np.ones(len(persons.named))
    for each in persons.components:
        if each.name in sides:
            kept *= np.where(each.known & (each.score < 0), np.clip(each.ratio, 0.0, 1.0), 1.0)
    return np.where(persons.named, 1 - kept, 0.0)


def _lead_worth(frame: Frame, worth: Floats, inside: Flags) -> Floats:
    """Persons x sources: what a decided lead brings on average (0 where it is none of the metric's)."""
    rows = frame.decided & (frame.before(frame.closed_in) if frame.now else frame.closed_in >= 0)
    people, sources = len(frame.people), len(frame.sources)
    value = np.where(inside, worth, 0.0)[rows]
    one, person, source = frame.share[rows], frame.person[rows], frame.source[rows]
    mean = float(value.sum()) / max(float(one.sum()), 1e-9)
    if mean <= 0:
        return np.zeros((people, sources))
    by_source = (totals(source, value, sources) + 5 * mean) / (totals(source, one, sources) + 5)
    standard = by_source[source] * one
    own = (totals(person, value, people) + 3 * mean) / (totals(person, standard, people) + 3 * mean)
    return np.asarray(own[:, None] * by_source[None, :])


def _cells(leads: Leads, cause: Found) -> Floats:
    assert cause.place is not None
    cells = np.zeros_like(leads.expected)
    who = cause.place.people & leads.known
    cells[who, slice(None) if cause.place.source < 0 else cause.place.source] = 1.0
    return cells


def own_leads(leads: Leads) -> Floats:
    """Persons x sources: what a period usually brings each, small numbers drawn towards all."""
    had = leads.before.sum(axis=1)
    awaited = float(had.sum() / max(leads.exposure.sum(), 1e-9)) * leads.exposure
    own = shrink(had, awaited, np.maximum(awaited, 1e-9))
    drawn = np.where(had > 0, own.factor * awaited / np.maximum(had, 1e-9), 1.0)
    return np.asarray(leads.expected * drawn[:, None])


def in_period(frame: Frame) -> float:
    """Share of the leads opened on the days of this period that are usually decided before its end."""
    return float(np.mean(1 - still_open(frame)[1 : frame.spans[-1].days + 1]))


def decided_at_all(frame: Frame) -> float:
    return float(1 - still_open(frame)[-1])
