"""The demo company's people, teams, products and process."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import update

from app.core.permissions import Role
from app.demo import words
from app.demo.story import Story
from app.demo.words import Words
from app.extensions import db
from app.goals.models import CompanyHoliday
from app.people import operations as people
from app.people.models import Function, Person, Team, TeamKind
from app.people.operations import CompanyFacts, NewPerson
from app.people.passwords import hash_password
from app.sales.catalogue import RuleSaid, save_product, save_step_rules
from app.sales.models import ProcessStep, Product

PASSWORD = "cumbre-demo"  # noqa: S105 - a made-up company
FOUNDED = date(2014, 3, 3)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there; `reps` and `teams` are in the order of the story's numbers."""

    admin: Person
    executive: Person
    managers: list[Person]
    reps: list[Person]
    sales: Team
    teams: list[Team]
    products: list[Product]


def address(name: str) -> str:
    """`valeria.montes@cumbre.example`: plain letters, two names at most."""
    plain = name.lower().translate(str.maketrans("áéíóúñüö", "aeiounuo")).replace("-", " ").split()
    return f"{plain[0]}.{plain[-1]}@cumbre.example"


def found(story: Story, said: Words, facts: CompanyFacts, unit: int) -> Cast:
    """Found the company with everybody in it. Runs inside the demo's transaction."""
    people.found_company(facts)
    root = people.root()
    sales = people.create_team(said.sales, root, kind=TeamKind.DEPARTMENT, by_id=None)
    regions = [people.create_team(name, sales, kind=TeamKind.DEPARTMENT, by_id=None) for name in said.regions]
    departments = {
        function: people.create_team(name, root, kind=TeamKind.DEPARTMENT, function=function, by_id=None)
        for function, name in (
            (Function.PRODUCTION, said.production),
            (Function.LOGISTICS, said.logistics),
            (Function.CUSTOMER_SERVICE, said.service),
            (Function.MARKETING, said.marketing),
            (Function.PRICING, said.pricing),
            (Function.HR, said.hr),
        )
    }
    teams = [
        people.create_team(name, regions[number // 3], by_id=None) for number, name in enumerate(said.teams)
    ]
    admin, executive = people.create_people(
        [
            _new(words.ADMIN, Role.ADMIN, root),
            _new(words.EXECUTIVE, Role.EXECUTIVE, root),
        ],
        by_id=None,
    )
    managers = people.create_people(
        [_new(name, Role.MANAGER, team, executive) for name, team in zip(words.MANAGERS, teams, strict=True)],
        by_id=admin.id,
    )
    _departments(departments, executive, admin)
    for manager, team in zip(managers, teams, strict=True):
        team.lead_id = manager.id
    root.lead_id = sales.lead_id = executive.id
    reps = people.create_people(
        [
            _new(words.NAMES[rep.number], Role.REP, teams[rep.team], managers[rep.team], rep.hired_on)
            for rep in story.reps
        ],
        by_id=admin.id,
    )
    db.session.flush()
    hashed = hash_password(PASSWORD)
    db.session.execute(update(Person).values(password_hash=hashed))
    reps[20].is_hidden = True
    for rep, person in zip(story.reps, reps, strict=True):
        if rep.left_on:
            people.leave(person, rep.left_on, by_id=admin.id)
    for number in (4, 11):
        first = story.today + timedelta(days=3 + number)
        people.add_days_off(reps[number], first, first + timedelta(days=4), None, by_id=managers[0].id)
    db.session.add(CompanyHoliday(on=date(story.today.year, 12, 7), name=said.holiday))
    rules = {
        ProcessStep.PROMISE: RuleSaid(True, None, 2, story.starts_on),
        ProcessStep.DELIVER: RuleSaid(True, departments[Function.LOGISTICS].id, 14, story.starts_on),
        ProcessStep.FOLLOW_UP: RuleSaid(
            True, departments[Function.CUSTOMER_SERVICE].id, 15, story.today - timedelta(days=75)
        ),
    }
    save_step_rules(rules, by_id=admin.id)
    products = [
        save_product(
            None,
            code=code,
            name=name,
            series=series,
            list_price=price * unit,
            currency=facts.currency,
            by_id=admin.id,
        )
        for code, name, series, price in said.products
    ]
    return Cast(admin, executive, managers, reps, sales, teams, products)


def _departments(departments: dict[Function, Team], executive: Person, admin: Person) -> None:
    leads = people.create_people(
        [
            _new(name, Role.DEPARTMENT_LEAD, team, executive)
            for name, team in zip(words.LEADS, departments.values(), strict=False)
        ]
        + [_new(words.HR, Role.HR, departments[Function.HR], executive)],
        by_id=admin.id,
    )
    for person, team in zip(leads, departments.values(), strict=True):
        team.lead_id = person.id


def _new(
    name: str, role: Role, team: Team, manager: Person | None = None, hired_on: date = FOUNDED
) -> NewPerson:
    return NewPerson(name=name, role=role, email=address(name), hired_on=hired_on, team=team, manager=manager)
