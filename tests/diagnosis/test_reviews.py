"""Departments answer for causes: confirm, reject with evidence, or act; and are followed."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.audit import AuditEntry
from app.core.permissions import Role
from app.diagnosis import reminding
from app.diagnosis.models import Case, Diagnosis, Review, ReviewFinding, ReviewStatus
from app.extensions import db
from tests.client import Client
from tests.diagnosis.answering import say
from tests.diagnosis.factories import (
    amounts,
    chance,
    closed_period,
    found,
    make_case,
    the_review,
    with_evidence,
)
from tests.factories import make_person, make_team
from tests.jobs import run_jobs
from tests.sales.factories import make_product, make_sale

EVIDENCE = "All 61 orders of the quarter left the warehouse on the promised day: see the carrier's list."


@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    return make_case(cast.ana, [with_evidence(found(), cast.ana), chance()])


def test_one_review_a_cause_product_and_period_however_many_goals_point_to_it(cast: SimpleNamespace) -> None:
    tent = make_product("Tent")
    period = closed_period()
    for rep in (cast.ana, cast.bea, cast.luis):
        make_case(rep, [found(), found("product", 1_000_00, product_id=tent.id), chance()], period=period)
    make_case(cast.ana, [found()], period=closed_period("2026-Q2"))
    rows = db.session.execute(
        select(Review.cause, Review.product_id, func.count(ReviewFinding.finding_id))
        .join(ReviewFinding, ReviewFinding.review_id == Review.id)
        .group_by(Review.id, Review.cause, Review.product_id)
        .order_by(Review.period_id, Review.cause)
    ).all()
    assert sorted((cause.value, product_id, number) for cause, product_id, number in rows) == [
        ("delivery", None, 1),
        ("delivery", None, 3),
        ("product", tent.id, 3),
    ]


def test_the_cause_goes_to_its_department_and_its_lead(
    as_eva: Client, cast: SimpleNamespace, case: Case
) -> None:
    review = the_review()
    assert (review.team_id, review.owner_id) == (cast.logistics.id, cast.eva.id)
    assert "Delivery and production, Q3 2026" in as_eva.get("/reviews").text
    page = as_eva.get(f"/reviews/{review.id}")
    assert "More deals were lost over delivery" in page.text
    assert "Missed goals that point to it 1" in page.text


@pytest.mark.parametrize(
    ("cause", "function"),
    [
        ("product", "production"),
        ("price", "pricing"),
        ("service", "customer_service"),
        ("marketing", "marketing"),
        ("training", "hr"),
    ],
)
def test_every_cause_has_a_department(cause: str, function: str, cast: SimpleNamespace) -> None:
    lead = make_person("Lea Lead", Role.HR if function == "hr" else Role.DEPARTMENT_LEAD)
    team = make_team("Its department", cast.root, kind="department", function=function, lead_id=lead.id)
    make_case(cast.ana, [found(cause)])
    review = the_review(cause)
    assert (review.team_id, review.owner_id) == (team.id, lead.id)


def test_without_the_department_the_executive_answers(as_ximena: Client, cast: SimpleNamespace) -> None:
    make_case(cast.ana, [found("price")])
    review = the_review("price")
    assert (review.team_id, review.owner_id) == (None, cast.ximena.id)
    page = as_ximena.get(f"/reviews/{review.id}")
    assert page.all("form[action$='/confirmation']")


def test_a_department_confirms_and_the_people_read_what_it_says(
    as_eva: Client, as_ana: Client, case: Case
) -> None:
    say(as_eva, the_review(), "confirmation", text="The new carrier lost two weeks.")
    assert the_review().status is ReviewStatus.CONFIRMED
    page = as_ana.get(f"/cases/{case.id}")
    assert "The new carrier lost two weeks." in page.text
    assert "Confirmed" in page.text


def test_a_rejection_needs_evidence(as_eva: Client, case: Case) -> None:
    page = say(as_eva, the_review(), "rejection", text="Not us.")
    assert page.status == 422
    assert "Give your evidence" in page.text
    assert the_review().status is ReviewStatus.OPEN


def test_a_rejection_changes_findings_only_when_a_second_person_agrees(
    as_eva: Client, as_hilda: Client, as_ana: Client, case: Case
) -> None:
    say(as_eva, the_review(), "rejection", text=EVIDENCE)
    assert amounts(case) == {"delivery": Decimal(500000), "none": Decimal(100000)}
    assert "A second person decides on it" in as_ana.get(f"/cases/{case.id}").text
    page = as_hilda.get(f"/reviews/{the_review().id}")
    assert EVIDENCE in page.text
    form = page.form_data("form[action$='/decision']")
    as_hilda.post(f"/reviews/{the_review().id}/rejection/decision", form | {"agrees": "yes"})
    assert amounts(case) == {"none": Decimal(600000)}
    page = as_ana.get(f"/cases/{case.id}")
    assert (
        "$5,000 came here from Delivery and production, which showed that it was not the cause." in page.text
    )
    assert "Version 1" in page.text
    assert "More deals were lost over delivery" in as_ana.get(f"/cases/{case.id}?version=1").text


def test_what_a_department_rejects_never_becomes_the_persons_own(
    as_eva: Client, as_hilda: Client, cast: SimpleNamespace
) -> None:
    case = make_case(
        cast.ana,
        [found(), found("capability", 4_000_00, "win_rate"), found("service", 1_000_00), chance(500_00)],
    )
    say(as_eva, the_review(), "rejection", text=EVIDENCE)
    say(as_hilda, the_review(), "rejection/decision", agrees="yes")
    # service rests on the same figures: it takes the amount up
    assert amounts(case) == {
        "service": Decimal(600000),
        "capability": Decimal(400000),
        "none": Decimal(50000),
    }
    current = db.session.scalars(select(Diagnosis).where(Diagnosis.case_id == case.id, Diagnosis.is_current))
    assert current.one().main_cause.value == "service"


def test_nobody_decides_on_their_own_rejection(as_ximena: Client, cast: SimpleNamespace) -> None:
    make_case(cast.ana, [found("price")])
    review = the_review("price")
    say(as_ximena, review, "rejection", text=EVIDENCE)
    page = as_ximena.get(f"/reviews/{review.id}")
    assert not page.all("form[action$='/decision']")
    answer = as_ximena.post(
        f"/reviews/{review.id}/rejection/decision", {"version": review.version, "agrees": "yes"}
    )
    assert answer.status == 404


def test_a_rejection_can_be_sent_back(as_eva: Client, as_hilda: Client, case: Case) -> None:
    say(as_eva, the_review(), "rejection", text=EVIDENCE)
    say(as_hilda, the_review(), "rejection/decision", agrees="no", text="The list is of May.")
    assert the_review().status is ReviewStatus.OPEN
    assert amounts(case)["delivery"] == Decimal(500000)
    assert "The list is of May." in as_eva.get(f"/reviews/{the_review().id}").text


def test_somebody_elses_change_is_not_written_over(as_eva: Client, as_ximena: Client, case: Case) -> None:
    page = as_eva.get(f"/reviews/{the_review().id}")
    form = page.form_data("form[action$='/confirmation']") | {"text": "Yes."}
    say(as_ximena, the_review(), "confirmation", text="I know of it.")
    page = as_eva.post(f"/reviews/{the_review().id}/confirmation", form)
    assert page.status == 409
    assert "Somebody else has changed this review meanwhile" in page.text


def test_managers_see_the_reviews_that_touch_their_team(
    as_marta: Client, as_omar: Client, case: Case
) -> None:
    review = the_review()
    assert "Delivery and production" in as_marta.get("/reviews").text
    page = as_marta.get(f"/reviews/{review.id}")
    assert "Ana Alonso" in page.text
    assert not page.all("form[action$='/confirmation']")
    assert as_omar.get(f"/reviews/{review.id}").status == 404


def test_the_department_reads_the_records_but_not_whose_they_are(
    as_eva: Client, cast: SimpleNamespace
) -> None:
    make_sale(cast.ana, None, date(2026, 8, 3), "lost", lost_reason="delivery", customer="Refugio Sol")
    make_case(cast.ana, [with_evidence(found(), cast.ana)])
    page = as_eva.get(f"/reviews/{the_review().id}")
    page = as_eva.get(str(page.one("a[href*='/records/0']")["href"]))
    assert "Refugio Sol" in page.text
    assert "Ana" not in page.text
    assert "Whose sales these were is not shown" in page.text


def test_executives_see_them_by_department_age_and_money(
    as_ximena: Client, cast: SimpleNamespace, case: Case
) -> None:
    make_case(cast.luis, [found("price", 9_000_00)], period=closed_period())
    review = the_review()
    review.created_at = clock.now() - timedelta(days=10)
    review.due_on = clock.today() - timedelta(days=1)
    db.session.commit()
    page = as_ximena.get("/reviews")
    rows = [" ".join(row.get_text(" ").split()) for row in page.all("table:first-of-type tbody tr")]
    assert "Logistics 1 1 0 10 days $5,000" in rows
    assert "The company's leaders 1 0 0 0 days $9,000" in rows


def test_whoever_is_asked_is_reminded_before_it_is_due(as_eva: Client, case: Case) -> None:
    review = the_review()
    review.due_on = clock.today() + timedelta(days=5)
    db.session.commit()
    reminding.run()
    reminding.run()
    run_jobs()
    news = as_eva.get("/notifications").text.split("Delivery and production, Q3 2026")
    assert len(news) == 3  # asked once, reminded once


def test_what_is_not_answered_in_time_lapses_and_the_case_goes_on(
    as_eva: Client, as_marta: Client, cast: SimpleNamespace
) -> None:
    case = make_case(cast.ana, [found(), found("capability", 3_000_00, "activity")])
    the_review().due_on = clock.today() - timedelta(days=1)
    db.session.commit()
    assert reminding.lapse(clock.today()) == 1
    assert reminding.lapse(clock.today()) == 0
    assert the_review().status is ReviewStatus.LAPSED
    assert "Not answered in time" in as_marta.get(f"/cases/{case.id}").text
    # late is better than never
    say(as_eva, the_review(), "confirmation", text="It took us a while.")
    assert the_review().status is ReviewStatus.CONFIRMED


def test_a_review_whose_owner_left_goes_to_the_present_lead(cast: SimpleNamespace, case: Case) -> None:
    lead = make_person("Ines Nueva", Role.DEPARTMENT_LEAD, cast.logistics)
    cast.eva.is_active = False
    cast.logistics.lead_id = lead.id
    db.session.commit()
    reminding.run()
    assert the_review().owner_id == lead.id


def test_it_can_be_handed_over_and_is_answered_by_whom_it_was_given_to(
    as_eva: Client, as_person, cast: SimpleNamespace, case: Case
) -> None:
    helper = make_person("Hugo Helper", Role.REP, cast.logistics)
    page = say(as_eva, the_review(), "owner", owner=helper.id)
    assert page.status == 303
    assert the_review().owner_id == helper.id
    assert say(as_person(helper), the_review(), "confirmation", text="It is so.").status == 303
    assert the_review().status is ReviewStatus.CONFIRMED


def test_everything_is_in_the_audit(as_eva: Client, as_hilda: Client, case: Case) -> None:
    say(as_eva, the_review(), "rejection", text=EVIDENCE)
    say(as_hilda, the_review(), "rejection/decision", agrees="yes")
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert {"review.opened", "review.rejected", "review.rejection_accepted", "case.concluded"} <= actions
