"""What tests ask of the totals."""

from datetime import date
from decimal import Decimal

from app.metrics import queries
from app.people.models import Person, Team

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def figure(key: str, person: Person, span: tuple[date, date] = MARCH) -> Decimal | None:
    metric = queries.metric_by_key(key)
    return queries.person_values(metric, *span).get(person.id, queries.value_of(metric)).figure


def team_figure(key: str, team: Team, span: tuple[date, date] = MARCH) -> Decimal | None:
    metric = queries.metric_by_key(key)
    return queries.team_values(metric, *span).get(team.id, queries.value_of(metric)).figure
