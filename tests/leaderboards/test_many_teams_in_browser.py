"""A company with more teams than anybody scrolls through, in Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.leaderboards.queries.teams import MOST_LISTED
from tests import factories
from tests.browsers import defects
from tests.leaderboards.factories import make_crowd
from tests.sales.factories import make_product, make_sale
from tests.site import Site, serving

pytestmark = pytest.mark.browser


def very_many_teams() -> dict[str, object]:
    root = factories.the_root()
    teams = [factories.make_team(f"Tienda {number}", root) for number in range(MOST_LISTED + 1)]
    make_crowd(4)
    ana = factories.make_person("Ana Alonso", team=teams[42])
    make_sale(ana, 10_00, product=make_product("Rope"))
    return {"ana": ana}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving("many_teams_in_browser", very_many_teams) as site:
        yield site


def test_a_team_is_typed_and_its_board_stands_there(at_site):
    page = at_site.page("/standings?metric=revenue&period=month", "ana", width=390)
    page.get_by_label("Team", exact=True).press_sequentially("42")
    expect(page.locator("#proposals-team_name option")).to_have_attribute("value", "Tienda 42")
    page.get_by_label("Team", exact=True).fill("tienda 42")
    page.get_by_label("Team", exact=True).press("Tab")
    expect(page.locator("#board .standings__name")).to_have_count(1)
    expect(page.locator("#board h2")).to_contain_text("Tienda 42")
    page.reload()
    assert page.get_by_label("Team", exact=True).input_value() == "Tienda 42"
    assert defects(page, "en") == []
