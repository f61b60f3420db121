"""Simulated companies as a statistician would rough them out, without knowledge of the method.

The chance to win is hierarchical: company, team, rep, product, source, each drifting a little by quarter.
Deals have quantities and list prices of their own; cycles are gamma and run over the ends of quarters; a
quarter before the data is simulated and not exported. People join and leave, losses are noted wrongly or
not at all, cells are blank, some sales are shared. Causes act on what is opened from 2026-07-01 on (delivery
and service: also on what is won then). One seed is one company whatever the cause, and one plan whatever the
strength; the luck differs. Goals are the model's expectation with some noise, or the mean of the past.
"""

from datetime import date, timedelta
from statistics import NormalDist
from types import SimpleNamespace as Record
from typing import Any

import numpy as np

Random = np.random.Generator
CAUSES = ("product", "price", "delivery", "service", "marketing", "training", "capability", "none")
FIRST_DAY = date(2025, 10, 1)
STARTS = [
    (date(year, month, 1) - FIRST_DAY).days
    for year, month in ((2025, 10), (2026, 1), (2026, 4), (2026, 7), (2026, 10))
]
NOW, LAST = STARTS[3], STARTS[4] - 1
NEVER = 10**6
PRODUCTS = 8
FREE = "~"  # some reason in its own words
REASONS = {
    "price": 0.25,
    "product": 0.12,
    "competitor": 0.21,
    "no_decision": 0.25,
    "delivery": 0.05,
    "service": 0.05,
    FREE: 0.07,
}
FREE_REASONS = (
    "no budget this year",
    "project stopped",
    "contact left",
    "went quiet",
    "chose to build in-house",
    "merged with another group",
    "sin presupuesto",
    "wrong contact",
)
TECHNIQUES = ("discovery", "demo", "trial", "reference", "roi_case", "bundle")
REGIONS = ("North", "South", "West")
FIRST_NAMES = (
    "Ana Luis Marta Jorge Elena Pablo Carla Diego Ines Hugo Laura Mateo Sofia Raul Nora Bruno Irene Oscar "
    "Julia Felix Emma Noah Grace Liam Chloe Owen Ruth Peter Alice Karl Petra Ivan Dora Anton Mila Victor "
    "Tara Simon Gwen Tom"
)
LAST_NAMES = (
    "Alonso Bravo Castro Duran Esteban Fuentes Gallego Herrera Ibarra Jimenez Lara Medina Navarro Ortega "
    "Pardo Quiroga Rojas Salas Torres Urrutia Vega Walker Young Abbott Baker Carter Dixon Ellis Foster Grant "
    "Hayes Irwin Jensen Keller Lopez Mason Novak Olsen Price Reed"
)
NORMAL = np.array([NormalDist().inv_cdf((k + 0.5) / 600) for k in range(600)])


def generate(seed: int, cause: str, strength: float) -> dict[str, Any]:
    place = CAUSES.index(cause)
    rng = np.random.default_rng([20261, seed, place, round(strength * 1000)])
    firm = _firm(np.random.default_rng([77, seed]))
    effect = _effect(np.random.default_rng([13, seed, place]), firm, cause, float(strength))
    lead = _leads(rng, firm, effect)
    reasons = _reasons(rng, firm, effect, lead)
    people, emails = _people(np.random.default_rng([5, seed]), firm, f"c{seed}.example")
    sales, books = _sales(rng, firm, effect, lead, reasons, emails, seed)
    goals, touched = _goals(np.random.default_rng([9, seed]), firm, effect, books, emails, cause)
    return {
        "people": people,
        "products": [
            {
                "code": f"P{product + 1}",
                "name": f"Product {'ABCDEFGH'[product]}",
                "series": f"Series {series + 1}",
                "list_price": float(firm.price[product]),
                "currency": "",
            }
            for product, series in enumerate(firm.series)
        ],
        "sales": sales,
        "training": [
            {"rep": emails[rep], "product": f"P{product + 1}", "completed_on": _until_now(days[rep])}
            for product, days in sorted(firm.trained.items())
            for rep in range(firm.reps)
            if firm.left[rep] > LAST
        ],
        "goals": goals,
        "touched": touched,
    }


def _iso(day: int) -> str:
    return (FIRST_DAY + timedelta(days=int(day))).isoformat()


def _until_now(day: int) -> str:
    return _iso(day) if day <= LAST else ""


def _workday(day: Any) -> Any:
    weekday = (day + FIRST_DAY.weekday()) % 7
    return day + np.where(weekday == 5, 2, np.where(weekday == 6, 1, 0))


def _firm(rng: Random) -> Record:
    """All that is there before a cause."""
    firm = Record()
    firm.reps = reps = int(rng.integers(36, 45))
    firm.teams = int(rng.integers(5, 8))
    firm.team = np.arange(reps) % firm.teams
    firm.price = np.exp(rng.uniform(np.log(250), np.log(2500), PRODUCTS)).round(-1)
    dearness = np.log(firm.price) - np.log(800)
    firm.quantity = rng.normal(0.9, 0.25, PRODUCTS) - 0.35 * dearness  # of the log
    firm.quantity_spread, firm.price_spread = rng.uniform(0.45, 0.65), 0.15
    firm.series = rng.permutation(np.array([0, 0, 0, 1, 1, 1, 2, 2]))
    weights = rng.dirichlet(np.full(PRODUCTS, 6.0))
    by_team = np.array([rng.dirichlet(weights * 25 + 0.05) for _ in range(firm.teams)])
    firm.mix = np.array([rng.dirichlet(by_team[team] * rng.uniform(4, 10) + 0.03) for team in firm.team])
    firm.sources = ["web", "campaign", "event", "referral", "cold call"]
    if rng.random() < 0.5:
        firm.sources.append("partner")
    sources = len(firm.sources)
    share = np.array([0.30, 0.26, 0.14, 0.13, 0.12, 0.08])[:sources]
    source_weights = rng.dirichlet(share / share.sum() * 60)
    firm.source_mix = np.array([rng.dirichlet(source_weights * 30 + 0.05) for _ in range(reps)])
    firm.base = rng.uniform(-0.95, -0.55)
    firm.by_rep = rng.normal(0, 0.22, reps) + rng.normal(0, 0.09, firm.teams)[firm.team]
    firm.by_product = rng.normal(0, 0.2, PRODUCTS)
    firm.by_source = np.array([0.0, -0.2, 0.05, 0.45, -0.4, 0.2])[:sources] + rng.normal(0, 0.08, sources)
    firm.rep_drift = rng.normal(0, 0.07, (4, reps))
    firm.product_drift = rng.normal(0, 0.06, (4, PRODUCTS))
    firm.source_drift = rng.normal(0, 0.05, (4, sources))
    firm.rate = 60 * np.exp(rng.normal(-0.006, 0.11, reps)) * rng.uniform(0.95, 1.05)
    firm.season = np.exp(rng.normal(0, 0.025, 4))  # leads a quarter
    firm.source_season = np.exp(rng.normal(0, 0.06, (4, sources)))
    firm.size = np.exp(rng.normal(0, 0.1, reps))
    firm.discount = np.clip(rng.uniform(0.06, 0.12) + rng.normal(0, 0.012, reps), 0.03, 0.2)
    firm.cycle_shape = rng.uniform(1.8, 3.2)
    firm.cycle = rng.uniform(22, 36) * np.exp(rng.normal(0, 0.15, PRODUCTS))
    firm.stale, firm.slower_lost = rng.uniform(0.02, 0.05), rng.uniform(1.0, 1.3)
    firm.cancelling, firm.cancelling_days = rng.uniform(0.02, 0.05), rng.uniform(9, 15)
    firm.late, firm.promise = rng.uniform(0.07, 0.15), rng.uniform(6, 13)
    firm.followed, firm.rated = rng.uniform(0.65, 0.85), rng.uniform(0.4, 0.65)
    firm.satisfaction = rng.uniform(3.9, 4.3)
    firm.misnoted = rng.uniform(0.08, 0.16)
    firm.unnoted = rng.beta(1.5, 10, reps)
    firm.lost_is_zero = rng.random() < 0.25  # in the amounts
    firm.hired = np.full(reps, -1)
    firm.left = np.full(reps, NEVER)
    for rep in rng.permutation(reps)[: int(rng.integers(0, 3))]:
        firm.hired[rep] = int(rng.integers(STARTS[1] + 5, STARTS[1] + 75))
    if rng.random() < 0.3:
        rep = int(rng.integers(reps))
        if firm.hired[rep] < 0:
            firm.left[rep] = int(rng.integers(STARTS[2] + 10, NOW - 5))
    trained = rng.permutation(PRODUCTS)[: int(rng.integers(2, 5))]
    firm.trained = {  # what is missing has, of itself, no effect
        int(product): np.where(
            rng.random(reps) < rng.uniform(0.05, 0.15), NEVER, rng.integers(-400, NOW - 60, reps)
        )
        for product in trained
    }
    return firm


def _effect(rng: Random, firm: Record, cause: str, s: float) -> Record:
    """What a cause changes in the last quarter. `drop`: share of wins lost, by rep, product and source."""
    reps, sources = firm.reps, len(firm.sources)
    effect = Record(
        drop=np.zeros((reps, PRODUCTS, sources)),
        leads=np.ones((reps, sources)),
        size=np.ones(reps),
        discount=0.0,
        cancelling=np.zeros(PRODUCTS),
        late=np.zeros(PRODUCTS),
        delay=1.0,
        satisfaction=0.0,
        followed=1.0,
        reasons=None,  # of the wins lost
        other_reasons=0.0,  # share of the other losses there that get them too
        left_open=np.zeros(reps),  # share of the leads not worked that stay open in the records
        techniques=np.ones(reps),
    )
    value = (firm.mix * firm.price * np.exp(firm.quantity)).sum(0)
    value = value / value.sum()
    if cause == "product":
        product = int(rng.choice(np.argsort(-value)[:3]))
        effect.drop[:, product, :] = s * rng.uniform(0.62, 0.80)
        effect.reasons = {"product": 0.80, "competitor": 0.12, "no_decision": 0.08}
        effect.other_reasons = 0.25
    elif cause == "price":
        elasticity = np.clip(rng.normal(1, 0.15, PRODUCTS), 0.6, 1.4)
        effect.drop[:] = np.clip(s * rng.uniform(0.36, 0.46) * elasticity, 0, 0.9)[None, :, None]
        effect.discount = s * rng.uniform(0.05, 0.09)
        effect.reasons = {"price": 0.60, "competitor": 0.30, "no_decision": 0.10}
        effect.other_reasons = 0.20
    elif cause == "delivery":
        depth = np.clip(rng.normal(1, 0.2, PRODUCTS), 0.5, 1.5)
        effect.cancelling, effect.late = (
            s * rng.uniform(0.24, 0.34) * depth,
            s * rng.uniform(0.40, 0.55) * depth,
        )
        effect.delay, effect.satisfaction = 1 + s, -0.3 * s
        effect.drop[:] = np.clip(s * rng.uniform(0.20, 0.30) * depth, 0, 0.9)[None, :, None]
        effect.reasons = {"delivery": 0.80, "competitor": 0.12, "service": 0.03, "no_decision": 0.05}
        effect.other_reasons = 0.12
    elif cause == "service":
        effect.cancelling = np.full(PRODUCTS, s * rng.uniform(0.15, 0.23))
        effect.drop[:] = s * rng.uniform(0.28, 0.38)
        effect.satisfaction, effect.followed = -s * rng.uniform(1.0, 1.4), 1 - s * rng.uniform(0.4, 0.6)
        effect.reasons = {"service": 0.78, "competitor": 0.12, "no_decision": 0.10}
        effect.other_reasons = 0.12
    elif cause == "marketing":  # of web and campaign, and events as often as not
        way = rng.choice(["fewer", "worse", "both"], p=[0.4, 0.25, 0.35])
        where = [0, 1, 2] if rng.random() < 0.6 else [0, 1]
        depth = rng.uniform(0.62, 0.75) if len(where) == 3 else rng.uniform(0.70, 0.82)
        fewer, worse = {"fewer": (depth, 0), "worse": (0, depth), "both": (depth * 0.62, depth * 0.60)}[way]
        effect.leads[:, where] = 1 - s * fewer
        effect.drop[:, :, where] = s * worse
        effect.reasons = {"no_decision": 0.60, FREE: 0.22, "price": 0.10, "competitor": 0.08}
        effect.other_reasons = 0.12
    elif cause == "training":  # a range relaunched asks for it from the quarter's start
        order = np.argsort(-value * rng.uniform(0.8, 1.25, PRODUCTS))
        number = int(np.argmax(np.cumsum(value[order]) > 0.5)) + 1
        lacks = rng.random(reps) < rng.uniform(0.2, 0.38)
        lacks[rng.permutation(reps)[:3]] = True
        products = [int(product) for product in order[:number]]
        for product in products:
            firm.trained[product] = np.where(lacks, NEVER, rng.integers(NOW - 60, NOW + 1, reps))
        late = lacks & (rng.random(reps) < 0.08)  # caught up when it was too late to matter
        for product in products:
            caught_up = rng.integers(LAST - 15, LAST + 1, reps)
            firm.trained[product] = np.where(late, caught_up, firm.trained[product])
        effect.drop[np.ix_(np.flatnonzero(lacks), products)] = s * rng.uniform(0.62, 0.75)
        effect.reasons = {
            "price": 0.20,
            "product": 0.20,
            "competitor": 0.25,
            "no_decision": 0.25,
            "delivery": 0.02,
            "service": 0.02,
            FREE: 0.06,
        }
    elif cause == "capability":
        there = np.flatnonzero((firm.hired < 0) & (firm.left > LAST))
        for rep in rng.permutation(there)[: int(rng.integers(1, 5))]:
            effect.drop[rep] = s * rng.uniform(0.42, 0.60)
            effect.leads[rep] = 1 - s * rng.uniform(0.20, 0.40)
            effect.left_open[rep] = rng.choice([0, 0.5, 1])
            effect.size[rep] = 1 - s * rng.uniform(0, 0.2)
            effect.techniques[rep] = 1 - 0.4 * s
        effect.reasons = REASONS | {"no_decision": 0.37}
    return effect


def _chance(firm: Record, rep: Any, product: Any, source: Any, quarter: Any) -> Any:
    x = firm.base + firm.by_rep[rep] + firm.by_product[product] + firm.by_source[source]
    x = x + firm.rep_drift[quarter, rep] + firm.product_drift[quarter, product]
    return 1 / (1 + np.exp(-(x + firm.source_drift[quarter, source])))


def _gamma_days(rng: Random, mean: Any, shape: float, size: Any) -> Any:
    return 1 + (rng.gamma(shape, 1, size) * mean / shape).astype(int)


def _expected(rng: Random, firm: Record, effect: Record) -> tuple[Any, Any]:
    """By rep: revenue of the last quarter that was to be expected without the cause, and with it."""
    everywhere = np.ix_(range(firm.reps), range(PRODUCTS), range(len(firm.sources)))
    size = (PRODUCTS, 3000)

    def quantity(of_rep: Any) -> Any:
        log = firm.quantity[None, :, None] + np.log(of_rep)[:, None, None] + firm.quantity_spread * NORMAL
        return np.maximum(1, np.rint(np.exp(log))).mean(2)

    without, with_it = np.zeros(firm.reps), np.zeros(firm.reps)
    cancelling = np.minimum(0.95, firm.cancelling + effect.cancelling)
    for quarter in (1, 2, 3):
        start, end = STARTS[quarter], STARTS[quarter + 1]
        opened = _workday(rng.integers(start, end, size))
        closed = _workday(opened + _gamma_days(rng, firm.cycle[:, None], firm.cycle_shape, size))
        inside = (closed >= NOW) & (closed <= LAST)
        seen = inside & (closed + _gamma_days(rng, firm.cancelling_days, 2, size) <= LAST)
        closing, seen = inside.mean(1), seen.mean(1)  # in the quarter; and a cancellation would be known
        there = np.clip(np.minimum(end, firm.left) - np.maximum(start, firm.hired), 0, None) / (end - start)
        leads = (firm.rate * firm.season[quarter] * there)[:, None, None] * firm.mix[:, :, None]
        leads = leads * firm.source_mix[:, None, :] * firm.source_season[quarter][None, None, :]
        wins = leads * _chance(firm, *everywhere, quarter) * (1 - firm.stale)
        price = firm.price[None, :] * (1 - firm.discount[:, None])
        kept = closing - firm.cancelling * seen
        without += (wins * (price * quantity(firm.size) * kept)[:, :, None]).sum((1, 2))
        of_rep = firm.size
        if quarter == 3:
            wins = wins * (1 - effect.drop) * effect.leads[:, None, :]
            price = firm.price[None, :] * (1 - firm.discount[:, None] - effect.discount)
            of_rep = firm.size * effect.size
        kept = closing - cancelling * seen
        with_it += (wins * (price * quantity(of_rep) * kept)[:, :, None]).sum((1, 2))
    return without, with_it


def _leads(rng: Random, firm: Record, effect: Record) -> Record:
    """All of them, the quarter before the data included."""
    columns = []
    for quarter in range(4):
        mean = (firm.rate * firm.season[quarter])[:, None] * firm.source_mix
        mean = mean * firm.source_season[quarter][None, :] * rng.gamma(80, 1 / 80, (firm.reps, 1))
        number = rng.poisson(mean)
        rep, source = (np.repeat(axis.ravel(), number.ravel()) for axis in np.indices(number.shape))
        opened = _workday(rng.integers(STARTS[quarter], STARTS[quarter + 1], len(rep)))
        opened = np.minimum(opened, LAST if quarter == 3 else NEVER)
        columns.append((rep, source, opened, np.full(len(rep), quarter)))
    rep, source, opened, quarter = map(np.concatenate, zip(*columns, strict=True))
    there = (opened >= firm.hired[rep]) & (opened < firm.left[rep])
    rep, source, opened, quarter = rep[there], source[there], opened[there], quarter[there]
    n, now = len(rep), quarter == 3
    cumulated = firm.mix.cumsum(1)
    cumulated[:, -1] = 1
    product = (rng.random(n)[:, None] > cumulated[rep]).sum(1)
    lead = Record(rep=rep, source=source, product=product, opened=opened, now=now)
    chance = _chance(firm, rep, product, source, quarter)
    drop = np.where(now, effect.drop[rep, product, source], 0)
    u = rng.random(n)
    lead.won, lead.spoilt = u < chance * (1 - drop), (u >= chance * (1 - drop)) & (u < chance)
    lead.struck = drop > 0
    unworked = now & (rng.random(n) >= effect.leads[rep, source])  # or it did not come
    lead.exists = ~unworked | (rng.random(n) < effect.left_open[rep])
    size = np.log(firm.size[rep] * np.where(now, effect.size[rep], 1))
    log_quantity = firm.quantity[product] + size + firm.quantity_spread * rng.normal(size=n)
    lead.quantity = np.maximum(1, np.rint(np.exp(log_quantity))).astype(int)
    spread = firm.price_spread
    lead.price = np.round(firm.price[product] * np.exp(rng.normal(-0.5 * spread**2, spread, n)), 2)
    discount = firm.discount[rep] + np.where(now, effect.discount, 0) + rng.normal(0, 0.035, n)
    discount = np.round(np.clip(discount, 0, 0.5) * 200) / 200
    lead.amount = np.round(lead.price * lead.quantity * (1 - discount), 2)
    days = rng.gamma(firm.cycle_shape, 1, n) * firm.cycle[product] / firm.cycle_shape
    closed = _workday(opened + 1 + (days * np.where(lead.won, 1, firm.slower_lost)).astype(int))
    still_open = (rng.random(n) < firm.stale) | unworked | (closed >= firm.left[rep])
    lead.closed = closed = np.where(still_open, NEVER, closed)
    ordered_now = lead.won & (closed >= NOW) & (closed <= LAST)
    cancelling = firm.cancelling + np.where(ordered_now, effect.cancelling[product], 0)
    cancelled = lead.won & (rng.random(n) < np.minimum(0.95, cancelling))
    lead.cancelled = np.where(cancelled, closed + _gamma_days(rng, firm.cancelling_days, 2, n), NEVER)
    lead.promised = promised = _workday(closed + 3 + rng.gamma(4, firm.promise / 4, n).astype(int))
    late = firm.late + np.where(ordered_now, effect.late[product], 0)
    late = rng.random(n) < np.minimum(0.95, late)
    delay = 1 + (rng.gamma(1.5, 4, n) * np.where(ordered_now, effect.delay, 1)).astype(int)
    in_time = np.maximum(closed + 1, promised - rng.integers(0, 4, n))
    lead.delivered = np.where(late, promised + delay, in_time)
    followed = rng.random(n) < firm.followed * np.where(ordered_now, effect.followed, 1)
    lead.followed = np.where(followed, lead.delivered + 1 + rng.gamma(2, 4, n).astype(int), NEVER)
    score = firm.satisfaction + np.where(ordered_now, effect.satisfaction, 0) - 0.6 * late - 1.3 * cancelled
    score = np.clip(np.rint(score + rng.normal(0, 0.85, n)), 1, 5)
    rated = rng.random(n) < np.where(cancelled, 0.6, 1) * firm.rated
    lead.satisfaction = np.where(rated, score, 0).astype(int)
    return lead


def _reasons(rng: Random, firm: Record, effect: Record, lead: Record) -> Any:
    """As they would be noted if all were lost."""
    weights = np.array(list(REASONS.values())) * np.exp(rng.normal(0, 0.15, len(REASONS)))
    n = len(lead.rep)
    noted = rng.choice(list(REASONS), n, p=weights / weights.sum())
    if effect.reasons:
        weights = np.array(list(effect.reasons.values()))
        causes = rng.choice(list(effect.reasons), n, p=weights / weights.sum())
        named = lead.spoilt | (lead.struck & (rng.random(n) < effect.other_reasons))
        noted = np.where(named & (rng.random(n) >= firm.misnoted), causes, noted)
    noted = np.where(noted == FREE, rng.choice(FREE_REASONS, n), noted)
    return np.where(rng.random(n) < firm.unnoted[lead.rep], "", noted)


def _people(rng: Random, firm: Record, domain: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Everybody's rows, and their addresses: reps, managers of the teams, executive."""
    first, last = FIRST_NAMES.split(), LAST_NAMES.split()
    reps, teams = firm.reps, firm.teams
    chosen = rng.permutation(len(first) * len(last))[: reps + teams + 1]
    names = [f"{first[k % len(first)]} {last[k // len(first)]}" for k in chosen]
    emails = [f"{name.lower().replace(' ', '.')}@{domain}" for name in names]

    def person(
        k: int, role: str, team: str, boss: str, hired: str = "2022-03-01", left: str = ""
    ) -> dict[str, Any]:
        return {
            "email": emails[k],
            "name": names[k],
            "role": role,
            "team": team,
            "manager": boss,
            "employee_number": f"E{1000 + k}",
            "hired_on": hired,
            "left_on": left,
            "locale": "en-US",
        }

    path = [f"Company/{REGIONS[team % 3]}/Team {team + 1}" for team in range(teams)]
    people = [person(reps + teams, "executive", "Company", "")]
    people += [person(reps + team, "manager", path[team], emails[-1]) for team in range(teams)]
    for rep, team in enumerate(firm.team):
        hired = firm.hired[rep] if firm.hired[rep] > 0 else -30 - (rep * 97) % 1500
        left = _until_now(firm.left[rep])
        people.append(person(rep, "rep", path[team], emails[reps + team], _iso(hired), left))
    return people, emails


def _sales(
    rng: Random, firm: Record, effect: Record, lead: Record, reasons: Any, emails: list[str], seed: int
) -> tuple[list[dict[str, Any]], Any]:
    """The rows; and by rep and quarter what they sold, the quarter before the data included."""
    n = len(lead.rep)
    no_source, no_price, promise = rng.random((n, 3)).T
    customers = rng.integers(1, 900, n)
    is_shared = rng.random(n) < 0.02
    mates = rng.integers(0, firm.reps, n)
    shares = rng.choice([60, 70, 80], n)
    used = 0.3 * np.where(lead.now, effect.techniques[lead.rep], 1)
    techniques = rng.random((n, len(TECHNIQUES))) < used[:, None]
    was_there = (firm.hired < 0) & (firm.left > LAST)
    rows: list[dict[str, Any]] = []
    books = np.zeros((firm.reps, 4))
    for i in np.lexsort((np.arange(n), lead.opened)):
        if not lead.exists[i]:
            continue
        rep, mate, share = lead.rep[i], mates[i], shares[i]
        closed, cancelled, delivered = lead.closed[i], lead.cancelled[i], lead.delivered[i]
        score = lead.satisfaction[i]
        stage = "open" if closed > LAST else "won" if lead.won[i] else "lost"
        won, lost = stage == "won", stage == "lost"
        gone = won and cancelled <= LAST
        shared = (
            is_shared[i] and won and mate != rep and firm.team[mate] == firm.team[rep] and was_there[mate]
        )
        if won and not gone:
            quarter = int(np.searchsorted(STARTS, closed, "right")) - 1
            part = share / 100 if shared else 1
            books[rep, quarter] += lead.amount[i] * part
            books[mate, quarter] += lead.amount[i] * (1 - part)
        if lead.opened[i] < STARTS[1]:
            continue
        arrived = won and delivered <= LAST and not (gone and cancelled <= delivered)
        rows.append(
            {
                "external_id": f"S{seed}-{len(rows) + 1}",
                "rep": emails[rep],
                "product": f"P{lead.product[i] + 1}",
                "customer": f"Customer {customers[i]}",
                "stage": stage,
                "lead_source": "" if no_source[i] < 0.03 else firm.sources[lead.source[i]],
                "opened_on": _iso(lead.opened[i]),
                "closed_on": _until_now(closed),
                "quantity": int(lead.quantity[i]),
                "list_price": "" if no_price[i] < 0.03 else float(lead.price[i]),
                "amount": 0 if lost and firm.lost_is_zero else float(lead.amount[i]),
                "currency": "",
                "lost_reason": str(reasons[i]) if lost else "",
                "promised_on": _iso(lead.promised[i]) if won and promise[i] > 0.04 else "",
                "delivered_on": _iso(delivered) if arrived else "",
                "followed_up_on": _until_now(lead.followed[i]) if arrived else "",
                "cancelled_on": _iso(cancelled) if gone else "",
                "satisfaction": int(score) if score and (arrived or gone) else "",
                "techniques": ";".join(
                    name for name, yes in zip(TECHNIQUES, techniques[i], strict=True) if yes
                ),
                "credits": f"{emails[rep]}:{share};{emails[mate]}:{100 - share}" if shared else "",
            }
        )
    return rows, books


def _goals(
    rng: Random, firm: Record, effect: Record, books: Any, emails: list[str], cause: str
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """And what the cause costs everybody who is still there."""
    drifts = ("rep_drift", "product_drift", "source_drift")
    steady = {name: getattr(firm, name) * 0 for name in drifts}
    steady |= {name: getattr(firm, name) * 0 + 1 for name in ("season", "source_season")}
    plan, _ = _expected(rng, Record(**(vars(firm) | steady)), effect)
    without, with_it = _expected(rng, firm, effect)
    by_history = rng.random() < 0.5
    goals, touched = [], {}
    for rep in np.flatnonzero(firm.left > LAST):
        target = plan[rep] * np.exp(rng.normal(0, 0.06))
        if by_history and firm.hired[rep] < 0:
            target = books[rep, 1:3].mean()
        goals.append(
            {
                "rep": emails[rep],
                "metric": "revenue",
                "starts_on": "2026-07-01",
                "ends_on": "2026-09-30",
                "target": float(max(1000, round(target, -2))),
            }
        )
        cost = 1 - with_it[rep] / without[rep]
        touched[emails[rep]] = float(round(cost, 4)) if cause != "none" and cost > 0.001 else 0.0
    return goals, touched
