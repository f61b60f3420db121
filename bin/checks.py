"""What bin/test does once the packages are there: all the cheap checks, side by side, then the tests."""

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
    "types": [str(BIN / "mypy")],
    "lint": [str(BIN / "ruff"), "check", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "contracts": [str(BIN / "lint-imports"), "--no-cache"],
    "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
}


def ensure_chromium() -> str | None:
    """Debian's own; None, or why there is none."""
    if shutil.which("chromium"):
        return None
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return "chromium is missing, which the browser tests need (on Debian: apt-get install chromium)"
    print("Installing chromium ...", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["update"],
        ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
    ):
        done = subprocess.run(
            ["apt-get", "-qq", *command], env=env, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            last = (done.stderr.strip() or "no reason given").splitlines()[-1]
            return f"chromium could not be installed: {last}"
    return None


def check(name: str) -> bool:
    began = time.monotonic()
    env = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(CHECKS[name], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    passed = done.returncode == 0
    line = f"{'ok    ' if passed else 'FAILED'}  {name}  ({time.monotonic() - began:.0f} s)"
    print(line if passed else f"{line}\n{done.stdout}{done.stderr}", flush=True)
    return passed


def main(arguments: list[str]) -> int:
    if problem := ensure_chromium():
        print(f"cumbre: {problem}", file=sys.stderr)
        return 1
    with ThreadPoolExecutor(max_workers=2) as pool:
        failed = [name for name, passed in zip(CHECKS, pool.map(check, CHECKS), strict=True) if not passed]
    folder = server_folder()
    if not (was_running := embedded.is_running(folder)):
        shutil.rmtree(folder, ignore_errors=True)  # what an older state of the tests left
    # The same modules are loaded by many processes: compiled once, whatever the shell says about that.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", *arguments]
    tests = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if not was_running:
        embedded.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
    if failed:
        print(f"\nFAILED before the tests: {', '.join(failed)} (see above)")
    return 1 if failed else tests.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
