"""From a column's description to a function that reads its cells, as this file writes them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.imports import guessing, parsing
from app.imports.kinds import Column, Job
from app.imports.matching import Names, normal
from app.imports.parsing import Cell
from app.imports.problems import Bad

Read = Callable[[Any], Any]
WHOLE_CREDIT = 10_000


def reader(column: Column, job: Job, names: dict[str, Names], words: dict[str, dict[str, str]]) -> Read:
    """The function for one column; an empty cell of a needed column is Bad. `words` notes translations."""
    read = _reader(column, job, names, words)
    if column.need == "may":
        return read

    def needed(cell: Cell) -> Any:
        value = read(cell)
        if value is None:
            raise Bad("required")
        return value

    return needed


def _reader(column: Column, job: Job, names: dict[str, Names], words: dict[str, dict[str, str]]) -> Read:
    layout = job.layout
    if column.type == "date":
        order = layout.dates.get(column.name, "iso")
        return lambda cell: parsing.day(cell, order, job.zone)
    if column.type == "amount":
        return amounts(column, job, layout.mapping.defaults.get("currency", job.currency))
    if column.type == "number":
        style = layout.styles.get(column.name, ".")
        return lambda cell: parsing.number(
            cell.strip().removesuffix("%") if isinstance(cell, str) else cell, style, job.currency
        )
    if column.type == "whole":
        return lambda cell: parsing.whole(cell, column.least, column.most)
    if column.type == "choice":
        return choice(column, layout.mapping.values.get(column.name, {}), words.setdefault(column.name, {}))
    if column.type == "currency":
        return parsing.currency
    if column.type == "email":
        return parsing.email
    if column.type == "list":
        return lambda cell: parsing.listed(cell) or None
    if column.type == "credits":
        return lambda cell: shares(cell, names["rep"])
    if column.type == "name":
        return lambda cell: None if (word := parsing.text(cell)) is None else names[column.name].find(word)
    aliases = {theirs.casefold(): ours for theirs, ours in layout.mapping.values.get(column.name, {}).items()}
    known = guessing.known_words(column)
    if aliases or known:
        return lambda cell: _renamed(parsing.text(cell, column.longest), aliases, known)
    return lambda cell: parsing.text(cell, column.longest)


def _renamed(word: str | None, aliases: dict[str, str], known: dict[str, str]) -> str | None:
    """A free text, but for words that are known to mean one of ours."""
    if word is None:
        return None
    renamed = aliases.get(word.casefold(), word)
    return known.get(normal(renamed), renamed)


def amounts(column: Column, job: Job, currency: str) -> Read:
    """Minor units of one currency."""
    style = job.layout.styles.get(column.name, ".")
    return lambda cell: parsing.amount(cell, style, currency)


def choice(column: Column, aliases: dict[str, str], words: dict[str, str]) -> Read:
    known = guessing.known_words(column)
    given = {theirs.casefold(): known.get(normal(ours), ours) for theirs, ours in aliases.items()}

    def read(cell: Cell) -> str | None:
        word = parsing.text(cell)
        if word is None:
            return None
        found = given.get(word.casefold()) or known.get(normal(word), "")
        if found not in column.choices:
            raise Bad("not_a_choice", value=word[:60], choices=", ".join(column.choices))
        if found != word.casefold():
            words[word] = found
        return found

    return read


def shares(cell: Cell, people: Names) -> list[int] | None:
    """`ana@example.com:60;luis@example.com:40` as [person, share, person, share], by person."""
    parts = parsing.listed(cell)
    found: dict[int, int] = {}
    for part in parts:
        who, colon, share = part.rpartition(":")
        try:
            basis = Decimal(share.strip().removesuffix("%").strip()) * 100
            if not colon or basis <= 0 or basis != int(basis) or basis > WHOLE_CREDIT:
                raise ArithmeticError
        except ArithmeticError:
            raise Bad("credits", value=str(cell)[:60]) from None
        person = people.find(who.strip())
        found[person] = found.get(person, 0) + int(basis)
    if not found:
        return None
    if sum(found.values()) != WHOLE_CREDIT:
        raise Bad("credits", value=str(cell)[:60])
    return [number for person in sorted(found) for number in (person, found[person])]
