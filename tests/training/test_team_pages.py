"""What managers see of their people's training, and what they ask of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.extensions import db
from app.training.models import Assignment, AssignmentOrigin, Completion
from tests.factories import make_person, make_team
from tests.jobs import run_jobs
from tests.training.factories import make_course, make_requirement, make_round

DAY = timedelta(days=1)


@pytest.fixture
def course(cast):
    return make_course("Selling boots", lessons=1)


def names(page) -> list[str]:
    return [tag.text for tag in page.all("#people .person__name a")]


def round_of(person) -> Assignment | None:
    db.session.expire_all()
    stmt = select(Assignment).where(Assignment.person_id == person.id).order_by(Assignment.id.desc())
    return db.session.scalars(stmt).first()


def test_who_is_overdue_comes_first_and_only_who_is_in_sight(as_marta, as_omar, cast, course):
    today = clock.today()
    make_round(cast.ana, course, due_on=today + 9 * DAY)
    make_round(cast.bea, course, due_on=today - DAY)
    make_round(cast.luis, course, due_on=today - DAY)
    page = as_marta.get("/training/people")
    assert names(page) == ["Bea Blanco", "Ana Alonso"]
    assert "1 overdue" in page.text_of("#people")
    assert page.text_of("#by-course td:last-child") == "1"
    assert names(as_marta.get("/training/people?state=overdue")) == ["Bea Blanco"]
    assert names(as_omar.get("/training/people")) == ["Luis Lago"]
    assert as_marta.get(f"/training/people?team={cast.sur.id}").status == 404
    assert as_marta.get(f"/training/people/{cast.luis.id}").status == 404


def test_figures_by_team_add_up_what_lies_below(as_ximena, cast, course):
    today = clock.today()
    make_round(cast.ana, course, completed_on=today)
    make_round(cast.bea, course, due_on=today - DAY)
    make_round(cast.luis, course)
    make_round(cast.eva, course, completed_on=today)
    page = as_ximena.get("/training/people")
    rows = {
        row.select_one("a").text: [td.text for td in row.select("td")]
        for row in page.all("#by-team tbody tr")
    }
    assert rows == {"Sales": ["33%", "1"], "Logistics": ["100%", "0"]}
    below = as_ximena.get(f"/training/people?team={cast.sales.id}")
    rows = {
        row.select_one("a").text: [td.text for td in row.select("td")]
        for row in below.all("#by-team tbody tr")
    }
    assert rows == {"Norte": ["50%", "1"], "Sur": ["0%", "0"]}


def test_a_manager_assigns_a_course_to_those_in_sight(as_marta, as_ana, cast, course):
    page = as_marta.get(f"/training/assignments/new?course={course.id}")
    form = page.form_data("main form[method=post]")
    due = clock.today() + 10 * DAY
    chosen = [cast.ana.id, cast.luis.id, cast.nora.id, cast.marta.id]
    done = as_marta.follow(
        as_marta.post("/training/assignments", {**form, "person": chosen, "due_on": due.isoformat()})
    )
    assert "1 person has the course now." in done.text
    assert round_of(cast.luis) is round_of(cast.nora) is round_of(cast.marta) is None
    found = round_of(cast.ana)
    assert (found.origin, found.due_on, found.created_by_id) == (AssignmentOrigin.MANAGER, due, cast.marta.id)
    run_jobs()
    assert "A course for you: Selling boots" in as_ana.get("/notifications").text
    assert "from Marta Manrique" in as_ana.get("/training").text
    again = as_marta.post(
        "/training/assignments",
        {
            **as_marta.get("/training/assignments/new").form_data("main form[method=post]"),
            "course_id": course.id,
            "person": [cast.ana.id],
        },
    )
    assert "has this course already" in as_marta.follow(again).text


def test_the_same_form_twice_is_once(as_marta, cast, course):
    form = as_marta.get(f"/training/assignments/new?course={course.id}").form_data("main form[method=post]")
    for _again in range(2):
        as_marta.post("/training/assignments", {**form, "person": [cast.ana.id, cast.bea.id]})
    assert db.session.query(Assignment).count() == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"person": []}, "Choose at least one person."),
        ({"due_on": "2020-01-01"}, "Choose a day from today on."),
        ({"due_on": "soon"}, "Not a valid date value."),
        ({"course_id": "999999"}, "Not a valid choice."),
    ],
)
def test_an_assignment_that_cannot_be_says_why(as_marta, cast, course, change, said):
    form = as_marta.get(f"/training/assignments/new?course={course.id}").form_data("main form[method=post]")
    page = as_marta.post("/training/assignments", {**form, "person": [cast.ana.id], **change})
    assert page.status == 422
    assert said in page.text
    assert round_of(cast.ana) is None


def test_what_one_took_up_becomes_what_is_asked(as_marta, cast, course):
    make_round(cast.ana, course, origin=AssignmentOrigin.OWN)
    form = as_marta.get(f"/training/assignments/new?course={course.id}").form_data("main form[method=post]")
    due = clock.today() + DAY
    as_marta.post("/training/assignments", {**form, "person": [cast.ana.id], "due_on": due.isoformat()})
    found = round_of(cast.ana)
    assert (found.origin, found.due_on) == (AssignmentOrigin.MANAGER, due)


def test_what_was_given_is_taken_back_and_given_again(as_marta, as_omar, cast, course):
    round_ = make_round(cast.ana, course, created_by_id=cast.marta.id)
    assert as_omar.post(f"/training/assignments/{round_.id}/withdrawal").status == 404
    page = as_marta.follow(as_marta.post(f"/training/assignments/{round_.id}/withdrawal"))
    assert "Nothing to do at the moment." in page.text
    assert page.one("#toasts form")["action"] == f"/training/assignments/{round_.id}/restoration"
    page = as_marta.follow(as_marta.post(f"/training/assignments/{round_.id}/restoration"))
    assert "Selling boots" in page.text_of("#todo")


def test_what_a_requirement_asks_for_is_not_taken_back(as_marta, cast, course):
    rule = make_requirement(course)
    round_ = make_round(cast.ana, course, origin=AssignmentOrigin.REQUIREMENT, requirement_id=rule.id)
    assert as_marta.post(f"/training/assignments/{round_.id}/withdrawal").status == 404
    assert "Take it back" not in as_marta.get(f"/training/people/{cast.ana.id}").text


def test_what_was_completed_elsewhere_is_noted_by_who_is_above(as_marta, as_ana, cast):
    course = make_course("First aid", is_outside=True, valid_months=24)
    round_ = make_round(cast.ana, course)
    url = f"/training/assignments/{round_.id}/completion"
    assert as_ana.post(url, {"completed_on": clock.today().isoformat()}).status == 404
    refused = as_marta.post(url, {"completed_on": (clock.today() + DAY).isoformat()})
    assert refused.status == 422
    assert "has not come yet" in refused.text
    page = as_marta.follow(as_marta.post(url, {"completed_on": (clock.today() - DAY).isoformat()}))
    assert "First aid" in page.text_of("#done")
    found = round_of(cast.ana)
    assert (found.completion, found.completed_on) == (Completion.RECORDED, clock.today() - DAY)
    assert found.certificate


def test_a_course_that_is_taken_here_is_not_noted_by_hand(as_marta, cast, course):
    round_ = make_round(cast.ana, course)
    url = f"/training/assignments/{round_.id}/completion"
    assert as_marta.post(url, {"completed_on": clock.today().isoformat()}).status == 404


def test_who_leads_nobody_is_told_so(as_person, app):
    alone = make_person("Zoe Zurita", "manager", make_team("Empty"))
    assert "Nobody works in your teams yet" in as_person(alone).get("/training/people").text


def test_the_manager_hears_of_a_completed_course(as_marta, as_ana, cast, course):
    from app.training.catalogue import lessons_of

    make_round(cast.ana, course, created_by_id=cast.marta.id)
    as_ana.post(f"/training/lessons/{lessons_of(course.id)[0].id}/reading")
    run_jobs()
    page = as_marta.get("/notifications")
    assert "Ana Alonso completed a course: Selling boots" in page.text
