"""Crowds for boards, and what a board's page says."""

from typing import Any

from app.people.models import Person
from app.sales.models import Sale
from app.sales.operations import Said
from tests.client import Page
from tests.factories import make_person
from tests.sales.factories import make_product, make_sale


def make_crowd(number: int, **said: Any) -> list[Person]:
    """People with a sale each, the first with the largest."""
    product = make_product()
    crowd = [make_person(f"Rep {place:03}") for place in range(1, number + 1)]
    for place, person in enumerate(crowd):
        make_sale(person, (number - place) * 1000_00, product=product, **said)
    return crowd


def places(page: Page) -> list[tuple[str, str]]:
    """(rank, name) of each row."""
    return [
        (row.select_one(".standings__rank b").get_text(), _name(row))
        for row in page.all(".standings tbody tr:not(.fold)")
    ]


def names(page: Page) -> list[str]:
    return [name for _, name in places(page)]


def own_place(page: Page) -> str:
    return page.text_of(".card--sunrise .stat--big .stat__value")


def _name(row) -> str:
    """Without the mark of one's own row."""
    return " ".join(row.select_one(".standings__name").get_text().split()).partition(" (")[0]


def said_again(sale: Sale, **changed: Any) -> Said:
    """What the sale says, but for some of it."""
    kept = {name: getattr(sale, name) for name in ("product_id", "stage", "closed_on", "amount", "currency")}
    return Said(**kept | changed)
