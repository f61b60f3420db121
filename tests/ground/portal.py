"""bin/run as a person at a terminal uses it."""

import os
import queue
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Self

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds; a busy machine is no defect


def environment(data: Path, **more: str) -> dict[str, str]:
    ours = {"CUMBRE_DATA", "DATABASE_URL", "SECRET_KEY", "HTTPS"}
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith("PYTEST_")
    }
    return {**kept, "CUMBRE_DATA": str(data), **more}


def refused(data: Path, *arguments: str, **env: str) -> str:
    """What bin/run says when it does not start."""
    done = subprocess.run(
        ["bin/run", *arguments],
        cwd=ROOT,
        env=environment(data, **env),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1, done
    return done.stderr


def browse(opener: urllib.request.OpenerDirector, url: str, data: bytes | None = None) -> tuple[int, str]:
    try:
        with opener.open(url, data, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class Portal:
    """`with Portal(data, "--empty") as portal:` started and open; stopped by Ctrl-C at the end."""

    def __init__(self, data: Path, *arguments: str, **env: str) -> None:
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            ["bin/run", "--port", "0", *arguments],
            cwd=ROOT,
            env=environment(data, **env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first line not yet read that matches."""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            assert line is not None, f"bin/run ended: {''.join(self.said)}"
            self.said.append(line)
            if found := re.search(pattern, line):
                return found

    def __enter__(self) -> Self:
        self.address = f"http://127.0.0.1:{self.wait_for(r'Cumbre is at http://localhost:([0-9]+)')[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def get(self, path: str) -> tuple[int, str]:
        return browse(urllib.request.build_opener(), self.address + path)

    def home_of(self, email: str, password: str) -> tuple[int, str]:
        """Sign in as a browser without scripts does, and follow to the first page."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        opener.addheaders = [("Origin", self.address)]
        form = BeautifulSoup(browse(opener, f"{self.address}/sign-in")[1], "html.parser").select_one(
            "main form"
        )
        assert form is not None
        fields = {
            str(hidden["name"]): str(hidden.get("value", "")) for hidden in form.select("input[type=hidden]")
        }
        fields |= {"email": email, "password": password}
        return browse(opener, self.address + str(form["action"]), urllib.parse.urlencode(fields).encode())

    def stop(self, number: int = signal.SIGINT) -> int:
        """Ctrl-C, as a terminal sends it: to the whole foreground group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
            os.killpg(self.process.pid, number)  # the impatient press it twice
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stdout
        self.process.stdout.close()
        while (line := self._lines.get(timeout=1) if not self._lines.empty() else None) is not None:
            self.said.append(line)
        return code


def processes_of(data: Path) -> list[str]:
    """The command lines of all processes that were started for a data folder (on Linux)."""
    mark = f"CUMBRE_DATA={data}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environ, command = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()
        except OSError:
            continue
        if mark in environ.split(b"\0") or bytes(data) in command:
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found
