"""A sale is recorded by HTTP, and the board is read until it shows the new result."""

import re
import socket
import statistics
import time
import urllib.parse
from decimal import Decimal
from typing import Any

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import text

from app.core import formats
from app.extensions import db
from bench import fill
from bench.portal import portal, served
from bench.visitors import cookie

BOARD = "/standings/board?metric=revenue"
REPEATS = 200


class Browser:
    """A connection that stays open. It does as little as it can: its own work is no part of the figure."""

    def __init__(self, port: int, own: str) -> None:
        self._connection = socket.create_connection(("127.0.0.1", port))
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {
            "Host": f"127.0.0.1:{port}",
            "Cookie": own,
            "Accept-Language": "en-US",
            "Sec-Fetch-Site": "same-origin",
        }
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    def request(self, method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        body = urllib.parse.urlencode(data or {}).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self._headers}"
        if data is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self._connection.sendall(head.encode() + b"\r\n" + body)
        return self._answer()

    def _answer(self) -> tuple[int, str]:
        found = b""
        while (end := found.find(b"\r\n\r\n")) < 0:
            found += self._more()
        head = found[:end].decode("latin-1")
        length = re.search(r"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
        if length is None:
            raise RuntimeError(f"an answer of unknown length: {head}")
        whole = end + 4 + int(length.group(1))
        while len(found) < whole:
            found += self._more()
        return int(head.split(" ", 2)[1]), found[end + 4 : whole].decode()

    def _more(self) -> bytes:
        part = self._connection.recv(1 << 16)
        if not part:
            raise RuntimeError("the server has closed the connection")
        return part


def record(reps: int = 10_000, sales: int = 1_000_000, **_: Any) -> dict[str, Any]:
    """The median of record and read together, over two connections that may reach different processes."""
    with portal() as one:
        keys = fill.company(reps)
        fill.sales(keys, sales, days=450)
        fill.totals()
        rep = keys[reps // 3]
        token = fill.sign_in([rep])[0]
        own = cookie(one.app, token)
        product = db.session.scalar(text("SELECT min(id) FROM products"))
        signed = URLSafeTimedSerializer(one.app.secret_key, salt="wtf-csrf-token").dumps("bench")
        with served(one) as port, one.app.test_request_context(headers={"Accept-Language": "en-US"}):
            writer, reader = Browser(port, own), Browser(port, own)
            shown = _shown(reader.request("GET", BOARD)[1])
            wrote, both, reads = [], [], 0
            for number in range(REPEATS):
                amount = 1_000_00 + number
                form = {
                    "csrf_token": str(signed),
                    "key": f"00000000-0000-4000-8000-{number:012d}",
                    "product": str(product),
                    "customer": f"Customer {number}",
                    "stage": "won",
                    "quantity": "1",
                    "amount": f"{amount / 100:.2f}",
                }
                wanted = formats.money(Decimal(amount) + shown, "USD")
                started = time.perf_counter()
                status, answer = writer.request("POST", "/sales", form)
                recorded = time.perf_counter()
                if status not in {200, 303}:
                    raise RuntimeError(f"not recorded: {status} {answer[:2000]}")
                while True:
                    reads += 1
                    page = reader.request("GET", BOARD)[1]
                    if wanted in page:
                        break
                    if time.perf_counter() - recorded > 5:
                        raise RuntimeError(f"{wanted} never shows")
                both.append(time.perf_counter() - started)
                wrote.append(recorded - started)
                shown += amount
    return {
        "reps": reps,
        "sales": sales,
        "median_ms": round(statistics.median(both) * 1000, 2),
        "p95_ms": round(sorted(both)[int(len(both) * 0.95)] * 1000, 2),
        "record_median_ms": round(statistics.median(wrote) * 1000, 2),
        "reads_per_record": reads / REPEATS,
        "to_reach_ms": 10,
    }


def _shown(page: str) -> int:
    """The viewer's own figure, in cents: their row's exact value."""
    row = re.search(r'class="is-own".*?standings__value" title="\$([\d,.]+)"', page, re.DOTALL)
    if row is None:
        raise RuntimeError("the viewer has no row")
    return int(Decimal(row.group(1).replace(",", "")) * 100)
