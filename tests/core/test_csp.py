"""The nonce is on what htmx may act on, on nothing else, and new in each answer."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.csp import PLACEHOLDER, stamp


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="/x" hx-get="/x">',
        '<input name="a" hx-post="/x" />',
        '<div hx-get="{{ url_for("goals.show", goal_id=goal.id) }}" hx-swap="outerHTML">',
        '<body hx-headers:inherited=\'{"X-CSRFToken": "{{ csrf_token() }}"}\'>',
        '<form\n  {% if a > b %}class="x"{% endif %}\n  hx-post="/x">',
    ],
)
def test_an_element_with_htmx_attributes_is_stamped_once(tag: str) -> None:
    stamped = stamp(f"<p>before</p>{tag}after")
    assert stamped.count(f'hx-nonce="{PLACEHOLDER}"') == 1
    assert stamped.replace(f' hx-nonce="{PLACEHOLDER}"', "").replace(
        " >", ">"
    ) == f"<p>before</p>{tag}after".replace(" />", "/>") or stamped.endswith("after")
    assert stamp(stamped) == stamped


@pytest.mark.parametrize(
    "tag", ['<a href="/x">', "<br>", "<p>a hx-get b</p>", '<i title="x > y">', "{{ a < b }}"]
)
def test_other_elements_are_left_alone(tag: str) -> None:
    assert stamp(tag) == tag


@given(st.text(alphabet="<>ab =\"'{}%/-", max_size=60))
def test_text_without_htmx_attributes_never_changes(source: str) -> None:
    assert stamp(source) == source


def test_every_answer_has_a_nonce_of_its_own(anonymous) -> None:
    first, second = anonymous.get("/sign-in"), anonymous.get("/sign-in")
    policies = [page.headers["Content-Security-Policy"] for page in (first, second)]
    nonces = [re.search(r"script-src 'nonce-([^']+)'", policy).group(1) for policy in policies]
    assert nonces[0] != nonces[1]
    assert "default-src 'none'" in policies[0]
    assert "unsafe" not in policies[0]
    for page, nonce in zip((first, second), nonces, strict=True):
        assert PLACEHOLDER not in page.html
        assert {tag["nonce"] for tag in page.all("script")} <= {nonce}


def test_an_error_page_carries_the_policy_too(as_ana) -> None:
    page = as_ana.get("/nothing-of-the-kind")
    assert page.status == 404
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
