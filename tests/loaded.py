"""`python -m flask ...` without its first seconds: one interpreter a test process has loaded the portal.

It forks for each command. The child has a session, an environment and an output of its own, builds its app
itself and ends as any process ends: only the imports are shared. What loading
itself does is proved by bin/run (tests/ground/test_run.py).
"""

import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 1_000_000  # bytes of a request: an environment and a command


class Started:
    """A process that somebody else has started for us: of `subprocess.Popen` what tests use."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.returncode: int | None = None
        self.pid = int(self._next())

    def _next(self) -> str:
        said = self._connection.recv(100).decode()
        assert said, "the loaded interpreter has ended"
        return said

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._connection], [], [], 0)[0]:
            self.returncode = int(self._next())
            self._connection.close()
        return self.returncode

    def wait(self, timeout: float = 300) -> int:
        if self.returncode is None:
            if not select.select([self._connection], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            self.poll()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill_all(self) -> None:
        """With everything that it has started; gone when this returns."""
        if self.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()


def start(
    module: str, *arguments: str, env: Mapping[str, str], out: int | IO[Any], err: int | IO[Any]
) -> Started:
    """`python -m module ...` in a session of its own; `out` and `err` are files or their numbers."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    files = [theirs.fileno(), *(it if isinstance(it, int) else it.fileno() for it in (out, err))]
    request = json.dumps({"command": [module, *arguments], "env": dict(env)}).encode()
    with theirs:
        socket.send_fds(_interpreter()[0], [request], files)
    return Started(ours)


def run(
    module: str, *arguments: str, env: Mapping[str, str], timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = start(module, *arguments, env=env, out=out, err=err)
        try:
            code = process.wait(timeout)
        finally:
            process.kill_all()
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess([module, *arguments], code, out.read(), err.read())


@cache
def _interpreter() -> tuple[socket.socket, "subprocess.Popen[bytes]"]:
    """Where it is asked, and itself; it ends when this process does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.loaded", str(theirs.fileno())],
            cwd=ROOT,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # who forks has one thread
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    return ours, process


def _load() -> None:
    from importlib import import_module

    import app

    for module in app.TABLES:
        import_module(module)
    for room in app.ROOMS:
        import_module(f"app.{room}.setup")
    for module in ("flask.cli", "granian.cli"):
        import_module(module)


def _serve(asked: socket.socket) -> dict[str, Any] | None:
    """In a child: what it is to do. In the interpreter itself: None, when nobody asks any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for who has forked
    while True:
        request, files, *_ = socket.recv_fds(asked, LARGEST, 3)
        if not request:
            return None
        if os.fork():
            for file in files:
                os.close(file)
            continue
        asked.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        answers, out, err = files
        if child := os.fork():
            with socket.socket(fileno=answers) as connection:
                connection.send(str(child).encode())
                os.close(out)
                os.close(err)
                status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                connection.send(str(status).encode())
            os._exit(0)
        os.close(answers)
        os.setsid()
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.close(out)
        os.close(err)
        return dict(json.loads(request))


def main(number: int) -> None:
    _load()
    gc.freeze()  # what is loaded stays, and stays shared
    asked = socket.socket(fileno=number)
    if (request := _serve(asked)) is None:
        return
    os.environ.clear()
    os.environ.update(request["env"])
    tempfile.tempdir = None
    time.tzset()
    module, *arguments = request["command"]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
