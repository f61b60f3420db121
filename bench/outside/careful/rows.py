"""The rows of the export."""

from datetime import date, timedelta
from types import SimpleNamespace as Record
from typing import Any

import numpy as np

from bench.outside.careful.ground import ISO, REASONS, SOURCES, Random, code_of

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


def people_of(rng: Random, firm: Record) -> tuple[list[dict[str, Any]], list[str]]:
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


def training_of(rng: Random, firm: Record, course: Record, emails: list[str]) -> list[dict[str, Any]]:
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
            {"rep": email, "product": code_of(product), "completed_on": day} for product, day in done.items()
        ]
    return rows


def sales_of(rng: Random, lead: Record, emails: list[str]) -> list[dict[str, Any]]:
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
                "product": code_of(lead.product[i]),
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


def goals_of(
    rng: Random, firm: Record, lead: Record, expected: Any, emails: list[str]
) -> list[dict[str, Any]]:
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
