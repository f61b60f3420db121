"""One page a role: what each came for is there, in their language, and costs what it shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from app.core import clock
from app.core.changes import changes
from app.extensions import db
from app.goals.models import GoalStatus
from tests.diagnosis.factories import closed_period, make_case
from tests.factories import today
from tests.goals.factories import make_goal, make_period, the_metric
from tests.sales.factories import make_product, make_sale, make_step_rule


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def quarter(cast):
    return make_period(kind="quarter")


def goal(subject, quarter, target=1_000_00, key="revenue", **values):
    return make_goal(subject, target, period=quarter, metric=the_metric(key), **values)


def test_a_rep_sees_goals_place_and_what_is_next(as_ana, cast, quarter) -> None:
    goal(cast.ana, quarter, 1_000_00)
    make_sale(cast.ana, 400_00)
    make_sale(cast.luis, 900_00)
    page = as_ana.get("/")
    assert "Hello, Ana" in page.text_of("h1")
    assert "40%" in page.text_of("#home-goals")
    assert "You are number 2" in page.text_of("#home-standing")
    assert "Luis Lago" in page.text_of("#home-standing")
    assert "Nothing waits for you" in page.text_of("#home-goals")
    assert "2 sales" in page.text_of("#home-standing")


def test_a_rep_reads_how_their_place_has_changed(as_ana, cast, monkeypatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 20))
    goal(cast.ana, make_period("2026-Q4"), 1_000_00)
    make_sale(cast.luis, 500_00, closed_on=date(2026, 11, 2))
    make_sale(cast.bea, 400_00, closed_on=date(2026, 11, 2))
    make_sale(cast.ana, 300_00, closed_on=date(2026, 11, 3))
    assert "same place as last week" in as_ana.get("/").text_of("#home-standing")
    make_sale(cast.ana, 250_00, closed_on=date(2026, 11, 19))
    page = as_ana.get("/")
    assert "You are number 1" in page.text_of("#home-standing")
    assert "up 2 since last week" in page.text_of("#home-standing")


def test_the_bars_move_with_a_sale_without_loading_the_page(as_ana, cast, quarter) -> None:
    goal(cast.ana, quarter, 1_000_00)
    before = as_ana.hx_get("/home/goals")
    assert as_ana.hx_get("/home/goals", headers={"HX-PTag": before.headers["HX-PTag"]}).status == 304
    make_sale(cast.ana, 250_00)
    after = as_ana.hx_get("/home/goals", headers={"HX-PTag": before.headers["HX-PTag"]})
    assert after.status == 200
    assert "25%" in after.text_of("#home-goals")


def test_a_goal_that_waits_for_an_answer_is_the_next_thing(as_ana, cast, quarter) -> None:
    mine = goal(cast.ana, quarter, status=GoalStatus.PROPOSED)
    page = as_ana.get("/")
    assert "Your goal waits for your answer" in page.text
    assert page.all(f"a[href='/goals/{mine.id}']")


def test_an_open_sale_is_the_next_thing_when_nothing_else_is(as_ana, cast) -> None:
    sale = make_sale(cast.ana, stage="open", closed_on=None)
    page = as_ana.get("/")
    assert "Your oldest open sale" in page.text
    assert page.all(f"a[href='/sales/{sale.id}']")


def test_of_missed_goals_not_read_the_latest_is_the_next_thing(as_ana, cast) -> None:
    for key in ("2026-Q2", "2026-Q3", "2026-Q1"):
        make_case(cast.ana, period=closed_period(key))
    for key in ("2026-Q3", "2026-Q2", "2026-Q1"):
        page = as_ana.get("/")
        assert f"Revenue, {key[5:]} 2026" in page.text_of("#home-goals")
        as_ana.get(str(page.one("a[href^='/cases/']")["href"]))
    assert "Nothing waits for you" in as_ana.get("/").text_of("#home-goals")


def test_who_hides_from_boards_is_not_named_among_todays_wins(as_ana, cast) -> None:
    cast.luis.is_hidden = True
    db.session.commit()
    make_sale(cast.luis, 900_00)
    page = as_ana.get("/")
    assert "Luis" not in page.text
    assert "A colleague" in page.text


def test_a_manager_sees_who_is_furthest_behind_first(as_marta, cast, quarter) -> None:
    goal(cast.ana, quarter, 1_000_00)
    goal(cast.bea, quarter, 1_000_00)
    make_sale(cast.ana, 990_00)
    page = as_marta.get("/")
    names = [tag.get_text() for tag in page.all("#home-team .team-row a")]
    assert names.index("Bea Blanco") < names.index("Ana Alonso")
    assert "Luis" not in page.text


def test_a_manager_sees_what_waits(as_marta, cast, quarter) -> None:
    goal(cast.bea, quarter, status=GoalStatus.PROPOSED)
    make_step_rule("deliver", cast.logistics, days=3)
    make_sale(cast.ana, closed_on=today() - timedelta(days=10))
    waiting = as_marta.get("/").text_of("#home-news")
    assert "1 goal without an answer" in waiting
    assert "1 order is late" in waiting


def test_a_manager_sees_what_was_won_today_by_their_people(as_marta, cast, quarter) -> None:
    make_sale(cast.ana, 300_00, product=make_product("Rope"))
    make_sale(cast.luis, 700_00)  # another team's
    make_sale(cast.bea, 100_00, closed_on=today() - timedelta(days=1))
    news = as_marta.get("/").text_of("#home-news")
    assert "1 sale · $300" in news
    assert "Ana Alonso Rope" in news
    assert "Luis" not in news


def test_an_executive_reads_the_way_from_order_to_follow_up(as_ximena, cast, monkeypatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 20))
    make_period("2026-Q4")
    goal(cast.sales, make_period("2026-Q4"), 1_000_00)
    won, day = date(2026, 10, 5), date(2026, 10, 20)
    kept = {"promised_on": day, "followed_up_on": day + timedelta(days=5), "satisfaction": 5}
    make_sale(cast.ana, closed_on=won, delivered_on=day, **kept)
    make_sale(cast.bea, closed_on=won, promised_on=day, delivered_on=day + timedelta(days=1), satisfaction=4)
    make_sale(cast.luis, closed_on=won)
    page = as_ximena.get("/")
    company = page.text_of("#home-company")
    for said in ("Deals won 3", "On-time delivery 50%", "Follow-up rate 50%", "Customer satisfaction 4.5"):
        assert said in company
    assert "Departments, by distance from pace" in company
    link = page.one("#home-company a[href*=on_time_delivery]")
    assert len(as_ximena.get(link["href"]).all("main tbody tr")) == 2, "from the figure to its records"


def test_an_executive_sees_the_company_and_the_process(as_ximena, cast, quarter) -> None:
    goal(cast.root, quarter, 2_000_00)
    goal(cast.norte, quarter, 1_000_00)
    make_sale(cast.ana, 500_00, closed_on=today())
    page = as_ximena.get("/")
    assert "25%" in page.text_of("#home-company")
    assert "Norte" in page.text_of("#home-company")
    assert "Deals won" in page.text_of("#home-company")


def test_an_administrator_is_led_to_what_is_left(as_alba, cast) -> None:
    page = as_alba.get("/")
    assert len(page.all(".checklist li")) == 6
    assert page.one(".checklist li.is-next a")["href"] == "/imports"
    assert page.all(".checklist a[href='/admin/company']")
    assert as_alba.get("/admin/company").status == 200


def test_a_department_lead_sees_what_waits_for_the_department(as_eva, cast) -> None:
    make_step_rule("deliver", cast.logistics, days=3)
    sale = make_sale(cast.ana, closed_on=today() - timedelta(days=10))
    page = as_eva.get("/")
    assert page.all(f"a[href='/sales/{sale.id}']")
    assert "7 days late" in page.text


def test_hr_sees_who_has_nobody_to_turn_to(as_hilda, cast) -> None:
    cast.luis.manager_id = None
    db.session.commit()
    assert "Luis Lago" in as_hilda.get("/").text


@pytest.mark.parametrize("who", ["ana", "marta", "ximena", "alba", "eva", "hilda"])
def test_every_home_page_speaks_spanish_and_stands_empty(as_person, cast, who: str) -> None:
    page = as_person(getattr(cast, who), "es-MX").get("/")
    assert "Hola" in page.text_of("h1")
    assert "Hello" not in page.text


def test_a_reps_home_asks_eight_questions_at_most(as_ana, cast, quarter, monkeypatch) -> None:
    for key in ("revenue", "deals_won", "meetings"):
        goal(cast.ana, quarter, 1_000, key)
    make_sale(cast.ana, 400_00)
    make_sale(cast.luis, 900_00)
    monkeypatch.setattr(changes, "is_live", True)
    as_ana.get("/")  # the process has heard of the board, the company and the session
    with counted_queries() as statements:
        assert as_ana.get("/").status == 200
    assert len(statements) <= 8, "\n\n".join(statements)
