"""Nothing passes the gate without a declared permission."""

import pytest
from flask import Flask

from app.core.gate import check_routes


def test_a_route_without_a_permission_keeps_the_app_from_starting():
    app = Flask(__name__)
    app.add_url_rule("/secret", "secret", lambda: "secret")
    with pytest.raises(RuntimeError, match="secret"):
        check_routes(app)


def test_a_page_leads_a_stranger_to_the_sign_in_form(cast, anonymous):
    page = anonymous.get("/")
    assert page.status == 302
    assert page.location == "/sign-in"


def test_a_fragment_tells_a_stranger_to_leave_the_page(cast, anonymous):
    page = anonymous.hx_get("/")
    assert page.status == 401
    assert page.headers["HX-Redirect"] == "/sign-in"


def test_a_post_from_another_site_is_refused(as_ana):
    assert as_ana.post("/", headers={"Sec-Fetch-Site": "cross-site"}).status in {400, 405}
