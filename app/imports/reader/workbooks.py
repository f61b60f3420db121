"""The rows of a workbook's first sheet that can be seen."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from .csv_files import Numbered
from .problems import Problem

MOST_UNPACKED = 400 << 20


def cell_of(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def check_archive(path: str) -> None:
    """Before anything is unpacked; a header that lies meets the limits of this process."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Problem("broken_excel") from None
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise Problem("not_excel")
    if len(entries) > 2000 or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Problem("bomb")


def xlsx_rows(path: str, limits: dict[str, Any]) -> Numbered:
    import python_calamine as calamine

    check_archive(path)
    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            sheet = None
            for meta in workbook.sheets_metadata:
                if meta.typ == calamine.SheetTypeEnum.WorkSheet and str(meta.visible).endswith(".Visible"):
                    sheet = workbook.get_sheet_by_name(meta.name)
                    if sheet.start is not None and sheet.height:
                        break
            if sheet is None or sheet.start is None:
                raise Problem("empty_file")
            if limits.get("columns") and sheet.width > limits["columns"]:
                raise Problem("too_many_columns", limit=limits["columns"])
            if limits.get("rows") and sheet.height > limits["rows"] + 1:
                raise Problem("too_many_rows", limit=limits["rows"])
            top = sheet.start[0] + 1
            for number, values in enumerate(sheet.iter_rows(), top):
                row = [cell_of(value) for value in values]
                if any(row):
                    yield number, row
    except calamine.PasswordError:
        raise Problem("password") from None
    except (calamine.CalamineError, MemoryError, ValueError, OverflowError):
        raise Problem("broken_excel") from None
