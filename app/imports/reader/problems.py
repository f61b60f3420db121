"""Why a file is not taken."""

from typing import Any


class Problem(Exception):
    def __init__(self, key: str, **parameters: Any) -> None:
        super().__init__(key)
        self.key = key
        self.parameters = parameters
