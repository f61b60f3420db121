"""`flask --app wsgi periods close 2026-Q3`."""

import json
import sys

import click
from flask.cli import AppGroup

from app.core import clock
from app.goals import closing, periods
from app.goals.closing import Closed, NotOver

periods_cli = AppGroup("periods", help="Months, quarters and years, and what they came to.")

WORDS = {
    "ramp": "new",
    "leave": "away",
    "too_little_data": "too little data",
    "withdrawn": "withdrawn",
}


@periods_cli.command("close")
@click.argument("key", metavar="2026-09|2026-Q3|2026")
@click.option("--force", is_flag=True, help="Also a period that is not over yet.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def close(key: str, force: bool, as_json: bool) -> None:
    """Close a period now, within its grace time too: results are frozen and every goal is judged.

    Exit code 0 when the period is closed, now or before; 1 when it is not over; 2 for a key that names none.
    """
    period = periods.period_by_key(key)
    if period is None:
        raise click.BadParameter(f"no period {key}: write 2026-09, 2026-Q3 or 2026", param_hint="key")
    try:
        closed = closing.close_period(period, force=force)
    except NotOver:
        print(
            f"cumbre: {key} is not over: its last day is {period.ends_on}. --force closes it all the same",
            file=sys.stderr,
        )
        sys.exit(1)
    print(json.dumps(_plain(closed), indent=2) if as_json else _said(closed))


def _said(closed: Closed) -> str:
    day = closed.at.astimezone(clock.zone())
    head = "is closed" if closed.is_new else f"was closed already, on {day:%Y-%m-%d at %H:%M}"
    parts = [f"{number} {name.replace('_', ' ')}" for name, number in closed.outcomes.items() if number]
    why = ", ".join(f"{number} {WORDS[name]}" for name, number in closed.not_judged.items())
    text = f"{closed.key} {head}: {_goals(closed.judged)} judged"
    text += f": {', '.join(parts)}" if parts else ""
    text += f" ({why})" if why else ""
    left = f". {_goals(closed.drafts, 'draft')} left out" if closed.drafts else ""
    return text + left


def _goals(number: int, one: str = "goal") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _plain(closed: Closed) -> dict[str, object]:
    return {
        "period": closed.key,
        "is_new": closed.is_new,
        "closed_at": closed.at.isoformat(),
        "goals": closed.judged,
        **closed.outcomes,
        "why_not_judged": closed.not_judged,
        "drafts": closed.drafts,
    }
