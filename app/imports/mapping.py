"""How a file's layout becomes ours. Pure.

A mapping as JSON, for `--mapping FILE.json`; every part may be left out:

    {
      "columns": {"external_id": "Deal ID", "team": ["Region", "Office"], "customer": null},
      "values": {"stage": {"Engaging": "open"}, "product": {"GTXPro": "GTX Pro"}},
      "defaults": {"currency": "EUR", "stage": "won"},
      "dates": "dmy",
      "decimal": ",",
      "create": ["product", "rep"]
    }

columns   ours: theirs. Several of theirs are joined (a team's path by "/", a name by a space); null is
          left out. A column that is not named here is guessed by its header.
values    ours: {their word: our word}, whatever the case.
defaults  ours: the value for a column that the file does not have.
dates     auto (decided over each whole column), iso, dmy (31/12/2026) or mdy (12/31/2026).
decimal   auto (decided over each whole column), "." or ",".
create    things that are made when a row names one that is not there yet, instead of rejecting the row.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from app.imports.problems import Refused

DATES = ("auto", "iso", "dmy", "mdy")
DECIMALS = ("auto", ".", ",")


@dataclass(frozen=True, slots=True)
class Mapping:
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)  # empty: left out on purpose
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    dates: str = "auto"
    decimal: str = "auto"
    create: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": {ours: list(theirs) for ours, theirs in self.columns.items()},
            "values": self.values,
            "defaults": self.defaults,
            "dates": self.dates,
            "decimal": self.decimal,
            "create": sorted(self.create),
        }

    @classmethod
    def from_json(cls, given: Any) -> Self:
        """Raises Refused for what is no mapping."""
        if not isinstance(given, dict):
            raise Refused("bad_mapping", why="{...}")
        if strange := sorted(
            set(given) - {"columns", "values", "defaults", "dates", "decimal", "create", "currency"}
        ):
            raise Refused("bad_mapping", why=strange[0])
        defaults = _texts(given.get("defaults"), "defaults")
        if isinstance(given.get("currency"), str):
            defaults.setdefault("currency", given["currency"])
        return cls(
            columns={ours: _names(theirs) for ours, theirs in _dict(given.get("columns"), "columns").items()},
            values={
                ours: _texts(words, f"values.{ours}")
                for ours, words in _dict(given.get("values"), "values").items()
            },
            defaults=defaults,
            dates=_one_of(given.get("dates"), DATES, "dates"),
            decimal=_one_of(given.get("decimal"), DECIMALS, "decimal"),
            create=frozenset(_names(given.get("create"))),
        )

    def as_far_as_it_fits(self, header: list[str]) -> Self:
        """Without the columns that a file does not have."""
        known = {name.casefold() for name in header}
        fitting = {
            ours: names
            for ours, names in self.columns.items()
            if all(theirs.casefold() in known for theirs in names)
        }
        return replace(self, columns=fitting)

    def with_values(self, column: str, matched: dict[str, str]) -> Self:
        if not matched:
            return self
        return replace(self, values={**self.values, column: {**self.values.get(column, {}), **matched}})


def _dict(given: Any, where: str) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Refused("bad_mapping", why=where)
    return given


def _texts(given: Any, where: str) -> dict[str, str]:
    found = _dict(given, where)
    if not all(isinstance(value, str) for value in found.values()):
        raise Refused("bad_mapping", why=where)
    return dict(found)


def _names(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        return tuple(given)
    raise Refused("bad_mapping", why=str(given)[:40])


def _one_of(given: Any, allowed: tuple[str, ...], where: str) -> str:
    if given is None:
        return allowed[0]
    if given not in allowed:
        raise Refused("bad_mapping", why=f"{where}: {', '.join(allowed)}")
    return str(given)
