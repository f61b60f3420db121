"""A person at a browser without JavaScript, or with htmx: what tests talk to."""

import contextvars
import json
import re
from collections import Counter
from functools import cached_property
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder._html5lib import HTML5TreeBuilder
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from app.extensions import db

CSRF = "test-token"

_ONCE = re.compile(r'hx-nonce="[^"]*"|nonce="[^"]*"|name="csrf_token" value="[^"]*"|X-CSRFToken[^,}]*')
_WHERE = re.compile(r'[0-9]+| aria-current="page"')  # an error says the same wherever it is met
_checked: set[int] = set()


class _Builder(HTML5TreeBuilder):
    """Keeps what the parser complained of, which Beautiful Soup throws away: a page is parsed once."""

    errors: list[tuple[Any, str, Any]]

    def feed(self, markup: Any) -> None:
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)
        self.underlying_builder.parser = parser
        parser.parse(markup)
        self.underlying_builder.parser = None
        self.errors = parser.errors


class Page:
    """An answer. Whole pages are checked as they arrive: valid HTML, one h1, unique ids, safe forms."""

    def __init__(self, response: TestResponse, *, is_fragment: bool) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.get_data(as_text=True)
        self.is_html = response.mimetype == "text/html"
        if self.is_html and self.html:
            same = hash((self._lasting(), is_fragment, self.status < 300))
            if same not in _checked:  # parsing costs more than the answer itself
                self._check(is_fragment=is_fragment)
                _checked.add(same)

    def _lasting(self) -> str:
        """What makes this page another than one that was checked before."""
        text = _ONCE.sub("", self.html)
        return text if self.status < 400 else _WHERE.sub("", text)

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html if self.is_html else "", "html5lib")

    def _check(self, *, is_fragment: bool) -> None:
        if is_fragment:
            parser = html5lib.HTMLParser(strict=False)
            parser.parseFragment(self.html)
            found = parser.errors
        else:
            builder = _Builder()
            self.soup = BeautifulSoup(self.html, builder=builder)
            found = builder.errors
        errors = [(where, code) for where, code, _ in found if code not in _TOLERATED]
        assert not errors, f"not valid HTML: {errors[:5]}"
        tags = self.soup.find_all(True)
        ids = Counter(tag["id"] for tag in tags if tag.has_attr("id"))
        twice = {name for name, number in ids.items() if number > 1}
        assert not twice, f"ids used twice: {twice}"
        if not is_fragment and self.status < 300:
            assert sum(tag.name == "h1" for tag in tags) == 1, "a page has one h1"
        for form in (tag for tag in tags if tag.name == "form"):
            assert form.get("action") or form.get("hx-post") or form.get("hx-get"), (
                f"form without action: {form}"
            )
            if (form.get("method") or "get").lower() == "post":
                assert form.find("input", attrs={"name": "csrf_token"}), f"form without token: {form}"
        for tag in tags:
            assert not tag.has_attr("style"), f"inline style: {tag}"

    def one(self, selector: str) -> Tag:
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector!r} in:\n{self.html[:3000]}"
        return found[0]

    def all(self, selector: str) -> list[Tag]:
        return list(self.soup.select(selector))

    def text_of(self, selector: str) -> str:
        return " ".join(self.one(selector).get_text(" ").split())

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    @property
    def location(self) -> str | None:
        for name in ("Location", "HX-Redirect", "HX-Location"):
            if name in self.headers:
                return str(self.headers[name])
        return None

    @property
    def events(self) -> dict[str, Any]:
        """What HX-Trigger announces to the browser."""
        return dict(json.loads(self.headers.get("HX-Trigger", "{}")))

    def form_data(self, selector: str = "main form") -> dict[str, Any]:
        """What a browser would send if the form were submitted as it is shown."""
        data: dict[str, Any] = {}
        for field in self.one(selector).select("input[name], select[name], textarea[name]"):
            name, kind = str(field["name"]), field.get("type", "text")
            if field.name == "select":
                chosen = field.select_one("option[selected]") or field.select_one("option")
                data[name] = chosen.get("value", chosen.get_text()) if chosen else ""
            elif field.name == "textarea":
                data[name] = field.get_text()
            elif kind in {"checkbox", "radio"}:
                if field.has_attr("checked"):
                    data[name] = field.get("value", "on")
            elif kind not in {"file", "submit"}:
                data[name] = field.get("value", "")
        return data


# html5lib reports these for correct fragments and for SVG in HTML
_TOLERATED = {
    "expected-doctype-but-got-start-tag",
    "expected-doctype-but-got-chars",
    "expected-doctype-but-got-eof",
}


class Client:
    """Signed in as a person, or as nobody. Each request runs in a context of its own, as in a server."""

    def __init__(self, app: Flask, token: str | None = None, language: str = "en-US") -> None:
        self.app = app
        self._client: FlaskClient = app.test_client()
        self._headers = {"Accept-Language": language, "User-Agent": "a browser"}
        with self._client.session_transaction() as session:
            session["csrf_token"] = CSRF
            if token:
                session["_user_id"] = token
                session["_fresh"] = True

    def _csrf(self) -> str:
        signer = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token")
        with self._client.session_transaction() as session:  # signing in or out makes a new one
            secret = session.setdefault("csrf_token", CSRF)
        return str(signer.dumps(secret))

    def request(self, method: str, url: str, *, hx: bool = False, **options: Any) -> Page:
        headers = {**self._headers, **options.pop("headers", {})}
        if hx:
            headers |= {"HX-Request": "true", "HX-Request-Type": "partial"}
        if method != "GET":
            headers.setdefault("X-CSRFToken", self._csrf())
            headers.setdefault("Sec-Fetch-Site", "same-origin")
        # Whatever the test has read or written is over, or its savepoint would take the answer's work back.
        db.session.commit()
        response = contextvars.Context().run(
            self._client.open, url, method=method, headers=headers, **options
        )
        db.session.rollback()
        db.session.expire_all()
        return Page(response, is_fragment=hx)

    def get(self, url: str, **options: Any) -> Page:
        return self.request("GET", url, **options)

    def post(self, url: str, data: Any = None, **options: Any) -> Page:
        return self.request("POST", url, data=data or {}, **options)

    def hx_get(self, url: str, **options: Any) -> Page:
        return self.request("GET", url, hx=True, **options)

    def hx_post(self, url: str, data: Any = None, **options: Any) -> Page:
        return self.request("POST", url, hx=True, data=data or {}, **options)

    def follow(self, page: Page) -> Page:
        assert page.location, f"no redirect but {page.status}: {page.html[:500]}"
        return self.get(page.location)
