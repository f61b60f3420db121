"""The contracts between rooms are alive: each is broken by what it forbids."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {
    "Features stand on floors and call down": ("core/trespass.py", "import app.people.models"),
    "Inside a room: routes, forms and operations, queries, models": (
        "goals/models.py",
        "import app.goals.setup",
    ),
    "Coaching's nouns stand on each other": (
        "coaching/plans/queries.py",
        "import app.coaching.notes.queries",
    ),
    "Routes reach models through queries and operations": (
        "people/routes/persons.py",
        "import app.people.models",
    ),
    "Forms know neither queries nor models": ("people/forms.py", "import app.people.models"),
    "Only routes, setup, cli and core import Flask": ("goals/models.py", "import flask"),
    "Pure modules know neither Flask nor the database, at no remove": (
        "goals/pace.py",
        "import app.core.audit",
    ),
}


@pytest.fixture(scope="module")
def verdict(tmp_path_factory) -> str:
    """What import-linter says of a copy of the house in which every contract is broken once."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "app", copy / "app", ignore=shutil.ignore_patterns("__pycache__", "translations"))
    for file in ("pyproject.toml", "config.py"):
        shutil.copy(ROOT / file, copy)
    for path, line in FORBIDDEN.values():
        with (copy / "app" / path).open("a") as module:
            module.write(f"\n{line}\n")
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=copy,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("contract", FORBIDDEN)
def test_a_contract_notices_what_it_forbids(verdict, contract):
    assert f"{contract} BROKEN" in verdict
