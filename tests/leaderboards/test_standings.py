"""The standings page: who is where, named or not, and how far one may look."""

from datetime import timedelta

import pytest

from app.core import clock
from app.extensions import db
from app.goals.fiscal import span_of
from tests.factories import make_person, make_team
from tests.goals.factories import make_goal, make_period
from tests.leaderboards.factories import make_crowd, names, own_place, places
from tests.sales.factories import make_sale

PERIOD = span_of("quarter", clock.today())
BOARD = f"/standings?metric=revenue&period={PERIOD.key}"


def test_the_best_leads_and_equal_values_share_a_rank(as_ana, cast):
    make_sale(cast.ana, 100_00)
    make_sale(cast.bea, 300_00)
    make_sale(cast.luis, 300_00)
    page = as_ana.get(BOARD)
    assert places(page) == [("1", "Bea Blanco"), ("1", "Luis Lago"), ("3", "Ana Alonso")]
    assert own_place(page) == "3"


def test_a_portal_without_results_says_so_and_offers_the_running_quarter(as_ana):
    page = as_ana.get("/standings")
    assert "No results yet" in page.text
    assert page.form_data("main form.filters")["period"] == PERIOD.key


def test_without_a_period_the_latest_one_with_results_is_shown(as_ana, cast):
    day = clock.today().replace(year=clock.today().year - 3, month=5, day=4)
    make_sale(cast.ana, closed_on=day)
    make_period(kind="quarter", day=day)
    page = as_ana.get("/standings")
    assert page.form_data("main form.filters")["period"] == f"{day.year}-Q2"
    assert names(page) == ["Ana Alonso"]


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("metric=gold", "no such metric"),
        ("period=2026-Q7", "no such period"),
        ("team=999999", "no such team"),
        ("team=x", "no such team"),
        ("team_name=Nowhere", "no such team"),
    ],
)
def test_what_is_unknown_gives_a_default_and_a_hint(as_ana, cast, asked, hint):
    make_sale(cast.ana)
    page = as_ana.get(f"/standings?{asked}")
    assert hint in page.text_of(".notice")
    assert names(page) == ["Ana Alonso"]


@pytest.mark.parametrize(
    "asked", ["mode=zzz", "of=cats", "top=-4", "top=99999", "page=0", "level=77&of=teams"]
)
def test_nonsense_in_the_address_breaks_nothing(as_ana, cast, asked):
    make_sale(cast.ana)
    assert as_ana.get(f"/standings?{asked}").status == 200


def test_who_opted_out_is_counted_but_not_named_to_colleagues(as_ana, as_luis, as_marta, cast):
    cast.bea.is_hidden = True
    db.session.commit()
    make_sale(cast.bea, 500_00)
    make_sale(cast.ana, 100_00)
    page = as_luis.get(BOARD)
    assert places(page)[0] == ("1", "Name not shown")
    assert "Bea" not in page.html
    assert f"person-{cast.bea.id}" not in page.html
    assert names(as_marta.get(BOARD))[0] == "Bea Blanco", "those in whose scope they are see them"


def test_who_opted_out_sees_themselves(as_person, cast):
    cast.ana.is_hidden = True
    db.session.commit()
    make_sale(cast.ana)
    assert "Ana Alonso (you)" in as_person(cast.ana).get(BOARD).text


def test_a_rep_sees_the_top_a_fold_and_three_on_each_side(as_person, cast):
    crowd = make_crowd(40)  # the first sold most
    page = as_person(crowd[29]).get(BOARD)
    assert names(page) == [p.name for p in (*crowd[:10], *crowd[26:33])]
    assert "16 more" in page.text_of(".fold")
    assert own_place(page) == "30"


def test_the_last_places_are_nobodys_business(as_person, cast):
    crowd = make_crowd(12)
    page = as_person(crowd[0]).get(BOARD + "&top=50")
    assert names(page) == [p.name for p in crowd[:8]], "the better half, of 15"


def test_nobody_without_a_result_is_in_the_top(as_ana, cast):
    make_sale(cast.bea)
    assert names(as_ana.get(f"{BOARD}&team={cast.sur.id}")) == []
    assert "Bea Blanco" in names(as_ana.get(BOARD))
    assert "Luis Lago" not in names(as_person_of_hr(as_ana))


def as_person_of_hr(client):
    return client.get(BOARD)


def test_a_manager_lists_their_own_people_with_their_ranks(as_marta, as_ana, cast):
    make_crowd(5)
    make_sale(cast.ana, 1)
    page = as_marta.get(BOARD + "&show=mine")
    assert [name for _, name in places(page)][:2] == ["Ana Alonso", "Bea Blanco"]
    assert "Luis Lago" not in names(page)
    assert "Your people" not in as_ana.get(BOARD).text
    assert names(as_ana.get(BOARD + "&show=mine")) == names(as_ana.get(BOARD))


def test_executives_find_anybody_and_reps_do_not(as_ximena, as_ana, cast):
    crowd = make_crowd(30)
    crowd[25].name = "Ángela Núñez"
    db.session.commit()
    assert names(as_ximena.get(BOARD + "&q=angela nu")) == ["Ángela Núñez"]
    assert "Nobody on this board" in as_ximena.get(BOARD + "&q=zzz").text
    assert "Ángela" not in as_ana.get(BOARD + "&q=angela").html


def test_a_teams_board_holds_who_is_in_it(as_ana, cast):
    make_sale(cast.ana)
    make_sale(cast.luis)
    assert names(as_ana.get(f"{BOARD}&team={cast.sur.id}")) == ["Luis Lago"]
    assert set(names(as_ana.get(f"{BOARD}&team={cast.sales.id}"))) == {"Ana Alonso", "Luis Lago"}


@pytest.fixture
def very_many_teams(cast):
    for number in range(120):
        make_team(f"Taller {number}", cast.sales)
    make_team("Valle", cast.norte)
    return make_team("Valle", cast.sur)


def test_of_very_many_teams_one_is_found_by_its_name(as_ana, cast, very_many_teams):
    make_sale(cast.ana)
    make_sale(cast.luis)
    assert "Taller 7" not in as_ana.get(BOARD).text
    page = as_ana.get(f"{BOARD}&team_name=SUR")
    assert names(page) == ["Luis Lago"]
    assert page.form_data("main form.filters")["team_name"] == "Sur"


def test_teams_of_one_name_are_told_apart_by_those_above(as_ana, cast, very_many_teams):
    make_sale(make_person("Vera", team=very_many_teams))
    assert "Several teams" in as_ana.get(f"{BOARD}&team_name=Valle").text_of(".notice")
    page = as_ana.get(f"{BOARD}&team_name=Sur / Valle")
    assert names(page) == ["Vera"]
    assert page.form_data("main form.filters")["team_name"].endswith("Sur / Valle")


def test_names_of_teams_are_proposed_while_one_is_typed(as_ana, very_many_teams):
    def proposed(typed: str) -> list[str]:
        return [
            option["value"] for option in as_ana.hx_get(f"/standings/teams?team_name={typed}").all("option")
        ]

    assert proposed("tállER 11") == ["Taller 11", *(f"Taller 11{number}" for number in range(10))]
    assert len(proposed("taller")) == 20
    assert len(proposed("valle")) == 2


def test_who_sold_is_on_the_board_whatever_their_role(as_ana, cast):
    make_sale(cast.marta, 900_00)
    assert names(as_ana.get(BOARD))[0] == "Marta Manrique"


def test_who_left_in_the_period_stays_on_its_board(as_ana, cast):
    make_sale(cast.nora, 900_00, by=cast.marta)
    assert names(as_ana.get(BOARD))[0] == "Nora Núñez"


def test_teams_are_ranked_by_their_totals_and_ones_own_stands_out(as_ana, cast):
    make_sale(cast.ana, 100_00)
    make_sale(cast.luis, 300_00)
    page = as_ana.get(BOARD + "&of=teams")
    assert places(page) == [("1", "Sur"), ("2", "Norte")]
    assert "Norte (your team)" in page.text_of(".is-own th")


def test_by_share_of_ones_own_goal(as_ana, cast):
    make_goal(cast.ana, 100_00, period=PERIOD.key)
    make_goal(cast.bea, 1000_00, period=PERIOD.key)
    make_sale(cast.ana, 90_00)
    make_sale(cast.bea, 500_00)
    make_sale(cast.luis, 800_00)
    page = as_ana.get(BOARD + "&mode=attainment")
    assert places(page) == [("1", "Ana Alonso"), ("2", "Bea Blanco")]
    assert page.text_of(".is-own .standings__value") == "90%"


def test_by_improvement_on_the_period_before(as_ana, cast):
    before = span_of("quarter", PERIOD.starts_on.replace(day=1) - timedelta(days=1))
    make_period(before.key)
    make_sale(cast.ana, 100_00, closed_on=before.starts_on)
    make_sale(cast.bea, 500_00, closed_on=before.starts_on)
    make_sale(cast.ana, 400_00)
    make_sale(cast.bea, 600_00)
    page = as_ana.get(BOARD + "&mode=improved")
    assert names(page)[:2] == ["Ana Alonso", "Bea Blanco"]
    assert page.text_of(".is-own .standings__value") == "+$300"


def test_against_ones_own_best(as_ana, cast):
    before = span_of("quarter", PERIOD.starts_on - timedelta(days=1))
    make_period(before.key)
    make_sale(cast.ana, 100_00, closed_on=before.starts_on)
    make_sale(cast.bea, 1000_00, closed_on=before.starts_on)
    make_sale(cast.ana, 150_00)
    make_sale(cast.bea, 1200_00)
    page = as_ana.get(BOARD + "&mode=best")
    assert names(page)[:2] == ["Ana Alonso", "Bea Blanco"]
    assert page.text_of(".is-own .standings__value") == "150%"


def test_a_ratio_needs_its_cases_to_be_ranked(as_ana, cast):
    make_sale(cast.ana)
    page = as_ana.get(f"/standings?metric=win_rate&period={PERIOD.key}")
    assert "Ana Alonso" not in names(page)
    assert "You are ranked from" in page.text


def test_ones_own_history_has_figures_places_and_the_best(as_ana, cast):
    for months, amount in ((3, 200_00), (6, 900_00)):
        day = span_of("quarter", PERIOD.starts_on - timedelta(days=30 * (months - 2))).starts_on
        make_period(kind="quarter", day=day)
        make_sale(cast.ana, amount, closed_on=day)
        make_sale(cast.bea, 500_00, closed_on=day)
    page = as_ana.hx_get(f"/standings/history?metric=revenue&period={PERIOD.key}")
    rows = [" ".join(row.get_text(" ").split()) for row in page.all("tbody tr")]
    assert [row.split("$")[1] for row in rows] == ["200 2 of 4", "900 1 of 4"]
    assert page.one("tbody tr:nth-child(2) [aria-label='Your best']")
    assert as_ana.get(f"/standings/history?metric=revenue&period={PERIOD.key}").status == 200


def test_the_page_keeps_itself_up_to_date(as_ana, cast):
    make_sale(cast.ana)
    part = as_ana.get(BOARD).one("#board")["hx-get"]
    first = as_ana.hx_get(part)
    tag = first.headers["HX-PTag"]
    assert as_ana.hx_get(part, headers={"HX-PTag": tag}).status == 304
    make_sale(cast.bea, 900_00)
    fresh = as_ana.hx_get(part, headers={"HX-PTag": tag})
    assert (fresh.status, names(fresh)) == (200, ["Bea Blanco", "Ana Alonso"])


def test_in_spanish(as_person, cast):
    make_sale(cast.ana, 1234_50)
    page = as_person(cast.ana, "es-ES").get(BOARD)
    assert page.text_of("h1") == "Clasificación"
    assert "Tu puesto" in page.text


def test_a_new_person_without_a_team_has_a_page(as_person, cast):
    assert as_person(make_person("Zoe")).get("/standings").status == 200
