import json
import sys
from decimal import Decimal
from typing import Any

import click
from babel.numbers import get_currency_precision

from app.extensions import db
from app.leaderboards.filters import Mode
from app.leaderboards.queries import boards, choices, teams
from app.leaderboards.standing import Standing
from app.metrics.models import Metric, Unit
from app.people.company import settings
from app.people.models import Person


class Refused(click.ClickException):
    """One line, without the usage that a click.UsageError prints."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        print(f"standings: {self.message}", file=file or sys.stderr)


@click.command("standings", help="Print a board: rank, person, value, attainment.")
@click.option("--metric", "metric_key", required=True, help="The key of a metric, such as revenue.")
@click.option("--period", "period_key", required=True, help="2026-11, 2026-Q4 or 2026.")
@click.option("--team", help="A team's name, path (Company/West/Team 3) or key; all by default.")
@click.option("--mode", type=click.Choice([mode.value for mode in Mode]), default=Mode.VALUE.value)
@click.option("--json", "as_json", is_flag=True, help="A list of objects; money in major units.")
def standings(metric_key: str, period_key: str, team: str | None, mode: str, as_json: bool) -> None:
    asked = {"metric": metric_key, "period": period_key, "mode": mode}
    if team is not None:
        asked["team"] = str(_team(team))
    choice = choices.choose(asked)
    if choice is None or choice.metric.key != metric_key:
        raise Refused(f"no such metric: {metric_key}")
    if period_key not in {choice.period.key, choice.period.kind.value}:
        raise Refused(f"no such period: {period_key} (2026-11, 2026-Q4 or 2026)")
    rows = boards.read_board(choice.filter).everybody()
    emails = _emails()
    if as_json:
        print(json.dumps([_object(row, choice.metric, emails) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        found = _object(row, choice.metric, emails)
        share = "" if found["attainment"] is None else f"{found['attainment']:.1%}"
        rank, value = found["rank"] or "-", "-" if found["value"] is None else f"{found['value']:,}"
        print(f"{rank!s:>6}  {found['person']:<40.40}  {value:>20}  {share:>8}".rstrip())


def _object(row: Standing, metric: Metric, emails: dict[int, str]) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "person": row.name,
        "email": emails.get(row.key),
        "value": _major(row.figure, metric),
        "attainment": None if row.attainment is None else round(float(row.attainment), 6),
    }


def _major(figure: Decimal | None, metric: Metric) -> int | float | None:
    if figure is None:
        return None
    company = settings()
    if metric.unit is Unit.MONEY and company is not None:
        figure = figure.scaleb(-get_currency_precision(company.currency))
    return int(figure) if figure == figure.to_integral_value() else float(figure)


def _emails() -> dict[int, str]:
    rows = db.session.execute(db.select(Person.id, Person.email).where(Person.email.is_not(None)))
    return {key: email for key, email in rows if email is not None}


def _team(given: str) -> int:
    found = teams.teams_called(given)
    if len(found) > 1:
        raise Refused(f"more than one team is called {given}: give its path")
    if not found:
        raise Refused(f"no such team: {given}")
    return found[0]
