"""One board in memory: members, their figures, today's order and that of a week ago.

Figures are columns (a plain dict each) rather than an object a member: less memory, and nothing for the
garbage collector to follow.
"""

import threading
import unicodedata
from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.leaderboards.filters import Mode
from app.leaderboards.ranking import Ranking, Row, rank_change
from app.leaderboards.standing import Facts, Number, Standing, View, share_of

MOST_MADE = 2_000


@dataclass(slots=True)
class Columns:
    """What is read of members, by key. Who lacks a figure has that of somebody who has done nothing.

    `against` is what the mode compares with (an earlier figure, one's own best); `earlier` the figure a
    week ago, for the change of rank. None: not read, as before.
    """

    names: dict[int, str] | None = None
    hidden: Collection[int] = ()  # counted and ranked, not named to others
    guests: Collection[int] = ()  # on the board only as long as they have results
    figures: dict[int, Number] | None = None
    targets: dict[int, Number] | None = None
    against: dict[int, Number] | None = None
    earlier: dict[int, Number] | None = None


class Board:
    """Safe for several threads: each call takes the lock for the little it reads or changes."""

    def __init__(self, facts: Facts, columns: Columns) -> None:
        self.facts = facts
        self.version = 0
        self.kept: dict[Any, Any] = {}  # what others make of this board, gone with it
        self._lock = threading.RLock()
        self._shown_top: tuple[int, int, list[Standing]] | None = None
        self._made: dict[int, Standing] = {}  # rows that nothing has changed since
        self._names = columns.names or {}
        self._hidden = set(columns.hidden)
        self._guests = set(columns.guests)
        self._figures = columns.figures or {}
        self._targets = columns.targets or {}
        self._against = columns.against or {}
        self._before = columns.earlier or {}
        self._higher = facts.higher_is_better or facts.mode is Mode.ATTAINMENT
        self._now = Ranking(
            zip(
                self._names,
                map(order_of, self._names.values()),
                map(self._scorer(self._figures), self._names),
                strict=True,
            ),
            higher_is_better=self._higher,
        )
        # The order of a week ago, as weights: only ranks are asked of it.
        self._earlier = self._order_earlier() if facts.has_change else None

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, key: int) -> bool:
        return key in self._names

    @property
    def ranked_count(self) -> int:
        return self._now.ranked_count

    def keys(self) -> list[int]:
        with self._lock:
            return list(self._names)

    def is_settled(self, key: int) -> bool:
        """Whether a member stays one whatever their figures are."""
        return key in self._names and key not in self._guests

    # -- changes

    def take(self, keys: Iterable[int], columns: Columns) -> None:
        """Take in what was read anew of some keys; with `names`, who is not among them is no member."""
        with self._lock:
            for key in keys:
                if columns.names is not None:
                    self._take_member(key, columns)
                if key in self._names:
                    self._take_figures(key, columns)
            self.version += 1

    def take_targets(self, targets: dict[int, Number]) -> None:
        """Everybody's targets, read anew."""
        with self._lock:
            for key in self._targets.keys() | targets.keys():
                if key in self._names and self._targets.get(key) != targets.get(key):
                    given = {key: targets[key]} if key in targets else {}
                    self._take_figures(key, Columns(targets=given))
            self._targets = targets
            self.version += 1

    def _take_member(self, key: int, columns: Columns) -> None:
        assert columns.names is not None
        self._made.pop(key, None)
        name = columns.names.get(key)
        for group, given in ((self._hidden, columns.hidden), (self._guests, columns.guests)):
            group.discard(key)
            if key in given:
                group.add(key)
        if name is None:
            if key in self._names:
                self._move_earlier(self._earlier_weight(key), None)
                self._now.discard(key)
                del self._names[key]
        elif self._names.get(key) != name:
            if key not in self._names:
                self._move_earlier(None, self._earlier_weight(key))
            self._names[key] = name
            self._now.add(key, order_of(name), self._ranked_by(key))

    def _take_figures(self, key: int, columns: Columns) -> None:
        before = self._earlier_weight(key)
        self._made.pop(key, None)
        for mine, given in (
            (self._figures, columns.figures),
            (self._targets, columns.targets),
            (self._against, columns.against),
            (self._before, columns.earlier),
        ):
            if given is None:
                continue
            if key in given:
                mine[key] = given[key]
            else:
                mine.pop(key, None)
        self._now.update(key, self._ranked_by(key))
        self._move_earlier(before, self._earlier_weight(key))

    def _move_earlier(self, before: Number | None, after: Number | None) -> None:
        if self._earlier is None or before == after:
            return
        if before is not None:
            del self._earlier[bisect_left(self._earlier, before)]
        if after is not None:
            insort(self._earlier, after)
        self._made.clear()  # others have moved a week ago

    def _order_earlier(self) -> "array[Any]":
        scores = [score for score in map(self._scorer(self._before), self._names) if score is not None]
        weights = sorted([-score for score in scores if score] if self._higher else scores)
        are_whole = self.facts.mode is Mode.VALUE and not self.facts.is_ratio
        return array("q" if are_whole else "d", weights)

    # -- what a member is ranked by

    def _scorer(self, figures: Mapping[int, Number]) -> Callable[[int], Number | None]:
        """For everybody at once; results themselves need no more than a look-up."""
        if self.facts.mode is not Mode.VALUE:
            return lambda key: self._scored(key, figures)
        if self.facts.is_ratio:
            return figures.get
        return lambda key: figures.get(key, 0)

    def _ranked_by(self, key: int) -> Number | None:
        return self._scored(key, self._figures)

    def _scored(self, key: int, figures: Mapping[int, Number]) -> Number | None:
        figure = figures.get(key, self.facts.nothing)
        mode = self.facts.mode
        if figure is None or mode is Mode.VALUE:
            return figure
        if mode is Mode.ATTAINMENT:
            return share_of(figure, self._targets.get(key), self.facts.higher_is_better)
        against = self._against.get(key)
        if against is None:
            return None
        if mode is Mode.IMPROVED:
            return round(figure - against, 12)
        return figure / against if against > 0 else None

    def _earlier_weight(self, key: int) -> Number | None:
        """Who had no result a week ago had no place either: else all would have shared the first."""
        if self._earlier is None:
            return None
        score = self._scored(key, self._before)
        return None if self._higher and not score else self._weight(score)

    def _weight(self, value: Number | None) -> Number | None:
        return None if value is None else -value if self._higher else value

    # -- what is read

    def view(self, key: int | None, *, top: int, each_side: int = 3, whole: bool = False) -> View:
        """The top, a fold and a member's neighbourhood.

        The top is at most the better half, three at least, and where more is better who has no result is
        shown to nobody but themselves: a short board would else show its last places. `whole` shows as
        many as are asked for.
        """
        with self._lock:
            with_result = self._with_result()
            half = max(3, (self._now.ranked_count + 1) // 2)
            top = min(top, self._now.ranked_count) if whole else min(top, half, with_result)
            own = self.standing_of(key) if key is not None else None
            first_rows, folded, around = self._top(top), 0, list[Row]()
            if own is not None and own.rank is not None:
                place = self._now.position_of(own.key)
                first, last = max(place - each_side, 1), min(place + each_side, with_result)
                if place > with_result:  # no result yet: no neighbours, but where one stands
                    first, last = place, place
                    folded = max(with_result - top, 0)
                elif first > top + 1:
                    folded = first - top - 1
                around = self._now.rows(max(first - 1, top), last) if with_result else []
            rows = [self._standing(row) for row in around]
            return View(
                version=self.version,
                members=len(self._names),
                ranked=self._now.ranked_count,
                has_result=own is not None and own.rank is not None and place <= with_result,
                top=first_rows if folded else [*first_rows, *rows],
                folded=folded,
                around=rows if folded else [],
                own=own,
            )

    def _top(self, number: int) -> list[Standing]:
        """The same for everybody who looks before the next change."""
        if self._shown_top is None or self._shown_top[:2] != (self.version, number):
            found = [self._standing(row) for row in self._now.top(number)]
            self._shown_top = self.version, number, found
        return self._shown_top[2]

    def _with_result(self) -> int:
        """How many have done anything, where that can be told."""
        if self._higher and self.facts.mode in {Mode.VALUE, Mode.ATTAINMENT}:
            return self._now.count_better(0)
        return self._now.ranked_count

    def standing_of(self, key: int) -> Standing | None:
        with self._lock:
            return self._standing(self._now.around(key, 0)[0]) if key in self._names else None

    def standings_of(self, keys: Collection[int]) -> list[Standing]:
        """Some members in the board's order."""
        with self._lock:
            places = sorted(self._now.position_of(key) for key in keys if key in self._names)
            return [self._standing(row) for place in places for row in self._now.rows(place - 1, place)]

    def everybody(self) -> list[Standing]:
        """The whole board in order; only for exports and the command line."""
        with self._lock:
            return [self._standing(row) for row in self._now]

    def matching(self, text: str, limit: int = 50) -> list[Standing]:
        """Members whose name contains a text, letters as one types them, in the board's order."""
        wanted = order_of(text).casefold()
        with self._lock:
            names = list(self._names.items())
        return self.standings_of([key for key, name in names if wanted in order_of(name).casefold()])[:limit]

    def _earlier_rank(self, key: int) -> int | None:
        weight = self._earlier_weight(key)
        return None if self._earlier is None or weight is None else bisect_left(self._earlier, weight) + 1

    def _standing(self, row: Row) -> Standing:
        key = row.key
        made = self._made.get(key)
        if made is not None and made.rank == row.rank:
            return made
        if len(self._made) >= MOST_MADE:
            self._made.clear()
        score = self._ranked_by(key)
        before = self._earlier_rank(key)
        if before is None and not score:
            before = row.rank  # nothing then, nothing now
        made = self._made[key] = Standing(
            self.facts,
            key,
            row.rank,
            rank_change(before, row.rank),
            self._names[key],
            key in self._hidden,
            score,
            self._figures.get(key, self.facts.nothing),
            self._against.get(key),
            self._targets.get(key),
        )
        return made


def order_of(name: str) -> str:
    """How a name is put in order: without accents. The same object where it has none."""
    if name.isascii():
        return name
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
