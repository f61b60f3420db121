"""Why a goal was missed, as the person, their manager and others read it."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from app.core import clock
from app.diagnosis import settling
from app.diagnosis.models import CaseStatus
from app.extensions import db
from tests.client import Client
from tests.diagnosis.factories import (
    amounts,
    chance,
    closed_period,
    found,
    make_case,
    the_review,
    with_evidence,
)
from tests.sales.factories import make_sale


@pytest.fixture
def case(cast: SimpleNamespace):
    return make_case(cast.ana, [with_evidence(found(), cast.ana), chance()])


def test_the_person_reads_why_in_plain_words(as_ana: Client, case) -> None:
    page = as_ana.get(f"/cases/{case.id}")
    assert "More deals were lost over delivery" in page.text
    assert "$5,000 of the shortfall (83%)" in page.text
    assert "Likely" in page.text
    assert "Within ordinary variation" in page.text
    assert "It is no judgement of anybody" in page.text


def test_every_finding_shows_its_figures_a_chart_and_the_records(as_ana: Client, case) -> None:
    page = as_ana.get(f"/cases/{case.id}")
    assert "Lost for this reason, of those decided rose from 8.0% to 31%" in page.text
    assert "Others: 7.0% before, 29% now" in page.text
    assert "Deliveries that were late 11% 42% 12% 40%" in page.text
    assert page.all("a[href*='/records/0']")


def test_two_taps_lead_to_the_sales_behind_a_finding(as_ana: Client, cast: SimpleNamespace) -> None:
    lost = make_sale(cast.ana, None, date(2026, 8, 3), "lost", lost_reason="delivery", customer="Refugio Sol")
    make_sale(cast.ana, None, date(2026, 3, 3), "lost", customer="Before the period")
    case = make_case(cast.ana, [with_evidence(found(), cast.ana), chance()])
    page = as_ana.get(f"/cases/{case.id}")
    page = as_ana.get(str(page.one("a[href*='/records/0']")["href"]))
    assert "Refugio Sol" in page.text
    assert "Before the period" not in page.text
    assert page.all(f"a[href='/sales/{lost.id}']")


def test_others_sales_behind_a_finding_are_counted_and_not_listed(
    as_ana: Client, as_marta: Client, cast: SimpleNamespace
) -> None:
    everybodys = {
        "of": "sales",
        "by": "closed_on",
        "first": "2026-07-01",
        "last": "2026-09-30",
        "conditions": ["lost"],
        "reasons": ["delivery"],
    }
    for rep, customer in ((cast.ana, "Own one"), (cast.bea, "Bea's one"), (cast.luis, "Luis' one")):
        make_sale(rep, None, date(2026, 8, 3), "lost", lost_reason="delivery", customer=customer)
    case = make_case(cast.ana, [found(records=(everybodys,)), chance()])
    url = str(as_ana.get(f"/cases/{case.id}").one("a[href*='/records/0']")["href"])
    page = as_ana.get(url)
    assert page.text_of(".stat__value") == "3"
    assert "Own one" in page.text
    assert "Bea's one" not in page.text
    page = as_marta.get(url)
    assert "Bea's one" in page.text
    assert "Luis' one" not in page.text


def test_a_target_above_history_is_said_so(as_ana: Client, cast: SimpleNamespace) -> None:
    case = make_case(cast.ana, [found("none", 6_000_00, "target")], expected=14_000_00)
    page = as_ana.get(f"/cases/{case.id}")
    assert "The target was set above what history supports" in page.text
    assert "By history $14K was to be expected; the target was $20K" in page.text
    assert "nobody's shortfall" in page.text


def test_the_persons_own_part_is_closed_until_the_departments_have_answered(
    as_marta: Client, as_ana: Client, as_eva: Client, cast: SimpleNamespace
) -> None:
    case = make_case(cast.ana, [found(), found("capability", 3_000_00, "activity")])
    for reader in (as_marta, as_ana):
        page = reader.get(f"/cases/{case.id}")
        assert "Fewer leads were taken up" not in page.text
        assert "The departments are asked first" in page.text
        assert "Delivery and production, Q3 2026" in page.text
        assert "Not looked at yet" in page.text
    review = the_review()
    as_eva.post(f"/reviews/{review.id}/confirmation", {"version": 1, "text": "A carrier went bankrupt."})
    page = as_marta.get(f"/cases/{case.id}")
    assert "Fewer leads were taken up than by peers with as many" in page.text
    assert "The departments are asked first" not in page.text
    assert "A carrier went bankrupt." in page.text


def test_it_opens_when_the_time_for_an_answer_is_over(as_marta: Client, cast: SimpleNamespace) -> None:
    case = make_case(cast.ana, [found(), found("capability", 3_000_00, "activity")])
    the_review().due_on = clock.today() - timedelta(days=1)
    db.session.commit()
    assert "Fewer leads were taken up" in as_marta.get(f"/cases/{case.id}").text


def test_while_it_is_closed_no_list_names_the_person_as_the_cause(
    as_marta: Client, cast: SimpleNamespace
) -> None:
    make_case(
        cast.ana, [found("capability", 5_000_00, "activity"), found(amount=1_000_00)], main="capability"
    )
    make_case(cast.bea, [found("capability", 5_000_00, "win_rate")], main="capability")
    page = as_marta.get("/cases")
    rows = [" ".join(row.get_text(" ").split()) for row in page.all("tbody tr")]
    ana = next(row for row in rows if row.startswith("Ana") and "Revenue" in row)
    bea = next(row for row in rows if row.startswith("Bea") and "Revenue" in row)
    assert "Departments are asked first" in ana
    assert "Own way of working" in bea


def test_a_manager_sees_the_cases_of_their_people_and_what_explains_them(
    as_marta: Client, as_omar: Client, cast: SimpleNamespace
) -> None:
    make_case(cast.ana)
    make_case(cast.bea, [found("product", 2_000_00), chance(500_00)])
    make_case(cast.luis)
    page = as_marta.get("/cases")
    assert "Ana Alonso" in page.text
    assert "Bea Blanco" in page.text
    assert "Luis Lago" not in page.text
    assert "Delivery and production (1 person)" in page.text
    assert "Ana Alonso" not in as_omar.get("/cases").text


def test_a_teams_case_lists_its_people(as_marta: Client, cast: SimpleNamespace) -> None:
    make_case(cast.ana)
    case = make_case(cast.norte, [found(amount=9_000_00)])
    page = as_marta.get(f"/cases/{case.id}")
    assert page.text_of("h1") == "Revenue, Q3 2026"
    assert "Ana Alonso" in page.text


def test_what_was_looked_for_and_not_found_is_listed(as_ana: Client, cast: SimpleNamespace) -> None:
    case = make_case(
        cast.ana, [found(), found("price", 0, verdict="ruled_out"), found("service", 0, verdict="no_data")]
    )
    page = as_ana.get(f"/cases/{case.id}")
    assert "Looked for and not found" in page.text
    assert "The records were searched for these too." in page.text
    assert "Nothing is recorded by which it could be judged." in page.text


def test_the_change_is_shown_in_parts_that_add_up(as_ana: Client, cast: SimpleNamespace) -> None:
    part = {"shared": "-300000", "own": "-100000", "before": 0.3, "now": 0.2}
    split = {
        "before": "2000000",
        "now": "1400000",
        "parts": [
            {"factor": "win_rate", "change": "-400000", **part},
            {"factor": "leads", "change": "-200000", **part | {"shared": "-200000", "own": "0"}},
        ],
    }
    case = make_case(cast.ana, [chance(6_000_00)], split=split)
    page = as_ana.get(f"/cases/{case.id}")
    assert "Deals won of those decided -$4,000 -$3,000 -$1,000" in page.text


def test_a_case_says_when_the_person_has_read_it(as_marta: Client, as_ana: Client, case) -> None:
    as_marta.get(f"/cases/{case.id}")
    assert case.read_at is None
    as_ana.get(f"/cases/{case.id}")
    assert case.read_at is not None


def test_a_case_nobody_has_anything_to_say_to_is_settled(cast: SimpleNamespace) -> None:
    case = make_case(cast.ana, [chance(6_000_00)])
    settling.settle()
    db.session.refresh(case)
    assert case.status is CaseStatus.OPEN
    case.created_at = clock.now() - timedelta(days=15)
    db.session.commit()
    settling.settle()
    db.session.refresh(case)
    assert case.status is CaseStatus.SETTLED


def test_a_persons_own_part_is_said_in_figures(as_marta: Client, cast: SimpleNamespace) -> None:
    wins = {"code": "wins_expected", "unit": "number", "now": 5.0, "before": None, "peers_now": 26.2}
    wins |= {"peers_before": None, "n_now": 5, "n_before": 0}
    case = make_case(cast.ana, [found("capability", 5_000_00, "win_rate", figures=(wins,))])
    assert "Deals won: 5; 26 were to be expected." in as_marta.get(f"/cases/{case.id}").text


def test_a_team_has_no_peers(as_marta: Client, cast: SimpleNamespace) -> None:
    case = make_case(cast.norte, [found("capability", 5_000_00, "win_rate")])
    text = as_marta.get(f"/cases/{case.id}").text
    assert "Some of its people achieved less" in text
    assert "than by peers" not in text


def test_spanish_is_spoken(as_person, cast: SimpleNamespace, case) -> None:
    page = as_person(cast.ana, "es-ES").get(f"/cases/{case.id}")
    assert "Se perdieron más ventas por la entrega" in page.text
    assert "No juzga a nadie" in page.text


def test_nothing_on_it_speaks_of_ending_employment(as_marta: Client, cast: SimpleNamespace) -> None:
    case = make_case(cast.ana, [found("capability", 5_000_00, "several")])
    text = as_marta.get(f"/cases/{case.id}").text.lower()
    assert not [word for word in ("dismiss", "terminat", "fire", "layoff", "replace ") if word in text]


def test_amounts_are_what_the_findings_say(cast: SimpleNamespace) -> None:
    case = make_case(cast.ana)
    assert amounts(case) == {"delivery": Decimal(500000), "none": Decimal(100000)}


def test_without_any_case_the_page_says_what_will_be_there(as_ana: Client) -> None:
    assert "No missed goals" in as_ana.get("/cases").text


def test_the_period_can_be_chosen(as_marta: Client, cast: SimpleNamespace) -> None:
    make_case(cast.ana)
    make_case(cast.bea, period=closed_period("2026-Q2"))
    assert "Bea Blanco" in as_marta.get("/cases?period=2026-Q2").text
    assert "Ana Alonso" not in as_marta.get("/cases?period=2026-Q2").text
