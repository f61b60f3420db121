"""Routes of the room imports: see tests/route_examples.py."""

from types import SimpleNamespace
from typing import Any

from app.extensions import db
from app.imports.models import Import
from tests.imports.factories import sale
from tests.route_examples import Example


def a_file(cast: SimpleNamespace) -> dict[str, Any]:
    header = list(sale())
    columns = [{"filled": 1, "values": [], "samples": [], "dates": {}, "decimals": {}} for _ in header]
    record = Import(
        kind="sales",
        source="crm",
        filename="deals.csv",
        path="/nowhere",
        sha256="",
        summary={"survey": {"header": header, "rows": 1, "columns": columns, "format": "csv"}},
        created_by_id=cast.alba.id,
    )
    db.session.add(record)
    db.session.commit()
    return {"import_id": record.id}


def a_finished_import(cast: SimpleNamespace) -> dict[str, Any]:
    found = a_file(cast)
    db.session.get_one(Import, found["import_id"]).status = "done"
    db.session.commit()
    return found


EXAMPLES = {
    "imports.index": [Example()],
    "imports.create": [Example()],
    "imports.run_waiting": [Example()],
    "imports.show": [Example(a_file)],
    "imports.edit_mapping": [Example(a_file)],
    "imports.save_mapping": [Example(a_file)],
    "imports.check": [Example(a_file)],
    "imports.run": [Example(a_file)],
    "imports.undo": [Example(a_finished_import)],
    "imports.remove": [Example(a_file)],
    "imports.rejects": [Example(a_file)],
}
