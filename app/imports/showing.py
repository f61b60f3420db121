"""What the pages of imports show, put together from the records, the file's survey and the kinds."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from app.core import formats
from app.imports import kinds, operations, queries, questions, running, words
from app.imports.kinds import Column, Kind
from app.imports.layout import Layout
from app.imports.mapping import Mapping
from app.imports.models import Import, ImportStatus
from app.imports.problems import Refused
from app.people.company import the_company

AMOUNTS = frozenset({"amount", "list_price"})


def in_order(records: Sequence[Import]) -> list[Import]:
    """People before products before sales; within a kind as they were uploaded."""
    return sorted(records, key=lambda record: (kinds.kind(record.kind).order, record.id))


def index_page(number: int) -> dict[str, Any]:
    page = queries.imports_page(number)
    waiting = in_order(queries.waiting()) if number <= 1 else []
    return {
        "page": page,
        "waiting": waiting,
        "kind_labels": {kind.name: kind.label for kind in kinds.kinds()},
        "is_under_way": any(record.status in queries.UNDER_WAY for record, _ in page.items),
    }


def import_page(record: Import, number: int) -> dict[str, Any]:
    kind = kinds.kind(record.kind)
    layout, problem = _layout(record)
    asks = questions.unsettled(kind, layout, running.survey_of(record)) if layout and _is_open(record) else []
    rejects = queries.rejects_page(record.id, number)
    return {
        "record": record,
        "kind": kind,
        "author": queries.person_name(record.created_by_id),
        "error": _error(record),
        "problem": problem,
        "asks": asks,
        "same_file": running.same_file(record) if _is_open(record) else None,
        "missing": questions.missing(kind, layout) if layout and _is_open(record) else [],
        "unsure": [kind.column(name).label for name in layout.unsure] if layout and _is_open(record) else [],
        "is_under_way": record.status in queries.UNDER_WAY,
        "is_open": _is_open(record),
        "summary": record.summary,
        "notes": [words.note(key, parameters) for key, parameters in record.summary.get("notes", [])],
        "reasons": _reasons(kind, record),
        "rejects": rejects,
        "label": lambda name: column_label(kind, name),
        "filled": lambda row: in_our_order(kind, row),
        "said": lambda name, value, currency=None: said(
            kind, name, value, currency or the_company().currency
        ),
        "ours": lambda name, value: kind.column(name).said(value) if kind.has(name) else value,
        "matched": _matched(kind, record),
        "reason": words.reason,
        "months": _months(record),
        "next": next((one for one in in_order(queries.waiting()) if one.id != record.id), None),
    }


def _is_open(record: Import) -> bool:
    return record.status in queries.WAITING and "survey" in record.summary


def _layout(record: Import) -> tuple[Layout | None, str | None]:
    if "survey" not in record.summary or record.status is ImportStatus.UNDONE:
        return None, None
    try:
        return operations.layout_of(record), None
    except Refused as refused:
        return None, operations.refusal(record.kind, refused)


def _error(record: Import) -> str | None:
    if record.error is None:
        return None
    found = json.loads(record.error)
    return operations.refusal(record.kind, Refused(found["reason"], **found["parameters"]))


def _reasons(kind: Kind, record: Import) -> list[tuple[str, str, int]]:
    return [
        (column_label(kind, column) if column else "", words.reason(reason, parameters), count)
        for reason, column, parameters, count in record.summary.get("reasons", [])[:20]
    ]


def _matched(kind: Kind, record: Import) -> dict[str, dict[str, str]]:
    """Their words that were taken for ours; where both read the same there is nothing to say."""
    found = {}
    for name, pairs in (record.summary.get("matched") or {}).items():
        told = {
            theirs: kind.column(name).said(ours) if kind.has(name) else ours for theirs, ours in pairs.items()
        }
        told = {theirs: ours for theirs, ours in told.items() if theirs.casefold() != ours.casefold()}
        if told:
            found[name] = told
    return found


def _months(record: Import) -> list[dict[str, Any]]:
    effects = record.summary.get("effects") or {}
    return [
        {
            "label": formats.month(date.fromisoformat(f"{month}-01")),
            "value": value / 100,
            "text": formats.money_short(value, effects["currency"]),
        }
        for month, value in effects.get("months", [])[-24:]
    ]


def column_label(kind: Kind, name: str) -> str:
    if name in {"team_id", "manager_id"}:
        name = name.removesuffix("_id")
    return str(kind.column(name).label) if kind.has(name) else name


def said(kind: Kind, name: str, value: Any, currency: str) -> str:
    """A value of a sample, as people read it."""
    if value is None or value == "":
        return "–"
    if kind.has(name) and kind.column(name).labels:
        return kind.column(name).said(str(value))
    if name in AMOUNTS and isinstance(value, int):
        return formats.money(value, currency)
    if name.endswith("_on") and isinstance(value, str):
        return formats.day(date.fromisoformat(value))
    return str(value)


def in_our_order(kind: Kind, row: dict[str, Any]) -> list[tuple[str, Any]]:
    """A sample's filled cells as the columns of the kind stand."""
    return [(c.name, row[c.name]) for c in kind.columns if row.get(c.name) not in (None, "")]


# The mapping


def settled_words(record: Import) -> dict[str, dict[str, str]]:
    """Words decided before, by the source's saved mapping and on this page: they stay unless changed."""
    order = running.order_of(record)
    found: dict[str, dict[str, str]] = {}
    for mapping in (order.saved, order.given):
        for column, pairs in (mapping.values if mapping else {}).items():
            found.setdefault(column, {}).update(pairs)
    return found


def mapping_page(record: Import, mapping: Mapping | None = None, error: str | None = None) -> dict[str, Any]:
    kind, survey = kinds.kind(record.kind), running.survey_of(record)
    layout, problem = _layout(record)
    if mapping is None:
        mapping = layout.mapping if layout else Mapping.from_json(record.mapping or {})
    samples = {
        name: ", ".join(str(sample) for sample in column["samples"])[:40]
        for name, column in zip(survey.header, survey.columns, strict=True)
        if name
    }
    unsettled = questions.unsettled(kind, layout, survey) if layout else []
    unsettled += questions.settled(kind, layout, survey) if layout else []
    return {
        "record": record,
        "kind": kind,
        "mapping": mapping,
        "samples": samples,
        "error": error or problem,
        "unsettled": unsettled,
        "ours": {
            column.name: _ours(kind, column) for column in kind.columns if column.type in {"name", "choice"}
        },
        "label": lambda name: column_label(kind, name),
        "said": lambda name, value: kind.column(name).said(value) if value and kind.has(name) else value,
        "has_dates": any(column.type == "date" for column in kind.columns),
        "has_amounts": any(column.type in {"amount", "number"} for column in kind.columns),
        "creatable": [column for column in kind.columns if column.can_create],
        "currency": mapping.defaults.get("currency", ""),
        "company_currency": the_company().currency,
    }


def _ours(kind: Kind, column: Column) -> list[str]:
    if column.type == "choice":
        return [column.said(choice) for choice in column.choices]
    return list(kind.known_labels(column.name))
