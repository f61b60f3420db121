"""Processes that diagnose a closed period: `python -m tests.diagnosis.diagnoser WHAT URL KEY [NUMBER]`.

    together   NUMBER of them at once
    killed     one after another, each killed (as by kill -9) NUMBER statements later than the one before

They are forked: see `tests/forked.py`.
"""

import sys

from flask import Flask
from sqlalchemy import select

from app.diagnosis import opening
from app.extensions import db
from app.goals.models import Period
from tests.forked import Tick, fork, killed, portal, say, wait


def diagnose(key: str) -> int:
    return opening.diagnose_period(db.session.scalars(select(Period.id).where(Period.key == key)).one())


def together(app: Flask, key: str, number: int) -> int:
    return wait([fork(app, lambda: say(opened=diagnose(key))) for _ in range(number)])


def diagnose_and_die(key: str, tick: Tick) -> None:
    tick.watch("commit")
    diagnose(key)


def main(what: str, url: str, key: str, number: str = "4") -> int:
    with portal(url) as app:
        if what == "killed":
            return killed(app, lambda tick: diagnose_and_die(key, tick), int(number))
        return together(app, key, int(number))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
