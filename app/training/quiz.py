"""A quiz: its questions in another order each time, and what an attempt is worth. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Choice:
    """`place` is its number in the question as its author wrote it; an answer names it."""

    place: int
    text: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class Asked:
    key: int
    text: str
    choices: tuple[Choice, ...]
    explanation: str = ""

    @property
    def has_several(self) -> bool:
        """Whether more than one choice is right: all of them are to be found."""
        return sum(choice.is_right for choice in self.choices) > 1

    def is_right(self, chosen: Collection[int]) -> bool:
        return set(chosen) == {choice.place for choice in self.choices if choice.is_right}


def shuffled(questions: Sequence[Asked], round_id: int, attempt: int) -> list[Asked]:
    """In an order that is this attempt's own, and the same whenever it is shown."""
    chance = Random(f"{round_id}:{attempt}")
    order = sorted(questions, key=lambda question: question.key)
    chance.shuffle(order)
    found = []
    for question in order:
        choices = sorted(question.choices, key=lambda choice: choice.place)
        chance.shuffle(choices)
        found.append(Asked(question.key, question.text, tuple(choices), question.explanation))
    return found


@dataclass(frozen=True, slots=True)
class Result:
    right: int
    asked: int
    pass_mark: int  # per cent

    @property
    def score(self) -> int:
        """Per cent, rounded down: 100 is everything."""
        return 100 * self.right // self.asked

    @property
    def has_passed(self) -> bool:
        return 100 * self.right >= self.pass_mark * self.asked


def result(questions: Sequence[Asked], answers: Mapping[int, Collection[int]], pass_mark: int) -> Result:
    """Raises ValueError for a quiz without questions."""
    if not questions:
        raise ValueError("a quiz without questions")
    right = sum(question.is_right(answers.get(question.key, ())) for question in questions)
    return Result(right, len(questions), pass_mark)
