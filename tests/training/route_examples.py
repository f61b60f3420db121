"""Which courses, rounds and certificates each member of the cast reaches."""

from types import SimpleNamespace
from typing import Any

from app.core import clock
from app.extensions import db
from app.training.models import AssignmentOrigin
from tests.route_examples import EVERYBODY, Example
from tests.training.factories import (
    make_attempt,
    make_course,
    make_lesson,
    make_question,
    make_requirement,
    make_round,
)

ALL = set(EVERYBODY)
AUTHORS = {"hilda", "alba"}
ABOVE_ANA = {"marta", "ximena", "hilda", "alba"}


def published(cast: SimpleNamespace) -> dict[str, Any]:
    return {"course_id": make_course(lessons=1, questions=1).id}


def draft(cast: SimpleNamespace) -> dict[str, Any]:
    return {"course_id": make_course(lessons=1, published_at=None).id}


def archived_of_ana(cast: SimpleNamespace) -> dict[str, Any]:
    course = make_course(lessons=1, archived_at=clock.now())
    make_round(cast.ana, course, completed_on=clock.today())
    return {"course_id": course.id}


def with_quiz_for_all(cast: SimpleNamespace) -> dict[str, Any]:
    course = make_course(questions=1)
    for name in EVERYBODY:
        make_round(getattr(cast, name), course)
    return {"course_id": course.id}


def lesson(cast: SimpleNamespace) -> dict[str, Any]:
    return {"lesson_id": make_lesson(make_course()).id}


def lesson_of_draft(cast: SimpleNamespace) -> dict[str, Any]:
    return {"lesson_id": make_lesson(make_course(published_at=None)).id}


def archived_lesson(cast: SimpleNamespace) -> dict[str, Any]:
    return {"lesson_id": make_lesson(make_course(), archived_at=clock.now()).id}


def question(cast: SimpleNamespace) -> dict[str, Any]:
    return {"question_id": make_question(make_course()).id}


def requirement(cast: SimpleNamespace) -> dict[str, Any]:
    return {"requirement_id": make_requirement(make_course(lessons=1)).id}


def attempt(cast: SimpleNamespace) -> dict[str, Any]:
    return {"attempt_id": make_attempt(make_round(cast.ana, make_course(questions=1))).id}


def certificate(cast: SimpleNamespace) -> dict[str, Any]:
    make_round(cast.ana, make_course(), completed_on=clock.today(), certificate="ABCD-EFGH-JKLM")
    return {"number": "ABCD-EFGH-JKLM"}


def given_to_ana(cast: SimpleNamespace) -> dict[str, Any]:
    return {"round_id": make_round(cast.ana, make_course(), created_by_id=cast.marta.id).id}


def given_to_marta(cast: SimpleNamespace) -> dict[str, Any]:
    return {"round_id": make_round(cast.marta, make_course()).id}


def required_of_ana(cast: SimpleNamespace) -> dict[str, Any]:
    return {"round_id": make_round(cast.ana, make_course(), origin=AssignmentOrigin.REQUIREMENT).id}


def taken_back_from_ana(cast: SimpleNamespace) -> dict[str, Any]:
    return {"round_id": make_round(cast.ana, make_course(), withdrawn_at=clock.now()).id}


def outside_of_ana(cast: SimpleNamespace) -> dict[str, Any]:
    return {"round_id": make_round(cast.ana, make_course(is_outside=True)).id}


def ana(cast: SimpleNamespace) -> dict[str, Any]:
    db.session.commit()
    return {"person_id": cast.ana.id}


def marta(cast: SimpleNamespace) -> dict[str, Any]:
    return {"person_id": cast.marta.id}


EXAMPLES = {
    "training.index": [Example()],
    "training.show_catalogue": [Example()],
    "training.course": [
        Example(published, "published", reached_by=ALL),
        Example(draft, "draft", reached_by=AUTHORS),
        Example(archived_of_ana, "archived, taken by Ana", reached_by={"ana", *AUTHORS}),
    ],
    "training.take_up": [
        Example(published, "published", reached_by=ALL),
        Example(draft, "draft", reached_by=set()),
    ],
    "training.lesson": [
        Example(lesson, "published", reached_by=ALL),
        Example(lesson_of_draft, "of a draft", reached_by=AUTHORS),
        Example(archived_lesson, "archived", reached_by=AUTHORS),
    ],
    "training.read": [
        Example(lesson, "published", reached_by=ALL),
        Example(lesson_of_draft, "of a draft", reached_by=AUTHORS),
    ],
    "training.keep_place": [
        Example(lesson, "published", reached_by=ALL),
        Example(lesson_of_draft, "of a draft", reached_by=AUTHORS),
    ],
    "training.quiz": [
        Example(with_quiz_for_all, "one's own", reached_by=ALL),
        Example(draft, "of a draft", reached_by=AUTHORS),
    ],
    "training.hand_in": [
        Example(with_quiz_for_all, "one's own", reached_by=ALL),
        Example(draft, "of a draft", reached_by=AUTHORS),
    ],
    "training.attempt": [Example(attempt, "Ana's", reached_by={"ana"})],
    "training.certificates": [Example()],
    "training.certificate": [Example(certificate, "Ana's, for who has the number", reached_by=ALL)],
    "training_people.index": [Example()],
    "training_people.person": [
        Example(ana, "Ana", reached_by=ABOVE_ANA),
        Example(marta, "Marta, not by herself", reached_by={"ximena", "hilda", "alba"}),
    ],
    "training_people.new": [Example()],
    "training_people.create": [Example()],
    "training_people.withdraw": [
        Example(given_to_ana, "given to Ana", reached_by=ABOVE_ANA),
        Example(given_to_marta, "given to Marta, not by herself", reached_by={"ximena", "hilda", "alba"}),
        Example(required_of_ana, "required of Ana", reached_by=set()),
    ],
    "training_people.restore": [Example(taken_back_from_ana, "Ana's", reached_by=ABOVE_ANA)],
    "training_people.record": [Example(outside_of_ana, "Ana's", reached_by=ABOVE_ANA)],
    "courses.index": [Example()],
    "courses.new": [Example()],
    "courses.create": [Example()],
    "courses.edit": [Example(draft)],
    "courses.update": [Example(published)],
    "courses.publish": [Example(draft)],
    "courses.archive": [Example(published)],
    "courses.restore": [Example(archived_of_ana)],
    "courses.new_lesson": [Example(published)],
    "courses.create_lesson": [Example(published)],
    "courses.edit_lesson": [Example(lesson)],
    "courses.update_lesson": [Example(lesson)],
    "courses.move_lesson": [Example(lesson)],
    "courses.archive_lesson": [Example(lesson)],
    "courses.restore_lesson": [Example(archived_lesson)],
    "courses.new_question": [Example(published)],
    "courses.create_question": [Example(published)],
    "courses.edit_question": [Example(question)],
    "courses.update_question": [Example(question)],
    "courses.archive_question": [Example(question)],
    "courses.restore_question": [Example(question)],
    "courses.new_requirement": [Example(published)],
    "courses.create_requirement": [Example(published)],
    "courses.end_requirement": [Example(requirement)],
}
