"""The company, and the first person in it."""

from dataclasses import asdict, dataclass

from sqlalchemy import exists, select, text

from app.core.audit import record
from app.core.changes import changes
from app.core.errors import Conflict
from app.core.permissions import Role
from app.core.transactions import atomic
from app.extensions import db
from app.people import sessions
from app.people.company import mark_changing
from app.people.models import Company, Function, Person, Team, TeamKind
from app.people.operations.persons import NewPerson, create_person
from app.people.operations.signing_in import Browser, set_password

FOUNDING_LOCK = 7402


class AlreadyFounded(Conflict):
    """There is a person already: the first-run page is closed for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFacts:
    name: str
    currency: str
    country: str
    timezone: str
    locale: str
    fiscal_start_month: int = 1


def is_open() -> bool:
    """Whether the portal still waits for its first person."""
    return not db.session.scalar(select(exists().select_from(Person)))


@atomic
def found_company(facts: CompanyFacts, *, by_id: int | None = None) -> Company:
    """Make the company, or give it these facts; its team is the root of the tree."""
    mark_changing()
    company = db.session.get(Company, 1)
    before = None
    if company is None:
        company = Company(id=1, **asdict(facts))
        db.session.add(company)
    else:
        before = {name: getattr(company, name) for name in asdict(facts)}
        for name, value in asdict(facts).items():
            setattr(company, name, value)
    db.session.flush()
    root = db.session.scalars(select(Team).where(Team.kind == TeamKind.COMPANY)).one_or_none()
    if root is None:
        root = Team(name=facts.name, kind=TeamKind.COMPANY, function=Function.OTHER)
        db.session.add(root)
        db.session.flush()
        root.path = [root.id]
    root.name = facts.name
    if before != asdict(facts):
        changed = sorted(name for name, value in asdict(facts).items() if not before or before[name] != value)
        record("company.changed" if before else "company.founded", company, actor_id=by_id, fields=changed)
        changes.announce("company")
        changes.announce("people")
    return company


@atomic
def found(facts: CompanyFacts, admin: NewPerson, password: str, browser: Browser, address: str) -> str:
    """Company and first administrator together; returns the token of their session.

    Raises AlreadyFounded where somebody was quicker, Invalid for a password that is too easy.
    """
    db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": FOUNDING_LOCK})
    if not is_open():
        raise AlreadyFounded
    company = found_company(facts)
    company.address = address
    person = create_person(admin, by_id=None)
    assert person.role is Role.ADMIN
    set_password(person, password, by_id=person.id)
    return sessions.open_session(person, address=browser.address, browser=browser.name)
