"""Two processes of one portal: what is recorded in one is on the board of the other."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.database import fresh_database

ROOT = Path(__file__).resolve().parents[2]
Desk = Callable[..., Any]


@contextmanager
def desk(url: str, folder: Path) -> Iterator[Desk]:
    command = [sys.executable, "-m", "tests.leaderboards.desk", url, str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:

        def ask(do: str, **order: Any) -> Any:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps({"do": do, **order}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        try:
            yield ask
        finally:
            assert process.stdin
            process.stdin.close()


def seconds_until(is_so: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < 30
    return time.monotonic() - began


@pytest.mark.slow
def test_a_sale_in_one_process_moves_the_board_of_the_other(tmp_path):
    with (
        fresh_database("two_desks") as url,
        desk(url, tmp_path) as here,
        desk(url, tmp_path) as there,
    ):
        ana, bea = here("hire", name="Ana"), here("hire", name="Bea")
        here("sell", person=ana, amount=200_00)
        here("sell", person=bea, amount=100_00)
        for side in (here, there):
            assert side("board", person=ana) == [["1", "Ana"], ["2", "Bea"]]
            seconds_until(lambda side=side: side("listens"))
            side("board", person=ana)  # from now on it is kept
        here("sell", person=bea, amount=500_00)
        late = seconds_until(lambda: there("board", person=ana) == [["1", "Bea"], ["2", "Ana"]])
        assert late < 2
        assert here("board", person=ana) == [["1", "Bea"], ["2", "Ana"]]
