"""Made-up files, shaped like the exports that people have."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from flask import Flask

TEAM = """\
sales_agent,manager,regional_office
Iria Prado,Darío Lema,North
Nuno Sá,Darío Lema,North
Vera Ponte,Olga Mirón,South
"""
CATALOGUE = """\
product,series,sales_price
Alfa Pro,Alfa,4821
Beta Mini,Beta,55
"""
PIPELINE = """\
opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Iria Prado,AlfaPro,Casa Gil,Won,2025-10-20,2026-03-01,4514
A2,Nuno Sá,Beta Mini,Casa Gil,Won,2025-10-25,2026-03-11,50
A3,Vera Ponte,Beta Mini,,Engaging,2025-11-03,,-1
A4,Vera Ponte,AlfaPro,,Prospecting,,,-1
A5,Iria Prado,Beta Mini,Talleres Roca,Lost,2025-11-04,2026-02-02,0
"""


def written(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def table(*rows: dict[str, Any]) -> str:
    """Rows as CSV, columns as they first appear."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def sale(number: str = "S1", **values: Any) -> dict[str, Any]:
    """A row of our own layout, won."""
    given = {
        "external_id": number,
        "rep": "Ana Alonso",
        "product": "Lamp",
        "stage": "won",
        "opened_on": "2026-01-05",
        "closed_on": "2026-02-10",
        "amount": "100.00",
    }
    return {**given, **values}


class Command:
    """`flask import ...`, as somebody at a terminal runs it."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self.exit_code: int | None = None
        self.errors = ""

    def __call__(self, kind: str, content: str | bytes | Path, *options: str) -> dict[str, Any]:
        path = content if isinstance(content, Path) else written(self._folder, content)
        result = self._app.test_cli_runner().invoke(args=["import", kind, str(path), "--json", *options])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        self.exit_code, self.errors = result.exit_code, result.stderr
        return dict(json.loads(result.stdout))

    def text(self, kind: str, content: str | bytes, *options: str) -> str:
        path = written(self._folder, content)
        result = self._app.test_cli_runner().invoke(args=["import", kind, str(path), *options])
        self.exit_code, self.errors = result.exit_code, result.stderr
        return str(result.output)


def counts(result: dict[str, Any]) -> tuple[int, int, int, int]:
    """created, updated, unchanged, rejected"""
    return result["created"], result["updated"], result["unchanged"], result["rejected"]


def why(result: dict[str, Any]) -> list[str]:
    return [reason for reason, _, _, _ in result["reasons"]]
