"""A rep's home page in the demo company: bytes over the wire at a first visit, and how fast it is."""

import gzip
import http.client
import re
from typing import Any

from sqlalchemy import select

from app.demo.operations import make_company
from app.extensions import db
from app.people.models import Person
from bench import fill
from bench.load import get, in_turns
from bench.portal import portal, served
from bench.visitors import cookie


def home(seconds: float = 3.0, turns: int = 3, **_: Any) -> dict[str, Any]:
    """Everything that a browser fetches for the first page, heads of answers included."""
    with portal() as one:
        cast = make_company("en_US")
        rep = db.session.scalars(select(Person).where(Person.id == cast.reps[0].id)).one()
        own = cookie(one.app, fill.sign_in([rep.id])[0])
        with served(one) as port:
            parts = {"/": _fetch(port, "/", own)}
            html = gzip.decompress(parts["/"][1]) if parts["/"][2] else parts["/"][1]
            for url in sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html.decode()))):
                parts[url.partition("?")[0]] = _fetch(port, url, own)
            sides = {"home": [get("/", own)], "empty": [get("/health", own)]}
            found = in_turns(port, sides, seconds, turns)
    sizes = {url: head + len(body) for url, (head, body, _) in parts.items()}
    # Icons for home screens and the manifest are fetched when the page is installed, not when it is seen.
    seen = {url: size for url, size in sizes.items() if not re.search(r"\.(png|webmanifest)$", url)}
    return {
        "bytes": seen,
        "total_kb": round(sum(seen.values()) / 1000, 1),
        "to_reach_kb": 60,
        "requests_per_second": found,
    }


def _fetch(port: int, path: str, own: str) -> tuple[int, bytes, bool]:
    """Bytes of the head, the body as it travelled, and whether it was packed."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(
        "GET", path, headers={"Cookie": own, "Accept-Encoding": "gzip, br", "Accept-Language": "en-US"}
    )
    answer = connection.getresponse()
    body = answer.read()
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 17
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return head, body, answer.getheader("Content-Encoding") == "gzip"
