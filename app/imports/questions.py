"""What a person should settle before a file is imported: words that are not ours, dates read in two ways."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.imports import guessing
from app.imports.kinds import Column, Kind
from app.imports.layout import Layout, Survey
from app.imports.matching import nearest, normal
from app.imports.parsing import EMPTY
from app.imports.problems import Bad

MOST = 60


@dataclass(frozen=True, slots=True)
class Unsettled:
    """One of their words in a column. `ours` is it but for the spelling; `near` is only like it."""

    column: str
    theirs: str
    rows: int
    ours: str | None = None
    near: str | None = None


def unsettled(kind: Kind, layout: Layout, survey: Survey) -> list[Unsettled]:
    found: list[Unsettled] = []
    for column in kind.columns:
        theirs = layout.mapping.columns.get(column.name, ())
        if len(theirs) != 1 or column.type not in {"name", "choice"}:
            continue
        values = survey.values(theirs[0]) or []
        found += _of_column(kind, column, layout, [pair for pair in values if pair[0].strip() not in EMPTY])
    return sorted(found, key=lambda one: (one.ours is None, -one.rows))


def _of_column(
    kind: Kind, column: Column, layout: Layout, values: Sequence[tuple[str, int]]
) -> list[Unsettled]:
    aliases = layout.mapping.values.get(column.name, {})
    settled = {word.casefold() for word in aliases}
    if column.type == "choice":
        known = guessing.known_words(column)
        return [
            Unsettled(column.name, value, rows)
            for value, rows in values
            if normal(value) not in known and value.strip().casefold() not in settled
        ][:MOST]
    names = kind.names(column.name, aliases)
    if names is None:
        return []
    found, labels = [], list(kind.known_labels(column.name))
    for value, rows in values:
        word = " ".join(value.split())
        if word.casefold() in settled:
            continue
        try:
            key = names.find(word)
        except Bad:
            found.append(Unsettled(column.name, word, rows, near=nearest(word, labels)))
        else:
            if word in names.matched:
                found.append(Unsettled(column.name, word, rows, ours=names.label(key)))
        if len(found) >= MOST:
            break
    return found


def settled(kind: Kind, layout: Layout, survey: Survey) -> list[Unsettled]:
    """Words of this file that were settled earlier, to be changed if need be."""
    found = []
    for column, words in layout.mapping.values.items():
        theirs = layout.mapping.columns.get(column, ())
        if len(theirs) != 1 or not kind.has(column):
            continue
        rows = {value.strip().casefold(): count for value, count in survey.values(theirs[0]) or []}
        for word, ours in words.items():
            if count := rows.get(word.casefold()):
                found.append(Unsettled(column, word, count, ours=ours))
    return found[:MOST]


def missing(kind: Kind, layout: Layout) -> list[Column]:
    """Columns that new rows need and the file was not found to have."""
    return [c for c in kind.columns if c.need != "may" and c.name not in layout.places]
