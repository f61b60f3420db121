"""bin/run: one clear line where it cannot start, nothing left behind where it could."""

import os
import re
import signal
import socket
import sys
import time
from pathlib import Path

import psycopg
import pytest

from app.core import embedded
from tests.ground.portal import PATIENCE, Portal, processes_of, refused


def only_line(said: str) -> str:
    lines = said.splitlines()
    assert len(lines) == 1, said
    assert lines[0].startswith("cumbre: ")
    return lines[0]


def test_a_taken_port_is_named(data_folder):
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = str(somebody.getsockname()[1])
        assert f"port {port} is taken" in only_line(refused(data_folder, "--port", port))
    assert not embedded.is_running(data_folder)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://root@localhost/sales", "must look like postgresql://"),
        ("nonsense", "must look like postgresql://"),
        ("postgresql://somebody:secret@127.0.0.1:1/sales", "Connection refused"),
        ("postgresql://somebody:secret@no-such-host.invalid/sales", "no-such-host.invalid"),
        ("postgresql://somebody:secret@[::1/sales", "must look like postgresql://"),
        ("postgresql://somebody:secret@localhost:five/sales", "must look like postgresql://"),
    ],
)
def test_a_bad_database_url_is_said_without_its_password(data_folder, url, reason):
    line = only_line(refused(data_folder, "--port", "0", DATABASE_URL=url))
    assert reason in line
    assert "secret" not in line


def test_a_database_that_does_not_exist_is_named(data_folder):
    url = embedded.ensure_running(data_folder, for_tests=True)
    missing = url.replace("/cumbre?", "/elsewhere?")
    assert 'database "elsewhere" does not exist' in only_line(
        refused(data_folder, "--port", "0", DATABASE_URL=missing)
    )


@pytest.mark.parametrize("where", ["a file", "a folder in /proc", "a read-only folder"])
def test_a_data_folder_that_cannot_be_written_is_named(data_folder, where):
    folder = {"a file": data_folder / "file", "a folder in /proc": Path("/proc/cumbre")}.get(
        where, data_folder / "ro"
    )
    if where == "a file":
        folder.touch()
    elif where == "a read-only folder":
        if os.geteuid() == 0:
            pytest.skip("root writes everywhere")
        folder.mkdir(mode=0o500)
    assert f"cannot write to the data folder {folder}" in only_line(refused(folder, "--port", "0"))


def test_an_address_that_is_not_ours_is_named(data_folder):
    assert "cannot listen on 192.0.2.1" in only_line(refused(data_folder, "--host", "192.0.2.1"))


def worker_of(data: Path) -> int:
    (worker,) = (
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if (process / "cmdline").exists()
        and (process / "cmdline").read_bytes().endswith(b"\0worker\0")
        and f"CUMBRE_DATA={data}".encode() in (process / "environ").read_bytes().split(b"\0")
    )
    return worker


@pytest.mark.slow
def test_the_demo_company_is_made_once_and_all_stops_whole_and_is_kept(data_folder):
    """First on nothing, the database being its own; then again, the database being somebody else's."""
    with Portal(data_folder, LC_ALL="es_CO.UTF-8") as portal:
        password = portal.wait_for(r"password (\S+)$")[1]
        emails = [portal.wait_for(r"(\S+@\S+)$")[1] for _ in range(6)]
        first = [portal.home_of(email, password) for email in emails]
        assert [status for status, _ in first] == [200] * 6
        assert portal.home_of(emails[0], "wrong")[0] == 422
        with psycopg.connect(embedded.url(data_folder).replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
            assert connection.execute("SELECT currency FROM company").fetchone() == ("COP",)
        secret = (data_folder / "secret_key").read_text()
        assert portal.stop(signal.SIGINT) == 0
    assert "Making the demo company" in "".join(portal.said)
    assert "Traceback" not in "".join(portal.said)
    assert portal.said[-1] == "Stopping ...\n"
    assert processes_of(data_folder) == []

    embedded.ensure_running(data_folder)
    with Portal(data_folder) as portal:
        with psycopg.connect(embedded.url(data_folder).replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        assert (data_folder / "secret_key").read_text() == secret
        assert portal.home_of(emails[0], password)[0] == 200
        assert portal.stop(signal.SIGTERM) == 0
    assert "Making the demo company" not in "".join(portal.said)
    assert embedded.is_running(data_folder)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_an_empty_portal_survives_the_death_of_its_parts_and_they_do_not_survive_its_own(data_folder):
    with Portal(data_folder, "--empty") as portal:
        portal.wait_for("Nobody is in it yet")
        assert portal.get("/health")[0] == 200

        os.kill(worker_of(data_folder), signal.SIGKILL)
        portal.wait_for("the worker died; starting it again")
        assert portal.get("/health")[0] == 200

        os.kill(int((data_folder / "postgres/cluster/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert portal.get("/health")[0] == 200
        until = time.monotonic() + PATIENCE
        while not embedded.is_running(data_folder):  # a child of the killed one may have given that answer
            assert time.monotonic() < until
            time.sleep(0.05)

        os.kill(portal.process.pid, signal.SIGKILL)
        portal.process.wait()
        until = time.monotonic() + PATIENCE
        while any("wsgi" in command for command in processes_of(data_folder)):
            assert time.monotonic() < until
            time.sleep(0.05)
    assert embedded.is_running(data_folder)


def test_the_secret_is_only_for_its_owner(data_folder):
    refused(data_folder, "--host", "192.0.2.1")
    assert oct((data_folder / "secret_key").stat().st_mode)[-3:] == "600"
    assert re.fullmatch(r"[\w-]{64}", (data_folder / "secret_key").read_text())
