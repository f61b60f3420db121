"""A rep learns: reads, stops, goes on, fails the quiz, passes it, and has a certificate."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.extensions import db
from app.training.models import Assignment, AssignmentOrigin, Attempt, Completion, LessonRead, Question
from tests.training.factories import (
    make_attempt,
    make_course,
    make_lesson,
    make_question,
    make_read,
    make_round,
)

DAY = timedelta(days=1)
LONG = "# First\n\nA text.\n\n# Second\n\nMore of it.\n\n# Third\n\nThe end."


@pytest.fixture
def course(cast):
    course = make_course("Selling boots", summary="Know a boot by its sole.", valid_months=12, pass_mark=70)
    make_lesson(course, "Soles", LONG)
    make_lesson(course, "Laces", "They are **tied**.")
    for text in ("What holds?", "What is below?", "What is it made of?"):
        make_question(course, text)
    db.session.commit()
    return course


def lessons(course):
    from app.training.catalogue import lessons_of

    return list(lessons_of(course.id))


def answers(page, *, right: int) -> dict[str, str]:
    """The form filled in, with so many right answers (the first choice as it was written)."""
    data = page.form_data("main form.quiz")
    for number, question in enumerate(page.all("fieldset.quiz__question")):
        name = question.select_one("input")["name"]
        data[name] = "0" if number < right else "1"
    return data


def the_round() -> Assignment:
    db.session.expire_all()
    return db.session.scalars(select(Assignment).order_by(Assignment.id.desc())).first()


def test_who_has_nothing_to_do_is_shown_the_courses(as_ana):
    page = as_ana.get("/training")
    assert "Nothing to learn right now" in page.text
    assert page.one(".empty a")["href"] == "/training/catalogue"
    assert "No courses yet" in as_ana.get("/training/catalogue").text


def test_a_course_is_taken_up_once_and_read_lesson_by_lesson(as_ana, course, cast):
    page = as_ana.get(f"/training/courses/{course.id}")
    assert "Know a boot by its sole." in page.text
    first = as_ana.follow(as_ana.post(f"/training/courses/{course.id}/rounds", page.form_data()))
    assert first.text_of("h1") == "Soles"
    as_ana.post(f"/training/courses/{course.id}/rounds")
    assert db.session.query(Assignment).count() == 1
    assert first.text_of(".lesson h2:first-of-type") == "First"
    second = as_ana.follow(as_ana.post(first.one(".lesson__foot form")["action"]))
    assert second.text_of("h1") == "Laces"
    assert as_ana.follow(as_ana.post(second.one(".lesson__foot form")["action"])).text_of("h1") == "Quiz"
    page = as_ana.get("/training")
    assert page.text_of("#next h2") == "Selling boots"
    assert "2 of 3 steps" in page.text_of("#next")
    assert "the quiz is left" in page.text_of("#next")


def test_one_goes_on_where_one_stopped(as_ana, course, cast):
    make_round(cast.ana, course)
    first, second = lessons(course)
    as_ana.post(f"/training/lessons/{second.id}/place", {"part": "0"})
    assert as_ana.get("/training").one("#next .button")["href"] == f"/training/lessons/{second.id}"
    assert as_ana.post(f"/training/lessons/{first.id}/place", {"part": "3"}).status == 204
    page = as_ana.get("/training")
    assert page.one("#next .button")["href"] == f"/training/lessons/{first.id}#part-3"
    assert page.text_of("#next .button") == "Continue"
    assert "Go on where you stopped: Second" in as_ana.get(f"/training/lessons/{first.id}").text


def test_without_javascript_a_bookmark_keeps_the_place(as_ana, course, cast):
    make_round(cast.ana, course)
    first = lessons(course)[0]
    html = as_ana.get(f"/training/lessons/{first.id}").html
    assert html.count("<noscript>") == 2
    page = as_ana.follow(as_ana.post(f"/training/lessons/{first.id}/place", {"part": "2", "stop": "1"}))
    assert "Your place is kept" in page.text
    assert page.one("#next .button")["href"].endswith("#part-2")


@pytest.mark.parametrize("part", ["-1", "99999", "x", ""])
def test_a_place_that_cannot_be_is_none(as_ana, course, cast, part):
    make_round(cast.ana, course)
    as_ana.post(f"/training/lessons/{lessons(course)[0].id}/place", {"part": part})
    assert [row.part for row in db.session.scalars(select(LessonRead))] in ([], [0])


def test_a_course_is_read_without_taking_it_up_and_nothing_is_noted(as_ana, course):
    first, second = lessons(course)
    page = as_ana.get(f"/training/lessons/{first.id}")
    assert page.one(".lesson__foot a")["href"] == f"/training/lessons/{second.id}"
    as_ana.post(f"/training/lessons/{first.id}/reading")
    as_ana.post(f"/training/lessons/{first.id}/place", {"part": "1"})
    assert db.session.scalars(select(LessonRead)).all() == []


def test_the_quiz_fails_and_then_passes_and_the_course_is_completed(as_ana, course, cast):
    round_ = make_round(cast.ana, course, due_on=clock.today() + 3 * DAY)
    for lesson in lessons(course):
        make_read(round_, lesson)
    page = as_ana.get(f"/training/courses/{course.id}/quiz")
    order = [tag.text for tag in page.all("legend")]
    assert [tag.text for tag in as_ana.get(f"/training/courses/{course.id}/quiz").all("legend")] == order
    failed = as_ana.follow(as_ana.post(f"/training/courses/{course.id}/attempts", answers(page, right=2)))
    assert failed.text_of("h1") == "Not passed yet: 66%"
    assert "2 of 3 right; 70% were needed." in failed.text_of("#result")
    assert "Because it is." in failed.text
    assert "(right)" not in failed.text, "what is right is not given away yet"
    assert the_round().completed_on is None
    again = as_ana.get(failed.one("#result a.button--primary")["href"])
    assert "try number 2" in again.text
    passed = as_ana.follow(as_ana.post(f"/training/courses/{course.id}/attempts", answers(again, right=3)))
    assert passed.text_of("h1") == "Passed with 100%"
    done = the_round()
    assert (done.completed_on, done.completion, done.score) == (clock.today(), Completion.LEARNED, 100)
    assert (done.course_title, done.course_version) == ("Selling boots", course.version)
    certificate = as_ana.get(passed.one("#result a.button--primary")["href"])
    assert certificate.text_of(".certificate__name") == "Ana Alonso"
    assert certificate.text_of(".certificate__title") == "Selling boots"
    assert "2 of 3 steps" not in as_ana.get("/training").text


def test_the_same_attempt_handed_in_twice_is_one(as_ana, course, cast):
    make_round(cast.ana, course)
    data = answers(as_ana.get(f"/training/courses/{course.id}/quiz"), right=1)
    first = as_ana.post(f"/training/courses/{course.id}/attempts", data).location
    assert as_ana.post(f"/training/courses/{course.id}/attempts", data).location == first
    assert db.session.query(Attempt).count() == 1


def test_a_question_without_an_answer_is_asked_for(as_ana, course, cast):
    make_round(cast.ana, course)
    data = answers(as_ana.get(f"/training/courses/{course.id}/quiz"), right=3)
    left = next(name for name in data if name.startswith("q-"))
    chosen = {name: value for name, value in data.items() if name != left}
    page = as_ana.post(f"/training/courses/{course.id}/attempts", chosen)
    assert page.status == 422
    assert "One question has no answer yet" in page.text
    assert len(page.all("input[type=radio][checked]")) == 2
    assert db.session.scalars(select(Attempt)).all() == []


def test_several_right_choices_are_boxes_and_all_are_to_be_found(as_ana, cast):
    course = make_course()
    question = Question(
        course_id=course.id,
        position=1,
        text="Which are boots?",
        choices=[
            {"text": "Ridge", "is_right": True},
            {"text": "Summit", "is_right": True},
            {"text": "Rope", "is_right": False},
        ],
    )
    db.session.add(question)
    db.session.commit()
    make_round(cast.ana, course)
    page = as_ana.get(f"/training/courses/{course.id}/quiz")
    assert len(page.all("input[type=checkbox]")) == 3
    form = {**page.form_data("main form.quiz"), f"q-{question.id}": ["0", "2"]}
    assert "Not passed" in as_ana.follow(as_ana.post(f"/training/courses/{course.id}/attempts", form)).text
    page = as_ana.get(f"/training/courses/{course.id}/quiz")
    form = {**page.form_data("main form.quiz"), f"q-{question.id}": ["1", "0"]}
    assert (
        "Passed with 100%" in as_ana.follow(as_ana.post(f"/training/courses/{course.id}/attempts", form)).text
    )


def test_a_quiz_first_and_the_lessons_afterwards_complete_as_well(as_ana, course, cast):
    round_ = make_round(cast.ana, course)
    page = as_ana.get(f"/training/courses/{course.id}/quiz")
    assert "Not all lessons are read yet" in page.text
    passed = as_ana.follow(as_ana.post(f"/training/courses/{course.id}/attempts", answers(page, right=3)))
    assert "Read the rest" in passed.text
    make_read(round_, lessons(course)[0])
    last = as_ana.follow(as_ana.post(f"/training/lessons/{lessons(course)[1].id}/reading"))
    assert "Completed: Selling boots. Well done!" in last.text
    assert the_round().score == 100


def test_a_course_without_a_quiz_is_completed_by_reading(as_ana, cast):
    course = make_course(lessons=1)
    make_round(cast.ana, course)
    as_ana.post(f"/training/lessons/{lessons(course)[0].id}/reading")
    assert (the_round().completion, the_round().score) == (Completion.LEARNED, None)


def test_what_is_overdue_comes_first_and_due_dates_are_said(as_ana, cast):
    today = clock.today()
    for days, title in ((40, "Later"), (-3, "Late"), (2, "Soon"), (0, "Now")):
        make_round(cast.ana, make_course(title, lessons=1), due_on=today + days * DAY)
    page = as_ana.get("/training")
    assert page.text_of("#next h2") == "Late"
    assert "Overdue since" in page.text_of("#next")
    rest = page.text_of("#todo")
    assert rest.index("Now") < rest.index("Soon") < rest.index("Later")
    assert "Due today" in rest
    assert "Due in 2 days" in rest


def test_what_expired_says_so_and_can_be_taken_again(as_ana, cast):
    course = make_course("Old news", lessons=1, valid_months=1)
    make_round(cast.ana, course, completed_on=clock.today() - 90 * DAY)
    assert "Expired on" in as_ana.get("/training").text_of("#done")
    page = as_ana.get(f"/training/courses/{course.id}")
    assert "Take it again" in page.text
    as_ana.post(f"/training/courses/{course.id}/rounds")
    assert the_round().origin is AssignmentOrigin.OWN


def test_a_course_elsewhere_waits_for_somebody_to_say_so(as_ana, cast):
    course = make_course("First aid", is_outside=True)
    make_round(cast.ana, course)
    assert "Taken outside the portal" in as_ana.get("/training").text
    assert as_ana.post(f"/training/courses/{course.id}/rounds").status == 404


def test_the_catalogue_finds_by_words(as_ana, course):
    make_course("Ropes and knots", lessons=2)
    make_course("100% off", published_at=None)
    page = as_ana.get("/training/catalogue?q=rope")
    assert [tag.text for tag in page.all("#catalogue h2")] == ["Ropes and knots"]
    assert "2 lessons" in page.text
    assert "Nothing matches" in as_ana.get("/training/catalogue?q=100%25").text
    assert len(as_ana.get("/training/catalogue").all("#catalogue h2")) == 2


def test_drafts_and_other_peoples_answers_are_not_there(as_ana, as_luis, as_marta, cast, course):
    draft = make_course(published_at=None, lessons=1)
    assert as_ana.get(f"/training/courses/{draft.id}").status == 404
    assert as_ana.get(f"/training/lessons/{lessons(draft)[0].id}").status == 404
    attempt = make_attempt(make_round(cast.ana, course))
    assert as_ana.get(f"/training/attempts/{attempt.id}").status == 200
    assert as_luis.get(f"/training/attempts/{attempt.id}").status == 404
    assert as_marta.get(f"/training/attempts/{attempt.id}").status == 404


def test_an_archived_course_is_gone_but_for_those_who_were_in_it(as_ana, as_luis, cast):
    course = make_course(archived_at=clock.now())
    make_round(cast.ana, course, completed_on=clock.today(), certificate="ABCD-EFGH-JKLM")
    assert "is archived" in as_ana.get(f"/training/courses/{course.id}").text
    assert as_luis.get(f"/training/courses/{course.id}").status == 404
    assert as_ana.post(f"/training/courses/{course.id}/rounds").status == 404


def test_whoever_has_the_number_can_check_a_certificate(as_luis, cast):
    make_round(cast.ana, make_course("Boots"), completed_on=clock.today(), certificate="ABCD-EFGH-JKLM")
    page = as_luis.follow(as_luis.get("/training/certificates?number=abcd efgh jklm"))
    assert "genuine and valid today" in page.text
    assert page.text_of(".certificate__name") == "Ana Alonso"
    assert "No certificate has the number NOPE" in as_luis.get("/training/certificates?number=NOPE").text
    assert as_luis.get("/training/certificates/NOPE").status == 404


def test_hostile_lessons_are_text_on_the_page(as_ana, course, cast):
    hostile = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))"
    lesson = make_lesson(course, "<b>Title</b>", hostile)
    page = as_ana.get(f"/training/lessons/{lesson.id}")
    assert page.text_of("h1") == "<b>Title</b>"
    article = page.one("article.lesson")
    assert not article.select("script, img, a")
    assert "<script>alert(1)</script>" in article.get_text()


def test_spanish_is_spoken_throughout(cast, as_person, course):
    client = as_person(cast.ana, "es-ES")
    make_round(cast.ana, course, due_on=clock.today() + DAY)
    page = client.get("/training")
    assert page.text_of("h1") == "Formación"
    assert "Vence mañana" in page.text_of("#next")
    assert "0 de 3 pasos" in page.text_of("#next")
