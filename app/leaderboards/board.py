"""One board in memory: members, their figures, today's order and that of a week ago."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.leaderboards.filters import BoardFilter, Mode
from app.leaderboards.ranking import Fold, Ranking, Row, rank_change


@dataclass(frozen=True, slots=True)
class Member:
    """`is_hidden`: counted and ranked, not named to others."""

    person_id: int
    name: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Score:
    """What a member is ranked by, and what is shown beside it.

    `figure` is the metric's own; `against` is what the mode compares with (target, earlier figure,
    own best); `earlier` is the figure a week ago, for the change of rank.
    """

    figure: Decimal | None
    against: Decimal | None
    target: Decimal | None
    earlier: Decimal | None

    def ranked_by(self, mode: Mode) -> Decimal | None:
        return _ranked_by(mode, self.figure, self.against)


def _ranked_by(mode: Mode, figure: Decimal | None, against: Decimal | None) -> Decimal | None:
    if figure is None or mode is Mode.VALUE:
        return figure
    if against is None:
        return None
    if mode is Mode.IMPROVED:
        return figure - against
    return figure / against if against > 0 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A row as a viewer may see it: `name` and `person_id` are None for who opted out of being named."""

    rank: int | None
    change: int | None
    person_id: int | None
    name: str | None
    ranked_by: Decimal | None
    figure: Decimal | None
    attainment: Decimal | None
    is_own: bool


class Board:
    """Safe for several threads: each call takes the lock for the little it reads or changes."""

    def __init__(
        self,
        chosen: BoardFilter,
        members: Iterable[tuple[Member, Score]],
        *,
        higher_is_better: bool,
        has_change: bool,
    ) -> None:
        self.chosen = chosen
        self._lock = threading.RLock()
        self._members: dict[int, Member] = {}
        self._scores: dict[int, Score] = {}
        for member, score in members:
            self._members[member.person_id] = member
            self._scores[member.person_id] = score
        # Fewest first in "improved" would reward a fall in revenue: only a metric's own direction counts.
        self._now = Ranking(
            ((key, m.name, self._scores[key].ranked_by(chosen.mode)) for key, m in self._members.items()),
            higher_is_better=higher_is_better or chosen.mode is Mode.ATTAINMENT,
        )
        self._earlier = (
            Ranking(
                ((key, m.name, self._earlier_value(self._scores[key])) for key, m in self._members.items()),
                higher_is_better=higher_is_better or chosen.mode is Mode.ATTAINMENT,
            )
            if has_change and chosen.mode in {Mode.VALUE, Mode.ATTAINMENT}
            else None
        )

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, person_id: int) -> bool:
        return person_id in self._members

    @property
    def ranked_count(self) -> int:
        return self._now.ranked_count

    def _earlier_value(self, score: Score) -> Decimal | None:
        return _ranked_by(self.chosen.mode, score.earlier, score.against)

    def update(self, scores: Iterable[tuple[int, Score]]) -> None:
        """Give members new figures; somebody who is no member is passed over."""
        with self._lock:
            for person_id, score in scores:
                if person_id not in self._members:
                    continue
                self._scores[person_id] = score
                self._now.update(person_id, score.ranked_by(self.chosen.mode))
                if self._earlier is not None:
                    self._earlier.update(person_id, self._earlier_value(score))

    def top(self, number: int, viewer_id: int | None = None) -> list[Standing]:
        with self._lock:
            return [self._standing(row, viewer_id) for row in self._now.top(number)]

    def neighbourhood(self, person_id: int, *, top: int, each_side: int = 3) -> tuple[int, list[Standing]]:
        """Those around a person who are not in the top anyway, and how many lie folded between.

        Empty when the person is in the top or no member. Nothing is shown below the neighbourhood.
        """
        with self._lock:
            if person_id not in self._members or self._now.position_of(person_id) <= top:
                return 0, []
            rows = self._now.neighbourhood_with_top(person_id, top=top, each_side=each_side)[top:]
            hidden = rows[0].hidden if rows and isinstance(rows[0], Fold) else 0
            return hidden, [self._standing(row, person_id) for row in rows if isinstance(row, Row)]

    def standing_of(self, person_id: int) -> Standing | None:
        with self._lock:
            if person_id not in self._members:
                return None
            return self._standing(self._now.around(person_id, 0)[0], person_id)

    def everybody(self, viewer_id: int | None = None) -> Sequence[Standing]:
        """The whole board in order; only for exports and the command line."""
        with self._lock:
            return [self._standing(row, viewer_id) for row in self._now]

    def _standing(self, row: Row, viewer_id: int | None) -> Standing:
        member, score = self._members[row.key], self._scores[row.key]
        is_own = row.key == viewer_id
        shown = is_own or not member.is_hidden
        before = self._earlier.rank_of(row.key) if self._earlier is not None else None
        return Standing(
            rank=row.rank,
            change=rank_change(before, row.rank),
            person_id=row.key if shown else None,
            name=member.name if shown else None,
            ranked_by=score.ranked_by(self.chosen.mode),
            figure=score.figure,
            attainment=score.figure / score.target if score.figure is not None and score.target else None,
            is_own=is_own,
        )
