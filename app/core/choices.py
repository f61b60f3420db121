"""What there is to choose in a select or among radio buttons."""

from collections.abc import Iterable
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

__all__ = ["SelectChoice", "choices_of"]


def choices_of(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Of enum members (by value), keys or texts, each with what it is called; None is the empty choice."""
    return [SelectChoice("" if value is None else str(value), label) for value, label in pairs]
