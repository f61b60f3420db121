"""A portal that begins with a file takes its currency from the first file that says one."""

from sqlalchemy import select

from app.extensions import db
from app.people.models import Company
from app.sales.models import Product, Sale
from tests.imports.factories import Command, counts, sale, table

PEOPLE = table({"email": "ana@first.example", "name": "Ana Alonso", "role": "rep", "team": "North"})


def currency() -> str:
    return db.session.scalars(select(Company.currency)).one()


def test_the_first_file_that_says_a_currency_decides(run_in_empty_portal: Command) -> None:
    assert counts(run_in_empty_portal("people", PEOPLE)) == (1, 0, 0, 0)
    assert currency() == "USD"
    run_in_empty_portal(
        "products", table({"code": "L", "name": "Lamp", "list_price": "120", "currency": "EUR"})
    )
    told = run_in_empty_portal("sales", table(sale(currency="eur"), sale("S2", currency="")))
    assert counts(told) == (2, 0, 0, 0)
    assert currency() == "EUR"
    assert set(db.session.scalars(select(Sale.currency))) == {"EUR"}
    assert db.session.scalars(select(Sale.value)).all() == [10_000, 10_000]


def test_prices_that_came_without_a_word_are_in_the_same(run_in_empty_portal: Command) -> None:
    run_in_empty_portal("people", PEOPLE)
    run_in_empty_portal("products", table({"code": "L", "name": "Lamp", "list_price": "120"}))
    assert counts(run_in_empty_portal("sales", table(sale(currency="EUR")))) == (1, 0, 0, 0)
    product = db.session.scalars(select(Product)).one()
    assert (product.currency, product.list_price) == ("EUR", 12_000)


def test_after_that_another_currency_needs_a_rate(run_in_empty_portal: Command) -> None:
    run_in_empty_portal("people", PEOPLE)
    run_in_empty_portal(
        "products", table({"code": "L", "name": "Lamp", "list_price": "120", "currency": "USD"})
    )
    told = run_in_empty_portal("sales", table(sale(currency="EUR")))
    assert counts(told) == (0, 0, 0, 1)
    assert currency() == "USD"


def test_a_dry_run_settles_nothing(run_in_empty_portal: Command) -> None:
    run_in_empty_portal("people", PEOPLE)
    run_in_empty_portal("products", table({"code": "L", "name": "Lamp", "currency": "EUR"}), "--dry-run")
    assert currency() == "USD"
