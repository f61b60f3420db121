"""The pages about people and teams, without JavaScript and with htmx."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.extensions import db
from app.people import operations
from app.people.models import DayOff, Membership, Person, Team
from tests import factories


def names(page) -> list[str]:
    return [tag.get_text(strip=True).split()[0] for tag in page.all("#directory .person__name a")]


def test_everybody_finds_colleagues_by_name_without_minding_accents(cast, as_luis):
    factories.make_person("Zoe Núñez", team=cast.norte)
    assert names(as_luis.get("/people?q=NUNEZ")) == ["Zoe"]
    assert names(as_luis.get("/people?q=%25")) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("role=manager", ["Marta", "Omar"]),
        ("role=nonsense&state=nonsense", 9),
        ("team={sales}", ["Ana", "Bea", "Luis", "Marta", "Omar"]),
        ("team={norte}&role=rep", ["Ana", "Bea"]),
        ("manager={marta}", ["Ana", "Bea"]),
        ("state=left", ["Nora"]),
        ("state=not_invited", 9),
        ("q=omar.", ["Omar"]),
    ],
)
def test_an_administrator_filters_by_team_role_and_state(cast, as_alba, query, found):
    url = "/people?" + query.format(sales=cast.sales.id, norte=cast.norte.id, marta=cast.marta.id)
    shown = names(as_alba.get(url))
    assert len(shown) == found if isinstance(found, int) else shown == found


def test_colleagues_see_no_emails_and_nobody_who_left(cast, as_luis):
    page = as_luis.get(f"/people/{cast.ana.id}")
    assert "Norte" in page.text
    assert cast.ana.email not in page.html
    assert "Days off" not in page.text
    assert names(as_luis.get("/people?state=left")) == []
    assert names(as_luis.get(f"/people?q={cast.ana.email.split('@')[0]}")) == []


def test_a_manager_sees_the_history_of_their_people(cast, as_marta, as_omar):
    assert "Managed by Marta Manrique" in as_marta.get(f"/people/{cast.nora.id}").text
    assert names(as_marta.get("/people?state=left")) == ["Nora"]
    assert as_omar.get(f"/people/{cast.nora.id}").status == 404


def test_the_directory_comes_in_pages(cast, as_luis):
    for number in range(55):
        factories.make_person(f"Zoe{number:02}", team=cast.sur)
    first = as_luis.get("/people?q=zoe")
    assert len(names(first)) == 50
    following = next(str(link["href"]) for link in first.all("a[rel=next]"))
    assert len(names(as_luis.get(following))) == 5


def test_adding_a_person_twice_with_one_form_adds_one(cast, as_alba):
    form = as_alba.get("/people/new").form_data("#form-new")
    answers = {"name": "  Iker   Ibáñez ", "email": " iker@andina.example ", "team": cast.norte.id}
    answers |= {"manager": cast.marta.id, "hired_on": "2026-01-07"}
    first, second = (as_alba.post("/people", form | answers) for _ in range(2))
    assert first.location == second.location
    person = db.session.scalars(select(Person).where(Person.email == "iker@andina.example")).one()
    assert (person.name, person.team_id, person.manager_id) == ("Iker Ibáñez", cast.norte.id, cast.marta.id)
    since = db.session.scalar(select(Membership.starts_on).where(Membership.person_id == person.id))
    assert since == date(2026, 1, 7)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"name": " "}, "This field is required."),
        ({"email": "not an address"}, "Write an address like ana@company.com."),
        ({"email": "{ana}"}, "Ana Alonso has this already."),
        ({"email": "{nora}"}, "Nora Núñez, who left, has this already. Bring them back instead."),
    ],
)
def test_a_refused_person_says_why_beside_the_field(cast, as_alba, answers, message):
    form = as_alba.get("/people/new").form_data("#form-new") | {"name": "Iker"}
    filled = {k: v.format(ana=cast.ana.email.upper(), nora=cast.nora.email) for k, v in answers.items()}
    page = as_alba.hx_post("/people", form | filled)
    assert page.status == 422
    assert page.text_of(".field__error") == message


def test_a_move_takes_effect_on_its_day_and_shows_in_the_history(cast, as_alba):
    url = f"/people/{cast.ana.id}/placement"
    form = as_alba.get(url).form_data("#form-placement")
    assert form["team"] == str(cast.norte.id)
    answer = as_alba.post(url, form | {"team": cast.sur.id, "manager": cast.omar.id, "on": "2025-03-01"})
    text = as_alba.follow(answer).text
    assert "In Norte Jan 1, 2024 to Feb 28, 2025" in text
    assert "In Sur Since Mar 1, 2025" in text
    assert "Managed by Omar Otero Since Mar 1, 2025" in text


def test_a_circle_of_managers_is_refused_in_the_form(cast, as_alba):
    url = f"/people/{cast.marta.id}/placement"
    operations.set_manager(cast.omar, cast.marta, clock.today(), by_id=None)
    form = as_alba.get(url).form_data("#form-placement")
    page = as_alba.hx_post(url, form | {"manager": cast.omar.id})
    assert (page.status, page.text_of(".field__error")) == (
        422,
        "Omar Otero already reports to Marta Manrique.",
    )


def test_the_last_administrator_can_neither_leave_nor_be_demoted(cast, as_alba):
    url = f"/people/{cast.alba.id}"
    form = as_alba.get(f"{url}/edit").form_data("#form-edit")
    for change in ({"role": "rep"}, {"email": ""}):
        page = as_alba.hx_post(url, form | change)
        assert page.status == 422
        assert "Somebody must administer the portal" in page.text
    page = as_alba.hx_post(f"{url}/departure", {"on": clock.today().isoformat()})
    assert page.status == 422
    assert db.session.get(Person, cast.alba.id).role == "admin"


def test_the_people_of_who_left_are_shown_as_needing_a_manager(cast, as_alba):
    url = f"/people/{cast.marta.id}/departure"
    as_alba.post(url, {"on": clock.today().isoformat()})
    assert "2 people need a new manager" in as_alba.get("/people").text
    assert names(as_alba.get("/people?state=needs_manager")) == ["Ana", "Bea"]
    assert "their people need a new manager" in as_alba.get("/people/reporting").text
    assert "a new manager is needed" in as_alba.get(f"/people/{cast.ana.id}").text


def test_who_comes_back_is_invited_anew(cast, as_alba):
    url = f"/people/{cast.nora.id}/return"
    form = as_alba.get(url).form_data("#form-return")
    page = as_alba.hx_post(url, form | {"on": clock.today().isoformat()})
    assert page.status == 422, "the day of leaving is not yet a day back"
    tomorrow = clock.today() + timedelta(days=1)
    answer = as_alba.post(url, form | {"on": tomorrow.isoformat()})
    assert "Not invited yet" in as_alba.follow(answer).text
    assert as_alba.get(url).status == 404


def test_days_off_are_entered_by_the_manager_and_not_by_oneself(cast, as_marta, as_ana):
    url = f"/people/{cast.ana.id}/days-off"
    page = as_marta.hx_post(url, {"starts_on": "2026-12-24", "ends_on": "2027-01-02", "reason": "Holidays"})
    assert "Dec 24, 2026 to Jan 2, 2027" in page.text_of("#days-off")
    assert as_marta.hx_post(url, {"starts_on": "2026-12-24", "ends_on": "2026-12-01"}).status == 422
    assert as_marta.post(url, {"starts_on": "not a day"}).status == 422
    assert as_marta.post(url, {"starts_on": "2026-11-02"}).location == f"/people/{cast.ana.id}#days-off"
    assert as_ana.post(url, {"starts_on": "2026-11-03"}).status == 404
    shown = as_ana.get(f"/people/{cast.ana.id}")
    assert "Nov 2, 2026" in shown.text
    assert not shown.all("#days-off form")
    off = db.session.scalars(select(DayOff).order_by(DayOff.id)).first()
    assert "Dec 24" not in as_marta.hx_post(f"{url}/{off.id}/removal").text


def test_the_tree_of_teams_can_be_built_and_pruned(cast, as_alba):
    form = as_alba.get(f"/teams/new?parent={cast.sales.id}").form_data("#form-team")
    assert form["parent"] == str(cast.sales.id)
    answers = form | {"name": "Oeste", "lead": cast.marta.id}
    first, second = (as_alba.post("/teams", answers) for _ in range(2))
    assert first.location == second.location
    team = db.session.scalars(select(Team).where(Team.name == "Oeste")).one()
    assert (team.parent_id, team.lead_id) == (cast.sales.id, cast.marta.id)
    edit = as_alba.get(f"/teams/{team.id}/edit").form_data("#form-team")
    as_alba.post(f"/teams/{team.id}", edit | {"name": "West", "parent": cast.root.id, "kind": "department"})
    assert "West" in as_alba.get("/teams").text
    assert db.session.get(Team, team.id).path == [cast.root.id, team.id]
    gone = as_alba.follow(as_alba.post(f"/teams/{team.id}/archival"))
    assert gone.one(f"form[action='/teams/{team.id}/restoration']"), "with an undo"
    assert not as_alba.get("/teams").all(f"#team-{team.id}")
    as_alba.post(f"/teams/{team.id}/restoration")
    assert as_alba.get("/teams").one(f"#team-{team.id}")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "sur"}, "Sales already has a team of this name."),
        ({"name": "A/B"}, "A name has no slash: it separates teams in import files."),
    ],
)
def test_a_refused_team_says_why(cast, as_alba, change, message):
    form = as_alba.get(f"/teams/{cast.norte.id}/edit").form_data("#form-team")
    page = as_alba.hx_post(f"/teams/{cast.norte.id}", form | change)
    assert (page.status, page.text_of(".field__error")) == (422, message)
    assert page.one("#form-team")["action"] == f"/teams/{cast.norte.id}"
    new = as_alba.get(f"/teams/new?parent={cast.sales.id}").form_data("#form-team")
    page = as_alba.hx_post("/teams", new | change)
    assert (page.status, page.text_of(".field__error"), page.text_of("button")) == (422, message, "Create")
    assert page.one("#form-team")["action"] == "/teams"


def test_a_team_with_people_is_not_archived(cast, as_alba):
    page = as_alba.follow(as_alba.post(f"/teams/{cast.norte.id}/archival"))
    assert "Move them to another team first" in page.text


def test_the_company_itself_can_be_led_but_not_moved(cast, as_alba):
    form = as_alba.get(f"/teams/{cast.root.id}/edit").form_data("#form-team")
    assert "parent" not in form
    as_alba.post(f"/teams/{cast.root.id}", form | {"lead": cast.ximena.id})
    assert db.session.get(Team, cast.root.id).lead_id == cast.ximena.id


def test_a_page_of_people_costs_the_same_for_two_and_for_fifty(cast, as_alba, count_queries):
    with count_queries() as few:
        as_alba.get("/people?q=ana")
    for number in range(50):
        factories.make_person(f"Zoe{number:02}", team=cast.sur, manager=cast.omar)
    with count_queries() as many:
        as_alba.get("/people?q=zoe")
    assert many.number == few.number
    assert db.session.scalar(select(func.count()).select_from(Person)) == 60


@pytest.mark.parametrize(
    "url", ["/people", "/teams", "/people/reporting", "/people/new", "/people/invitations"]
)
def test_the_pages_speak_spanish(cast, as_person, url):
    page = as_person(cast.alba, "es-MX").get(url)
    assert page.one("html")["lang"] == "es"
    for english in ("People", "Team and", "manager", "Invite", "Reporting", "Search"):
        assert english not in page.text_of("main")
