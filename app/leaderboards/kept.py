"""Boards kept by this process while it hears of changes: a sale moves one member of each board it touches.

Without a listener (tests, commands) a board is read from the database each time.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from app.core import clock
from app.core.changes import Detail, changes
from app.leaderboards import queries
from app.leaderboards.board import Board
from app.leaderboards.filters import BoardFilter

MAX_MEMBERS = 1_000_000  # on all kept boards together: about 400 bytes each
REBUILD_FROM = 2_000  # so many changed people are cheaper to read all together


@dataclass(slots=True, eq=False)
class _Kept:
    """A board, and who on it has changed since it was last brought up to date.

    Whoever holds `lock` is reading the board from the database; everybody else waits for that.
    """

    day: date
    board: Board | None = None
    changed: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


_boards: OrderedDict[BoardFilter, _Kept] = OrderedDict()
_lock = threading.Lock()  # for the two names above and every `changed`; never held while reading


def on_totals(detail: Detail) -> None:
    """Somebody's totals have changed; without names, everybody's may have."""
    metrics = set((detail or {}).get("metrics") or ())
    _mark(detail, lambda chosen: chosen.metric_id in metrics)


def on_goals(detail: Detail) -> None:
    _mark(detail, lambda _: True)


def on_people(detail: Detail) -> None:
    """Teams, names or who is hidden: read afresh, but for changes that no board shows."""
    if detail is None or detail.get("boards", True):
        forget()


def forget(detail: Detail = None) -> None:
    with _lock:
        _boards.clear()


def _mark(detail: Detail, concerns: Callable[[BoardFilter], bool]) -> None:
    people = (detail or {}).get("people")
    if people is None:
        forget()
        return
    with _lock:
        for chosen, kept in list(_boards.items()):
            if concerns(chosen):
                kept.changed.update(people)
                if len(kept.changed) >= REBUILD_FROM:
                    del _boards[chosen]


def board(chosen: BoardFilter) -> Board:
    """The board as it stands now."""
    if not changes.is_live:
        return queries.read_board(chosen)
    while True:
        with _lock:
            kept = _boards.get(chosen)
            if kept is None or kept.day != clock.today():
                # In place before it is read, so that no news of a change meanwhile is missed.
                kept = _boards[chosen] = _Kept(clock.today())
            _boards.move_to_end(chosen)
        with kept.lock:
            if kept.board is None and not _read(chosen, kept):
                continue
            current = _bring_up_to_date(chosen, kept)
        return current


def _read(chosen: BoardFilter, kept: _Kept) -> bool:
    """Fill a new entry. False when it was forgotten meanwhile: another one must be filled."""
    try:
        found = queries.read_board(chosen)
    except BaseException:
        with _lock:
            if _boards.get(chosen) is kept:
                del _boards[chosen]
        raise
    with _lock:
        if _boards.get(chosen) is not kept:
            return False
        kept.board = found
        while len(_boards) > 1 and sum(len(each.board or ()) for each in _boards.values()) > MAX_MEMBERS:
            _boards.popitem(last=False)
    return True


def _bring_up_to_date(chosen: BoardFilter, kept: _Kept) -> Board:
    assert kept.board is not None
    with _lock:
        changed, kept.changed = kept.changed, set()
    if changed:
        try:
            kept.board.update(queries.read_scores(chosen, changed))
        except BaseException:
            with _lock:
                kept.changed |= changed
            raise
    return kept.board
