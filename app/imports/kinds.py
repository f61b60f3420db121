"""What can be imported. A room describes its columns and how rows become its own; the rest is here."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from app.imports.layout import Layout
from app.imports.matching import Entry, Names
from app.imports.rejects import Rejects

Type = Literal[
    "text", "date", "amount", "whole", "choice", "currency", "email", "name", "list", "credits", "number"
]
Need = Literal["key", "new", "may"]
Make = Callable[[str], Entry]


@dataclass(frozen=True, slots=True)
class Column:
    """One of our columns. `need`: key, without which no row is known; new, without which none is made."""

    name: str
    label: Any  # lazy text
    type: Type = "text"
    need: Need = "may"
    headers: tuple[str, ...] = ()  # under which others know it, the likeliest first
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # ours: others' words
    labels: Mapping[str, Any] = field(default_factory=dict)  # of choices, lazy texts
    joined_by: str | None = None  # several of their columns can make one of ours
    can_create: bool = False
    longest: int = 500
    least: int = 1  # of a whole number
    most: int = 1_000_000

    def said(self, choice: str) -> str:
        """One of the choices in the reader's words."""
        return str(self.labels.get(choice, choice))

    def meant(self, text: str) -> str:
        """The choice that goes by a reader's word; any other word as it is."""
        folded = text.casefold()
        return next((name for name, label in self.labels.items() if str(label).casefold() == folded), text)


@dataclass(slots=True)
class Job:
    """One import under way."""

    import_id: int
    source: str
    layout: Layout
    rejects: Rejects
    currency: str  # the company's
    zone: ZoneInfo
    today: date
    actor_id: int | None
    is_dry: bool


@dataclass(slots=True)
class Outcome:
    """What became of the accepted rows. `notes` are keys with parameters; samples are for people to read."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    also: dict[str, int] = field(default_factory=dict)  # made beside: customers, teams, managers
    changes: list[dict[str, Any]] = field(
        default_factory=list
    )  # {"key", "fields": [[column, before, after]]}
    additions: list[dict[str, Any]] = field(default_factory=list)  # {column: text}
    effects: dict[str, Any] = field(default_factory=dict)  # figures that move

    @property
    def taken(self) -> int:
        return self.created + self.updated + self.unchanged


class Intake(ABC):
    """Takes the rows of one import in batches, and makes them ours at the end."""

    matched: dict[str, dict[str, str]]  # by column, their words that were taken for ours by their spelling

    @abstractmethod
    def take(self, lines: Sequence[int], rows: Sequence[list[Any]]) -> None: ...

    @abstractmethod
    def finish(self) -> Outcome: ...


@dataclass(slots=True)
class Undone:
    """What an undo did, and what it had to leave: (what it is, reason key)."""

    removed: int = 0
    restored: int = 0
    kept: list[tuple[str, str]] = field(default_factory=list)


class Kind(ABC):
    name: ClassVar[str]
    label: ClassVar[Any]
    order: ClassVar[int]  # people before products before sales
    columns: ClassVar[tuple[Column, ...]]
    is_known_by_source: ClassVar[bool] = False  # the same row of another source is another row

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def has(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)

    def complete_guess(  # noqa: B027 - most kinds have nothing to say
        self, header: Sequence[str], guess: dict[str, tuple[str, ...]]
    ) -> None:
        """A last word on what was guessed, where a layout is known to mean more than its headers say."""

    def names(self, column: str, aliases: dict[str, str], make: Make | None = None) -> Names | None:
        """Finds ours for a column of type name; `make` makes one that is not there."""
        return None

    def maker(self, column: str, job: Job) -> Make | None:
        """How one is made that a row names first; None where it must be there."""
        return None

    def known_labels(self, column: str) -> Iterable[str]:
        """Ours, for people to choose from."""
        return ()

    @abstractmethod
    def intake(self, job: Job) -> Intake: ...

    @abstractmethod
    def undo(self, import_id: int, actor_id: int | None) -> Undone:
        """A room refuses where its records count in closed periods, and says what was to be done."""

    def undo_open(self, import_id: int, actor_id: int | None) -> Undone:
        """The same, but what counts in closed periods stays and is named."""
        return self.undo(import_id, actor_id)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind(name: str) -> Kind:
    return _kinds[name]


def is_kind(name: str) -> bool:
    return name in _kinds


def kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.order)
