"""Whatever somebody writes into the address bar, it is no fault of the portal's."""

import pytest

HUGE = "9" * 30


@pytest.mark.parametrize("path", ["/people/", "/teams/", "/sales/", "/products/", "/imports/", "/goals/"])
@pytest.mark.parametrize("number", [2**31, 2**63, HUGE])
def test_a_number_that_no_record_has_is_not_there(as_alba, path, number):
    assert as_alba.get(f"{path}{number}").status == 404


@pytest.mark.parametrize("path", ["/imports", "/notifications", "/people", "/sales", "/settings/mails"])
def test_a_page_beyond_the_last_is_empty_or_the_first(as_alba, path):
    for page in ("-1", "0", 2**31, 2**63, HUGE, "x"):
        assert as_alba.get(f"{path}?page={page}").status in {200, 404}


@pytest.mark.parametrize(
    "url",
    [
        "/products?q=a%00b",
        "/people?q=%00",
        "/standings?period=%00&metric=%00&team=%00&q=%00",
        "/sales?q=%00&stage=%00&product=%00&period=%00",
        f"/people/new?team={HUGE}",
        f"/goals?team={HUGE}&period=%00&metric=%00",
    ],
)
def test_what_no_column_holds_finds_nothing(as_alba, url):
    assert as_alba.get(url).status in {200, 404}


@pytest.mark.parametrize("url", ["/periods/%00", "/tv/%00", "/access/a%00b", "/settings/metrics/%00", "/%00"])
def test_a_zero_byte_in_a_path_leads_nowhere(as_alba, url):
    assert as_alba.get(url).status == 404


def test_a_zero_byte_in_a_form_is_left_out(cast, anonymous):
    assert anonymous.post("/sign-in", {"email": "a\0@x.example", "password": "\0"}).status == 422
