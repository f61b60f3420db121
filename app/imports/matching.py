"""Their words for our things: equal, equal but for spelling, or near. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.imports.problems import Bad

SEVERAL = -1


def normal(text: str) -> str:
    """Without case, accents, spaces and signs: `GTX Pro`, `gtx-pro` and `GTXPro` are the same."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^0-9a-z\u0370-\uffff]", "", "".join(c for c in plain if not unicodedata.combining(c)))


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of ours, by all the names under which a file may know it."""

    id: int
    label: str
    names: tuple[str, ...]


class Names:
    """Finds our thing for a file's word. `aliases` (their word: ours) are decided, and come first."""

    def __init__(
        self,
        entries: Sequence[Entry],
        unknown: str,
        aliases: dict[str, str] | None = None,
        create: Callable[[str], Entry] | None = None,
    ) -> None:
        self._unknown = unknown
        self._create = create
        self._aliases = {theirs.casefold(): ours for theirs, ours in (aliases or {}).items()}
        self._exact: dict[str, int] = {}
        self._loose: dict[str, int] | None = None
        self._labels: dict[int, str] = {}
        self.matched: dict[str, str] = {}  # their word: our label, where only the spelling differed
        self.made: list[str] = []
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        self._labels[entry.id] = entry.label
        for name in entry.names:
            key = name.casefold()
            self._exact[key] = entry.id if self._exact.get(key, entry.id) == entry.id else SEVERAL

    def find(self, theirs: str) -> int:
        """The key. Raises Bad for one that is unknown or fits several."""
        word = self._aliases.get(theirs.casefold(), theirs)
        found = self._exact.get(word.casefold())
        if found is None:
            found = self._by_spelling(word)
            if found is not None and found != SEVERAL:
                self.matched[theirs] = self._labels[found]
        if found is None and self._create is not None:
            entry = self._create(word)
            self.add(entry)
            self.made.append(entry.label)
            return entry.id
        if found is None:
            raise Bad(self._unknown, value=theirs[:60])
        if found == SEVERAL:
            raise Bad("ambiguous", value=theirs[:60])
        return found

    def _by_spelling(self, word: str) -> int | None:
        if self._loose is None:
            self._loose = {}
            for name, key in self._exact.items():
                plain = normal(name)
                known = self._loose.get(plain, key)
                self._loose[plain] = key if known == key else SEVERAL
        plain = normal(word)
        return self._loose.get(plain) if plain else None

    def label(self, key: int) -> str:
        return self._labels[key]


def nearest(word: str, ours: Iterable[str]) -> str | None:
    """The one of ours that a person may have meant."""
    by_normal = {normal(name): name for name in ours}
    found = difflib.get_close_matches(normal(word), by_normal, n=1, cutoff=0.72)
    return by_normal[found[0]] if found else None
