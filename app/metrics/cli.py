"""`flask --app wsgi totals verify` and `totals rebuild`."""

import json
import sys
from dataclasses import asdict
from typing import Any

import click
from flask.cli import AppGroup

from app.metrics import check
from app.metrics.queries import metrics

totals = AppGroup("totals", help="The totals kept with every sale, against the sales themselves.")


@totals.command("verify")
@click.option("--metric", "keys", multiple=True, help="Only this metric; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def verify(keys: tuple[str, ...], as_json: bool) -> None:
    """Recompute everything and compare. Exit code 1 when something differs."""
    _check_keys(keys)
    found = check.differences(keys or None)
    if as_json:
        print(json.dumps({"differences": [_plain(difference) for difference in found]}, indent=2))
    else:
        for one in found:
            kept, told = _pair(one.value, one.base), _pair(one.expected_value, one.expected_base)
            print(f"{one.metric}  {one.of} {one.subject_id}  {one.day}: kept {kept}, recomputed {told}")
        print(f"{len(found)} totals differ" if found else "All totals agree with the records.")
    sys.exit(1 if found else 0)


@totals.command("rebuild")
@click.option("--metric", "keys", multiple=True, help="Only this metric; may be repeated.")
def rebuild(keys: tuple[str, ...]) -> None:
    """Make the totals what the records say. Recording waits meanwhile; reading goes on."""
    _check_keys(keys)
    print(f"{check.rebuild(keys or None)} totals were mended")


def _check_keys(keys: tuple[str, ...]) -> None:
    unknown = set(keys) - {metric.key for metric in metrics(with_hidden=True)}
    if unknown:
        raise click.BadParameter(f"no metric {', '.join(sorted(unknown))}")


def _pair(value: Any, base: Any) -> str:
    return f"{value.normalize():f}/{base.normalize():f}" if base else f"{value.normalize():f}"


def _plain(difference: check.Difference) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int) else str(value) for name, value in asdict(difference).items()
    }
