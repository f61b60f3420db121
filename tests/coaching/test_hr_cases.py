"""When nothing helps: HR may open a case, never must, and people alone move it on."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.coaching import access
from app.coaching.hr import operations as hr_cases
from app.coaching.hr import queries as hr_reading
from app.coaching.models import HrCase, HrCaseStatus, PlanMessage, PlanMessageKind, PlanStatus
from app.core import clock
from app.core.audit import AuditEntry
from app.core.permissions import Role
from app.diagnosis.findings import Verdict
from app.diagnosis.models import Cause, Contest, ContestStatus, Finding
from app.extensions import db
from app.goals.models import CompanyHoliday
from tests import factories
from tests.coaching.hr import REASONS, make_diagnosis, make_plan, tried_everything
from tests.coaching.hr_examples import viewer_of
from tests.goals.factories import make_period


@pytest.fixture
def case(cast) -> int:
    tried_everything(cast)
    evidence = [{"kind": "plan", "id": 1, "name": "Plan: Revenue"}]
    opened = hr_cases.open_case(cast.ana.id, reasons=REASONS, evidence=evidence, by=viewer_of(cast.hilda))
    return opened.id


def the_case(cast, case_id: int) -> HrCase:
    access.reading_as(viewer_of(cast.hilda))
    return db.session.scalars(
        select(HrCase).where(HrCase.id == case_id).execution_options(populate_existing=True)
    ).one()


def test_no_case_before_two_plans_have_ended_and_earlier_causes_are_ruled_out(as_hilda, cast) -> None:
    url = f"/coaching/hr-cases/new/{cast.ana.id}"
    make_plan(cast.ana)
    assert not as_hilda.get(url).all("textarea[name=reasons]")
    make_plan(cast.ana, ago=300)
    make_diagnosis(cast.ana, Cause.PRODUCT)
    page = as_hilda.get(url)
    assert not page.all("textarea[name=reasons]")
    assert "the product" in page.text
    with pytest.raises(hr_cases.Conflict):
        hr_cases.open_case(cast.ana.id, reasons=REASONS, evidence=[{}], by=viewer_of(cast.hilda))


def test_a_plan_that_is_still_open_comes_first(as_hilda, cast) -> None:
    tried_everything(cast)
    make_plan(cast.ana, status=PlanStatus.ACTIVE, ago=10)
    page = as_hilda.get(f"/coaching/hr-cases/new/{cast.ana.id}")
    assert "still open" in page.text
    assert not page.all("textarea[name=reasons]")


def test_a_plan_that_nobody_agreed_to_was_not_tried(as_hilda, cast) -> None:
    make_diagnosis(cast.ana)
    make_plan(cast.ana, ago=300)
    unused = make_plan(cast.ana, status=PlanStatus.ENDED, ago=100)
    url = f"/coaching/hr-cases/new/{cast.ana.id}"
    assert not as_hilda.get(url).all("textarea[name=reasons]")
    assert "Ana" not in as_hilda.get("/coaching/hr-cases").text_of("main")
    access.as_worker()
    said = {"plan_id": unused.id, "author_id": cast.ana.id, "kind": PlanMessageKind.AGREED}
    db.session.add(PlanMessage(**said, text="", version=1))
    db.session.commit()
    assert as_hilda.get(url).all("textarea[name=reasons]")


def test_while_a_finding_is_contested_nothing_is_ruled_out(as_hilda, cast) -> None:
    make_plan(cast.ana, ago=300)
    make_plan(cast.ana, ago=100)
    diagnosis = make_diagnosis(cast.ana)
    finding = Finding(
        diagnosis_id=diagnosis.id,
        position=1,
        cause=Cause.CAPABILITY,
        why="win_rate",
        amount=600_00,
        verdict=Verdict.LIKELY,
        confidence=Decimal("0.9"),
    )
    db.session.add(finding)
    db.session.flush()
    contest = Contest(
        case_id=diagnosis.case_id,
        finding_id=finding.id,
        author_id=cast.ana.id,
        reviewer_id=cast.hilda.id,
        text="My two largest customers were taken away in May.",
    )
    db.session.add(contest)
    db.session.commit()
    url = f"/coaching/hr-cases/new/{cast.ana.id}"
    page = as_hilda.get(url)
    assert "a reviewer has still to answer" in page.text
    assert not page.all("textarea[name=reasons]")
    contest.status = ContestStatus.KEPT
    db.session.commit()
    assert as_hilda.get(url).all("textarea[name=reasons]")


def test_the_latest_diagnosis_is_that_of_the_latest_period(as_hilda, cast) -> None:
    """Records that reach further back make older periods with newer keys."""
    tried_everything(cast)
    earlier = make_period(kind="year", day=factories.today() - timedelta(days=5 * 365), status="closed")
    make_diagnosis(cast.ana, Cause.PRODUCT, period=earlier)
    page = as_hilda.get(f"/coaching/hr-cases/new/{cast.ana.id}")
    assert page.all("textarea[name=reasons]")


def test_hr_opens_a_case_in_their_own_words(as_hilda, as_ana, as_marta, cast) -> None:
    tried_everything(cast)
    url = f"/coaching/hr-cases/new/{cast.ana.id}"
    page = as_hilda.get(url)
    form = page.form_data()
    first = page.all("input[name=evidence]")[0]["value"]
    short = as_hilda.post(url, data={**form, "evidence": first, "reasons": "Too short."})
    assert short.status == 422
    opened = as_hilda.post(url, data={**form, "evidence": first, "reasons": REASONS})
    assert opened.status == 303
    assert "may reply until" in as_ana.get(opened.location).text
    assert REASONS[:50] in as_marta.get(opened.location).text
    assert as_hilda.post(url, data={**form, "evidence": first, "reasons": REASONS}).status == 303
    access.reading_as(viewer_of(cast.hilda))
    assert len(db.session.scalars(select(HrCase)).all()) == 1


@pytest.mark.parametrize("who", ["bea", "luis", "omar", "eva", "ximena", "alba"])
def test_nobody_else_finds_it(as_person, cast, case, who: str) -> None:
    page = as_person(getattr(cast, who))
    assert page.get(f"/coaching/hr-cases/{case}").status == 404
    assert "Ana" not in page.get("/coaching/hr-cases").text_of("main")


def test_the_way_of_a_case(as_hilda, as_ana, as_ximena, cast, case) -> None:
    """Ximena is above Ana's manager; Greta is of HR and stands outside the line."""
    greta = factories.make_person("Greta Gil", Role.HR, cast.root)
    url = f"/coaching/hr-cases/{case}"
    assert not as_hilda.get(url).all("select[name=approver]"), "the reply comes first"
    as_ana.post(f"{url}/reply", data={"text": "I see it in another way."})
    choices = [tag.get_text(strip=True) for tag in as_hilda.get(url).all("select[name=approver] option")]
    assert choices == ["Choose", "Greta Gil"], "nobody is chosen by default"
    assert as_hilda.post(f"{url}/approver", data={"approver": ""}).status == 422
    as_hilda.post(f"{url}/approver", data={"approver": str(greta.id)})
    assert as_hilda.post(f"{url}/approval", data={"note": "Yes", "grant": "yes"}).status == 404
    hr_cases.decide_approval(case, grant=True, note="I agree.", by=viewer_of(greta))
    as_hilda.post(f"{url}/outcome", data={"outcome": "other_role", "text": "A place in service."})
    page = as_ana.get(url)
    assert "Another role" in page.text
    assert "A place in service." in page.text
    actions = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("hr_case.")).order_by(AuditEntry.id)
    ).all()
    assert [action.partition(".")[2] for action in actions] == [
        "opened",
        "replied",
        "approval_asked",
        "approved",
        "decided",
    ]


def test_without_a_reply_the_five_working_days_come_first(as_hilda, cast, case, monkeypatch) -> None:
    greta = factories.make_person("Greta Gil", Role.HR, cast.root)
    until = the_case(cast, case).reply_until
    url = f"/coaching/hr-cases/{case}"
    for day in (clock.today(), until):
        monkeypatch.setattr(clock, "today", lambda day=day: day)
        assert not as_hilda.get(url).all("select[name=approver]")
        assert as_hilda.post(f"{url}/approver", data={"approver": str(greta.id)}).status == 409
    monkeypatch.setattr(clock, "today", lambda: until + timedelta(days=1))
    assert as_hilda.post(f"{url}/approver", data={"approver": str(greta.id)}).status == 303


def test_the_five_working_days_leave_out_weekends_and_holidays(cast) -> None:
    thursday = date(2026, 4, 2)
    assert hr_cases.reply_until(thursday) == date(2026, 4, 9)
    db.session.add(CompanyHoliday(on=date(2026, 4, 7), name="Founding day"))
    db.session.flush()
    assert hr_cases.reply_until(thursday) == date(2026, 4, 10)


def test_who_is_in_the_line_cannot_approve(cast) -> None:
    assert hr_reading.line_of(cast.ana.id) == {cast.marta.id, cast.ximena.id}
    assert hr_reading.approvers(cast.ana.id, cast.hilda.id) == []


def test_a_new_manager_reads_it_and_the_old_one_no_longer_does(as_marta, as_omar, cast, case) -> None:
    cast.ana.manager_id = cast.omar.id
    db.session.commit()
    assert as_marta.get(f"/coaching/hr-cases/{case}").status == 404
    assert as_omar.get(f"/coaching/hr-cases/{case}").status == 200


def test_no_job_and_no_rule_can_move_a_case(cast, case) -> None:
    access.as_worker()
    moved = db.session.execute(update(HrCase).values(status=HrCaseStatus.OPEN))
    assert moved.rowcount == 0, "a job sees none"
    access.reading_as(viewer_of(cast.hilda))
    with pytest.raises(DBAPIError, match="second person"), db.session.begin_nested():
        db.session.execute(update(HrCase).values(status=HrCaseStatus.OPEN))
    with pytest.raises(DBAPIError, match="the person's, once"), db.session.begin_nested():
        db.session.execute(update(HrCase).values(reply="in her name"))
    with pytest.raises(DBAPIError, match="stands"), db.session.begin_nested():
        db.session.execute(update(HrCase).values(reasons=REASONS + "!"))


def test_reasons_of_two_hundred_characters_are_kept_by_the_database(cast) -> None:
    access.reading_as(viewer_of(cast.hilda))
    with pytest.raises(DBAPIError, match="reasons_said"), db.session.begin_nested():
        db.session.execute(
            text(
                "INSERT INTO hr_cases (person_id, opened_by_id, reasons, evidence, reply_until)"
                " VALUES (:person, :hr, 'short', '[]', current_date)"
            ),
            {"person": cast.ana.id, "hr": cast.hilda.id},
        )


def test_nothing_in_the_portal_opens_a_case_by_itself() -> None:
    """Only the routes call the verbs: no job, no handler of events, no command."""
    root = Path(hr_cases.__file__).parents[2]
    users = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "hr_cases" in path.read_text() or "coaching.hr" in path.read_text()
    }
    assert users <= {
        "admin/entries.py",  # what the audit calls them
        "admin/values.py",  # and how it says what they hold
        "coaching/hr/operations.py",
        "coaching/hr/routes.py",
        "coaching/hr/words.py",
        "coaching/models/__init__.py",
        "coaching/models/hr_cases.py",
        "coaching/setup.py",
        "core/permissions.py",
        "notifications/handlers.py",
        "notifications/stories.py",
        "notifications/hr_stories.py",
    }
