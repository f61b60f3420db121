"""bin/setup on machines that lack something: one clear line."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "dirname", "rm", "mkdir", "cmp", "cp", "cat", "tr", "sort", "cut")


@pytest.fixture
def machine(tmp_path):
    """A checkout on a machine with nothing but a shell and its tools."""
    (tmp_path / "checkout/bin").mkdir(parents=True)
    shutil.copy(ROOT / "bin/setup", tmp_path / "checkout/bin")
    shutil.copy(ROOT / "bin/speed.py", tmp_path / "checkout/bin")
    (tmp_path / "checkout/requirements.txt").touch()
    (tmp_path / "path").mkdir()
    for tool in TOOLS:
        (tmp_path / "path" / tool).symlink_to(shutil.which(tool))
    return tmp_path


def add_python(machine: Path, script: str, name: str = "python3", speed: int = 5) -> None:
    """One that says it takes so long, and does what the script says when it is asked for something else."""
    python = machine / "path" / name
    python.write_text(f'#!/bin/sh\n[ "$1" != -IS ] || {{ echo "{speed:09} $0"; exit; }}\n{script}\n')
    python.chmod(0o755)


def said(machine: Path) -> tuple[int, str]:
    done = subprocess.run(
        ["bin/setup"],
        cwd=machine / "checkout",
        env={"PATH": str(machine / "path")},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr


def test_no_python_is_said(machine):
    assert said(machine) == (1, "cumbre: Python 3.11 or later is needed, and there is none on the PATH\n")


def test_an_old_python_is_passed_over(machine):
    old = machine / "path/python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert said(machine) == (1, "cumbre: Python 3.11 or later is needed, and there is none on the PATH\n")


def test_a_python_without_venv_is_said_and_leaves_nothing_half_made(machine):
    add_python(machine, 'case "$1" in -m) exit 1;; esac')
    code, line = said(machine)
    assert code == 1
    assert line.startswith(f"cumbre: {machine}/path/python3 cannot make a virtual environment (")
    assert not (machine / "checkout/.venv").exists()


def test_of_several_the_fastest_that_can_is_taken(machine):
    fake = (
        'case "$2" in venv) mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; basename "$0" > "$3/made-by";; esac'
    )
    (machine / "path/basename").symlink_to(shutil.which("basename"))
    add_python(machine, fake, "python3", speed=9)
    add_python(machine, fake, "python3.12", speed=4)
    add_python(machine, 'case "$1" in -m) exit 1;; esac', "python3.11", speed=2)
    assert said(machine) == (0, "")
    assert (machine / "checkout/.venv/made-by").read_text() == "python3.12\n"


def test_packages_that_cannot_be_fetched_are_said(machine):
    fake = 'case "$2" in venv) mkdir -p "$3/bin"; cp "$0" "$3/bin/python";; pip) exit 1;; esac'
    add_python(machine, fake)
    code, line = said(machine)
    assert code == 1
    assert line.startswith("cumbre: the packages of requirements.txt could not be installed (")


def test_with_everything_there_nothing_is_done(machine):
    fake = 'case "$2" in venv) mkdir -p "$3/bin"; cp "$0" "$3/bin/python";; esac'
    add_python(machine, fake)
    assert said(machine) == (0, "")
    add_python(machine, 'echo "not again" >&2; exit 1')
    assert said(machine) == (0, "")
