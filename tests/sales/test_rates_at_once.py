"""A rate changes while a sale is on its way, each on a connection of its own: the sale has the new rate."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from app.core.transactions import atomic
from app.extensions import db
from app.imports import running
from app.people.models import Person
from app.sales import operations, revaluation
from app.sales.models import Product, Sale
from tests import factories
from tests.imports.factories import sale as row
from tests.imports.factories import table
from tests.sales.factories import make_product, make_rate, make_sale, today
from tests.site import own_app

PATIENCE = 120.0
LONG_AGO = date(2020, 1, 1)
Work = Callable[[], Any]


@pytest.fixture(scope="module")
def real_app() -> Iterator[Flask]:
    with own_app("rates_at_once") as app, app.app_context():
        factories.make_person("Ana Alonso", team=factories.make_team("Norte"))
        make_product("Lamp", 100_00)
        make_rate("EUR", "1.10", LONG_AGO)
        db.session.remove()
        yield app


class Paused:
    """An operation that has done its work and has not committed."""

    def __init__(self, app: Flask, pool: ThreadPoolExecutor, work: Work) -> None:
        self.done, self.may_commit = Event(), Event()

        @atomic
        def run() -> Any:
            found = work()
            db.session.flush()
            self.done.set()
            assert self.may_commit.wait(PATIENCE)
            return found

        self.future = in_thread(app, pool, run)
        assert self.done.wait(PATIENCE) or self.future.result()

    def commit(self) -> Any:
        self.may_commit.set()
        return self.future.result(PATIENCE)


def in_thread(app: Flask, pool: ThreadPoolExecutor, work: Work) -> "Future[Any]":
    def run() -> Any:
        with app.app_context():
            return work()

    return pool.submit(run)


def waits_or_ends(future: "Future[Any]") -> bool:
    """Whether it has come to wait for a lock."""
    deadline = time.monotonic() + PATIENCE
    asked = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory')")
    while time.monotonic() < deadline:
        if future.done():
            return False
        db.session.rollback()
        if db.session.scalar(asked):
            return True
    raise AssertionError("neither waits nor ends")


def record(currency: str = "EUR") -> Work:
    def work() -> int:
        ana = db.session.scalars(select(Person).where(Person.name == "Ana Alonso")).one()
        product = db.session.scalars(select(Product)).one()
        return make_sale(ana, 100_00, currency=currency, product=product).id

    return work


def bring_in(folder: Path, number: str) -> Work:
    path = folder / f"{number}.csv"
    closed = today().isoformat()
    path.write_text(table(row(number, currency="EUR", closed_on=closed, opened_on=closed, amount="100.00")))

    def work() -> int:
        running.import_file(
            path, "sales", "crm", given=None, saved=None, is_dry=False, progress=lambda *_: None, rejects=None
        )
        return db.session.scalars(select(Sale.id).where(Sale.external_id == number)).one()

    return work


def correct(sale_id: int) -> Work:
    """In dollars before, in euros now: no revaluation of euros sees it until it is committed."""

    def work() -> int:
        sale = db.session.get_one(Sale, sale_id)
        said = operations.said_of(sale)
        said.currency = "EUR"
        operations.correct_sale(sale, said, by_id=sale.rep_id, reason="In euros")
        return sale_id

    return work


def set_rate(rate: str) -> Work:
    return lambda: revaluation.set_rate("EUR", LONG_AGO, Decimal(rate), by_id=None)


def works(kind: str, folder: Path, number: str) -> Work:
    if kind == "recorded":
        return record()
    if kind == "imported":
        return bring_in(folder, number)
    return correct(record("USD")())


@pytest.mark.parametrize("kind", ["recorded", "imported", "corrected"])
def test_a_rate_waits_for_sales_on_their_way(real_app: Flask, tmp_path: Path, kind: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        selling = Paused(real_app, pool, works(kind, tmp_path, "S1"))
        changing = in_thread(real_app, pool, set_rate("1.20"))
        assert waits_or_ends(changing)
        sale_id = selling.commit()
        changing.result(PATIENCE)
    assert worth_of(sale_id) == (Decimal("1.2"), 120_00)


@pytest.mark.parametrize("kind", ["recorded", "imported", "corrected"])
def test_a_sale_waits_for_a_rate_on_its_way(real_app: Flask, tmp_path: Path, kind: str) -> None:
    work = works(kind, tmp_path, "S2")
    with ThreadPoolExecutor(2) as pool:
        changing = Paused(real_app, pool, set_rate("1.50"))
        selling = in_thread(real_app, pool, work)
        assert waits_or_ends(selling)
        changing.commit()
        sale_id = selling.result(PATIENCE)
    assert worth_of(sale_id) == (Decimal("1.5"), 150_00)


def test_a_sale_in_the_companys_own_currency_asks_for_no_rate_and_no_lock(real_app: Flask) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        record("USD")()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert asked
    assert not [statement for statement in asked if "exchange" in statement]


def test_a_removed_rate_waits_too(real_app: Flask) -> None:
    def remove() -> None:
        revaluation.remove_rate("EUR", today() - timedelta(days=2), by_id=None)

    set_rate("1.10")()
    revaluation.set_rate("EUR", today() - timedelta(days=2), Decimal("1.40"), by_id=None)
    with ThreadPoolExecutor(2) as pool:
        selling = Paused(real_app, pool, record())
        removing = in_thread(real_app, pool, remove)
        assert waits_or_ends(removing)
        sale_id = selling.commit()
        removing.result(PATIENCE)
    assert worth_of(sale_id) == (Decimal("1.1"), 110_00)


def worth_of(sale_id: int) -> tuple[Decimal, int | None]:
    db.session.rollback()
    found = db.session.get_one(Sale, sale_id, populate_existing=True)
    return found.rate, found.value
