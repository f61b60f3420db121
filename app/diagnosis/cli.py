"""`flask --app wsgi diagnosis show`: what a closed period's missed goals rest on."""

import json
import sys
from decimal import Decimal
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from app.core.money import from_minor
from app.diagnosis import opening, printed
from app.diagnosis.printed import Printed
from app.goals import periods
from app.metrics.models import Metric, Unit
from app.people.company import settings

group = AppGroup("diagnosis", help="Why goals were missed.")


class Refused(click.ClickException):
    """One line, without the usage that a click.UsageError prints."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        print(f"diagnosis: {self.message}", file=file or sys.stderr)


@group.command("show", help="Print each missed goal of a closed period with what explains it.")
@click.option("--period", "key", required=True, help="2026-09, 2026-Q3 or 2026.")
@click.option("--json", "as_json", is_flag=True, help="A list of objects; money in major units.")
def show(key: str, as_json: bool) -> None:
    period = periods.period_by_key(key)
    if period is None:
        raise Refused(f"no such period: {key} (2026-09, 2026-Q3 or 2026)")
    if period.closed_at is None:
        raise Refused(f"{key} is not closed: close it with `periods close {key}`, then its goals are judged")
    opening.diagnose_period(period.id)  # what the worker has not come to yet
    found = printed.missed_of(period)
    if as_json:
        print(json.dumps([_object(one) for one in found], ensure_ascii=False, indent=2))
        return
    if not found:
        print(f"{period.key}: no goal was missed")
    for one in found:
        _print(one)


def _object(one: Printed) -> dict[str, Any]:
    metric = one.metric
    return {
        "person": one.person,
        "team": one.team,
        "metric": metric.key,
        "target": _major(one.target, metric),
        "actual": _major(one.actual, metric),
        "shortfall": _major(one.shortfall, metric),
        "main_cause": one.main_cause.value,
        "findings": [
            {
                "cause": finding.cause.value,
                "amount": _major(finding.amount, metric),
                "verdict": finding.verdict.value,
                "figures": [_figure(each) for each in finding.figures],
                "why": finding.why,
                "confidence": float(finding.confidence),
                "product": finding.product,
                "lead_source": finding.source,
                "team": finding.team,
            }
            for finding in one.findings
        ],
    }


def _figure(given: dict[str, Any]) -> dict[str, Any]:
    """Money as people write it, like the amounts."""
    if given.get("unit") != "money":
        return given
    names = ("now", "before", "peers_now", "peers_before")
    scale = Decimal(from_minor(1, _currency()))
    return given | {
        name: float(Decimal(str(given[name])) * scale) for name in names if given.get(name) is not None
    }


def _currency() -> str:
    company = settings()
    return company.currency if company else "USD"


def _major(figure: Decimal | None, metric: Metric) -> int | float | None:
    if figure is None:
        return None
    if metric.unit is Unit.MONEY:
        figure = figure * from_minor(1, _currency())
    return int(figure) if figure == figure.to_integral_value() else float(figure)


def _print(one: Printed) -> None:
    whose, metric = one.person or one.team or "?", one.metric
    print(
        f"{whose}: {metric.key} {_text(one.actual, metric)} of {_text(one.target, metric)}, "
        f"{_text(one.shortfall, metric)} short; {one.main_cause.value}"
    )
    for finding in one.findings:
        about = ", ".join(name for name in (finding.product, finding.source, finding.team) if name)
        amount = _text(finding.amount, metric)
        print(f"  {finding.cause.value:<12}{amount:>18}  {finding.verdict.value:<12}{about}".rstrip())


def _text(figure: Decimal | None, metric: Metric) -> str:
    found = _major(figure, metric)
    return "-" if found is None else f"{found:,}"


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
