"""The rows of the export."""

from types import SimpleNamespace as Record
from typing import Any

import numpy as np

from bench.outside.rough.expecting import expected_of
from bench.outside.rough.ground import LAST, STARTS, Random, iso, until_now

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


def people_of(rng: Random, firm: Record, domain: str) -> tuple[list[dict[str, Any]], list[str]]:
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
        left = until_now(firm.left[rep])
        people.append(person(rep, "rep", path[team], emails[reps + team], iso(hired), left))
    return people, emails


def sales_of(
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
                "opened_on": iso(lead.opened[i]),
                "closed_on": until_now(closed),
                "quantity": int(lead.quantity[i]),
                "list_price": "" if no_price[i] < 0.03 else float(lead.price[i]),
                "amount": 0 if lost and firm.lost_is_zero else float(lead.amount[i]),
                "currency": "",
                "lost_reason": str(reasons[i]) if lost else "",
                "promised_on": iso(lead.promised[i]) if won and promise[i] > 0.04 else "",
                "delivered_on": iso(delivered) if arrived else "",
                "followed_up_on": until_now(lead.followed[i]) if arrived else "",
                "cancelled_on": iso(cancelled) if gone else "",
                "satisfaction": int(score) if score and (arrived or gone) else "",
                "techniques": ";".join(
                    name for name, yes in zip(TECHNIQUES, techniques[i], strict=True) if yes
                ),
                "credits": f"{emails[rep]}:{share};{emails[mate]}:{100 - share}" if shared else "",
            }
        )
    return rows, books


def goals_of(
    rng: Random, firm: Record, effect: Record, books: Any, emails: list[str], cause: str
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """And what the cause costs everybody who is still there."""
    drifts = ("rep_drift", "product_drift", "source_drift")
    steady = {name: getattr(firm, name) * 0 for name in drifts}
    steady |= {name: getattr(firm, name) * 0 + 1 for name in ("season", "source_season")}
    plan, _ = expected_of(rng, Record(**(vars(firm) | steady)), effect)
    without, with_it = expected_of(rng, firm, effect)
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
