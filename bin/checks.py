"""What bin/test does once the packages are there: the checks, cheap ones first, and the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.core import embedded
from tests.database import server_folder

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = {
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "contracts": [str(BIN / "lint-imports"), "--no-cache"],
    "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
}
BESIDE = {"types": [str(BIN / "mypy")]}  # takes long, so the tests do not wait for it
# Tests in a browser wait much, for the next poll or for a pause in typing: more of them than there are cores.
PROCESSES = (os.cpu_count() or 2) + 1
SHELL = "chromium-headless-shell"
PATIENCE = ("-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=15")  # where there is no network


def ensure_chromium() -> str | None:
    """Debian's own; None, or why there is none.

    The headless shell is the same browser without windows, for half the work; the whole one will do.
    """
    if shutil.which(SHELL):
        return None
    is_there = shutil.which("chromium") is not None
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        missing = "chromium is missing, which the browser tests need (on Debian: apt-get install chromium)"
        return None if is_there else missing
    print(f"Installing {SHELL} ...", flush=True)
    if not is_there:
        _apt("update")
    problem = _apt("install", SHELL, "fonts-dejavu-core")
    if problem and not is_there:
        problem = _apt("install", "chromium", "fonts-dejavu-core")
    return f"chromium could not be installed: {problem}" if problem and not is_there else None


def _apt(verb: str, *packages: str) -> str | None:
    """None, or why it failed."""
    command = ["apt-get", "-qq", "-y", "--no-install-recommends", *PATIENCE, verb, *packages]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    return (done.stderr.strip() or "no reason given").splitlines()[-1]


def check(name: str) -> tuple[bool, str]:
    """Whether it passed, and what is to be said of it."""
    began = time.monotonic()
    env = {**os.environ, "NO_COLOR": "1"}
    command = (CHECKS | BESIDE)[name]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    passed = done.returncode == 0
    line = f"{'ok    ' if passed else 'FAILED'}  {name}  ({time.monotonic() - began:.0f} s)"
    return passed, line if passed else f"{line}\n{done.stdout}{done.stderr}"


def run_tests(arguments: list[str]) -> int:
    folder = server_folder()
    if not (was_running := embedded.is_running(folder)):
        shutil.rmtree(folder, ignore_errors=True)  # what an older state of the tests left
    # The same modules are loaded by many processes: compiled once, whatever the shell says about that.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    options = ["-q", "-n", str(PROCESSES), "--dist", "worksteal"]
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *arguments], cwd=ROOT, env=env, check=False
    )
    if not was_running:
        embedded.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
    return tests.returncode


def main(arguments: list[str]) -> int:
    if problem := ensure_chromium():
        print(f"cumbre: {problem}", file=sys.stderr)
        return 1
    failed = []

    def say(name: str, result: tuple[bool, str]) -> None:
        passed, words = result
        print(words, flush=True)
        if not passed:
            failed.append(name)

    with ThreadPoolExecutor(max_workers=2) as pool:
        beside = {name: pool.submit(check, name) for name in BESIDE}
        for name, result in zip(CHECKS, pool.map(check, CHECKS), strict=True):
            say(name, result)
        code = run_tests(arguments)
        for name, awaited in beside.items():
            say(name, awaited.result())
    if failed:
        print(f"\nFAILED beside the tests: {', '.join(failed)} (see above)")
    return 1 if failed else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
