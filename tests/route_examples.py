"""For every route an example of its URL, and who reaches the record in it.

Each room keeps its own in `tests/<room>/route_examples.py`:

    EXAMPLES = {
        "people.show": [
            Example(lambda cast: {"person_id": cast.ana.id}, "her own", reached_by={"ana", "marta", "alba"}),
            Example(lambda cast: {"person_id": cast.luis.id}, "of another team"),
        ],
        "people.create": [Example()],          # no record in the URL
    }

`reached_by` names the members of the cast (see conftest.py) whose scope holds the record; without it, all
whose role has the permission. Everybody else must get a 404. An example may make the records that it needs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

EVERYBODY = ("ana", "marta", "omar", "luis", "hilda", "eva", "ximena", "alba")


def _nothing(cast: SimpleNamespace) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Example:
    arguments: Callable[[SimpleNamespace], dict[str, Any]] = _nothing
    whose: str = ""
    reached_by: frozenset[str] | set[str] | None = None
    data: dict[str, Any] = field(default_factory=dict)  # of the form; empty is fine: 422 counts as reached
    is_fragment: bool = False  # the route answers with a part of a page: ask for it as htmx does


def all_examples() -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for path in sorted(Path(__file__).parent.glob("*/route_examples.py")):
        found |= import_module(f"tests.{path.parent.name}.route_examples").EXAMPLES
    return found
