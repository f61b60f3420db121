"""A quiz's order and its result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.quiz import Asked, Choice, result, shuffled

QUESTIONS = [
    Asked(key, f"{key}?", tuple(Choice(place, f"c{place}", place == 0) for place in range(4)))
    for key in range(1, 9)
]


def test_an_attempt_has_one_order_and_the_next_another():
    first = shuffled(QUESTIONS, 7, 1)
    assert first == shuffled(list(reversed(QUESTIONS)), 7, 1)
    assert first != shuffled(QUESTIONS, 7, 2)
    assert first != shuffled(QUESTIONS, 8, 1)
    assert sorted(question.key for question in first) == list(range(1, 9))
    assert {choice.place for choice in first[0].choices} == {0, 1, 2, 3}


@given(st.integers(0, 8), st.integers(1, 100))
def test_passed_is_reaching_the_mark_exactly_and_the_score_is_never_rounded_up(right, mark):
    answers = {question.key: [0] if question.key <= right else [1] for question in QUESTIONS}
    found = result(QUESTIONS, answers, mark)
    assert found.right == right
    assert found.has_passed == (right / 8 * 100 >= mark)
    assert (found.score == 100) == (right == 8)
    assert found.has_passed or found.score < mark


def test_all_that_is_right_is_to_be_found_and_nothing_else():
    several = Asked(1, "?", (Choice(0, "a", True), Choice(1, "b", True), Choice(2, "c", False)))
    assert several.has_several
    assert several.is_right([1, 0])
    assert not several.is_right([0])
    assert not several.is_right([0, 1, 2])


def test_no_answer_is_wrong_and_no_question_is_no_quiz():
    assert result(QUESTIONS, {}, 80).score == 0
    with pytest.raises(ValueError, match="without questions"):
        result([], {}, 80)
