"""What is wrong with a file, a row or a cell: a key with parameters, put into words for each reader."""

from dataclasses import dataclass, field
from typing import Any


class Bad(Exception):
    """A cell, or a row when `column` is None, that cannot be taken."""

    def __init__(self, reason: str, column: str | None = None, **parameters: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column
        self.parameters = parameters


class Refused(Exception):
    """A whole file that cannot be taken; nothing was changed."""

    def __init__(self, reason: str, **parameters: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        return {"reason": self.reason, "parameters": self.parameters}


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    column: str | None  # by our name
    reason: str
    parameters: dict[str, Any] = field(default_factory=dict)
