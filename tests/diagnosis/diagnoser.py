"""Processes that diagnose a closed period: `python -m tests.diagnosis.diagnoser WHAT URL KEY [NUMBER]`.

    together   NUMBER of them at once
    killed     one after another, each killed (as by kill -9) NUMBER statements later than the one before

One interpreter loads the portal and forks before it has a connection. Each child prints a line of JSON.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from app import create_app
from app.diagnosis import opening
from app.extensions import db
from app.goals.models import Period
from config import Config
from tests.goals.closer import fork, say, wait


def diagnose(key: str) -> int:
    return opening.diagnose_period(db.session.scalars(select(Period.id).where(Period.key == key)).one())


def together(app: Flask, key: str, number: int) -> int:
    return wait([fork(app, lambda: say(opened=diagnose(key))) for _ in range(number)])


def killed(app: Flask, key: str, stride: int) -> int:
    step = 1
    while True:
        status = os.waitpid(fork(app, lambda step=step: _die_at(step, key)), 0)[1]
        is_killed = os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        say(step=step, is_killed=is_killed)
        if not is_killed:
            return os.waitstatus_to_exitcode(status)
        step += stride


def _die_at(step: int, key: str) -> None:
    count = 0

    def tick(*_arguments: Any, **_named: Any) -> None:
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(db.engine, name, tick)
    diagnose(key)


def main(what: str, url: str, key: str, number: str = "4") -> int:
    data = Path(tempfile.mkdtemp(prefix="cumbre-diagnoser-"))
    app = create_app(
        Config(CUMBRE_DATA=data, SECRET_KEY="x", DATABASE_URL=url, TESTING=True, LISTEN_FOR_CHANGES=False)
    )
    return {"together": together, "killed": killed}[what](app, key, int(number))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
