"""The signed-in board page against a page of constants, large against small, and polls that find nothing."""

import gzip
import random
import urllib.request
from pathlib import Path
from typing import Any

from bench import fill
from bench.load import get, in_turns
from bench.portal import Portal, portal, served
from bench.visitors import cookie

PAGE = "/standings?metric=revenue&top=50"
VISITORS = 24


def _filled(one: Portal, reps: int) -> list[str]:
    """A company with two sales a rep in this quarter; cookies of visitors from all over the board."""
    keys = fill.company(reps)
    fill.sales(keys, reps * 2, days=20)
    fill.totals()
    chance = random.Random(1)
    chosen = chance.sample(keys, min(VISITORS, len(keys)))
    return [cookie(one.app, token) for token in fill.sign_in(chosen)]


def _page(port: int, path: str, own: str) -> tuple[str, str]:
    """The page's text and its tag, unpacked."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        headers={"Cookie": own, "Accept-Language": "en-US", "Accept-Encoding": "gzip"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        body = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return body.decode(), answer.headers.get("HX-PTag", "")


def board(reps: int = 100_000, seconds: float = 3.0, turns: int = 5, **_: Any) -> dict[str, Any]:
    """The board page for people all over it, against the same bytes from a constant."""
    with portal() as one:
        cookies = _filled(one, reps)
        with served(one) as port:
            text, _tag = _page(port, PAGE, cookies[0])
        file = Path(one.data) / "board.html"
        file.write_text(text)
        with served(one, {"board": str(file)}) as port:
            for own in cookies:
                _page(port, PAGE, own)
            sides = {
                f"{name}{kind}": [get(path, own, packed=not kind) for own in cookies]
                for name, path in (("board", PAGE), ("constant", "/bench/board"))
                for kind in ("", "_plain")
            }
            found = in_turns(port, sides, seconds, turns)
    return {
        "reps": reps,
        "bytes": len(text.encode()),
        "requests_per_second": found,
        # A kept page is kept packed too, so without packing is the harder comparison.
        "ratio": round(found["board_plain"] / found["constant_plain"], 3),
        "ratio_packed": round(found["board"] / found["constant"], 3),
        "to_reach": 0.8,
    }


def board_scale(reps: int = 100_000, seconds: float = 3.0, turns: int = 5, **_: Any) -> dict[str, Any]:
    """The board page with many reps against one with a hundred, served at the same time."""
    with portal() as large, portal() as small:
        with large.app.app_context():
            many = _filled(large, reps)
        with small.app.app_context():
            few = _filled(small, 100)
        with served(large) as port_large, served(small) as port_small:
            for port, cookies in ((port_large, many), (port_small, few)):
                in_turns(port, {"warm": [get(PAGE, own) for own in cookies]}, seconds, turns=2)
            figures: dict[str, list[float]] = {"large": [], "small": []}
            for _turn in range(turns):
                for name, port, cookies in (("large", port_large, many), ("small", port_small, few)):
                    sides = {name: [get(PAGE, own) for own in cookies]}
                    figures[name].append(in_turns(port, sides, seconds, 1)[name])
    found = {name: sorted(values)[len(values) // 2] for name, values in figures.items()}
    return {
        "reps": [reps, 100],
        "requests_per_second": found,
        "ratio": round(found["large"] / found["small"], 3),
        "to_reach": 0.75,
    }


def poll(reps: int = 100_000, seconds: float = 3.0, turns: int = 5, **_: Any) -> dict[str, Any]:
    """A poll of the board that finds nothing new, against a view that returns an empty text."""
    path = "/standings/board?metric=revenue&top=50"
    with portal() as one:
        cookies = _filled(one, reps)
        with served(one) as port:
            polls = []
            for own in cookies:
                _text, tag = _page(port, path, own)
                headers = {"HX_Request": "true", "HX_Request_Type": "partial", "HX_PTag": tag}
                polls.append(get(path, own, **headers))
            sides = {"poll": polls, "empty": [get("/bench/empty", own) for own in cookies]}
            found = in_turns(port, sides, seconds, turns, {"poll": 304})
    return {
        "reps": reps,
        "requests_per_second": found,
        "ratio": round(found["poll"] / found["empty"], 3),
        "to_reach": 0.6,
    }
