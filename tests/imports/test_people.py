"""People by command line: who is new, who is known, who leads whom."""

from datetime import date

from sqlalchemy import select

from app.core.permissions import Role
from app.extensions import db
from app.people.models import Membership, Person, SignInSession, Team
from tests.imports.factories import counts, table, why


def the_person(name: str) -> Person:
    db.session.expire_all()
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def path_of(person: Person) -> str:
    team = db.session.get_one(Team, person.team_id)
    return "/".join(db.session.get_one(Team, key).name for key in team.path)


def test_the_portals_own_file_is_taken(run):
    rows = table(
        {
            "email": "zoe@andina.example",
            "name": "Zoe Zapata",
            "role": "rep",
            "team": "Company/West/Team 3",
            "manager": "marco@andina.example",
            "employee_number": "E7",
            "hired_on": "2025-03-01",
            "locale": "es_CO",
        },
        {
            "email": "marco@andina.example",
            "name": "Marco Marín",
            "role": "manager",
            "team": "Company/West/Team 3",
        },
    )
    assert counts(run("people", rows)) == (2, 0, 0, 0)
    zoe = the_person("Zoe Zapata")
    assert (zoe.email, zoe.employee_number, zoe.hired_on) == ("zoe@andina.example", "E7", date(2025, 3, 1))
    assert (path_of(zoe), zoe.locale) == ("Andina/West/Team 3", "es_CO")
    assert zoe.manager_id == the_person("Marco Marín").id
    assert db.session.get_one(Team, zoe.team_id).lead_id == zoe.manager_id
    assert counts(run("people", rows)) == (0, 0, 2, 0)


def test_a_bare_name_is_a_team_under_the_company(run, cast):
    run("people", table({"name": "Zoe Zapata", "team": "Support"}))
    assert path_of(the_person("Zoe Zapata")) == "Andina/Support"
    assert the_person("Zoe Zapata").role is Role.REP


def test_a_known_person_is_found_by_e_mail_and_moved_from_today(run, cast):
    row = {"email": cast.ana.email, "name": "Ana Alonso Gil", "team": "Sales/Sur", "manager": "Omar Otero"}
    result = run("people", table(row))
    assert counts(result) == (0, 1, 0, 0)
    ana = the_person("Ana Alonso Gil")
    assert (path_of(ana), ana.manager_id) == ("Andina/Sales/Sur", cast.omar.id)
    spans = db.session.scalars(select(Membership).where(Membership.person_id == ana.id)).all()
    assert len(spans) == 2
    assert counts(run("people", table(row))) == (0, 0, 1, 0)


def test_namesakes_are_told_apart_by_their_team(run):
    rows = table({"name": "Jo Ito", "team": "East"}, {"name": "Jo Ito", "team": "West"})
    assert counts(run("people", rows)) == (2, 0, 0, 0)
    assert counts(run("people", rows)) == (0, 0, 2, 0)
    assert why(run("people", table({"name": "Jo Ito", "email": ""}))) == ["ambiguous"]


def test_first_and_last_name_are_joined(run):
    run("people", "First Name,Last Name,Work Email\nZoe,Zapata,zoe@andina.example\n")
    assert the_person("Zoe Zapata").email == "zoe@andina.example"


def test_who_left_is_out_at_once(run, cast, as_ana):
    row = {"email": cast.ana.email, "name": "Ana Alonso", "left_on": "2026-01-31"}
    assert counts(run("people", table(row))) == (0, 1, 0, 0)
    assert not the_person("Ana Alonso").is_active
    assert db.session.scalar(select(SignInSession.revoked_at).where(SignInSession.person_id == cast.ana.id))


def test_an_empty_cell_leaves_what_is_known(run, cast):
    row = {
        "email": cast.ana.email,
        "name": "Ana Alonso",
        "role": "",
        "hired_on": "",
        "team": "",
        "manager": "",
    }
    assert counts(run("people", table(row))) == (0, 0, 1, 0)


def test_people_that_make_no_sense_are_rejected(run, cast):
    rows = table(
        {"name": "", "email": "a@b.example"},
        {"name": "A", "email": "nonsense"},
        {"name": "B", "role": "wizard"},
        {"name": "C", "manager": "C"},
        {"name": "D", "hired_on": "2026-02-01", "left_on": "2026-01-01"},
        {"name": "E", "email": cast.ana.email, "employee_number": "N1"},
        {"name": "F", "email": cast.ana.email},
    )
    result = run("people", rows)
    assert set(why(result)) == {
        "required",
        "not_an_email",
        "not_a_choice",
        "manager_loop",
        "left_before_hired",
        "twice_in_file",
    }


def test_the_last_administrator_stays_one(run, cast):
    result = run("people", table({"email": cast.alba.email, "name": "Alba Admin", "role": "rep"}))
    assert (counts(result), why(result)) == ((0, 0, 0, 1), ["refused"])
    assert the_person("Alba Admin").role is Role.ADMIN


def test_a_crm_list_meets_an_hr_list(run):
    run("people", table({"name": "Zoe Zapata", "manager": "Marco Marín", "region": "West"}))
    hr = {"name": "Zoe Zapata", "email": "zoe@andina.example", "employee_number": "E7"}
    assert counts(run("people", table(hr))) == (0, 1, 0, 0)
    assert path_of(the_person("Zoe Zapata")) == "Andina/West/Marco Marín"
