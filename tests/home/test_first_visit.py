"""What a rep's home page brings over the wire to a browser that has seen nothing of the portal yet."""

import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from werkzeug.test import Client as Browser

from app.core.assets import _Served
from app.core.compression import packed
from tests.client import Page
from tests.goals.factories import make_goal, make_period, the_metric
from tests.sales.factories import make_sale

STATIC = Path(__file__).resolve().parents[2] / "static"
TO_REACH = 60_000
KEPT_FOR_LATER = {"apple-touch-icon"}  # fetched when the portal is put on a home screen


def head(headers) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers)


def asked_for(page: Page) -> set[str]:
    links = [tag["href"] for tag in page.all("link[href]") if not KEPT_FOR_LATER & set(tag["rel"])]
    return {*links, *(tag["src"] for tag in page.all("[src]"))}


@pytest.mark.parametrize("language", ["en-US", "es-CO"])
def test_a_reps_first_visit_is_60_kilobytes_at_most(cast, as_person, tmp_path, language) -> None:
    quarter = make_period(kind="quarter")
    for key in ("revenue", "deals_won", "new_customers", "win_rate"):
        make_goal(cast.ana, 1_000_00, period=quarter, metric=the_metric(key))
    for person in (cast.ana, cast.bea, cast.luis):
        make_sale(person, 400_00)
    page = as_person(cast.ana, language).get("/")
    sizes = {"/": head(page.headers) + len(packed(page.html.encode()))}

    served = _Served(lambda environ, start: [], tmp_path / "packed")
    served.add_files(str(STATIC), prefix="static/")
    browser = Browser(served)
    left = asked_for(page)
    while left:
        url = left.pop()
        answer = browser.get(url, headers={"Accept-Encoding": "gzip, br"}, buffered=True)
        assert answer.status_code == 200, url
        sizes[url] = head(answer.headers) + len(answer.data)
        if answer.mimetype == "text/css":
            sheet = browser.get(url, buffered=True).text
            found = re.findall(r"""(?:url\(|@import\s*)["']?([^"')]+)""", sheet)
            left |= {urljoin(url, one) for one in found if not one.startswith("data:")} - sizes.keys()
    assert {Path(url.partition("?")[0]).name for url in sizes} > {"app.css", "htmx.min.js", "app.js"}
    assert sum(sizes.values()) <= TO_REACH, sizes
