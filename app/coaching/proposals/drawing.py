"""What a plan is to hold for a missed goal: steps, aims and why. Nothing is written here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.coaching.models import StepChoice, StepTemplate
from app.coaching.plans import aiming, measures
from app.coaching.plans.aiming import Level
from app.coaching.plans.measures import Measured
from app.coaching.proposals import choosing
from app.coaching.proposals.choosing import (
    CAPABILITY,
    COMPANYS,
    SHADOWING,
    TRAINING,
    For,
    Found,
    Offer,
    Rule,
    Step,
)
from app.coaching.proposals.evidence import Missed
from app.coaching.proposals.levels import Levels
from app.coaching.proposals.sides import SEVERAL
from app.diagnosis.queries import Strengths
from app.goals.models import Period, PeriodKind
from app.metrics.figures import Value
from app.metrics.models import Metric
from app.training.models import Course

MOST_AIMS = 3
CLOSE = 0.02
"""A share of diagnosis and one of the metric that differ by less are the same figure."""

WEEKS = {PeriodKind.MONTH: 8, PeriodKind.QUARTER: 13, PeriodKind.YEAR: 26}
"""How long a plan takes, by the period that was missed."""

_LEVERS = {
    "win_rate": "win_rate",
    "lead_quality": "win_rate",
    "deal_value": "average_deal",
    "discounts": "average_deal",
}
ALL_LEVERS = ("win_rate", "activity", "deal_value", "cancellations")


@dataclass(frozen=True, slots=True)
class DrawnAim:
    what: Measured
    starts_at: Decimal
    aims_at: Decimal
    reason: Mapping[str, Any]

    @property
    def way(self) -> Decimal:
        """How far it is, in parts of where it starts."""
        return abs(self.aims_at - self.starts_at) / max(abs(self.starts_at), Decimal("0.0001"))


@dataclass(frozen=True, slots=True)
class Drawing:
    kind: For
    weeks: int
    waits: bool = False  # there is a part of the person's own, and it is closed still
    has_own: bool = False  # there is one, and it is open
    steps: Sequence[Step] = ()
    aims: Sequence[DrawnAim] = ()


@dataclass
class Desk:
    """What many plans are drawn from, asked once: rules, who is strong where, what everybody came to."""

    rules: Sequence[Rule]
    templates: Mapping[int, StepTemplate]
    choices: Mapping[int, StepChoice]
    metrics: Mapping[int, Metric]
    products: Mapping[int, str]
    periods: Mapping[int, Period]
    teams: Mapping[int, int | None]
    names: Mapping[int, str]
    courses: Mapping[int, Course]
    offered: Mapping[tuple[int, int], int]  # person, product -> the course that is due
    lacked: Mapping[int, Sequence[tuple[date, int]]]  # by person: since when, which product's course
    open_to_all: Mapping[int, int]  # product -> course
    has: Collection[tuple[int, int]]  # person, course: has it, it counts
    tried: Mapping[tuple[int, int], set[tuple[int, int | None]]]  # by person and metric
    _values: dict[Any, dict[int, Value]] = field(default_factory=dict)
    _levels: dict[Any, Levels] = field(default_factory=dict)
    _strengths: dict[Any, Strengths] = field(default_factory=dict)

    def draw(self, missed: Missed) -> Drawing:
        kind, weeks = missed.plan_for, WEEKS[missed.kind]
        if kind is For.NOTHING:
            return Drawing(kind, weeks)
        answered = [self._placed(missed, found) for found in missed.answered]
        own = [found for found in answered if found.cause in (TRAINING, CAPABILITY)]
        companys = [found for found in answered if found.cause in COMPANYS]
        used = [*own, *companys] if kind is For.COACHING else companys
        return Drawing(
            kind,
            weeks,
            waits=missed.waits,
            has_own=kind is For.COACHING and any(found.cause == CAPABILITY for found in own),
            steps=choosing.choose(used, missed.shortfall, self.rules, self._offer(missed, answered)),
            aims=self._aims(missed, own, weeks) if kind is For.COACHING else (),
        )

    def _placed(self, missed: Missed, found: Found) -> Found:
        """A finding about training that names no product is about the one whose course was lacking."""
        lacked = self._lacked(missed)
        if found.cause != TRAINING or found.product is not None or len(lacked) != 1:
            return found
        return replace(found, product=lacked[0])

    def _lacked(self, missed: Missed) -> list[int]:
        """Products whose required course was lacking in the period and still is, the longest first."""
        lacked = self.lacked.get(missed.person_id, ())
        return [product for since, product in lacked if since <= missed.ends_on]

    def _offer(self, missed: Missed, answered: Sequence[Found]) -> Offer:
        person = missed.person_id
        courses: dict[int | None, int] = {}
        if lacked := self._lacked(missed):
            courses[None] = self.offered[person, lacked[0]]
        for product in {found.product for found in answered if found.product is not None}:
            course = self.offered.get((person, product), self.open_to_all.get(product))
            if course is not None and (person, course) not in self.has:
                courses[product] = course
        wanted = {rule.cause for rule in self.rules if rule.kind == SHADOWING}
        peers: dict[tuple[int | None, str], int] = {}
        for found in answered:
            if found.cause in wanted:
                for about in (found.product, None):
                    peer = self._strong(missed.period_id, about, found.aspect, person)
                    if peer is not None:
                        peers[about, found.aspect] = peer
        return Offer(courses, peers, self.tried.get((person, missed.metric_id), set()))

    def _strong(self, period_id: int, product: int | None, aspect: str, person: int) -> int | None:
        key = period_id, product, aspect
        if key not in self._strengths:
            self._strengths[key] = Strengths(product, aspect, self.periods[period_id])
        found = self._strengths[key].peers_of(person, self.teams.get(person), 1)
        return found[0].person_id if found else None

    def _aims(self, missed: Missed, own: Sequence[Found], weeks: int) -> list[DrawnAim]:
        """What the findings are about, the largest first, and last the goal's own figure."""
        drawn: dict[Any, DrawnAim] = {}
        for found in sorted(own, key=lambda found: (-found.amount, found.cause, found.product or 0)):
            aspects = ALL_LEVERS if found.aspect == SEVERAL else (found.aspect,)
            levers = [self._lever(missed, found, aspect, Decimal(weeks)) for aspect in aspects]
            for aim in sorted(filter(None, levers), key=lambda aim: -aim.way):
                drawn.setdefault(aim.what.key, aim)
        kept = list(drawn.values())[: MOST_AIMS - 1]
        whole = self._whole(missed, sum((found.amount for found in own), Decimal(0)), Decimal(weeks))
        if whole is not None and whole.what.key not in drawn:
            kept.append(whole)
        return kept

    def _lever(self, missed: Missed, found: Found, aspect: str, weeks: Decimal) -> DrawnAim | None:
        """The figure that the finding is about, towards that of peers."""
        what = self._measure(missed, found, aspect)
        if what is None:
            return None
        own, cases, level = self._standing(what, missed)
        if own is None or level is None:
            return None
        seen = found.main
        is_same = (
            seen is not None
            and seen.code == aspect
            and seen.unit == "share"
            and seen.now is not None
            and abs(seen.now - float(own)) <= CLOSE
        )
        if is_same and seen is not None and seen.peers is not None:  # those with the same products and leads
            level = Level(Decimal(str(round(seen.peers, 6))), level.upper, level.people)
        aim = aiming.reachable(
            own,
            cases,
            level,
            weeks,
            unit=what.rounded_step(own),
            weight=aiming.WEIGHT_OF_WEEKS if what.is_per_week else aiming.WEIGHT,
            higher_is_better=what.is_higher_better,
        )
        return self._drawn(what, own, aim, cases, level, weeks)

    def _whole(self, missed: Missed, own_part: Decimal, weeks: Decimal) -> DrawnAim | None:
        """The goal's own figure."""
        what = measures.measured(measures.METRIC, self.metrics[missed.metric_id])
        own, cases, level = self._standing(what, missed)
        if own is None:
            return None
        part = (
            Decimal(1) / measures.weeks(missed.starts_on, missed.ends_on) if what.is_per_week else Decimal(1)
        )
        aim = aiming.of_the_whole(
            own,
            own_part * part,
            max(missed.target * part, own) if what.is_higher_better else min(missed.target * part, own),
            level.upper if level else None,
            weeks,
            unit=what.rounded_step(own),
            higher_is_better=what.is_higher_better,
        )
        return self._drawn(what, own, aim, cases, level, weeks)

    def _drawn(
        self,
        what: Measured,
        own: Decimal,
        aim: Decimal | None,
        cases: Decimal,
        level: Level | None,
        weeks: Decimal,
    ) -> DrawnAim | None:
        start = own.quantize(Decimal("0.0001"))
        if aim is None or aim == start or aim <= 0:
            return None
        reason: dict[str, Any] = {"cases": float(cases), "weeks": float(weeks)}
        if level is not None:
            reason |= {"peers": float(level.level), "upper": float(level.upper), "people": level.people}
        return DrawnAim(what, start, aim, reason)

    def _measure(self, missed: Missed, found: Found, aspect: str) -> Measured | None:
        product = found.product
        if key := _LEVERS.get(aspect):
            metric = next((metric for metric in self.metrics.values() if metric.key == key), None)
            return measures.measured(measures.METRIC, metric, product) if metric else None
        if aspect == "cancellations":
            return measures.measured(measures.KEPT_RATE, None, product)
        if aspect in ("activity", "leads"):
            contacts = measures.measured(measures.CONTACTS, None)
            own, _, level = self._standing(contacts, missed)
            if own is not None and level is not None and level.level >= 1 and own < level.level:
                return contacts
            return measures.measured(measures.DECIDED, None, product)
        return None

    def _standing(self, what: Measured, missed: Missed) -> tuple[Decimal | None, Decimal, Level | None]:
        """A person's figure in the period, the cases that it rests on, and the level of peers."""
        start, end = missed.starts_on, missed.ends_on
        key = (*what.key, start, end)
        if key not in self._values:
            self._values[key] = measures.person_values(what, start, end)
            self._levels[key] = Levels(what, self._values[key], start, end)
        value = self._values[key].get(missed.person_id)
        level = self._levels[key].without(missed.person_id)
        if what.is_per_week:
            own = measures.as_said(what, value, start, end) if value else Decimal(0)
            return own, measures.weeks(start, end), level
        cases = value.base if value and value.base is not None else Decimal(0)
        return (value.figure if value else None), cases, level
