"""Boards kept by this process while it hears of changes: a sale moves one member of each board it touches.

News of a few people are read for these alone, at the next look. News of many (an import) make a board old:
it is read whole. A board that takes long to read (100,000 members) is shown as it was meanwhile, and for
some times as long as the reading took: an import must not keep everybody waiting.

Without a listener (tests, commands), and inside an operation, whose changes are nobody else's yet, a board
is read from the database each time.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from app.core import clock, live
from app.core.changes import Detail, changes
from app.extensions import db
from app.leaderboards.board import Board
from app.leaderboards.filters import BoardFilter, Of
from app.leaderboards.queries import boards as queries
from app.leaderboards.queries.boards import NOTHING, Context, Needs

MAX_MEMBERS = 400_000  # on all kept boards together: some 500 bytes each
REBUILD_FROM = 2_000  # so many changed people are cheaper to read all together
PATIENCE = 0.25  # seconds that one waits for a board to be read again
REST = 4  # times as long as a slow board took to read, it rests


@dataclass(frozen=True, slots=True)
class _News:
    is_old: bool
    changed: set[int]
    needs: Needs
    targets_are_old: bool


@dataclass(slots=True, eq=False)
class _Kept:
    """A board, and what has changed since it was last brought up to date.

    Whoever holds `lock` reads the database for it; the news are under the module's own lock.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    board: Board | None = None
    context: Context | None = None
    is_old: bool = True
    changed: set[int] = field(default_factory=set)
    needs: Needs = NOTHING
    targets_are_old: bool = False
    is_being_read: bool = False
    cost: float = 0.0  # seconds of the last reading
    read_at: float = 0.0

    def is_current(self, today: date) -> bool:
        has_news = self.is_old or self.is_being_read or self.targets_are_old or bool(self.changed)
        return self.board is not None and self.is_of(today) and not has_news

    def may_rest(self, today: date) -> bool:
        """Whether it is shown as it was: slow to read, and being read or read a moment ago."""
        if self.board is None or self.cost <= PATIENCE:
            return False
        if self.is_being_read:
            return True
        is_old = self.is_old or not self.is_of(today)
        return is_old and time.monotonic() - self.read_at < REST * self.cost

    def is_of(self, today: date) -> bool:
        return self.context is not None and self.context.today == today

    def take_news(self) -> "_News":
        """From here on news are of what the reading that follows may miss."""
        news = _News(self.is_old, self.changed, self.needs, self.targets_are_old)
        self.mark_old()
        self.is_old = False
        return news

    def mark(self, people: set[int], needs: Needs) -> None:
        self.changed |= people
        self.needs |= needs
        if len(self.changed) >= REBUILD_FROM:
            self.mark_old()

    def mark_old(self) -> None:
        self.is_old = True
        self.changed, self.needs, self.targets_are_old = set(), NOTHING, False


_boards: OrderedDict[BoardFilter, _Kept] = OrderedDict()
_lock = threading.Lock()  # for the boards' news; never held while reading


def board(chosen: BoardFilter) -> Board:
    """The board as it stands now; a slow one perhaps as it stood a moment ago."""
    if not changes.is_live or db.session().info.get("in_operation"):
        return queries.read_board(chosen)
    today = clock.today()
    with _lock:
        kept = _boards.setdefault(chosen, _Kept())
        _boards.move_to_end(chosen)
        if kept.board is not None and kept.is_current(today):
            return kept.board
        resting = kept.board if kept.may_rest(today) else None
    if resting is not None:
        live.may_be_old()
        return resting
    with kept.lock:
        return _bring_up_to_date(kept, chosen, today)


def _bring_up_to_date(kept: _Kept, chosen: BoardFilter, today: date) -> Board:
    with _lock:
        news = kept.take_news()
        is_old = news.is_old or kept.board is None or not kept.is_of(today)
        kept.is_being_read = True  # a patch of a few, too: who comes meanwhile waits for it
    try:
        if kept.board is None or kept.context is None or is_old:
            return _read(kept, chosen)
        if news.targets_are_old:
            keys = None if chosen.team_id is None else kept.board.keys()
            kept.board.take_targets(queries.read_targets(kept.context, keys))
        if news.changed:
            _patch(kept.board, kept.context, news.changed, news.needs)
        return kept.board
    except BaseException:
        with _lock:
            kept.is_old = True
        raise
    finally:
        with _lock:
            kept.is_being_read = False


def _read(kept: _Kept, chosen: BoardFilter) -> Board:
    began = time.monotonic()
    context = queries.read_context(chosen)
    with _lock:
        kept.context = context  # news during the reading go by its days
    found = kept.board = Board(context.facts, queries.read_columns(context))
    kept.read_at = time.monotonic()
    kept.cost = kept.read_at - began
    with _lock:
        while len(_boards) > 1 and sum(len(each.board or ()) for each in _boards.values()) > MAX_MEMBERS:
            _boards.popitem(last=False)
    return found


def _patch(board: Board, context: Context, changed: set[int], needs: Needs) -> None:
    if not all(board.is_settled(key) for key in changed):
        needs |= Needs.MEMBERS  # a first result makes somebody a member, a voided one takes that back
    if needs & Needs.MEMBERS:
        needs = queries.EVERYTHING
    board.take(changed, queries.read_columns(context, changed, needs))


# -- news


def on_totals(detail: Detail) -> None:
    """Somebody's totals have changed; without names, everybody's may have."""
    detail = detail or {}
    people, metrics = detail.get("people"), set(detail.get("metrics") or ())
    if people is None or not metrics:
        _each(lambda _, kept: kept.mark_old())
        return
    months = sorted(date.fromisoformat(month) for month in detail.get("months") or ())
    first_day = date.fromisoformat(detail["since"]) if detail.get("since") else None
    touched = set(people)

    def hear(chosen: BoardFilter, kept: _Kept) -> None:
        if chosen.metric_id not in metrics or not _reaches(kept.context, months):
            return
        if chosen.of is Of.TEAMS:
            kept.mark_old()
        else:
            kept.mark(touched, _needs(kept.context, months, first_day))

    _each(hear)


def _reaches(context: Context | None, months: list[date]) -> bool:
    """Whether a board depends on any of these months."""
    if context is None or not months:
        return True
    first, last = context.reach
    return any(first <= month <= last for month in months)


def _needs(context: Context | None, months: list[date], first_day: date | None) -> Needs:
    needs = Needs.FIGURES | Needs.EARLIER | Needs.AGAINST
    if context is None or not months:
        return needs
    if context.since is None or (first_day is not None and first_day > context.since.ends_on):
        needs &= ~Needs.EARLIER
    if context.before is None and months[0] >= context.span.starts_on:
        needs &= ~Needs.AGAINST
    return needs


def on_goals(detail: Detail) -> None:
    """With `targets`, those of these people and teams alone; `boards=False`: no target has changed."""
    detail = detail or {}
    if not detail.get("boards", True):
        return
    targets = detail.get("targets")

    def hear(chosen: BoardFilter, kept: _Kept) -> None:
        if targets is None or (chosen.of is Of.TEAMS and targets["teams"]):
            kept.targets_are_old = True
        elif chosen.of is not Of.TEAMS and targets["people"]:
            kept.mark(set(targets["people"]), Needs.TARGETS)

    _each(hear)


def on_people(detail: Detail) -> None:
    """Teams, names or who is hidden; `boards=False`: something that no board shows."""
    detail = detail or {}
    if not detail.get("boards", True):
        return
    people = detail.get("people")

    def hear(chosen: BoardFilter, kept: _Kept) -> None:
        if people is None or chosen.of is Of.TEAMS:
            kept.mark_old()
        else:
            kept.mark(set(people), queries.EVERYTHING)

    _each(hear)


def forget(detail: Detail = None) -> None:
    """Metrics, periods, the company: all is read afresh."""
    with _lock:
        _boards.clear()


def _each(hear: Callable[[BoardFilter, _Kept], None]) -> None:
    with _lock:
        for chosen, kept in _boards.items():
            hear(chosen, kept)
