"""Simulated companies, each with a cause planted in its last quarter, or two, or none.

A company is drawn from a `Shape` (how it works) and `Plant`s (what goes wrong, where, how badly). The truth
comes with it: what the cause costs every rep, as a share of what was to be expected of them.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from app.diagnosis.records import Company, Goal, Person, Reason, Sales, Span, Stage, Trainings
from app.metrics.definition import MetricKind, Rule, Subject, parse

RULES: dict[str, Rule] = {
    "revenue": parse(
        Subject.SALES,
        MetricKind.SUM,
        {"date": "closed_on", "measure": "value", "conditions": ["won", "kept"]},
    ),
    "deals_won": parse(
        Subject.SALES,
        MetricKind.COUNT,
        {"date": "closed_on", "measure": "count", "conditions": ["won", "kept"]},
    ),
}
CAUSES = ("product", "price", "delivery", "service", "marketing", "training", "capability")
_REASONS = (
    Reason.PRICE,
    Reason.PRODUCT,
    Reason.COMPETITOR,
    Reason.NO_DECISION,
    Reason.DELIVERY,
    Reason.SERVICE,
    Reason.OTHER,
)
TOUCHED = 1 / 6


@dataclass(frozen=True)
class Shape:
    reps: int = 40
    products: int = 8
    sources: int = 4
    teams: int = 5
    leads: float = 60.0  # a rep and quarter
    quarters: int = 3
    win_rate: float = 0.3
    price_range: float = 10.0  # dearest over cheapest
    value_noise: float = 0.35  # sd of the log of a deal
    ability: float = 0.1  # sd of the log of a rep's win rate
    busyness: float = 0.1  # sd of the log of a rep's leads
    focus: int = 0  # products a rep sells, 0: all
    evenness: float = 3.0  # of products and sources; small is lumpy
    cycle: float = 30.0  # mean days from opened to decided
    empty: float = 0.2  # lost reasons not filled in
    label: float = 0.65  # of a cause's extra losses that name it
    relabel: float = 0.0  # of all losses in a touched cell that name it
    has_delivery: bool = True
    has_service: bool = True
    has_prices: bool = True
    missing_training: float = 0.3
    trained_products: int = 2
    season: float = 0.0  # amplitude of leads over the year
    drift: float = 0.0  # sd of the log of a product's and source's quarter-to-quarter change
    joiners: float = 0.0  # share of reps hired during the quarters
    target: str = "expected"  # expected, history, growth, flat
    stretch: float = 1.0
    by_closing: bool = False  # the cause strikes what is decided in the quarter, not what is opened
    grace: int = 0  # days after the end that the records tell
    metric: str = "revenue"


@dataclass(frozen=True)
class Plant:
    cause: str
    strength: float = 1.0
    team: bool = False  # only one team
    product: bool = False  # only one product (or several of a focussed cause); always so for product
    way: int = 0  # which of the cause's ways to show
    people: float = 0.15  # capability: share of reps


@dataclass
class Simulated:
    company: Company
    goals: list[Goal]
    cost: dict[str, np.ndarray] = field(default_factory=dict)  # cause: by rep, share of the expected
    missed: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))

    def touched(self, cause: str) -> np.ndarray:
        return self.cost[cause] >= TOUCHED


def _ordinals(first: date, offsets: np.ndarray) -> np.ndarray:
    return first.toordinal() + offsets


def simulate(shape: Shape, plants: tuple[Plant, ...], seed: int) -> Simulated:
    rng = np.random.default_rng(seed)
    days = 91
    last = date(2026, 9, 30)
    start = last - timedelta(days=days * shape.quarters - 1)
    spans = [
        Span(start + timedelta(days=days * q), start + timedelta(days=days * (q + 1) - 1))
        for q in range(shape.quarters)
    ]
    reps, products, sources = shape.reps, shape.products, shape.sources
    team = np.arange(reps) % shape.teams if shape.teams else np.zeros(reps, int)
    ability = np.exp(rng.normal(0, shape.ability, reps))
    busyness = np.exp(rng.normal(0, shape.busyness, reps))
    price = 1000 * 100 * np.exp(rng.uniform(0, np.log(shape.price_range), products))
    product_rate = np.exp(rng.normal(0, 0.2, products))
    source_rate = np.exp(rng.normal(0, 0.2, sources))
    product_weight = rng.dirichlet(np.full(products, shape.evenness), reps * 0 + 1)[0]
    weights = np.tile(product_weight, (reps, 1)) * rng.gamma(8, 1 / 8, (reps, products))
    if shape.focus:
        for rep in range(reps):
            kept = rng.choice(products, shape.focus, replace=False)
            mask = np.zeros(products, bool)
            mask[kept] = True
            weights[rep] = np.where(mask, rng.dirichlet(np.full(products, shape.evenness * 2)), 0)
    weights /= weights.sum(1, keepdims=True)
    source_weight = rng.dirichlet(np.full(sources, shape.evenness))
    sources_of = rng.gamma(8, 1 / 8, (reps, sources)) * source_weight
    sources_of /= sources_of.sum(1, keepdims=True)
    hired = np.zeros(reps, int)
    joining = rng.random(reps) < shape.joiners
    hired[joining] = rng.integers(20, days * (shape.quarters - 1) + 40, joining.sum())

    # leads: Poisson by rep, quarter, product and source
    season = 1 + shape.season * np.sin(np.arange(shape.quarters) * np.pi / 2 + 0.4)
    drift_leads = np.exp(rng.normal(0, shape.drift, (shape.quarters, sources)))
    drift_win = np.exp(rng.normal(0, shape.drift, (shape.quarters, products)))
    mean = (
        shape.leads
        * busyness[:, None, None, None]
        * season[None, :, None, None]
        * weights[:, None, :, None]
        * sources_of[:, None, None, :]
        * drift_leads[None, :, None, :]
    )
    number = rng.poisson(mean)
    rep, quarter, product, source = (
        np.repeat(axis.ravel(), number.ravel()) for axis in np.indices(number.shape)
    )
    n = len(rep)
    opened = quarter * days + rng.integers(0, days, n)
    kept = opened >= hired[rep]
    rep, quarter, product, source, opened = (a[kept] for a in (rep, quarter, product, source, opened))
    n = len(rep)
    lag = np.maximum(1, rng.gamma(2.0, shape.cycle / 2.0, n)).astype(int)
    closed = opened + lag
    end = days * shape.quarters
    now = (shape.quarters - 1) * days

    win = np.clip(
        shape.win_rate
        * ability[rep]
        * product_rate[product]
        * source_rate[source]
        * drift_win[quarter, product],
        0.01,
        0.9,
    )
    alive = np.ones(n)  # chance that the lead comes about at all
    value_factor = np.ones(n)
    late = np.full(n, 0.12)
    cancel = np.full(n, 0.04)
    unhappy = np.zeros(n)
    follow = np.full(n, 0.7)
    faults: list[tuple[np.ndarray, np.ndarray, Reason | None]] = []  # cells, share of wins lost, label
    touched_by: dict[str, np.ndarray] = {}

    # training
    likely = np.sqrt(product_weight * price) / np.sqrt(product_weight * price).sum()
    trained_products = rng.choice(products, min(shape.trained_products, products), replace=False, p=likely)
    untrained = np.zeros((reps, products), bool)
    for each in trained_products:
        untrained[:, each] = rng.random(reps) < shape.missing_training

    hit = (closed >= now) if shape.by_closing else (opened >= now)
    base_worth = win * price[product] * (1 - cancel)
    in_quarter = (closed >= now) & (closed < end)
    for plant in plants:
        s = plant.strength
        cells = hit.copy()
        if plant.team and shape.teams > 1:
            cells &= team[rep] == rng.integers(shape.teams)
        heavy = rng.choice(
            products, p=np.sqrt(product_weight * price) / np.sqrt(product_weight * price).sum()
        )
        if plant.product or plant.cause == "product":
            cells &= product == heavy
        lost, label = np.zeros(n), None
        extra_cancel, gone, cheaper = np.zeros(n), np.zeros(n), np.zeros(n)
        if plant.cause == "product":
            lost, label = cells * min(0.95, 0.6 * s), Reason.PRODUCT
        elif plant.cause == "price":
            lost = cells * min(0.95, (0.4, 0.35, 0.3)[plant.way % 3] * s)
            label = Reason.PRICE
            cheaper = cells * (0.0, 0.06, 0.12)[plant.way % 3] * s
        elif plant.cause == "delivery":
            lost = cells * (0.2, 0.35, 0.08)[plant.way % 3] * s
            label = Reason.DELIVERY
            extra_cancel = cells * (0.16, 0.0, 0.25)[plant.way % 3] * s
            late = np.where(cells, np.clip(late + (0.35, 0.3, 0.4)[plant.way % 3] * s, 0, 0.95), late)
        elif plant.cause == "service":
            lost = cells * (0.2, 0.35, 0.08)[plant.way % 3] * s
            label = Reason.SERVICE
            extra_cancel = cells * (0.16, 0.0, 0.25)[plant.way % 3] * s
            unhappy = np.where(cells, unhappy + 1.0 * s, unhappy)
            follow = np.where(cells, follow * (1 - 0.5 * s), follow)
        elif plant.cause == "marketing":
            rank = np.argsort(-source_weight)
            which = source == rank[0] if plant.way % 2 == 0 else np.isin(source, rank[: max(1, sources // 2)])
            if plant.way % 4 == 3:
                which = np.ones(n, bool)
            depth = (0.75, 0.55, 0.75, 0.35)[plant.way % 4] * s
            if plant.way < 4:
                gone = (cells if not shape.by_closing else opened >= now) & which
                gone = np.where(gone, min(0.95, depth), 0.0)
            else:
                lost = np.where(cells & which, min(0.95, depth), 0.0)
                label = Reason.NO_DECISION if plant.way % 4 in (0, 1) else None
        elif plant.cause == "training":
            heaviest = trained_products[np.argsort(-(product_weight * price)[trained_products])]
            for target in heaviest[: (1, 2, 8)[plant.way % 3]]:
                lack = untrained[:, target]
                lost = np.where(cells & (product == target) & lack[rep], min(0.95, 0.65 * s), lost)
        elif plant.cause == "capability":
            chosen = rng.random(reps) < plant.people
            if not chosen.any():
                chosen[rng.integers(reps)] = True
            who = cells & chosen[rep]
            lost = np.where(who, (0.55, 0.0, 0.0, 0.3, 0.55, 0.4, 0.0, 0.2)[plant.way] * s, 0.0)
            gone = np.where(who, (0.0, 0.5, 0.0, 0.25, 0.0, 0.0, 0.5, 0.25)[plant.way] * s, 0.0)
            cheaper = np.where(who, (0.0, 0.0, 0.45, 0.1, 0.0, 0.2, 0.0, 0.25)[plant.way] * s, 0.0)
        faults.append((lost, cells, label))
        before = win * alive * value_factor * (1 - cancel)
        win, alive, value_factor = win * (1 - lost), alive * (1 - gone), value_factor * (1 - cheaper)
        cancel = np.clip(cancel + extra_cancel, 0, 0.95)
        after = win * alive * value_factor * (1 - cancel)
        worth = price[product] * in_quarter
        total = np.bincount(rep, base_worth * in_quarter, reps)
        touched_by[plant.cause] = np.bincount(rep, (before - after) * worth, reps) / np.maximum(total, 1)

    # what happens
    luck = np.bincount(rep, minlength=reps) / np.maximum(mean.sum((1, 2, 3)), 1e-9)  # of leads, all quarters
    expected_now = np.bincount(rep, base_worth * in_quarter, reps) / np.where(
        hired > 0, 1, np.maximum(luck, 0.2)
    )
    ramp = np.bincount(rep, base_worth, reps) / shape.quarters
    exists = rng.random(n) < alive
    u = rng.random(n)
    won_if = u < win
    decided = closed < end
    stage = np.where(decided, np.where(won_if, Stage.WON, Stage.LOST), Stage.OPEN)
    weights_of_reason = rng.dirichlet(np.array([3, 1.5, 3, 5, 1.0, 1.0, 1.5]) * 4)
    reason = np.array(_REASONS)[rng.choice(len(_REASONS), n, p=weights_of_reason)]
    for lost, cells, label in faults:
        if label is None:
            continue
        # a loss that the cause made: would have been won without it
        made = rng.random(n) < np.where(
            lost > 0, win / np.maximum(1 - lost, 0.05) * lost / np.maximum(1 - win, 0.05), 0
        )
        named = made & (rng.random(n) < shape.label)
        named |= (cells & (lost > 0)) & (rng.random(n) < shape.relabel)
        labelled = np.full(n, label)
        if label is Reason.PRICE:
            labelled = np.where(rng.random(n) < 0.35, Reason.COMPETITOR, Reason.PRICE)
        reason = np.where(named, labelled, reason)
    reason = np.where(rng.random(n) < shape.empty, Reason.NONE, reason)
    reason = np.where(stage == Stage.LOST, reason, Reason.NONE)
    quantity = np.ones(n)
    list_value = np.round(price[product])
    usual = np.exp(rng.normal(0, shape.value_noise, n) - shape.value_noise**2 / 2)
    value = np.round(price[product] * value_factor * usual)
    if shape.has_prices and shape.value_noise <= 0.15:
        list_value = np.round(price[product])
    elif shape.has_prices:  # the size differs, and the list price with it
        list_value = np.round(price[product] * usual)
        value = np.round(list_value * value_factor * (1 - np.clip(rng.beta(2, 30, n), 0, 0.6)))
    won = stage == Stage.WON
    cancelled_after = rng.integers(2, 40, n)
    is_cancelled = won & (rng.random(n) < cancel)
    known = end + shape.grace
    cancelled = np.where(is_cancelled & (closed + cancelled_after < known), closed + cancelled_after, -1)
    promised = np.where(won, closed + 14, -1)
    is_late = rng.random(n) < late
    delivered = np.where(
        won & (cancelled < 0), closed + np.where(is_late, rng.integers(15, 40, n), rng.integers(3, 15, n)), -1
    )
    delivered = np.where(delivered < known, delivered, -1)
    followed = np.where((delivered >= 0) & (rng.random(n) < follow), delivered + rng.integers(2, 15, n), -1)
    followed = np.where(followed < known, followed, -1)
    score = np.clip(np.round(rng.normal(4.2 - unhappy - 0.7 * is_late, 0.8)), 1, 5)
    score = np.where(won & (rng.random(n) < 0.5), score, 0)

    def day(column: np.ndarray) -> np.ndarray:
        return np.where(column >= 0, _ordinals(start, column), 0)[exists]

    nothing = np.zeros(exists.sum(), np.int64)
    sales = Sales(
        id=np.arange(1, exists.sum() + 1),
        person=rep[exists] + 1,
        product=product[exists] + 1,
        source=source[exists] + 1,
        opened=day(opened),
        closed=day(np.where(decided, closed, -1)),
        stage=stage[exists].astype(np.int64),
        share=np.ones(exists.sum()),
        quantity=quantity[exists],
        value=np.where(won, value, 0)[exists].astype(float),
        list_value=list_value[exists].astype(float) if shape.has_prices else nothing.astype(float),
        reason=reason[exists].astype(np.int64),
        promised=day(promised) if shape.has_delivery else nothing,
        delivered=day(delivered) if shape.has_delivery else nothing,
        followed_up=day(followed) if shape.has_service else nothing,
        cancelled=day(cancelled),
        satisfaction=score[exists].astype(np.int64) if shape.has_service else nothing,
        is_new_customer=np.zeros(exists.sum(), bool),
    )
    missing = [(r + 1, p + 1, 0) for p in trained_products for r in range(reps) if untrained[r, p]]
    done = [
        (r + 1, p + 1, start.toordinal() - int(rng.integers(1, 300)))
        for p in trained_products
        for r in range(reps)
        if not untrained[r, p]
    ]
    table = np.array(missing + done, np.int64).reshape(-1, 3)
    trainings = Trainings(table[:, 0], table[:, 1], table[:, 2], np.zeros(len(table), np.int64))
    people = tuple(
        Person(
            r + 1,
            (1, 10 + int(team[r])),
            hired_on=start + timedelta(days=int(hired[r])) if hired[r] else None,
            present=tuple(
                float(np.clip((days * (q + 1) - hired[r]) / days, 0, 1)) for q in range(shape.quarters)
            ),
        )
        for r in range(reps)
    )
    company = Company(
        now=spans[-1],
        before=tuple(spans[:-1]),
        as_of=last + timedelta(days=shape.grace),
        people=people,
        sales=sales,
        trainings=trainings,
    )
    # goals
    measure = (value * 1.0 if shape.metric == "revenue" else np.ones(n)) * (won & (cancelled < 0) & exists)
    in_span = [(closed >= days * q) & (closed < days * (q + 1)) for q in range(shape.quarters)]
    actuals = [np.bincount(rep, measure * inside, reps) for inside in in_span]
    if shape.metric != "revenue":
        expected_now = np.bincount(rep, base_worth * in_quarter / price[product], reps)
    history = np.mean(actuals[1:-1] or actuals[:-1], axis=0)
    targets = {
        "expected": expected_now,
        "history": np.where(history > 0, history, ramp),
        "growth": np.where(history > 0, history, ramp) * 1.08,
        "flat": np.full(reps, expected_now.mean()),
    }[shape.target] * shape.stretch
    targets = np.maximum(np.round(targets), 1)
    missed = actuals[-1] < targets
    goals = [
        Goal(
            int(r) + 1,
            (int(r) + 1,),
            RULES[shape.metric],
            Decimal(int(targets[r])),
            Decimal(int(actuals[-1][r])),
            unit=Decimal(1) if shape.metric == "revenue" else Decimal("0.0001"),
        )
        for r in np.flatnonzero(missed)
    ]
    return Simulated(company, goals, touched_by, missed)


def any_shape(rng: np.random.Generator) -> Shape:
    """A company of the size that issue 3 speaks of, in any of many ways to keep its books."""
    return Shape(
        reps=int(rng.integers(34, 47)),
        sources=int(rng.integers(3, 7)),
        teams=int(rng.integers(3, 8)),
        leads=float(rng.uniform(52, 68)),
        win_rate=float(rng.uniform(0.2, 0.45)),
        price_range=float(rng.choice([1.5, 4, 10])),
        value_noise=float(rng.choice([0.1, 0.25, 0.4, 0.6])),
        ability=float(rng.choice([0.0, 0.1, 0.2])),
        busyness=float(rng.choice([0.0, 0.1, 0.2])),
        focus=int(rng.choice([0, 0, 2, 3, 4])),
        evenness=float(rng.choice([1.5, 4, 20])),
        cycle=float(rng.choice([6, 15, 30, 45])),
        empty=float(rng.choice([0.0, 0.2, 0.5])),
        label=float(rng.choice([0.45, 0.65, 0.85])),
        relabel=float(rng.choice([0.0, 0.0, 0.2])),
        has_delivery=bool(rng.random() < 0.85),
        has_service=bool(rng.random() < 0.85),
        has_prices=bool(rng.random() < 0.7),
        missing_training=float(rng.choice([0.15, 0.3, 0.5])),
        trained_products=int(rng.integers(1, 9)),
        drift=float(rng.choice([0.0, 0.0, 0.05])),
        target=str(rng.choice(["expected", "history", "growth"])),
        stretch=float(rng.choice([0.95, 1.0, 1.05])),
        by_closing=bool(rng.random() < 0.4),
        grace=int(rng.choice([0, 0, 14, 60])),
        metric=str(rng.choice(["revenue", "revenue", "revenue", "deals_won"])),
    )


def any_plant(cause: str, strength: float, rng: np.random.Generator) -> tuple[Plant, ...]:
    if cause == "none":
        return ()
    return (
        Plant(
            cause,
            strength * float(rng.uniform(0.9, 1.15)),
            team=bool(cause != "capability" and rng.random() < 0.2),
            product=bool(cause in {"price", "delivery", "service"} and rng.random() < 0.2),
            way=int(rng.integers(8)),
            people=float(rng.choice([0.08, 0.15, 0.25])),
        ),
    )


def reshape(shape: Shape, **changes: object) -> Shape:
    return replace(shape, **changes)
