"""Eight processes record and correct sales of the same three people at once."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from app import create_app
from app.extensions import db
from app.metrics import check
from config import Config
from tests import factories
from tests.database import ROOT, fresh_database
from tests.sales.factories import make_product

pytestmark = pytest.mark.slow

PROCESSES, EACH = 8, 10


def test_totals_are_exact_when_eight_processes_record_for_the_same_people(tmp_path: Path) -> None:
    with fresh_database("at_once") as url:
        app = create_app(
            Config(
                CUMBRE_DATA=tmp_path, SECRET_KEY="x", DATABASE_URL=url, TESTING=True, LISTEN_FOR_CHANGES=False
            )
        )
        with app.app_context():
            team = factories.make_team("Norte")
            for _ in range(3):
                factories.make_person(team=team)
            make_product()
        command = [sys.executable, "-m", "tests.metrics.recorder", url, str(PROCESSES), str(EACH)]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as recording:
            while recording.poll() is None:
                with app.app_context():  # meanwhile somebody counts everything anew, again and again
                    check.rebuild()
                with suppress(subprocess.TimeoutExpired):
                    recording.wait(1)
            assert recording.returncode == 0, recording.stderr and recording.stderr.read()
        with app.app_context():
            assert check.differences() == []
            db.session.remove()
            db.engine.dispose()
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT count(*) FROM sales").fetchone() == (PROCESSES * EACH,)
