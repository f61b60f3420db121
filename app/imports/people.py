"""People from files. The room of people lies below this one and knows nothing of files."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.core.permissions import Role
from app.extensions import db
from app.imports import people_undo
from app.imports.kinds import Column, Job, Kind, Make, Undone
from app.imports.matching import Entry, normal
from app.imports.people_intake import PeopleIntake
from app.imports.people_roles import LOCALES, ROLES
from app.people import operations
from app.people.models import Person
from app.people.operations import NewPerson

REGIONS = {
    normal(name)
    for name in (
        "regional office", "region", "office", "territory", "department", "branch", "región", "oficina",
        "zona", "territorio", "sucursal", "departamento", "área", "delegación",
    )
}  # fmt: skip  # running words
FIRST = {normal(name) for name in ("first name", "given name", "nombre", "nombre de pila")}
LAST = {normal(name) for name in ("last name", "surname", "family name", "apellido", "apellidos")}


def person_entries() -> list[Entry]:
    rows = db.session.execute(
        select(Person.id, Person.name, Person.email, Person.employee_number).order_by(Person.id)
    )
    return [
        Entry(key, name, tuple(n for n in (email, number, name) if n)) for key, name, email, number in rows
    ]


def rep_maker(job: Job) -> Make:
    """For a rep whom only a sale names: somebody of the company, in no team of their own yet."""

    def make(word: str) -> Entry:
        email = word.lower() if "@" in word else None
        new = NewPerson(
            name=word, role=Role.REP, email=email, team=operations.root(), import_id=job.import_id
        )
        person = operations.create_person(new, by_id=job.actor_id)
        return Entry(person.id, word, (word,))

    return make


class People(Kind):
    name = "people"
    label = _l("People")
    order = 10
    columns = (
        Column("name", _l("Name"), need="key", joined_by=" ", longest=200, headers=(
            "full name", "sales agent", "agent", "employee", "employee name", "display name",
            "sales rep", "rep", "seller", "salesperson", "user", "user name", "nombre completo",
            "nombre", "nombre y apellidos", "empleado", "empleada", "vendedor", "vendedora",
            "comercial", "agente", "persona",
        )),
        Column("email", _l("E-mail"), "email", headers=(
            "e-mail", "email address", "work email", "mail", "correo", "correo electrónico",
            "user email",
        )),
        Column("employee_number", _l("Employee number"), longest=60, headers=(
            "employee id", "employee no", "personnel number", "staff id", "número de empleado",
            "id de empleado", "número de personal", "legajo", "nómina",
        )),
        Column("role", _l("Role"), "choice", choices=ROLES, headers=(
            "job role", "position", "profile", "rol", "puesto", "cargo", "perfil", "función",
        )),
        Column("team", _l("Team"), joined_by="/", longest=1000, headers=(
            "team name", "sales team", "team path", "group", "equipo", "equipo de ventas", "grupo",
            "regional office", "region", "office", "territory", "branch", "department", "región",
            "oficina", "zona", "territorio", "sucursal", "delegación", "departamento", "área",
        )),
        Column("manager", _l("Manager"), longest=254, headers=(
            "sales manager", "manager name", "manager email", "reports to", "supervisor", "boss",
            "jefe", "jefa", "gerente", "responsable", "reporta a", "superior",
        )),
        Column("hired_on", _l("First day"), "date", headers=(
            "hire date", "hired", "start date", "joined", "joining date", "fecha de alta",
            "fecha de ingreso", "fecha de contratación", "alta", "ingreso",
        )),
        Column("left_on", _l("Last day"), "date", headers=(
            "termination date", "end date", "leaving date", "left", "fecha de baja", "baja",
            "fecha de salida",
        )),
        Column("locale", _l("Language and region"), "choice", choices=LOCALES, headers=(
            "language", "idioma", "lengua", "región e idioma",
        )),
    )  # fmt: skip  # running words

    def complete_guess(self, header: Sequence[str], guess: dict[str, tuple[str, ...]]) -> None:
        """First and last name make a name; in a region, each manager's people are a team."""
        by_normal = {normal(name): name for name in header}
        first = next((by_normal[key] for key in by_normal if key in FIRST), None)
        last = next((by_normal[key] for key in by_normal if key in LAST), None)
        if first and last and guess.get("name", (first,)) in {(first,), (last,)}:
            guess["name"] = (first, last)
        manager, team = guess.get("manager"), guess.get("team")
        if manager and (team is None or normal(team[0]) in REGIONS):
            guess["team"] = (*(team or ()), *manager)

    def intake(self, job: Job) -> "PeopleIntake":
        return PeopleIntake(self, job)

    def undo(self, import_id: int, actor_id: int | None) -> Undone:
        return people_undo.undo(import_id, actor_id)
