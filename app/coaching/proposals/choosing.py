"""Which steps a plan proposes, from what was found and the rules that people keep. Pure and repeatable.

A finding's rules apply where its cause and aspect are theirs and its share of the shortfall is large enough.
Findings take turns, the largest first, so that a large one does not crowd out the others; a plan has at most
`MOST` steps, because a plan with more is not done. What was tried before comes again only where a finding has
nothing else left.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

MOST = 6
MOST_A_FINDING = 3
LEAST_OWN = Decimal("0.10")
"""Of the shortfall: a smaller part of the person's own is no reason for a plan of theirs."""

COMPANYS = ("product", "price", "delivery", "service", "marketing")
COMPANY = "company"
"""In a rule: any of the company's own causes, taken together."""

TRAINING, CAPABILITY = "training", "capability"
COURSE, SHADOWING = "course", "shadowing"


class For(StrEnum):
    """What kind of plan the findings leave."""

    COACHING = "coaching"
    SUPPORT = "support"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Seen:
    """The figure in which a cause shows, the person's beside that of peers."""

    code: str
    unit: str
    now: float | None = None
    before: float | None = None
    peers: float | None = None
    cases: int = 0
    peers_before: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A supported cause and what it cost. `aspect` says what about it: win_rate, activity, ..."""

    cause: str
    aspect: str
    amount: Decimal
    product: int | None = None
    seen: tuple[Seen, ...] = ()

    @property
    def main(self) -> Seen | None:
        """The figure of the aspect itself, else the first with peers to compare with."""
        own = [seen for seen in self.seen if seen.code == self.aspect]
        compared = [seen for seen in self.seen if seen.peers is not None]
        return next(iter([*own, *compared, *self.seen]), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """`least_share` in per cent of the shortfall; `aspect` None: whatever it is."""

    id: int
    position: int
    cause: str
    aspect: str | None
    least_share: int
    template: int
    kind: str
    days: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose from for one person: courses about products, peers strong in an aspect."""

    courses: Mapping[int | None, int] = field(default_factory=dict)  # by product
    peers: Mapping[tuple[int | None, str], int] = field(default_factory=dict)
    tried: Collection[tuple[int, int | None]] = ()
    """Templates, with the course where it was one, that an earlier part of the plan went through."""


@dataclass(frozen=True, slots=True)
class Step:
    """A proposed step and why: the rule and the figures that it saw."""

    rule: int
    template: int
    kind: str
    days: int
    cause: str
    aspect: str
    share: Decimal
    amount: Decimal
    product: int | None = None
    course: int | None = None
    peer: int | None = None
    seen: Seen | None = None

    @property
    def what(self) -> tuple[int, int | None]:
        """A plan has each of these once."""
        return self.template, self.course


def kind_of(findings: Sequence[Found], shortfall: Decimal, *, is_capability_open: bool) -> For:
    """Coaching where at least `LEAST_OWN` is left for the person or their training; support where as much was
    the company's, or where the person's part must still wait; else nothing.
    """
    least = LEAST_OWN * shortfall
    if least <= 0:
        return For.NOTHING
    training, own = _amount(findings, TRAINING), _amount(findings, CAPABILITY)
    if training + (own if is_capability_open else 0) >= least:
        return For.COACHING
    if _amount(findings, *COMPANYS) >= least or training + own >= least:
        return For.SUPPORT
    return For.NOTHING


def _amount(findings: Sequence[Found], *causes: str) -> Decimal:
    return sum((found.amount for found in findings if found.cause in causes), Decimal(0))


def choose(
    findings: Sequence[Found], shortfall: Decimal, rules: Sequence[Rule], offer: Offer, *, most: int = MOST
) -> tuple[Step, ...]:
    """The steps, those of the largest finding first and within it by the rules' order."""
    if shortfall <= 0:
        return ()
    ordered = sorted(rules, key=lambda rule: (rule.position, rule.id))
    together = [*_with_company(findings)]
    together.sort(key=lambda found: (-found.amount, found.cause, found.product or 0, found.aspect))
    offered = [
        _offered(found, found.amount / shortfall, ordered, offer) for found in together if found.amount > 0
    ]
    chosen: dict[tuple[int, int | None], tuple[int, int, Step]] = {}
    queues = [(number, iter(enumerate(steps))) for number, steps in enumerate(offered)]
    for _round in range(MOST_A_FINDING):
        for number, steps in queues:
            if len(chosen) >= most:
                break
            new = _next(steps, chosen)
            if new is not None:
                place, step = new
                chosen[step.what] = (number, place, step)
    return tuple(step for _, _, step in sorted(chosen.values(), key=lambda entry: entry[:2]))


def _next(
    steps: Iterator[tuple[int, Step]], chosen: Mapping[tuple[int, int | None], object]
) -> tuple[int, Step] | None:
    return next(((place, step) for place, step in steps if step.what not in chosen), None)


def _with_company(findings: Sequence[Found]) -> Iterator[Found]:
    yield from findings
    if companys := _amount(findings, *COMPANYS):
        yield Found(COMPANY, "", companys)


def _offered(found: Found, share: Decimal, rules: Sequence[Rule], offer: Offer) -> list[Step]:
    steps = [
        step
        for rule in rules
        if rule.cause == found.cause
        and rule.aspect in (None, found.aspect)
        and share * 100 >= rule.least_share
        and (step := _step(rule, found, share, offer)) is not None
    ]
    return [step for step in steps if step.what not in offer.tried] or steps


def _step(rule: Rule, found: Found, share: Decimal, offer: Offer) -> Step | None:
    """None where there is no such course, or nobody to go along with."""
    course = peer = None
    if rule.kind == COURSE:
        course = offer.courses.get(found.product)
        if course is None:
            return None
    if rule.kind == SHADOWING:
        peer = offer.peers.get((found.product, found.aspect), offer.peers.get((None, found.aspect)))
        if peer is None:
            return None
    return Step(
        rule=rule.id,
        template=rule.template,
        kind=rule.kind,
        days=rule.days,
        cause=found.cause,
        aspect=found.aspect,
        share=share.quantize(Decimal("0.0001"), ROUND_HALF_EVEN),
        amount=found.amount,
        product=found.product,
        course=course,
        peer=peer,
        seen=found.main,
    )
