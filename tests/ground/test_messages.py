"""Every text has its Spanish, and the catalogues are those of today's code."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogues_are_complete():
    done = subprocess.run(["bin/messages", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
