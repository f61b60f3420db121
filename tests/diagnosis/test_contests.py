"""The person contests a finding; a named reviewer answers; sums stay exact."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from app.core.audit import AuditEntry
from app.core.permissions import Role
from app.diagnosis import reminding
from app.diagnosis.models import Case, CaseStatus, Contest, ContestStatus, Diagnosis
from app.extensions import db
from tests.client import Client, Page
from tests.diagnosis.factories import amounts, chance, findings_of, found, make_case, the_review
from tests.factories import make_person
from tests.jobs import run_jobs

REASON = "The three lost orders were promised by a colleague before I took over the customer."


@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    return make_case(cast.ana, [found("capability", 4_000_00, "win_rate"), found(), chance()])


def contest(client: Client, case: Case, cause: str, **data: object) -> Page:
    (finding,) = findings_of(case, cause)
    url = f"/cases/{case.id}/findings/{finding.id}/contest"
    page = client.get(url)
    return client.post(url, page.form_data("main form") | {"text": REASON} | data)


def answer(client: Client, **data: object) -> Page:
    found = db.session.scalars(select(Contest).order_by(Contest.id.desc()).limit(1)).one()
    form = client.get(f"/contests/{found.id}").form_data("main form")
    return client.post(f"/contests/{found.id}", form | {"answer": "I looked at the orders."} | data)


def test_it_goes_to_the_managers_manager_by_name(as_ana: Client, cast: SimpleNamespace, case: Case) -> None:
    page = as_ana.get(f"/cases/{case.id}")
    link = page.one(f"#finding-{findings_of(case, 'delivery')[0].id} a[href$='/contest']")
    page = as_ana.get(str(link["href"]))
    assert [option.get_text() for option in page.all("select[name=reviewer] option")] == [
        "Ximena Ibarra",
        "Hilda Ramos",
    ]
    page = as_ana.follow(contest(as_ana, case, "delivery"))
    assert "Ximena Ibarra answers." in page.text
    assert "Contested" in page.text
    db.session.refresh(case)
    assert case.status is CaseStatus.CONTESTED


def test_never_to_the_manager_who_coaches_by_it(as_ana: Client, cast: SimpleNamespace, case: Case) -> None:
    page = contest(as_ana, case, "delivery", reviewer=cast.marta.id)
    assert page.status == 422
    assert db.session.scalar(select(func.count(Contest.id))) == 0


def test_without_anybody_above_it_goes_to_hr(as_person, cast: SimpleNamespace) -> None:
    rep = make_person("Rosa Roca", Role.REP, cast.norte)
    case = make_case(rep)
    contest(as_person(rep), case, "delivery")
    assert db.session.scalars(select(Contest.reviewer_id)).one() == cast.hilda.id


def test_a_teams_lead_contests_for_the_team(as_marta: Client, cast: SimpleNamespace) -> None:
    contest(as_marta, make_case(cast.norte), "delivery")
    assert db.session.scalars(select(Contest.author_id)).one() == cast.marta.id


def test_upheld_the_amount_goes_where_the_reviewer_says_and_sums_stay_exact(
    as_ana: Client, as_ximena: Client, case: Case
) -> None:
    contest(as_ana, case, "delivery")
    page = answer(as_ximena, decision="uphold", to="none")
    assert page.status == 303
    assert amounts(case) == {"capability": Decimal(400000), "none": Decimal(600000)}
    diagnosis = db.session.scalars(
        select(Diagnosis).where(Diagnosis.case_id == case.id, Diagnosis.is_current)
    ).one()
    assert (diagnosis.version, diagnosis.shortfall) == (2, Decimal(1_000_000))
    page = as_ana.get(f"/cases/{case.id}")
    assert "$5,000 came here from Delivery and production, after it was contested." in page.text
    assert "I looked at the orders." in as_ana.get(f"/cases/{case.id}?version=1").text


def test_moved_to_another_cause_its_department_is_asked(
    as_ana: Client, as_ximena: Client, case: Case
) -> None:
    contest(as_ana, case, "delivery")
    answer(as_ximena, decision="uphold", to="service")
    assert amounts(case)["service"] == Decimal(500000)
    assert the_review("service").stake == 500000


def test_the_person_is_never_where_an_amount_goes(as_ana: Client, as_ximena: Client, case: Case) -> None:
    contest(as_ana, case, "delivery")
    found = db.session.scalars(select(Contest)).one()
    page = as_ximena.get(f"/contests/{found.id}")
    offered = [option["value"] for option in page.all("select[name=to] option")]
    assert "capability" not in offered
    assert answer(as_ximena, decision="uphold", to="capability").status == 422
    assert amounts(case)["capability"] == Decimal(400000)


def test_kept_the_finding_stands_with_an_answer(as_ana: Client, as_ximena: Client, case: Case) -> None:
    contest(as_ana, case, "delivery")
    answer(as_ximena, decision="keep")
    assert amounts(case)["delivery"] == Decimal(500000)
    assert "Ximena Ibarra answered: I looked at the orders." in as_ana.get(f"/cases/{case.id}").text
    db.session.refresh(case)
    assert case.status is CaseStatus.OPEN


def test_while_it_waits_the_persons_own_part_is_closed(
    as_ana: Client, as_marta: Client, as_ximena: Client, cast: SimpleNamespace
) -> None:
    case = make_case(cast.ana, [found("capability", 4_000_00, "win_rate"), chance()])
    assert "Fewer deals were won than by peers" in as_marta.get(f"/cases/{case.id}").text
    contest(as_ana, case, "capability")
    page = as_marta.get(f"/cases/{case.id}")
    assert "Fewer deals were won than by peers" not in page.text
    assert "Ximena Ibarra answers what was contested" in page.text
    answer(as_ximena, decision="uphold", to="none")
    assert amounts(case) == {"none": Decimal(500000)}


def test_both_are_told(
    as_ana: Client, as_marta: Client, as_ximena: Client, cast: SimpleNamespace, case: Case
) -> None:
    contest(as_ana, case, "delivery")
    run_jobs()
    assert "Ana Alonso contests a finding and asks for your answer" in as_ximena.get("/notifications").text
    answer(as_ximena, decision="uphold", to="none")
    run_jobs()
    for reader in (as_ana, as_marta):
        assert "Ximena Ibarra agrees with what was contested" in reader.get("/notifications").text


def test_nobody_else_contests_or_answers(
    as_ana: Client, as_marta: Client, as_bea, as_hilda: Client, case: Case
) -> None:
    (finding,) = findings_of(case, "delivery")
    for other in (as_marta, as_bea, as_hilda):
        assert other.get(f"/cases/{case.id}/findings/{finding.id}/contest").status == 404
    contest(as_ana, case, "delivery")
    found = db.session.scalars(select(Contest)).one()
    for other in (as_ana, as_marta, as_hilda):
        assert other.get(f"/contests/{found.id}").status == 404


@pytest.fixture
def as_bea(cast: SimpleNamespace, as_person) -> Client:
    return as_person(cast.bea)


def test_contesting_twice_is_once(as_ana: Client, case: Case) -> None:
    contest(as_ana, case, "delivery")
    page = contest(as_ana, case, "delivery")
    assert page.status == 409
    assert "You have contested this finding already" in page.text
    assert db.session.scalar(select(func.count(Contest.id))) == 1


def test_a_reviewer_who_left_or_may_not_answer_any_more_is_followed_by_the_next(
    as_ana: Client, as_hilda: Client, cast: SimpleNamespace, case: Case
) -> None:
    contest(as_ana, case, "delivery")
    found = db.session.scalars(select(Contest)).one()
    reminding.run()
    assert found.reviewer_id == cast.ximena.id
    cast.ximena.is_active = False
    db.session.commit()
    reminding.run()
    run_jobs()
    db.session.refresh(found)
    assert found.reviewer_id == cast.hilda.id
    assert "Ana Alonso contests a finding and asks for your answer" in as_hilda.get("/notifications").text
    assert answer(as_hilda, decision="keep").status == 303


def test_who_manages_the_author_by_now_does_not_answer(
    as_ana: Client, cast: SimpleNamespace, case: Case
) -> None:
    contest(as_ana, case, "delivery")
    cast.ana.manager_id = cast.ximena.id
    db.session.commit()
    reminding.run()
    assert db.session.scalars(select(Contest.reviewer_id)).one() == cast.hilda.id


def test_who_may_not_answer_is_not_named(as_ana: Client, cast: SimpleNamespace, case: Case) -> None:
    cast.marta.manager_id = cast.alba.id  # an administrator never reads what is said about a person
    db.session.commit()
    contest(as_ana, case, "delivery")
    assert db.session.scalars(select(Contest.reviewer_id)).one() == cast.hilda.id


def test_answering_twice_is_once(as_ana: Client, as_ximena: Client, case: Case) -> None:
    contest(as_ana, case, "delivery")
    found = db.session.scalars(select(Contest)).one()
    form = as_ximena.get(f"/contests/{found.id}").form_data("main form")
    form |= {"answer": "I looked at the orders.", "decision": "uphold", "to": "none"}
    as_ximena.post(f"/contests/{found.id}", form)
    assert as_ximena.post(f"/contests/{found.id}", form).status == 409
    db.session.refresh(found)
    assert found.status is ContestStatus.UPHELD
    assert amounts(case)["none"] == Decimal(600000)


def test_a_word_is_not_enough(as_ana: Client, case: Case) -> None:
    page = contest(as_ana, case, "delivery", text="No.")
    assert page.status == 422
    assert page.all(".field__error, .field--error, [aria-invalid=true]")


def test_all_of_it_is_in_the_audit(as_ana: Client, as_ximena: Client, case: Case) -> None:
    contest(as_ana, case, "delivery")
    answer(as_ximena, decision="uphold", to="none")
    actions = set(db.session.scalars(select(AuditEntry.action)))
    assert {"case.contested", "contest.answered", "case.concluded"} <= actions
