"""Routes of the room metrics: see tests/route_examples.py."""

from types import SimpleNamespace
from typing import Any

from app.core import clock
from tests.route_examples import Example


def records(person: str | None = None, team: str | None = None) -> Any:
    """The records behind revenue this month, of a person, a team or the company."""

    def arguments(cast: SimpleNamespace) -> dict[str, Any]:
        today = clock.today()
        days = {"from": today.replace(day=1).isoformat(), "to": today.isoformat()}
        subject = {"person": getattr(cast, person).id} if person else {}
        if team:
            subject = {"team": getattr(cast, team).id}
        return {"key": "revenue", **days, **subject}

    return arguments


EVERYBODY = {"ana", "marta", "omar", "luis", "hilda", "eva", "ximena", "alba"}

EXAMPLES = {
    "metrics.index": [Example()],
    "metrics.show": [Example(lambda cast: {"key": "revenue"}, reached_by=EVERYBODY)],
    "metrics.new": [Example()],
    "metrics.draft": [Example(is_fragment=True)],
    "metrics.create": [Example()],
    "metrics.edit": [Example(lambda cast: {"key": "revenue"}, reached_by={"alba"})],
    "metrics.update": [Example(lambda cast: {"key": "revenue"}, reached_by={"alba"})],
    "metrics.records": [
        Example(records("ana"), "of Ana", reached_by={"ana", "marta", "hilda", "ximena", "alba"}),
        Example(records(team="sur"), "of Sur", reached_by={"luis", "omar", "hilda", "ximena", "alba"}),
    ],
}
