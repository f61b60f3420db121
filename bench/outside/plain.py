"""Simulated companies, written plainly and without knowledge of the method.

Four teams of ten; every rep has two main products and sells a little of the six others. Leads come by
Poisson, are decided within their quarter, and are won at a rate that depends on the source only: nothing
varies but by luck. A cause changes the parameters of the cells that it strikes in the last quarter. Goals are
what was to be expected (even seeds) or the mean of the two quarters before (odd seeds).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

Random = np.random.Generator
TEAMS, REPS_OF_A_TEAM, LEADS = 4, 10, 60
PRICES = (900, 1100, 1200, 1400, 1600, 1800, 2000, 2200)
SOURCES = {
    "website": (0.35, 0.28),
    "campaign": (0.25, 0.26),
    "referral": (0.20, 0.40),
    "outbound": (0.20, 0.26),
}
"""Share of the leads, and of them won."""
QUARTERS = (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1))
LAST_DAY = date(2026, 9, 30)
MAIN, OTHER = 0.35, 0.05  # shares of a rep's leads: each of two main products, each of the six others
REASONS = {
    "price": 0.22,
    "product": 0.08,
    "competitor": 0.20,
    "no_decision": 0.35,
    "delivery": 0.08,
    "service": 0.07,
}
WEAKNESSES = {"win": (0.6, 0, 0), "activity": (0.35, 0.4, 0), "deal": (0.45, 0, 0.3)}
"""What somebody loses of their win rate, leads and quantities."""


@dataclass(frozen=True)
class Cell:
    """One rep's sales of a product from a source in a quarter."""

    leads: float
    win: float
    quantity: float = 2.5
    discount: float = 0.05
    cancelled: float = 0.03
    late: float = 0.12
    followed: float = 0.90
    satisfaction: float = 4.2
    reasons: tuple[str, ...] = ()  # given more often

    def worth(self, price: int) -> float:
        return self.leads * self.win * self.quantity * price * (1 - self.discount) * (1 - self.cancelled)


def _struck(cell: Cell, cause: str, how: Any, source: str, s: float) -> Cell:
    """The cell when the cause acts on it at strength `s`; `how`: the kind of it, where there are several."""
    if cause == "product":
        return replace(cell, win=cell.win * (1 - 0.8 * s), reasons=("product",))
    if cause == "price":
        win, discount = cell.win * (1 - 0.35 * s), cell.discount + 0.07 * s
        return replace(cell, win=win, discount=discount, reasons=("price", "competitor"))
    if cause == "delivery":
        win, cancelled, late = cell.win * (1 - 0.25 * s), cell.cancelled + 0.20 * s, cell.late + 0.45 * s
        return replace(cell, win=win, cancelled=cancelled, late=late, reasons=("delivery",))
    if cause == "service":
        return replace(
            cell,
            win=cell.win * (1 - 0.30 * s),
            cancelled=cell.cancelled + 0.12 * s,
            followed=cell.followed - 0.40 * s,
            satisfaction=cell.satisfaction - 1.2 * s,
            reasons=("service",),
        )
    if cause == "marketing":
        if source not in ("website", "campaign"):
            return cell
        if how == "fewer":
            return replace(cell, leads=cell.leads * (1 - 0.65 * s))
        return replace(cell, win=cell.win * (1 - 0.65 * s))
    if cause == "training":
        return replace(cell, win=cell.win * (1 - 0.5 * s))
    win, leads, quantity = (1 - part * s for part in WEAKNESSES[how])
    return replace(cell, win=cell.win * win, leads=cell.leads * leads, quantity=cell.quantity * quantity)


def generate(seed: int, cause: str, strength: float) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    people, reps, mains = _people(rng)
    bad_product = int(rng.integers(4, 8))  # one of the dearer half
    marketing = str(rng.choice(["fewer", "worse"]))
    untrained = {reps[i] for i in rng.choice(len(reps), 10, replace=False)}
    weak = {
        reps[i]: str(rng.choice(list(WEAKNESSES)))
        for i in rng.choice(len(reps), int(rng.integers(3, 7)), replace=False)
    }
    training, lacking = [], set()
    for rep in reps:
        for product in range(len(PRICES)):
            done = (date(2025, 3, 1) + timedelta(days=int(rng.integers(0, 480)))).isoformat()
            stray = rng.random() < 0.04  # not done here and there, in every company
            if stray or (cause == "training" and rep in untrained and product in mains[rep]):
                done = ""
                lacking.add((rep, product))
            training.append({"rep": rep, "product": _code(product), "completed_on": done})

    def strikes(rep: str, product: int) -> Any:
        return {
            "product": product == bad_product,
            "marketing": marketing,
            "training": (rep, product) in lacking,
            "capability": weak.get(rep),
            "none": False,
        }.get(cause, True)

    sales, goals, touched = [], [], {}
    for rep in reps:
        expected = left = 0.0
        won = [0.0, 0.0, 0.0]
        for product, price in enumerate(PRICES):
            mix = MAIN if product in mains[rep] else OTHER
            how = strikes(rep, product)
            for source, (share, win) in SOURCES.items():
                usual = Cell(LEADS * mix * share, win)
                last = _struck(usual, cause, how, source, strength) if how else usual
                expected += usual.worth(price)
                left += last.worth(price)
                for quarter, cell in enumerate((usual, usual, last)):
                    for _ in range(rng.poisson(cell.leads)):
                        sale = {"external_id": f"S{len(sales) + 1:06}", "rep": rep, "lead_source": source}
                        sale |= _sale(rng, product, QUARTERS[quarter], cell, strength)
                        sales.append(sale)
                        if sale["stage"] == "won" and not sale["cancelled_on"]:
                            won[quarter] += sale["amount"]
        cost = 1 - left / expected
        touched[rep] = round(cost, 4) if cost > 1e-9 else 0
        target = round(expected if seed % 2 == 0 else (won[0] + won[1]) / 2, 2)
        span = {"starts_on": "2026-07-01", "ends_on": "2026-09-30"}
        goals.append({"rep": rep, "metric": "revenue", "target": target} | span)
    return {
        "people": people,
        "products": [
            {
                "code": _code(product),
                "name": f"Product {product + 1}",
                "series": "AB"[product // 4],
                "list_price": price,
                "currency": "EUR",
            }
            for product, price in enumerate(PRICES)
        ],
        "sales": sales,
        "training": training,
        "goals": goals,
        "touched": touched,
    }


def _code(product: int) -> str:
    return f"P{product + 1}"


def _people(rng: Random) -> tuple[list[dict[str, Any]], list[str], dict[str, set[int]]]:
    """Everybody's rows, the reps' addresses, and their main products."""

    def person(
        email: str, name: str, role: str, team: str, manager: str, number: str, hired: str
    ) -> dict[str, Any]:
        return {
            "email": email,
            "name": name,
            "role": role,
            "team": team,
            "manager": manager,
            "employee_number": number,
            "hired_on": hired,
            "left_on": "",
            "locale": "en-US",
        }

    boss = "boss@sim.example"
    people = [person(boss, "The Boss", "executive", "Company", "", "E0001", "2018-01-01")]
    mains: dict[str, set[int]] = {}
    for place in range(1, TEAMS + 1):
        team, manager = (
            f"Company/{'North' if place < 3 else 'South'}/Team {place}",
            f"manager{place}@sim.example",
        )
        people.append(
            person(manager, f"Manager {place}", "manager", team, boss, f"M{place:04}", "2019-01-01")
        )
        for _ in range(REPS_OF_A_TEAM):
            number = len(mains) + 1
            email, name = f"rep{number:02}@sim.example", f"Rep {number:02}"
            hired = (date(2020, 1, 1) + timedelta(days=int(rng.integers(0, 1800)))).isoformat()
            people.append(person(email, name, "rep", team, manager, f"R{number:04}", hired))
            mains[email] = {int(product) for product in rng.choice(len(PRICES), 2, replace=False)}
    return people, list(mains), mains


def _sale(rng: Random, product: int, quarter: date, cell: Cell, s: float) -> dict[str, Any]:
    """Opened in the first 60 days, decided 5 to 25 days later, within its quarter."""

    def after(day: date, least: int, most: int) -> date:
        return day + timedelta(days=int(rng.integers(least, most + 1)))

    opened = after(quarter, 0, 59)
    closed = after(opened, 5, 25)
    quantity = 1 + int(rng.poisson(cell.quantity - 1))
    price = PRICES[product]
    sale = {
        "product": _code(product),
        "amount": round(quantity * price * (1 - (rng.uniform(-0.05, 0.05) + cell.discount)), 2),
        "customer": f"Customer {int(rng.integers(1, 400))}",
        "stage": "lost",
        "opened_on": opened.isoformat(),
        "closed_on": closed.isoformat(),
        "quantity": quantity,
        "list_price": price,
        "currency": "EUR",
    }
    sale |= dict.fromkeys(
        ("lost_reason", "promised_on", "delivered_on", "followed_up_on", "cancelled_on"), ""
    )
    sale |= dict.fromkeys(("satisfaction", "techniques", "credits"), "")
    if rng.random() >= cell.win:
        weights = np.array(
            [w * (1 + 2 * s if reason in cell.reasons else 1) for reason, w in REASONS.items()]
        )
        place = np.searchsorted(np.cumsum(weights / weights.sum()), rng.random())
        return sale | {"lost_reason": list(REASONS)[min(int(place), len(REASONS) - 1)]}
    promised = closed + timedelta(days=10)
    sale |= {"stage": "won", "promised_on": promised.isoformat()}
    if rng.random() < cell.followed:
        sale["followed_up_on"] = after(closed, 1, 5).isoformat()
    if rng.random() < cell.cancelled:
        return sale | {"cancelled_on": after(closed, 2, 5).isoformat()}
    delivered = after(promised, 3, 15) if rng.random() < cell.late else after(promised, -4, 0)
    if delivered <= LAST_DAY:
        sale["delivered_on"] = delivered.isoformat()
    if rng.random() < 0.8:
        sale["satisfaction"] = int(np.clip(round(rng.normal(cell.satisfaction, 0.8)), 1, 5))
    return sale
