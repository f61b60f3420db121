"""What bin/run does once the packages are there: database, migrations, demo company, servers."""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg

from app.core import embedded
from config import Config, ConfigError

ROOT = Path(__file__).resolve().parent.parent
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
OLDEST_POSTGRES = 15
PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 10.0  # seconds that the web server and the worker have to finish what they are doing


class Refusal(Exception):
    """Why the portal does not start, in one line."""


def web_command(host: str, port: int, target: str = "wsgi:app", workers: int | None = None) -> list[str]:
    """The one place that knows the web server.

    Its warnings go unsaid: of a worker that has stopped it says now and then that it refused to.
    """
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", target),
        *("--host", host, "--port", str(port), "--http", "1", "--no-ws"),
        *("--workers", str(workers or max(2, os.cpu_count() or 1)), "--blocking-threads", "4"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "8", "--log-level", "error"),
    ]


def say(line: str = "") -> None:
    print(line, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/run", description="Start Cumbre. Ctrl-C stops it.")
    parser.add_argument("--port", type=int, default=8000, help="default 8000; 0 takes any that is free")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets phones in the same network in")
    parser.add_argument(
        "--empty", action="store_true", help="no demo company: the first visitor sets up the company"
    )
    args = parser.parse_args()
    if not 0 <= args.port <= 65535:
        parser.error("a port is a number up to 65535")
    return args


def free_port(host: str, port: int) -> int:
    """The port itself, or a free one for 0. Raises Refusal where nobody can listen."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except socket.gaierror:
        raise Refusal(f"there is no address {host} here to listen on") from None
    except PermissionError:
        raise Refusal(f"this user may not listen on port {port}; choose another with --port N") from None
    except OSError as error:
        if error.errno == 98 or "in use" in str(error):
            raise Refusal(f"port {port} is taken; choose another with --port N") from None
        raise Refusal(f"cannot listen on {host}, port {port}: {error.strerror}") from None


def check_folder(data: Path) -> None:
    """A folder may exist with a secret in it and still not be writable."""
    try:
        (data / "tmp").mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=data / "tmp") as probe:
            probe.write(b"x")
    except OSError as error:
        raise Refusal(f"cannot write to the data folder {data}: {error.strerror}") from None


def reach(url: str, *, given: bool) -> None:
    """Raises Refusal where there is no usable PostgreSQL behind the URL."""
    source = "DATABASE_URL" if given else "the embedded database"
    try:
        with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5) as connection:
            info = connection.info
            if info.server_version < OLDEST_POSTGRES * 10_000:
                found = info.server_version // 10_000
                raise Refusal(f"{source}: PostgreSQL {OLDEST_POSTGRES} or later is needed, this is {found}")
            if info.parameter_status("server_encoding") != "UTF8":
                raise Refusal(f"{source}: the database must be made with encoding UTF8")
    except (psycopg.Error, UnicodeError) as error:
        reason = next((line.strip() for line in str(error).splitlines() if line.strip()), "no reason given")
        raise Refusal(f"cannot connect to {source}: {reason}") from None


def has_people(url: str) -> bool:
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM people)").fetchone()
    return bool(row and row[0])


def flask(*command: str, env: Mapping[str, str], show: bool = False) -> str:
    """Run a command of the portal. Raises Refusal with its last words."""
    done = subprocess.run(
        [*FLASK, *command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=None if show else subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        if "Traceback" in done.stderr:  # a defect of ours: whoever mends it needs all of it
            print(done.stderr, file=sys.stderr)
        last = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise Refusal(f"`flask {' '.join(command)}` failed: {last.removeprefix('cumbre: ')}")
    return done.stdout or ""


def end_with_parent() -> None:
    """In a child: be told to stop even where bin/run itself is killed with -9."""
    if PRCTL is not None:
        PRCTL(PR_SET_PDEATHSIG, signal.SIGTERM)


class Service:
    """A child in a process group of its own, started again when it dies, but not for ever."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str]) -> None:
        self.name, self.command, self.env = name, command, env
        self.deaths: list[float] = []
        self.process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509  # there are no threads here
        )

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def revive(self) -> None:
        """Raises Refusal at the fourth death within a minute."""
        now = time.monotonic()
        self.deaths = [death for death in self.deaths if now - death < 60] + [now]
        if len(self.deaths) > 3:
            raise Refusal(f"the {self.name} keeps dying (exit code {self.process.returncode})")
        print(f"cumbre: the {self.name} died; starting it again", file=sys.stderr, flush=True)
        self._kill_group()
        self.process = self._spawn()

    def stop(self) -> None:
        if self.is_alive():
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left
            os.killpg(self.process.pid, signal.SIGKILL)


def wait_until_healthy(web: Service, host: str, port: int) -> None:
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - nothing is bound by it
    url = f"http://{f'[{near}]' if ':' in near else near}:{port}/health"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not web.is_alive():
            raise Refusal("the web server did not start (see above)")
        try:
            opener.open(url, timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise Refusal(f"the web server does not answer at {url}")


def address_in_network() -> str | None:
    """This machine's address as others see it; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


def serve(args: argparse.Namespace, config: Config, port: int, on_stop: list[Callable[[], None]]) -> NoReturn:
    data = config.CUMBRE_DATA
    env = {**os.environ, "CUMBRE_DATA": str(data), "TMPDIR": str(data / "tmp")}
    if config.DATABASE_URL is None:
        if not embedded.is_running(data):
            on_stop.append(lambda: embedded.stop(data))
        url = embedded.ensure_running(data)
    else:
        url = config.DATABASE_URL
    reach(url, given=config.DATABASE_URL is not None)
    flask("db", "upgrade", env=env)
    empty = not has_people(url)
    if empty and not args.empty:
        say("Making the demo company, once ...")
        flask("demo", env=env)

    web = Service("web server", web_command(args.host, port), env)
    on_stop.append(lambda: web.wait(time.monotonic() + GRACE))
    worker = Service("worker", [*FLASK, "worker"], env)
    on_stop.append(lambda: worker.wait(time.monotonic() + GRACE))
    on_stop.append(web.stop)
    on_stop.append(worker.stop)
    signs = "" if empty and args.empty else flask("demo", "--sign-ins", env=env).strip()
    wait_until_healthy(web, args.host, port)

    shown = "localhost" if args.host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else args.host  # noqa: S104 - nothing is bound by it
    say(f"\nCumbre is at http://{shown}:{port}  (Ctrl-C stops it)")
    if args.host == "0.0.0.0" and (mine := address_in_network()):  # noqa: S104 - nothing is bound by it
        say(f"and for phones in this network at http://{mine}:{port}")
    if empty and args.empty:
        say("Nobody is in it yet: open it to create the first administrator.")
    elif signs:
        say(f"\n{signs}")
    while True:
        time.sleep(0.5)
        for service in (web, worker):
            if not service.is_alive():
                service.revive()


def listen_for(signals: Iterable[int]) -> None:
    """The first of these signals interrupts; the rest is ignored, so that the stopping is not stopped."""

    def interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
        ignore(signals)
        raise KeyboardInterrupt

    for number in signals:
        signal.signal(number, interrupt)


def ignore(signals: Iterable[int]) -> None:
    for number in signals:
        signal.signal(number, signal.SIG_IGN)


def main() -> int:
    args = arguments()
    listen_for(STOP_SIGNALS)
    on_stop: list[Callable[[], None]] = []
    try:
        config = Config.from_environment()
        check_folder(config.CUMBRE_DATA)
        serve(args, config, free_port(args.host, args.port), on_stop)
    except KeyboardInterrupt:
        if on_stop:
            say("\nStopping ...")
        return 0
    except (Refusal, ConfigError, embedded.EmbeddedError) as problem:
        print(f"cumbre: {problem}", file=sys.stderr, flush=True)
        return 1
    finally:
        ignore(STOP_SIGNALS)
        for step in reversed(on_stop):
            step()


if __name__ == "__main__":
    sys.exit(main())
