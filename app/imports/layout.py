"""Where each of our columns stands in a file, and how its dates and numbers are written. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.money import Style
from app.imports import guessing
from app.imports.mapping import Mapping
from app.imports.parsing import DateOrder
from app.imports.problems import Refused

if TYPE_CHECKING:
    from app.imports.kinds import Kind

Note = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass over a file found."""

    header: list[str]
    rows: int
    columns: list[dict[str, Any]]
    format: str = "csv"

    def column(self, name: str) -> dict[str, Any]:
        return self.columns[index_of(self.header, name)]

    def values(self, name: str) -> list[tuple[str, int]] | None:
        """The different values and how often each comes; None where they are too many."""
        found = self.column(name)["values"]
        return None if found is None else [(str(value), count) for value, count in found]

    def as_json(self, most: int = 300) -> dict[str, Any]:
        columns = [
            {**c, "values": c["values"] if c["values"] is not None and len(c["values"]) <= most else None}
            for c in self.columns
        ]
        return {"header": self.header, "rows": self.rows, "columns": columns, "format": self.format}


@dataclass(slots=True)
class Layout:
    mapping: Mapping  # every part decided
    header: list[str]
    places: dict[str, int] = field(default_factory=dict)  # ours: place in a row that `extended` made
    unknown: list[str] = field(default_factory=list)  # theirs that are left aside
    dates: dict[str, DateOrder] = field(default_factory=dict)
    styles: dict[str, Style] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)  # ours, whose dates can be read in two ways
    _extras: list[tuple[tuple[int, ...], str]] = field(default_factory=list)  # joined columns, constants

    @property
    def extended(self) -> Callable[[list[Any]], list[Any]] | None:
        """Adds joined and constant cells to a row; None where there is nothing to add."""
        if not self._extras:
            return None
        extras = self._extras

        def extend(row: list[Any]) -> list[Any]:
            return row + [
                mark.join(cell for place in places if (cell := str(row[place]).strip())) if places else mark
                for places, mark in extras
            ]

        return extend

    def add_extra(self, ours: str, places: tuple[int, ...], mark: str) -> None:
        self.places[ours] = len(self.header) + len(self._extras)
        self._extras.append((places, mark))

    def theirs(self, ours: str) -> str:
        return " + ".join(self.mapping.columns.get(ours, ())) or ours


def index_of(header: Sequence[str], name: str) -> int:
    folded = name.casefold()
    for index, known in enumerate(header):
        if known.casefold() == folded:
            return index
    raise Refused("unknown_theirs", column=name[:100])


def decide(
    kind: "Kind", survey: Survey, given: Mapping | None, saved: Mapping | None, day_first: bool
) -> Layout:
    """Put together what was asked for, what is remembered and what can be guessed, in this order.

    Raises Refused when a key column cannot be found, or what was asked for names none of ours.
    """
    if given is not None:
        _check_ours(kind, given)
    columns = guessing.guess(kind, survey)
    mapping = Mapping(columns=columns)
    for other in (saved.as_far_as_it_fits(survey.header) if saved else None, given):
        if other is not None:
            mapping = _over(mapping, other, survey.header)
    layout = Layout(mapping, survey.header)
    used: set[int] = set()
    for column in kind.columns:
        names = mapping.columns.get(column.name, ())
        places = tuple(index_of(survey.header, name) for name in names)
        used.update(places)
        if len(places) == 1:
            layout.places[column.name] = places[0]
        elif places:
            layout.add_extra(column.name, places, column.joined_by or " ")
        elif column.name in mapping.defaults:
            layout.add_extra(column.name, (), mapping.defaults[column.name])
        if column.type == "date" and places:
            layout.dates[column.name] = _date_order(mapping.dates, survey.columns[places[0]], day_first)
            if _is_unsure(mapping.dates, survey.columns[places[0]]):
                layout.unsure.append(column.name)
        elif column.type in {"amount", "whole", "number"} and places:
            layout.styles[column.name] = _style(mapping.decimal, survey.columns[places[0]])
    layout.unknown = [name or f"#{n}" for n, name in enumerate(survey.header, 1) if n - 1 not in used]
    if missing := [c for c in kind.columns if c.need == "key" and c.name not in layout.places]:
        raise Refused("missing_columns", columns=[c.name for c in missing], hint=guessing.looks_like(survey))
    if layout.unsure:
        order = layout.dates[layout.unsure[0]]
        layout.notes.append(("dates_unsure", {"columns": layout.unsure, "order": order}))
    return layout


def _check_ours(kind: "Kind", given: Mapping) -> None:
    for ours in (*given.columns, *given.values, *given.defaults, *given.create):
        if not kind.has(ours):
            raise Refused("unknown_ours", column=ours[:100], ours=", ".join(c.name for c in kind.columns))


def _over(below: Mapping, above: Mapping, header: Sequence[str]) -> Mapping:
    """`above` wins; a column that it takes is no longer there for a guess."""
    taken = {name.casefold() for names in above.columns.values() for name in names}
    kept = {
        ours: theirs
        for ours, theirs in below.columns.items()
        if ours not in above.columns and not any(name.casefold() in taken for name in theirs)
    }
    values = {**below.values}
    for ours, words in above.values.items():
        values[ours] = {**values.get(ours, {}), **words}
    return Mapping(
        columns={**kept, **above.columns},
        values=values,
        defaults={**below.defaults, **above.defaults},
        dates=above.dates if above.dates != "auto" else below.dates,
        decimal=above.decimal if above.decimal != "auto" else below.decimal,
        create=below.create | above.create,
    )


def _date_order(asked: str, column: dict[str, Any], day_first: bool) -> DateOrder:
    found = column["dates"]
    if asked in {"iso", "dmy", "mdy"}:
        return asked  # type: ignore[return-value]  # one of the literals
    if found.get("dmy", 0) != found.get("mdy", 0):
        return "dmy" if found.get("dmy", 0) > found.get("mdy", 0) else "mdy"
    if found.get("either"):
        return "dmy" if day_first else "mdy"
    return "iso"


def _is_unsure(asked: str, column: dict[str, Any]) -> bool:
    found = column["dates"]
    return asked == "auto" and bool(found.get("either")) and found.get("dmy", 0) == found.get("mdy", 0)


def _style(asked: str, column: dict[str, Any]) -> Style:
    """The mark under which most can be read; `1.234` alone is a thousand, for money has no three decimals."""
    if asked == "," or asked == ".":
        return asked  # type: ignore[return-value]  # one of the literals
    found = column["decimals"]
    comma, dot = found.get(",", 0), found.get(".", 0)
    if comma == dot:
        comma, dot = found.get("maybe ,", 0), found.get("maybe .", 0)
    return "," if comma > dot else "."
