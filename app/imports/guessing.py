"""Which of their columns is which of ours, and what a file is about, by its headers. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.imports.matching import normal

if TYPE_CHECKING:
    from app.imports.kinds import Column, Kind
    from app.imports.layout import Survey

PREFIXES = ("deal", "opportunity", "person", "user", "negocio", "oportunidad", "trato")
ACCOUNTS = {"sector", "industry", "employees", "officelocation", "subsidiaryof", "annualrevenue", "industria"}


def guess(kind: "Kind", survey: "Survey") -> dict[str, tuple[str, ...]]:
    """ours: theirs. Each of theirs is taken once; our own name comes before others' words for it."""
    free: dict[str, str] = {}
    for name in survey.header:
        if name:
            free.setdefault(normal(name), name)
    found: dict[str, tuple[str, ...]] = {}
    for column in kind.columns:
        if (key := normal(column.name)) in free:
            found[column.name] = (free.pop(key),)
    for column in kind.columns:
        if column.name in found:
            continue
        fitting = [
            key
            for header in column.headers
            for key in (normal(header), *_prefixed(normal(header)))
            if key in free
        ]
        if fitting:
            best = max(dict.fromkeys(fitting), key=lambda key: _fit(column, survey, free[key]))
            found[column.name] = (free.pop(best),)
    kind.complete_guess(survey.header, found)
    return found


def _prefixed(key: str) -> list[str]:
    return [prefix + key for prefix in PREFIXES]


def _fit(column: "Column", survey: "Survey", theirs: str) -> float:
    """How much of a column reads as what it should be; the earlier of equals is taken."""
    if column.type != "choice":
        return 0.0
    values = survey.values(theirs)
    if not values:
        return 0.0
    words = known_words(column)
    rows = sum(count for _, count in values)
    return sum(count for value, count in values if normal(value) in words) / rows


def known_words(column: "Column") -> dict[str, str]:
    return {normal(word): ours for ours, words in column.choices.items() for word in (ours, *words)}


def kind_of(kinds: Sequence["Kind"], survey: "Survey") -> "Kind | None":
    """What the file is about: of the kinds whose needs it meets, the one that uses most of its columns."""
    best, best_share = None, 0.0
    if is_accounts(survey):
        return None
    for kind in kinds:
        found = guess(kind, survey)
        needed = [column.name for column in kind.columns if column.need != "may"]
        has = sum(name in found for name in needed)
        used = sum(len(theirs) for theirs in found.values()) / max(1, len(survey.header))
        if any(c.need == "key" and c.name not in found for c in kind.columns):
            continue
        share = used + has / len(needed)
        if share > best_share:
            best, best_share = kind, share
    return best if best_share > 1.0 else None


def is_accounts(survey: "Survey") -> bool:
    header = {normal(name) for name in survey.header}
    return len(header & ACCOUNTS) >= 2 and not header & {
        "stage",
        "dealstage",
        "amount",
        "closevalue",
        "email",
    }


def looks_like(survey: "Survey") -> str:
    """A key for the hint beside a refusal."""
    return "accounts" if is_accounts(survey) else ""
