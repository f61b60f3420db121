"""What the address of a list asks for, and the addresses of its other pages."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request

from app.core.pagination import Page
from app.sales.queries import Wanted


def asked() -> Wanted:
    """What cannot be read is not asked for."""
    return Wanted(
        q=request.args.get("q", "").replace("\0", "").strip()[:100],
        stage=request.args.get("stage", ""),
        rep_id=_number("rep"),
        team_id=_number("team"),
        product_id=_number("product"),
        source_id=_number("source"),
        since=day("from"),
        until=day("to"),
        step=request.args.get("step", ""),
    )


def links(page: Page[Any], path: str | None = None) -> dict[str, str | None]:
    """The neighbouring pages with the same filters; `path` where the request went elsewhere."""
    return {
        "newer": _at(path or request.path, page.number - 1) if page.has_previous else None,
        "older": _at(path or request.path, page.number + 1) if page.has_next else None,
    }


def _at(path: str, number: int) -> str:
    given = [(name, value) for name, value in request.args.items(multi=True) if name != "page" and value]
    return f"{path}?{urlencode([*given, ('page', str(number))])}"


def _number(name: str) -> int | None:
    found = request.args.get(name, "")
    return int(found) if found.isdigit() and len(found) < 18 else None


def page_number() -> int:
    return min(max(1, _number("page") or 1), 1_000_000)


def day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
