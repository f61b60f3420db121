"""Requests as fast as the server answers, over connections that stay open: one thread, plain sockets."""

import selectors
import socket
import time
from collections.abc import Sequence


def requests_per_second(port: int, requests: Sequence[bytes], seconds: float, expect: int = 200) -> float:
    """Each request has a connection of its own and is sent again as soon as it is answered.

    Raises RuntimeError when an answer has another status.
    """
    selector = selectors.DefaultSelector()
    wanted = f"HTTP/1.1 {expect}".encode()
    for request in requests:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request)
        selector.register(connection, selectors.EVENT_READ, _State(request))
    started = time.perf_counter()
    answered = 0
    while (now := time.perf_counter()) < started + seconds:
        for key, _ in selector.select(timeout=1):
            state, connection = key.data, key.fileobj
            assert isinstance(connection, socket.socket)
            part = connection.recv(262144)
            if not part:  # the server closes a connection now and then
                selector.unregister(connection)
                connection.close()
                connection = socket.create_connection(("127.0.0.1", port))
                connection.sendall(state.request)
                selector.register(connection, selectors.EVENT_READ, _State(state.request))
                continue
            if state.take(part):
                if not state.answer.startswith(wanted):
                    raise RuntimeError(f"unexpected answer: {bytes(state.answer[:200])!r}")
                answered += 1
                state.reset()
                connection.sendall(state.request)
    elapsed = now - started
    for key in list(selector.get_map().values()):
        assert isinstance(key.fileobj, socket.socket)
        key.fileobj.close()
    return answered / elapsed


class _State:
    """One connection's answer so far."""

    __slots__ = ("answer", "needed", "request")

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.reset()

    def reset(self) -> None:
        self.answer = bytearray()
        self.needed: int | None = None

    def take(self, part: bytes) -> bool:
        """Whether the answer is whole."""
        self.answer += part
        if self.needed is None:
            end = self.answer.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = bytes(self.answer[:end]).lower()
            length = head.find(b"content-length:")
            self.needed = end + 4
            if length >= 0:
                self.needed += int(head[length + 15 :].split(b"\r\n", 1)[0])
        return len(self.answer) >= self.needed


def get(path: str, cookie: str = "", *, packed: bool = True, **headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: en-US"]
    lines.append(f"Accept-Encoding: {'gzip' if packed else 'identity'}")
    if cookie:
        lines.append(f"Cookie: {cookie}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def in_turns(
    port: int,
    sides: dict[str, Sequence[bytes]],
    seconds: float,
    turns: int,
    expect: dict[str, int] | None = None,
) -> dict[str, float]:
    """Requests a second of each side: the median over its turns, after one that warms up."""
    expected = expect or {}
    figures: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(turns + 1):
        for name, requests in sides.items():
            length = seconds if turn else min(seconds, 1.0)
            figure = requests_per_second(port, requests, length, expected.get(name, 200))
            if turn:
                figures[name].append(figure)
    return {name: sorted(values)[len(values) // 2] for name, values in figures.items()}
