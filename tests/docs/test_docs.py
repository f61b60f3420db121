"""What the documentation tells people to type works, in the order in which it stands there."""

import os
import re
import shlex
from pathlib import Path

import pytest

from tests import loaded
from tests.database import ROOT, demo_template, fresh_database

DOCS = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("README*.md")])
FLASK = (".venv/bin/flask", "--app", "wsgi")


def commands(path: Path) -> list[str]:
    """Lines with a prompt in `console` blocks; `sh` blocks need something of the reader's own."""
    blocks = re.findall(r"^```console\n(.*?)^```", path.read_text(), re.DOTALL | re.MULTILINE)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.mark.slow
@pytest.mark.parametrize("path", [doc for doc in DOCS if commands(doc)], ids=lambda path: path.name)
def test_the_commands_of_a_page_work(path: Path, tmp_path: Path) -> None:
    """Where a page begins with the demo company, both commands have been run for all: `demo_template`."""
    asked = [shlex.split(command) for command in commands(path)]
    assert {tuple(command[:3]) for command in asked} == {FLASK}
    arguments = [command[3:] for command in asked]
    with_demo = arguments[:2] == [["db", "upgrade"], ["demo", "--language", "en_US"]]
    if with_demo:
        arguments = arguments[2:]
    with fresh_database(f"docs_{path.stem}", demo_template("en_US") if with_demo else None) as url:
        environment = {**os.environ, "DATABASE_URL": url, "CUMBRE_DATA": str(tmp_path)}
        for command in arguments:
            done = loaded.run("flask", "--app", "wsgi", *command, env=environment)
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_inside_the_documentation_lead_somewhere(path: Path) -> None:
    text = path.read_text()
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", text) + re.findall(r'src="([^"]+)"', text)
    missing = [target for target in targets if not (path.parent / target).exists()]
    assert missing == []


def test_both_readmes_have_the_same_parts() -> None:
    english, spanish = (ROOT / name for name in ("README.md", "README.es.md"))
    assert english.read_text().count("\n## ") == spanish.read_text().count("\n## ")
    assert english.read_text().count("    bin/") == spanish.read_text().count("    bin/")
