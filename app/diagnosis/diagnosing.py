"""The entry: a company's records and its missed goals in, a case for each goal out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.diagnosis import leads as leading
from app.diagnosis import measures, personal, search, signals
from app.diagnosis.activity import activities
from app.diagnosis.baseline import baseline
from app.diagnosis.casework import Desk, verdict, work
from app.diagnosis.costs import Conclusions, Costs, average, confidence, taken_up, together, win_rate, won
from app.diagnosis.exhibits import Exhibit, Shower
from app.diagnosis.factors import changes, ledger
from app.diagnosis.findings import Cause, Diagnosis, SharedCause
from app.diagnosis.frame import Frame, frame
from app.diagnosis.measures import Sort
from app.diagnosis.processes import process
from app.diagnosis.records import Company, Goal, Ints
from app.diagnosis.signals import Sign, Signal
from app.diagnosis.tables import tabulator
from app.metrics.definition import ByDate, Condition, Measure, MetricKind, Part, Rule, Subject

METHOD = "5"
"""Kept with every diagnosis, and raised when the same records would be judged otherwise."""

REVENUE = Rule(
    Subject.SALES, MetricKind.SUM, ByDate.CLOSED, Part(Measure.VALUE, (Condition.WON, Condition.KEPT))
)
"""What the causes found are weighed in, whatever the goals were on."""


@dataclass(frozen=True)
class Study:
    """All that is concluded about the company, before any goal is looked at."""

    about: Conclusions
    signals: dict[Sign, Signal]

    @property
    def frame(self) -> Frame:
        return self.about.frame

    def costs(self, rule: Rule) -> Costs | None:
        """None for a metric of which it is not known what moves it, or whose signs are not recorded."""
        what = measures.measured(rule)
        by_sort = {
            Sort.WON: won,
            Sort.WIN_RATE: win_rate,
            Sort.AVERAGE: average,
            Sort.LEADS: taken_up,
            Sort.ACTIVITIES: activities,
        }
        costs = None
        if what.sort is Sort.SIGN:
            costs = process(self.about, rule, what, self.signals)
        elif what.sort in by_sort:
            costs = by_sort[what.sort](self.about, rule, what)
        return together(costs) if costs is not None else None


def study(company: Company) -> Study:
    coded = frame(company)
    base, expected = baseline(coded), leading.leads(coded)
    signs = signals.read(coded, base)
    found, known = search.search(coded, search.start(coded, base, signs, expected))
    persons = personal.persons(coded, base, known)
    return Study(Conclusions(coded, base, expected, tuple(found), persons), signs)


def diagnose(company: Company, goals: Sequence[Goal]) -> Diagnosis:
    """Cases in the order of the goals. The same records and goals give the same answer, in whatever order."""
    studied = study(company)
    shower = Shower(studied.frame, tabulator(studied.frame), studied.signals)
    exhibits = {place: shower.cause(found) for place, found in enumerate(studied.about.found)}
    own, untold = shower.person(), _untold(studied)
    desks: dict[Rule, Desk] = {}
    for rule in dict.fromkeys(goal.rule for goal in goals):
        sign = measures.measured(rule).sign
        shown = shower.sign(sign) if sign in studied.signals and sign is not None else own
        desks[rule] = Desk(studied.costs(rule), exhibits, shown, studied.about.persons, untold)
    members = [_positions(studied.frame, goal.people) for goal in goals]
    splits = changes(ledger(studied.frame, studied.about.base), members)
    cases = [
        work(desks[goal.rule], goal, who, split)
        for goal, who, split in zip(goals, members, splits, strict=True)
    ]
    return Diagnosis(tuple(cases), _shared(studied, exhibits))


def _shared(studied: Study, exhibits: dict[int, Exhibit]) -> tuple[SharedCause, ...]:
    about = studied.about
    costs = won(about, REVENUE, measures.measured(REVENUE))
    answers = []
    everybody = np.arange(len(about.frame.people))
    for place, found in enumerate(about.found):
        sure = confidence(found.evidence)
        exhibit = exhibits[place]
        cost = round(float(costs.claims[place].cost.sum()))
        answers.append(
            SharedCause(
                found.cause,
                found.why,
                found.scope,
                verdict(sure),
                sure,
                cost,
                exhibit.figures(everybody),
                exhibit.charts(everybody),
                exhibit.records,
            )
        )
    return tuple(sorted(answers, key=lambda each: -each.cost))


def _untold(studied: Study) -> frozenset[Cause]:
    """Causes of which nothing is recorded that would show them."""
    about, signs = studied.about, studied.signals
    coded = about.frame
    now = coded.in_now(coded.closed_in)
    if not (coded.decided & now).any():
        return frozenset(Cause) - {Cause.NONE}
    untold = set()
    has_reasons = bool((coded.lost & now & (coded.sales.reason > 0)).any())
    if not about.base.has_history and not has_reasons:
        untold |= {Cause.PRODUCT, Cause.PRICE, Cause.MARKETING}
    if not about.leads.is_comparable:
        untold.add(Cause.MARKETING)
    if not has_reasons and Sign.LATE not in signs and Sign.CANCELLED not in signs:
        untold.add(Cause.DELIVERY)
    if not has_reasons and Sign.SATISFACTION not in signs and Sign.FOLLOWED_UP not in signs:
        untold.add(Cause.SERVICE)
    if not coded.is_required.any():
        untold.add(Cause.TRAINING)
    if not about.persons.judged.any():
        untold.add(Cause.CAPABILITY)
    return frozenset(untold)


def _positions(coded: Frame, people: Sequence[int]) -> Ints:
    keys = np.array(sorted(set(people)), np.int64)
    if not len(coded.people):
        return np.zeros(0, np.int64)
    places = np.minimum(np.searchsorted(coded.people, keys), len(coded.people) - 1)
    return np.asarray(places[coded.people[places] == keys], np.int64)
