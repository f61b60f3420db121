"""Whoever leaves loses access at once, also on a page that is open."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsers import Browsers, promptly
from tests.journeys.portal import Portal

pytestmark = pytest.mark.browser


def test_an_open_page_of_a_leaver_goes_to_the_sign_in(at_demo: Browsers, demo: Portal) -> None:
    leaver = demo.person("Oscar Dubois")
    at_demo.expected = {401}  # what Chromium itself writes down of the last poll
    page = at_demo.page("/", leaver["email"].partition("@")[0], width=390, language="es")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hola, Oscar")
    admin = at_demo.page(f"/people/{leaver['id']}", "raul.ibanez")
    admin.locator("details[data-menu] summary").last.click()
    admin.get_by_role("link", name="Leaves the company").click()
    admin.get_by_role("button", name="Save").click()
    with promptly(3):
        page.wait_for_url(re.compile("/sign-in"))
    answer = page.goto("/goals")
    assert answer
    assert "/sign-in" in page.url
    expect(admin.get_by_text("The history stays.")).to_be_visible()
