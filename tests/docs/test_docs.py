"""What the documentation tells people to type works, in the order in which it stands there."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.database import ROOT, fresh_database

DOCS = sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("README*.md")])


def commands(path: Path) -> list[str]:
    """Lines with a prompt in `console` blocks; `sh` blocks need something of the reader's own."""
    blocks = re.findall(r"^```console\n(.*?)^```", path.read_text(), re.DOTALL | re.MULTILINE)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.mark.slow
@pytest.mark.parametrize("path", [doc for doc in DOCS if commands(doc)], ids=lambda path: path.name)
def test_the_commands_of_a_page_work(path: Path, tmp_path: Path) -> None:
    with fresh_database(f"docs_{path.stem}") as url:
        environment = {**os.environ, "DATABASE_URL": url, "CUMBRE_DATA": str(tmp_path)}
        for command in commands(path):
            run = subprocess.run(
                shlex.split(command), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
            )
            assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"


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
