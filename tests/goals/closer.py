"""Processes that close a period: `python -m tests.goals.closer WHAT URL KEY [NUMBER]`.

    together   NUMBER of them at once
    killed     one after another, each killed (as by kill -9) one statement later than the one before, the
               last after its commit
    racing     one, while NUMBER of others record sales of the period's days

They are forked: see `tests/forked.py`.
"""

import random
import sys
import time
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from app.core import changes
from app.core.errors import Conflict
from app.core.transactions import after_commit
from app.extensions import db
from app.goals import closing
from app.goals.models import Period
from app.people.models import Person
from app.sales import operations
from app.sales.models import Product
from tests.forked import Tick, fork, killed, portal, say, wait


def close(key: str) -> closing.Closed:
    period = db.session.scalars(select(Period).where(Period.key == key)).one()
    return closing.close_period(period)


def together(app: Flask, key: str, number: int) -> int:
    begin = time.monotonic() + 0.5

    def act() -> None:
        db.session.execute(text("SELECT 1"))  # connected before they begin
        db.session.rollback()
        time.sleep(max(0.0, begin - time.monotonic()))
        say(is_new=close(key).is_new)

    return wait([fork(app, act) for _ in range(number)])


def close_and_die(key: str, tick: Tick) -> None:
    tick.watch("commit")
    announce = changes.changes.announce

    def announced(topic: str, **detail: Any) -> None:
        announce(topic, **detail)
        after_commit(tick)

    changes.changes.announce = announced
    close(key)


def racing(app: Flask, key: str, number: int) -> int:
    children = [fork(app, lambda seed=seed: _record(key, seed)) for seed in range(number)]
    children.append(fork(app, lambda: _close_amid(key, 3 * number)))
    return wait(children)


def _close_amid(key: str, least: int) -> None:
    """Once so many sales have come in, while they go on."""
    count = text("SELECT count(*) FROM sales")
    begun, deadline = db.session.scalar(count) or 0, time.monotonic() + 120
    while (db.session.scalar(count) or 0) < begun + least and time.monotonic() < deadline:
        db.session.rollback()
        time.sleep(0.02)
    db.session.rollback()
    say(is_new=close(key).is_new)


def _record(key: str, seed: int) -> None:
    """Won sales of the period, until one is refused; says what each person was promised that counts."""
    chance, promised = random.Random(seed), dict[int, int]()
    period = db.session.scalars(select(Period).where(Period.key == key)).one()
    product_id, days = db.session.scalars(select(Product.id)).one(), [period.starts_on, period.ends_on]
    people = list(db.session.scalars(select(Person.id).order_by(Person.id)))
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        rep_id, amount = chance.choice(people), chance.randint(1, 500_00)
        said = operations.Said(product_id=product_id, amount=amount, closed_on=chance.choice(days))
        try:
            operations.record_sale(said, rep_id=rep_id, by_id=None)
        except Conflict:
            break
        promised[rep_id] = promised.get(rep_id, 0) + amount
    say(promised=promised, was_refused=time.monotonic() < deadline)


def main(what: str, url: str, key: str, number: str = "4") -> int:
    with portal(url) as app:
        if what == "killed":
            return killed(app, lambda tick: close_and_die(key, tick))
        return {"together": together, "racing": racing}[what](app, key, int(number))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
