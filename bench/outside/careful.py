"""Simulated companies, written with care and without knowledge of the method.

Leads open on weekdays of three quarters and are decided after a log-normal time, some beyond the end. The
chance to win is logistic in product, source, ability, the quarter and a person's ups and downs; mixes of
products and sources vary a little too. A cause turns would-be wins into losses and won orders into cancelled
ones, removes leads or shrinks amounts, from 2026-07-01 on. Whoever lacks a course sells the product as well
as others do, unless that is the cause. Goals are half history and half plan.
"""

from datetime import date, timedelta
from types import SimpleNamespace as Record
from typing import Any

import numpy as np

Random = np.random.Generator
CAUSES = ("product", "price", "delivery", "service", "marketing", "training", "capability", "none")
FIRST_DAY = date(2026, 1, 1)
STARTS, ENDS = (0, 90, 181), (90, 181, 273)  # of the quarters, ends excluded
NOW, LAST = STARTS[2], ENDS[2] - 1
DAYS = [FIRST_DAY + timedelta(days=day) for day in range(ENDS[2] + 400)]
ISO = [day.isoformat() for day in DAYS]
WEEKDAY = np.array([day.weekday() for day in DAYS])
PRODUCTS = 8
REASONS = ("price", "competitor", "product", "no_decision", "delivery", "service", "budget frozen", "")
REASON_WEIGHTS = np.array([0.25, 0.18, 0.12, 0.24, 0.06, 0.05, 0.05, 0.05])
SOURCES = ("website", "campaign", "trade fair", "partner", "referral", "prospecting")
BY_MARKETING = (0, 1, 2)
BY_REP = np.array([0, 0, 0, 0, 1, 1], bool)
SOURCE_WEIGHTS = np.array([0.27, 0.24, 0.13, 0.10, 0.10, 0.16])
SOURCE_LOGIT = np.array([0.05, -0.10, 0.0, 0.10, 0.35, -0.15])
REGIONS = ("North", "South", "West")
DEPARTMENTS = ("Production", "Logistics", "Customer service", "Marketing", "Pricing")
TAGS = ("demo", "reference visit", "trial", "roi sheet")
FIRST_NAMES = (
    "Ana Luis Marta Jorge Elena Pablo Sofia Diego Laura Ivan Carla Hugo Nuria Oscar Irene Bruno Alba Raul "
    "Vera Mateo Ines Tomas Lola Andres Eva Simon Clara Nico Julia Marco Rosa Felix Paula David Olga Victor "
    "Silvia Emil Greta Rene"
)
LAST_NAMES = (
    "Garcia Moreno Ruiz Vidal Castro Ortega Navarro Serra Prieto Campos Vega Soler Ibarra Molina Rojas Pardo "
    "Lozano Bravo Rivas Cano Duarte Salas Mora Pons Leal Ferrer Rey Luna Gil Marin Roca Peña Sanz Reyes "
    "Nieto Cruz Arias Mesa Pinto Haro"
)


def generate(seed: int, cause: str, strength: float) -> dict[str, Any]:
    rng = np.random.default_rng([20260701, seed, CAUSES.index(cause)])
    firm = _firm(rng)
    lead = _leads(rng, firm)
    course = _courses(rng, firm, lead)
    effect = _effect(rng, firm, lead, course, cause, 0.0 if cause == "none" else float(strength))
    expected, cost = _costs(firm, lead, effect)
    _outcomes(rng, firm, lead, effect)
    people, emails = _people(rng, firm)
    return {
        "people": people,
        "products": [
            {
                "code": _code(product),
                "name": f"Model {'ABC'[series]}{product + 1}",
                "series": f"Series {'ABC'[series]}",
                "list_price": f"{firm.price[product]:.2f}",
                "currency": "EUR",
            }
            for product, series in enumerate(firm.series)
        ],
        "training": _training(rng, firm, course, emails),
        "sales": _sales(rng, lead, emails),
        "goals": _goals(rng, firm, lead, expected, emails),
        "touched": {email: float(round(cost[rep], 4)) for rep, email in enumerate(emails)},
    }


def _logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _pick(rng: Random, weights: Any) -> Any:
    """One category for each row of weights that sum to 1."""
    cumulated = np.cumsum(weights, 1)
    return (rng.random(len(cumulated))[:, None] > cumulated).sum(1).clip(0, cumulated.shape[1] - 1)


def _code(product: int) -> str:
    return f"P{product + 1:02d}"


def _firm(rng: Random) -> Record:
    """Products, teams and reps."""
    firm = Record()
    weight = rng.dirichlet(np.full(PRODUCTS, 6.0))
    firm.price = np.round(5000 * np.exp(rng.normal(0, 0.33, PRODUCTS)), -1)
    firm.product_logit = rng.normal(-0.48, 0.18, PRODUCTS)
    firm.series = rng.permutation([0, 0, 0, 1, 1, 1, 2, 2])
    firm.sensitivity = rng.uniform(0.75, 1.25, PRODUCTS)  # how much a product suffers from a price problem
    firm.regions = int(rng.integers(2, 4))
    firm.teams = int(rng.integers(5, 8))
    firm.reps = reps = int(rng.integers(37, 44))
    firm.team = rng.permutation(np.arange(reps) % firm.teams)
    firm.ability = rng.normal(0, 0.15, reps)
    firm.load = np.clip(rng.normal(1, 0.06, reps), 0.85, 1.15)
    firm.size = np.exp(rng.normal(0, 0.07, reps))  # a rep's customers buy bigger or smaller configurations
    firm.thrift = rng.normal(0, 0.010, reps)  # discount habit
    firm.care = rng.uniform(0.74, 0.92, reps)  # share followed up
    own = np.array([rng.dirichlet(weight * 5 + 0.05) for _ in range(reps)])
    firm.mix = 0.20 * weight + 0.80 * own
    firm.source_weights = rng.dirichlet(SOURCE_WEIGHTS * 60)
    firm.sources = np.array([rng.dirichlet(firm.source_weights * 25) for _ in range(reps)])
    firm.source_logit = SOURCE_LOGIT + rng.normal(0, 0.08, len(SOURCES))
    firm.reasons = rng.dirichlet(REASON_WEIGHTS * 150)
    firm.late, firm.cancelling = rng.uniform(0.07, 0.14), rng.uniform(0.02, 0.04)
    firm.satisfaction = rng.uniform(4.0, 4.35)
    firm.discount = rng.uniform(0.05, 0.08)
    firm.cycle = rng.uniform(8, 12)
    return firm


def _leads(rng: Random, firm: Record) -> Record:
    """As they would come without the cause, with ordinary variation from quarter to quarter."""
    columns = []
    for quarter in range(3):
        flow = np.exp(rng.normal(0, 0.02))
        sources = firm.sources * np.exp(rng.normal(0, 0.05, len(SOURCES)))
        sources /= sources.sum(1, keepdims=True)
        mix = firm.mix * np.exp(rng.normal(0, 0.05, PRODUCTS))
        mix /= mix.sum(1, keepdims=True)
        number = np.maximum(25, np.rint(rng.normal(60 * firm.load * flow, 5))).astype(int)
        rep = np.repeat(np.arange(firm.reps), number)
        day = STARTS[quarter] + rng.integers(0, ENDS[quarter] - STARTS[quarter], len(rep))
        day = np.where(WEEKDAY[day] >= 5, day - rng.integers(2, 5, len(rep)), day)
        opened = np.clip(day, STARTS[quarter], None)
        columns.append(
            (rep, np.full(len(rep), quarter), opened, _pick(rng, mix[rep]), _pick(rng, sources[rep]))
        )
    lead = Record()
    lead.rep, lead.opened_in, lead.opened, lead.product, lead.source = map(
        np.concatenate, zip(*columns, strict=True)
    )
    lead.number = n = len(lead.rep)
    days = np.maximum(1, np.rint(firm.cycle * np.exp(rng.normal(0, 0.55, n)))).astype(int)
    closed = lead.opened + days
    lead.closed = closed + np.where(WEEKDAY[closed] == 5, 2, np.where(WEEKDAY[closed] == 6, 1, 0))
    lead.closed_in = np.searchsorted(ENDS, lead.closed, side="right")  # 3: still open at the end
    lead.decided, lead.now = lead.closed_in < 3, lead.closed_in == 2
    lead.quarter = np.minimum(lead.closed_in, 2)
    drift = rng.normal(0, 0.03, 3)
    mood = rng.normal(0, 0.08, (firm.reps, 3))
    lead.chance = _logistic(
        firm.product_logit[lead.product]
        + firm.source_logit[lead.source]
        + firm.ability[lead.rep]
        + drift[lead.quarter]
        + mood[lead.rep, lead.quarter]
    )
    size = firm.size[lead.rep] * np.exp(rng.normal(0, 0.02, (firm.reps, 3)))[lead.rep, lead.quarter]
    lead.price = np.round(firm.price[lead.product] * size * np.exp(rng.normal(-0.045, 0.30, n)), -1)
    discount = firm.discount + firm.thrift[lead.rep] + rng.normal(0, 0.003, 3)[lead.quarter]
    lead.discount = np.clip(rng.normal(discount, 0.035, n), 0, 0.4)
    lead.cancelled = lead.closed + rng.integers(3, 22, n)
    lead.cancelled_in_time = lead.cancelled <= LAST
    return lead


def _courses(rng: Random, firm: Record, lead: Record) -> Record:
    """Of one product or of two, new this summer; `lacks` says who of those who sell it has not done it."""
    shares = np.zeros((firm.reps, PRODUCTS))
    np.add.at(shares, (lead.rep[lead.now], lead.product[lead.now]), (lead.chance * lead.price)[lead.now])
    firm.shares = shares = shares / shares.sum(1, keepdims=True)
    order = _by_weight(rng, firm, 0.30)
    products = order[rng.permutation(4)[: int(rng.integers(1, 3))]]
    focused = np.flatnonzero(shares[:, products].sum(1) > 0.30)
    others = np.setdiff1d(np.flatnonzero((firm.mix[:, products] >= 0.05).any(1)), focused)
    number = min(len(focused), max(3, round(len(focused) * rng.uniform(0.40, 0.60))))
    lacking = np.concatenate(
        [rng.permutation(focused)[:number], rng.permutation(others)[: int(rng.integers(2, 5))]]
    )
    lacks = np.zeros((firm.reps, PRODUCTS), bool)
    lacks[np.ix_(lacking, products)] = True
    return Record(products=products, lacks=lacks)


def _by_weight(rng: Random, firm: Record, share: float) -> Any:
    """Products, first the one on which most reps depend for that share of their revenue."""
    return np.argsort(-(firm.shares > share).sum(0) + rng.random(PRODUCTS) * 0.5)


def _effect(rng: Random, firm: Record, lead: Record, course: Record, cause: str, s: float) -> Record:
    """By lead: the chance that it `arrives`, that a would-be win `stays` one, what is left of its `worth`,
    the chance that it is cancelled, what is added to the signs; and the reasons of the wins lost."""
    n, now = lead.number, lead.now
    opened_now, closed_now = lead.opened_in == 2, lead.closed >= NOW
    effect = Record(arrives=np.ones(n), stays=np.ones(n), worth=np.ones(n), reasons={})
    effect.cancelling = np.full(n, firm.cancelling)
    effect.late, effect.unfollowed, effect.dissatisfaction, effect.discount = np.zeros((4, n))
    if cause == "product":
        product = int(_by_weight(rng, firm, 0.35)[rng.integers(0, 3)])
        effect.stays[now & (lead.product == product)] = 1 - 0.75 * s
        effect.reasons = {"product": 0.75}
    elif cause == "price":
        depth = s * firm.sensitivity[lead.product]
        effect.stays[now] = (1 - 0.30 * depth)[now]
        effect.discount = np.where(closed_now, np.clip(rng.normal(0.08 * depth, 0.02 * s), 0, None), 0)
        effect.reasons = {"price": 0.55, "competitor": 0.27}
    elif cause == "delivery":
        where, depth = np.ones(n, bool), s
        if rng.random() >= 0.5:  # one production line
            by_series = np.array([(firm.shares[:, firm.series == g].sum(1) > 0.40).sum() for g in range(3)])
            where = firm.series[lead.product] == int(np.argsort(-by_series)[rng.integers(0, 2)])
            depth = 1.7 * s
        effect.stays[now & where] = 1 - 0.24 * depth
        effect.cancelling[now & where] += 0.14 * depth
        effect.late[where] = min(0.55, 0.38 * depth)
        effect.reasons = {"delivery": 0.78}
    elif cause == "service":
        where, depth = np.ones(n, bool), s
        if rng.random() >= 0.5:  # one region's service desk
            where = firm.team[lead.rep] % firm.teams % firm.regions == int(rng.integers(0, firm.regions))
            depth = 1.3 * s
        effect.stays[now & where] = 1 - 0.24 * depth
        effect.cancelling[now & where] += 0.14 * depth
        effect.unfollowed[where], effect.dissatisfaction[where] = 0.45 * depth, 1.1 * depth
        effect.reasons = {"service": 0.78}
    elif cause == "marketing":  # the two largest of its sources: fewer leads, worse leads, or both
        pairs = [(a, b) for a in BY_MARKETING for b in BY_MARKETING if a < b]
        largest = int(np.argmax([firm.source_weights[a] + firm.source_weights[b] for a, b in pairs]))
        where = opened_now & np.isin(lead.source, pairs[largest])
        fewer = rng.choice([1.0, 0.5, 0.0])
        effect.arrives[where] = (1 - 0.70 * s) ** fewer
        effect.stays[where] = (1 - 0.70 * s) ** (1 - fewer)
        effect.reasons = {"no_decision": 0.6}
    elif cause == "training":
        effect.stays[now & course.lacks[lead.rep, lead.product]] = 1 - 0.66 * s
    elif cause == "capability":
        for rep in rng.permutation(firm.reps)[: int(rng.integers(2, 5))]:
            own = lead.rep == rep
            effect.stays[own & now] = 1 - rng.uniform(0.57, 0.69) * s
            effect.worth[own & closed_now] = 1 - rng.uniform(0.16, 0.28) * s
            effect.arrives[own & opened_now & BY_REP[lead.source]] = 1 - rng.uniform(0.35, 0.70) * s
    return effect


def _costs(firm: Record, lead: Record, effect: Record) -> tuple[Any, Any]:
    """By rep: what the last quarter would bring without the cause, and the share of it that is lost."""
    seen = lead.cancelled_in_time
    usual = lead.chance * lead.price * (1 - lead.discount) * (1 - firm.cancelling * seen) * lead.now
    actual = effect.arrives * lead.chance * effect.stays * lead.price * effect.worth
    actual = actual * (1 - _discount(lead, effect)) * (1 - effect.cancelling * seen) * lead.now
    expected, left = np.bincount(lead.rep, usual, firm.reps), np.bincount(lead.rep, actual, firm.reps)
    cost = np.where(expected > 0, 1 - left / expected, 0)
    cost[np.abs(cost) < 1e-9] = 0
    return expected, cost


def _discount(lead: Record, effect: Record) -> Any:
    return np.clip(lead.discount + effect.discount, 0, 0.6)


def _outcomes(rng: Random, firm: Record, lead: Record, effect: Record) -> None:
    n = lead.number
    lead.arrives = rng.random(n) < effect.arrives
    winnable = rng.random(n) < lead.chance
    stays = rng.random(n) < effect.stays
    lead.won = winnable & stays & lead.decided
    lead.lost = lead.decided & ~lead.won
    lead.reason = _pick(rng, rng.dirichlet(firm.reasons * 1500, 3)[lead.quarter])
    u, reached = rng.random(n), 0.0
    for name, share in effect.reasons.items():
        named = lead.lost & winnable & ~stays & (u >= reached) & (u < reached + share)
        lead.reason = np.where(named, REASONS.index(name), lead.reason)
        reached += share
    lead.price = np.round(lead.price * effect.worth, -1)
    lead.amount = np.round(lead.price * (1 - _discount(lead, effect)), 2)
    lead.is_cancelled = lead.won & lead.cancelled_in_time & (rng.random(n) < effect.cancelling)
    lead.promised = lead.closed + rng.integers(7, 17, n)
    late_by_quarter = firm.late * np.exp(rng.normal(0, 0.10, 3))
    promised_in = np.minimum(np.searchsorted(ENDS, lead.promised, side="right"), 2)
    late = rng.random(n) < late_by_quarter[promised_in] + np.where(lead.promised >= NOW, effect.late, 0)
    delay = np.where(late, 2 + np.rint(rng.exponential(7, n)), -rng.integers(0, 4, n)).astype(int)
    lead.delivered = delivered = lead.promised + delay
    lead.is_delivered = lead.won & (delivered <= LAST) & ~(lead.is_cancelled & (lead.cancelled < delivered))
    unfollowed = np.where(delivered >= NOW, effect.unfollowed, 0)
    care = np.clip(firm.care[lead.rep] - unfollowed, 0.05, 1)
    lead.followed = followed = delivered + np.rint(rng.uniform(2, 9, n) * (1 + 2 * unfollowed)).astype(int)
    lead.is_followed = lead.is_delivered & (rng.random(n) < care) & (followed <= LAST)
    lead.is_followed &= ~(lead.is_cancelled & (lead.cancelled < followed))
    lead.has_answered = lead.is_delivered & (rng.random(n) < 0.6) & (delivered + 5 <= LAST)
    satisfaction = rng.normal(firm.satisfaction, 0.8, n) + rng.normal(0, 0.04, 3)[lead.quarter] - 0.7 * late
    satisfaction = satisfaction - np.where(delivered >= NOW, effect.dissatisfaction, 0)
    lead.satisfaction = np.clip(np.rint(satisfaction), 1, 5)


def _people(rng: Random, firm: Record) -> tuple[list[dict[str, Any]], list[str]]:
    """Everybody's rows, and the reps' addresses."""
    boss = "direction@example.com"

    def person(
        email: str, name: str, role: str, team: str, manager: str, number: int, hired: str
    ) -> dict[str, Any]:
        return {
            "email": email,
            "name": name,
            "role": role,
            "team": team,
            "manager": manager,
            "employee_number": f"E{number:04d}",
            "hired_on": hired,
            "left_on": "",
            "locale": ("es-ES", "en-US")[int(rng.integers(0, 2))],
        }

    first, last = FIRST_NAMES.split(), LAST_NAMES.split()
    names = [f"{first[i]} {last[i * 7 % 40]}" for i in rng.permutation(40)]
    names += [f"{first[i]} {last[i + 11]} {last[(i + 23) % 40]}" for i in range(20)]
    emails = [f"{_address(name)}@example.com" for name in names[: firm.reps]]
    teams = [f"Company/{REGIONS[team % firm.regions]}/Team {team + 1}" for team in range(firm.teams)]
    people = [
        person(boss, "Dolores Quesada", "executive", "Company", "", 1, "2015-03-02"),
        person("people@example.com", "Ramon Tejada", "hr", "Company", boss, 2, "2016-05-09"),
    ]
    for place, name in enumerate(DEPARTMENTS):
        email, team = f"lead.{_address(name)}@example.com", f"Company/{name}"
        people.append(
            person(email, f"Lead of {name}", "department_lead", team, boss, 3 + place, "2018-09-03")
        )
    for place, team in enumerate(teams):
        email, name = f"manager{place + 1}@example.com", f"Manager of Team {place + 1}"
        people.append(person(email, name, "manager", team, boss, 20 + place, "2019-01-07"))
    for rep, email in enumerate(emails):
        hired = date(2017, 1, 9) + timedelta(days=int(rng.integers(0, 2900)))
        place = firm.team[rep]
        manager = f"manager{place + 1}@example.com"
        people.append(person(email, names[rep], "rep", teams[place], manager, 100 + rep, hired.isoformat()))
    return people, emails


def _address(name: str) -> str:
    return name.lower().replace("ñ", "n").replace(" ", ".")


def _training(rng: Random, firm: Record, course: Record, emails: list[str]) -> list[dict[str, Any]]:
    """Who has not done an old course sells as well as the others."""
    rows = []
    for rep, email in enumerate(emails):
        done = {}
        for product in np.flatnonzero(firm.mix[rep] >= 0.05):
            day = None
            if product in course.products:
                if not course.lacks[rep, product]:
                    day = date(2026, 5, 18) + timedelta(days=int(rng.integers(0, 43)))
            elif rng.random() >= 0.05:
                day = date(2025, 1, 13) + timedelta(days=int(rng.integers(0, 340)))
            done[product] = day.isoformat() if day else ""
        done |= dict.fromkeys(np.flatnonzero(course.lacks[rep] & (firm.mix[rep] < 0.05)), "")
        rows += [
            {"rep": email, "product": _code(product), "completed_on": day} for product, day in done.items()
        ]
    return rows


def _sales(rng: Random, lead: Record, emails: list[str]) -> list[dict[str, Any]]:
    customers = rng.integers(0, 900, lead.number)
    tags = rng.integers(0, 7, lead.number)
    rows = []
    for place, i in enumerate(np.lexsort((lead.rep, lead.opened))):
        if not lead.arrives[i]:
            continue
        won, lost = lead.won[i], lead.lost[i]
        rows.append(
            {
                "external_id": f"S{place + 1:05d}",
                "rep": emails[lead.rep[i]],
                "product": _code(lead.product[i]),
                "customer": f"Customer {customers[i]:03d}",
                "stage": "won" if won else "lost" if lost else "open",
                "lead_source": SOURCES[lead.source[i]],
                "opened_on": ISO[lead.opened[i]],
                "closed_on": ISO[lead.closed[i]] if lead.decided[i] else "",
                "quantity": 1,
                "list_price": f"{lead.price[i]:.2f}",
                "amount": f"{lead.amount[i]:.2f}",
                "currency": "EUR",
                "lost_reason": REASONS[lead.reason[i]] if lost else "",
                "promised_on": ISO[lead.promised[i]] if won else "",
                "delivered_on": ISO[lead.delivered[i]] if lead.is_delivered[i] else "",
                "followed_up_on": ISO[lead.followed[i]] if lead.is_followed[i] else "",
                "cancelled_on": ISO[lead.cancelled[i]] if lead.is_cancelled[i] else "",
                "satisfaction": int(lead.satisfaction[i]) if lead.has_answered[i] else "",
                "techniques": TAGS[tags[i]] if tags[i] < len(TAGS) else "",
                "credits": "",
            }
        )
    return rows


def _goals(rng: Random, firm: Record, lead: Record, expected: Any, emails: list[str]) -> list[dict[str, Any]]:
    """What a manager expects: half the rep's past quarters, the first of which began empty, half the plan."""
    kept = lead.won & ~lead.is_cancelled & lead.arrives
    first, second = (
        np.bincount(
            lead.rep[kept & (lead.closed_in == q)], lead.amount[kept & (lead.closed_in == q)], firm.reps
        )
        for q in range(2)
    )
    history = 0.4 * first / (1 - firm.cycle * 1.16 / 90) + 0.6 * second
    stretch = rng.uniform(1.0, 1.08) * np.exp(rng.normal(0, 0.03, firm.reps))
    targets = np.round((0.5 * history + 0.5 * expected) * stretch, -2)
    return [
        {
            "rep": email,
            "metric": "revenue",
            "starts_on": "2026-07-01",
            "ends_on": "2026-09-30",
            "target": f"{targets[rep]:.2f}",
        }
        for rep, email in enumerate(emails)
    ]
