"""A product that comes to another series leaves what closed periods came to as it is, boards included."""

from datetime import date

import pytest

from app.metrics import check
from app.metrics import queries as metrics
from app.metrics.models import Metric, MetricKind, Unit
from app.sales.catalogue import save_product
from app.sales.models import Product
from tests.goals.adjusting import standing
from tests.goals.factories import close, make_goal, the_metric
from tests.sales.factories import make_product, make_sale

THIRD = date(2026, 7, 1), date(2026, 9, 30)
FOURTH = date(2026, 10, 1), date(2026, 12, 31)


def of_series(name: str) -> Metric:
    rule = {"date": "closed_on", "measure": "count", "conditions": ["won"], "series": [name]}
    return the_metric(f"deals_{name}".lower(), kind=MetricKind.COUNT, unit=Unit.NUMBER, rule=rule)


def count(metric: Metric, person, days: tuple[date, date]) -> int:
    found = metrics.person_values(metric, *days).get(person.id)
    return int(found.figure or 0) if found else 0


def move(product: Product, series: str | None) -> None:
    said = {"code": product.code, "name": product.name, "list_price": product.list_price}
    save_product(product, series=series, currency=product.currency, by_id=None, **said)


@pytest.fixture
def home(cast) -> Metric:
    return of_series("Home")


@pytest.fixture
def field(cast) -> Metric:
    return of_series("Field")


@pytest.fixture
def tent(cast, home, field) -> Product:
    tent = make_product("Tent", series="Home")
    for day in (date(2026, 8, 10), date(2026, 10, 10)):
        make_sale(cast.ana, 20_00, day, product=tent)
    return tent


def test_a_product_counts_in_its_new_series_from_the_day_after_the_last_closed_one(cast, home, field, tent):
    goal = make_goal(cast.ana, 1, metric=home, period="2026-Q3")
    close("2026-Q3")
    move(tent, "Field")
    assert [count(home, cast.ana, days) for days in (THIRD, FOURTH)] == [1, 0]
    assert [count(field, cast.ana, days) for days in (THIRD, FOURTH)] == [0, 1]
    assert standing(goal) == ("reached", 1, 1)
    assert check.differences() == []
    move(tent, None)
    assert [count(home, cast.ana, days) for days in (THIRD, FOURTH)] == [1, 0]
    assert [count(field, cast.ana, days) for days in (THIRD, FOURTH)] == [0, 0]


def test_each_closed_period_keeps_the_series_of_its_time(cast, home, field, tent):
    make_goal(cast.ana, 1, metric=home, period="2026-Q3")
    close("2026-Q3")
    move(tent, "Field")
    make_goal(cast.ana, 1, metric=field, period="2026-10")
    close("2026-10")
    move(tent, "Home")
    make_sale(cast.ana, 20_00, date(2026, 11, 10), product=tent)
    october = date(2026, 10, 1), date(2026, 10, 31)
    november = date(2026, 11, 1), date(2026, 11, 30)
    assert [count(home, cast.ana, days) for days in (THIRD, october, november)] == [1, 0, 1]
    assert [count(field, cast.ana, days) for days in (THIRD, october, november)] == [0, 1, 0]
    assert check.differences() == []


def test_while_nothing_is_closed_it_counts_there_with_all_its_sales(cast, home, field, tent):
    move(tent, "Field")
    assert [count(home, cast.ana, days) for days in (THIRD, FOURTH)] == [0, 0]
    assert [count(field, cast.ana, days) for days in (THIRD, FOURTH)] == [1, 1]
