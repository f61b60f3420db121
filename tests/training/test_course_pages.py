"""Authors write courses; what people did in them stays when they change."""

import pytest
from sqlalchemy import select

from app.core import clock
from app.extensions import db
from app.training.models import Assignment, Attempt, Course, Lesson, LessonRead, Question, Requirement
from tests.jobs import run_jobs
from tests.sales.factories import make_product
from tests.training.factories import (
    make_attempt,
    make_course,
    make_lesson,
    make_question,
    make_read,
    make_requirement,
    make_round,
)


def fields(page, **values):
    return {**page.form_data("main form.form"), **values}


def fresh(row):
    db.session.refresh(row)
    return row


def test_a_course_from_the_first_word_to_the_first_learner(as_hilda, as_ana, cast):
    boots = make_product("Boots")
    page = as_hilda.get("/training/courses/new")
    said = fields(page, title="Selling boots", product_id=str(boots.id), valid_months="12", pass_mark="75")
    page = as_hilda.follow(as_hilda.post("/training/courses", said))
    assert "This is a draft" in page.text
    course = db.session.scalars(select(Course)).one()
    assert (course.product_id, course.valid_months, course.pass_mark) == (boots.id, 12, 75)
    assert "first" in as_hilda.follow(as_hilda.post(f"/training/courses/{course.id}/publication")).text

    page = as_hilda.get(f"/training/courses/{course.id}/lessons/new")
    as_hilda.post(f"/training/courses/{course.id}/lessons", fields(page, title="Soles", body="# One\n\nText"))
    page = as_hilda.get(f"/training/courses/{course.id}/questions/new")
    question = {"text": "What holds?", "choice-0": "The sole", "right-0": "1", "choice-2": "The lace"}
    as_hilda.post(f"/training/courses/{course.id}/questions", fields(page, **question))
    page = as_hilda.get(f"/training/courses/{course.id}/requirements/new")
    done = as_hilda.post(
        f"/training/courses/{course.id}/requirements", fields(page, role="rep", due_days="20")
    )
    assert "once the course is published" in as_hilda.follow(done).text
    page = as_hilda.follow(as_hilda.post(f"/training/courses/{course.id}/publication"))
    assert "can be taken now" in page.text
    assert "3 to do, 0 completed" in page.text_of("#requirements")
    run_jobs()
    assert "A course for you: Selling boots" in as_ana.get("/notifications").text
    assert "Due in 20 days" in as_ana.get("/training").text


def test_a_requirement_counts_at_once_and_ends_at_once(as_hilda, cast):
    course = make_course(lessons=1)
    page = as_hilda.get(f"/training/courses/{course.id}/requirements/new")
    said = fields(page, team_id=str(cast.norte.id), role="rep")
    page = as_hilda.follow(as_hilda.post(f"/training/courses/{course.id}/requirements", said))
    assert "2 people have the course to do now." in page.text
    assert "Rep · Norte" in page.text_of("#requirements")
    rule = db.session.scalars(select(Requirement)).one()
    as_hilda.post(f"/training/requirements/{rule.id}/end")
    assert db.session.scalars(select(Assignment).where(Assignment.withdrawn_at.is_(None))).all() == []


def test_the_same_requirement_twice_is_refused(as_hilda, cast):
    course = make_course(lessons=1)
    make_requirement(course, role="rep")
    page = as_hilda.get(f"/training/courses/{course.id}/requirements/new")
    page = as_hilda.post(f"/training/courses/{course.id}/requirements", fields(page, role="rep"))
    assert page.status == 422
    assert "exactly these people already" in page.text


def test_a_lesson_is_looked_at_before_it_is_saved(as_hilda, cast):
    course = make_course(published_at=None)
    url = f"/training/courses/{course.id}/lessons"
    said = fields(
        as_hilda.get(f"{url}/new"), title="A", body="# Head\n\n<script>alert(1)</script>", preview="1"
    )
    part = as_hilda.hx_post(url, said)
    assert part.one("#preview h2").text == "Head"
    assert not part.all("#preview script")
    page = as_hilda.post(url, said)
    assert page.one("#preview h2").text == "Head"
    assert page.form_data("main form.form")["body"].strip() == "# Head\n\n<script>alert(1)</script>"
    assert db.session.scalars(select(Lesson)).all() == []


def test_an_edited_lesson_stays_read_unless_it_matters(as_hilda, cast):
    course = make_course()
    lesson, round_ = make_lesson(course, "Soles", "Old"), make_round(cast.ana, course)
    make_read(round_, lesson)
    page = as_hilda.get(f"/training/lessons/{lesson.id}/edit")
    as_hilda.post(f"/training/lessons/{lesson.id}", fields(page, body="Old, without a slip"))
    assert db.session.scalars(select(Lesson)).one().body == "Old, without a slip"
    as_hilda.post(f"/training/lessons/{lesson.id}", fields(page, body="New", is_read_again="y"))
    old, new = db.session.scalars(select(Lesson).order_by(Lesson.id))
    assert (old.archived_at is not None, old.body, new.body) == (True, "Old, without a slip", "New")
    assert new.position == old.position
    assert db.session.scalars(select(LessonRead.lesson_id)).all() == [old.id]
    assert fresh(course).version == 3


def test_an_answered_question_is_kept_as_it_was_asked(as_hilda, as_ana, cast):
    course = make_course()
    question = make_question(course, "What holds?")
    attempt = make_attempt(make_round(cast.ana, course), score=100)
    attempt.answers = {str(question.id): [0]}
    db.session.commit()
    page = as_hilda.get(f"/training/questions/{question.id}")
    as_hilda.post(f"/training/questions/{question.id}", fields(page, text="What holds a boot?"))
    old, new = db.session.scalars(select(Question).order_by(Question.id))
    assert (old.text, old.archived_at is not None, new.text) == ("What holds?", True, "What holds a boot?")
    assert "What holds?" in as_ana.get(f"/training/attempts/{attempt.id}").text
    page = as_hilda.get(f"/training/questions/{new.id}")
    as_hilda.post(f"/training/questions/{new.id}", fields(page, text="Which part holds a boot?"))
    assert db.session.query(Question).count() == 2, "nobody has answered this one: it is changed in place"


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"choice-0": "A", "right-0": "1"}, "at least two choices"),
        ({"choice-0": "A", "choice-1": "B"}, "Mark the choice that is right."),
        ({"choice-0": "A", "right-0": "1", "choice-1": "B", "right-1": "1"}, "has to be wrong"),
        ({"choice-0": "A", "right-0": "1", "choice-1": " a "}, "Two choices are the same."),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(as_hilda, cast, choices, said):
    course = make_course()
    page = as_hilda.get(f"/training/courses/{course.id}/questions/new")
    page = as_hilda.post(f"/training/courses/{course.id}/questions", fields(page, text="?", **choices))
    assert page.status == 422
    assert said in page.text
    assert page.one("input[name=choice-0]")["value"] == "A"


def test_lessons_change_places(as_hilda, cast):
    course = make_course(lessons=3)
    first, second, third = db.session.scalars(select(Lesson).order_by(Lesson.position))
    as_hilda.post(f"/training/lessons/{third.id}/move", {"to": "up"})
    as_hilda.post(f"/training/lessons/{first.id}/move", {"to": "up"})
    order = db.session.scalars(select(Lesson.id).order_by(Lesson.position)).all()
    assert order == [first.id, third.id, second.id]
    assert course.id


def test_archived_and_brought_back(as_hilda, as_ana, cast):
    course = make_course("Boots", lessons=2)
    round_ = make_round(cast.ana, course)
    done = make_round(cast.bea, course, completed_on=clock.today(), certificate="ABCD-EFGH-JKLM")
    page = as_hilda.follow(as_hilda.post(f"/training/courses/{course.id}/archive"))
    assert "“Boots” is archived." in page.text
    assert fresh(round_).withdrawn_at is not None
    assert "Boots" in as_ana.get("/training/certificates/ABCD-EFGH-JKLM").text
    assert "Boots" in as_hilda.get("/training/courses?archived=1").text
    as_hilda.post(f"/training/courses/{course.id}/restoration")
    assert fresh(round_).withdrawn_at is None
    assert fresh(done).completed_on == clock.today()


def test_when_the_last_thing_left_goes_the_course_is_completed(as_hilda, cast):
    course = make_course(lessons=2)
    first, second = db.session.scalars(select(Lesson).order_by(Lesson.position))
    began, never = make_round(cast.ana, course), make_round(cast.bea, course)
    make_read(began, first)
    as_hilda.post(f"/training/lessons/{second.id}/archive")
    assert fresh(began).completed_on == clock.today()
    assert fresh(never).completed_on is None


def test_a_title_changed_later_leaves_certificates_as_they_are(as_hilda, as_ana, cast):
    course = make_course("Boots 2025")
    make_round(cast.ana, course, completed_on=clock.today(), certificate="ABCD-EFGH-JKLM")
    page = as_hilda.get(f"/training/courses/{course.id}/edit")
    as_hilda.post(
        f"/training/courses/{course.id}", {**page.form_data("#settings form"), "title": "Boots 2026"}
    )
    assert fresh(course).title == "Boots 2026"
    page = as_ana.get("/training/certificates/ABCD-EFGH-JKLM")
    assert page.text_of(".certificate__title") == "Boots 2025"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Title"),
        ({"title": "boots"}, "Another course has this title."),
        ({"pass_mark": "101"}, "Number must be between 1 and 100."),
        ({"valid_months": "0"}, "Number must be between 1 and 120."),
    ],
)
def test_a_course_that_cannot_be_says_why(as_hilda, cast, change, said):
    make_course("Boots")
    page = as_hilda.post(
        "/training/courses", {**fields(as_hilda.get("/training/courses/new"), title="New"), **change}
    )
    assert page.status == 422
    assert said in page.text_of(".form-errors")


def test_the_same_form_twice_makes_one_course(as_hilda, cast):
    said = fields(as_hilda.get("/training/courses/new"), title="Boots")
    assert (
        as_hilda.post("/training/courses", said).location == as_hilda.post("/training/courses", said).location
    )
    assert db.session.query(Course).count() == 1


def test_reps_and_managers_do_not_write_courses(as_ana, as_marta, as_ximena, cast):
    course = make_course()
    for client in (as_ana, as_marta, as_ximena):
        assert client.get("/training/courses").status == 404
        assert client.get(f"/training/courses/{course.id}/edit").status == 404
        assert client.post(f"/training/courses/{course.id}/archive").status == 404


def test_attempts_outlive_an_archived_question(as_hilda, as_ana, cast):
    course = make_course(questions=2)
    attempt = make_attempt(make_round(cast.ana, course), score=50)
    keys = db.session.scalars(select(Question.id)).all()
    attempt.answers = {str(key): [0] for key in keys}
    db.session.commit()
    as_hilda.post(f"/training/questions/{keys[0]}/archive")
    assert len(as_ana.get(f"/training/attempts/{attempt.id}").all(".quiz__answers > li")) == 2
    assert db.session.query(Attempt).count() == 1
