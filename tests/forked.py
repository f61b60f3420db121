"""Real processes of one portal: forked from an interpreter that has no connection yet, killed on the way.

What a test asks of them is a module of its own (`python -m MODULE WHAT ...`), so that the test's process,
which has threads and a browser, is not the one that forks. Each child prints a line of JSON.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from app import create_app
from app.extensions import db
from config import Config
from tests.database import ROOT


def answers(module: str, *arguments: str) -> list[dict[str, Any]]:
    """What the processes of a module have said."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def say(**words: Any) -> None:
    os.write(1, (json.dumps(words) + "\n").encode())  # at once: others write too


@contextmanager
def portal(url: str) -> Iterator[Flask]:
    """An app that has no connection yet, to be forked."""
    with tempfile.TemporaryDirectory(prefix="cumbre-forked-") as data:
        yield create_app(
            Config(
                CUMBRE_DATA=Path(data),
                SECRET_KEY="x",
                DATABASE_URL=url,
                TESTING=True,
                LISTEN_FOR_CHANGES=False,
            )
        )


def fork(app: Flask, act: Callable[[], Any]) -> int:
    if child := os.fork():
        return child
    try:
        with app.app_context():
            act()
        os._exit(0)
    finally:
        os._exit(1)


def ended(child: int) -> int:
    """As subprocess has it: the exit code, or the signal below zero."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def wait(children: list[int]) -> int:
    return max(abs(ended(child)) for child in children)


class Tick:
    """Kills this process, as by kill -9, at its so many-th step; never, where that is None."""

    def __init__(self, step: int | None) -> None:
        self.step, self.count = step, 0

    def __call__(self, *_arguments: Any, **_named: Any) -> None:
        self.count += 1
        if self.count == self.step:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, *names: str) -> None:
        """Statements are steps, before and after; and what else of the engine's events is named."""
        for name in ("before_cursor_execute", "after_cursor_execute", *names):
            event.listen(db.engine, name, self)


def killed(app: Flask, act: Callable[[Tick], Any], stride: int = 1) -> int:
    """One after another, each killed `stride` steps later, until one has fewer steps than it was given."""
    step = 1
    while True:
        code = ended(fork(app, lambda step=step: act(Tick(step))))
        say(step=step, is_killed=code == -signal.SIGKILL)
        if code != -signal.SIGKILL:
            return code
        step += stride
