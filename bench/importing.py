"""An import by command line, against PostgreSQL's COPY of the same rows into the same tables."""

import csv
import json
import os
import random
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.core import clock
from app.core.transactions import atomic
from app.extensions import db
from bench import fill
from bench.portal import ROOT, SECRET, Portal, portal

TABLES = ("sales", "sale_credits")
PRODUCTS = 8


def import_sales(reps: int = 10_000, sales: int = 1_000_000, **_: Any) -> dict[str, Any]:
    """Rows a second of both, and the most memory that the command took, its child included."""
    with portal() as one:
        figures = _import(one, reps, sales)
        figures |= _copy(one, sales)
    ratio = figures["import_rows_per_second"] / figures["copy_rows_per_second"]
    return figures | {"ratio": round(ratio, 3), "to_reach": 0.25, "to_reach_mb": 400}


def import_scale(reps: int = 10_000, sales: int = 1_000_000, **_: Any) -> dict[str, Any]:
    """The time of a whole file against that of a quarter of it: four times the rows, how much longer."""
    with portal() as one:
        small = _import(one, reps, sales // 4)
    with portal() as one:
        large = _import(one, reps, sales)
    growth = large["import_seconds"] / small["import_seconds"]
    return {
        "rows": [sales // 4, sales],
        "seconds": [small["import_seconds"], large["import_seconds"]],
        "time_growth": round(growth, 2),
        "row_growth": 4,
        "to_reach": "time_growth at most row_growth",
    }


def _import(one: Portal, reps: int, number: int) -> dict[str, Any]:
    fill.company(reps)
    _products()
    path = _file(one.data / "sales.csv", reps, number)
    environment = {
        **os.environ,
        "DATABASE_URL": one.database_url,
        "CUMBRE_DATA": str(one.data),
        "SECRET_KEY": SECRET,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "import", "sales", str(path), "--json"]
    started = time.perf_counter()
    running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    watch = _Watch(running.pid)
    output = running.communicate()[0]
    seconds = time.perf_counter() - started
    watch.stop()
    summary = json.loads(output)
    if running.returncode or summary["created"] != number:
        raise RuntimeError(f"not every row was taken: {summary}")
    return {
        "rows": number,
        "import_seconds": round(seconds, 2),
        "import_rows_per_second": round(number / seconds),
        "peak_mb": round(watch.peak / 1024 / 1024),
    }


@atomic
def _products() -> None:
    db.session.execute(
        text(
            "INSERT INTO products (code, name, list_price, currency) "
            "SELECT 'P' || n, 'Product number ' || n, 10000 * n, 'USD' FROM generate_series(1, :number) AS n"
        ),
        {"number": PRODUCTS},
    )


def _file(path: Path, reps: int, number: int) -> Path:
    chance, today = random.Random(3), clock.today()
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "external_id",
                "rep",
                "product",
                "customer",
                "stage",
                "lead_source",
                "opened_on",
                "closed_on",
                "quantity",
                "amount",
                "lost_reason",
                "promised_on",
                "delivered_on",
                "followed_up_on",
                "satisfaction",
            ]
        )
        for line in range(number):
            opened = today - timedelta(days=chance.randrange(40, 490))
            closed = opened + timedelta(days=chance.randrange(0, 30))
            won = chance.random() < 0.6
            after = ["", "", "", ""]
            if won:
                after = [str(closed + timedelta(days=days)) for days in (5, 4, 8)] + [
                    str(chance.randint(1, 5))
                ]
            writer.writerow(
                [
                    f"S-{line}",
                    f"rep{chance.randrange(reps)}@bench.example",
                    f"Product number {chance.randint(1, PRODUCTS)}",
                    f"Customer {chance.randrange(50_000)}",
                    "won" if won else "lost",
                    chance.choice(("web", "fair", "referral")),
                    opened,
                    closed,
                    chance.randint(1, 9),
                    f"{chance.randrange(1000, 500_000) / 100:.2f}" if won else "0",
                    "" if won else "price",
                    *after,
                ]
            )
    return path


def _copy(one: Portal, number: int) -> dict[str, Any]:
    """The same rows, out to files and back in by COPY, with all constraints and indexes in place."""
    out = {table: one.data / f"{table}.copy" for table in TABLES}
    for table, path in out.items():
        _copy_out(f"COPY {table} TO STDOUT", path)
    customers = one.data / "customers.copy"
    _copy_out("COPY (SELECT id, name FROM customers) TO STDOUT", customers)
    db.session.execute(text("TRUNCATE sales CASCADE"))  # customers name their first sale, so they go along
    _copy_in("COPY customers (id, name) FROM STDIN", customers)
    db.session.commit()
    started = time.perf_counter()
    for table, path in out.items():
        _copy_in(f"COPY {table} FROM STDIN", path)
    db.session.commit()
    seconds = time.perf_counter() - started
    return {"copy_seconds": round(seconds, 2), "copy_rows_per_second": round(number / seconds)}


def _cursor() -> Any:
    connection: Any = db.session.connection().connection.driver_connection
    return connection.cursor()


def _copy_out(statement: str, path: Path) -> None:
    with path.open("wb") as file, _cursor().copy(statement) as copy:
        for block in copy:
            file.write(block)


def _copy_in(statement: str, path: Path) -> None:
    with path.open("rb") as file, _cursor().copy(statement) as copy:
        while block := file.read(1 << 20):
            copy.write(block)


class _Watch:
    """The resident memory of a process and its children, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(self._pid)))


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            found += _family(int(child))
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
