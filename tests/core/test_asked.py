"""Whatever somebody writes into the address bar, it is no fault of the portal's."""

import pytest

from tests.sales.factories import make_product, make_sale

HUGE = "9" * 30


@pytest.mark.parametrize("path", ["/people/", "/teams/", "/sales/", "/products/", "/imports/", "/goals/"])
@pytest.mark.parametrize("number", [2**31, 2**63, HUGE])
def test_a_number_that_no_record_has_is_not_there(as_alba, path, number):
    assert as_alba.get(f"{path}{number}").status == 404


@pytest.mark.parametrize(
    "path", ["/imports", "/notifications", "/people", "/sales", "/admin/mails", "/admin/audit"]
)
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


@pytest.mark.parametrize("url", ["/goals/periods/%00", "/tv/%00", "/access/a%00b", "/metrics/%00", "/%00"])
def test_a_zero_byte_in_a_path_leads_nowhere(as_alba, url):
    assert as_alba.get(url).status == 404


def test_a_zero_byte_in_a_form_is_left_out(cast, anonymous):
    assert anonymous.post("/sign-in", {"email": "a\0@x.example", "password": "\0"}).status == 422


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-inf", "1e400", "x", "1_000"])
def test_what_only_computers_call_a_number_is_refused(as_marta, as_ana, number):
    page = as_marta.get(f"/goals/proposals?growth={number}")
    assert "Write a number of per cent" in page.text
    assert as_marta.post("/goals/proposals", {"growth": number, "fix-team-1": number}).status in {303, 422}
    data = as_ana.get("/sales/new").form_data("#new-sale") | {"product": str(make_product().id)}
    refused = as_ana.post("/sales", data | {"amount": number})
    assert refused.status == 422
    assert "Write a number like 1,234.50." in refused.text


@pytest.mark.parametrize("version", ["x", "²", "\ufffd", HUGE, "9" * 5000])
def test_a_version_that_none_has_is_an_old_one(as_marta, cast, version):
    sale = make_sale(cast.ana, 1_00)
    for step in ("void", "correction", "credits"):
        form = as_marta.get(f"/sales/{sale.id}/{step}").form_data("main form")
        page = as_marta.post(
            f"/sales/{sale.id}/{step}", form | {"version": version, "reason": "a", "why": "a"}
        )
        assert page.status == 409, step
    mark = {"version": version, "step": "deliver", "on": "2026-11-23"}
    assert as_marta.post(f"/sales/{sale.id}/steps", mark).status == 409


@pytest.mark.parametrize("key", ["x", "²", str(2**63), HUGE, "9" * 5000])
def test_a_choice_that_no_record_has_is_none(as_alba, as_ana, as_marta, cast, key):
    rules = as_alba.get("/process/rules").form_data("main form")
    assert as_alba.post("/process/rules", rules | {"deliver_kept": "y", "deliver_team_id": key}).status == 422
    data = as_ana.get("/sales/new").form_data("#new-sale")
    assert as_ana.post("/sales", data | {"product": key}).status == 422
    assert as_marta.post("/training/assignments", {"course_id": key, "person": key}).status == 422
