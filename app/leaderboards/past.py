"""Places in periods that are over: of each only the order of its figures is kept, eight bytes a member.

A whole board for each past period would cost fifty times that, for one number a viewer.
"""

import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date

from app.core.changes import Detail, changes
from app.leaderboards.filters import BoardFilter
from app.leaderboards.queries import boards as queries
from app.leaderboards.queries.boards import Context, Needs
from app.leaderboards.standing import Number

MAX_NUMBERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Ladder:
    """The figures of a period, best first, as weights: less is better."""

    context: Context
    weights: "array[int] | array[float]"

    def __len__(self) -> int:
        return len(self.weights)

    def place_of(self, figure: Number) -> int:
        better = self.context.metric.is_higher_better
        return bisect_left(self.weights, -figure if better else figure) + 1


_ladders: OrderedDict[BoardFilter, Ladder] = OrderedDict()
_lock = threading.Lock()


def ladder(chosen: BoardFilter) -> Ladder:
    stamp = changes.stamp(_TOPICS)
    with _lock:
        found = _ladders.get(chosen) if changes.is_live else None
        if found is not None:
            _ladders.move_to_end(chosen)
            return found
    found = _read(chosen)
    with _lock:
        # News that came while it was read may not be in it.
        if changes.is_live and stamp == changes.stamp(_TOPICS):
            _ladders[chosen] = found
            while len(_ladders) > 1 and sum(len(each) for each in _ladders.values()) > MAX_NUMBERS:
                _ladders.popitem(last=False)
    return found


_TOPICS = ("totals", "people", "metrics", "periods")


def _read(chosen: BoardFilter) -> Ladder:
    context = queries.read_context(chosen)
    columns = queries.read_columns(context, None, Needs.MEMBERS | Needs.FIGURES)
    figures, facts = columns.figures or {}, context.facts
    sign = -1 if facts.higher_is_better else 1
    numbers = (figures.get(key, facts.nothing) for key in columns.names or ())
    weights = sorted(sign * number for number in numbers if number is not None)
    return Ladder(context, array("d", weights) if facts.is_ratio else array("q", weights))


def on_totals(detail: Detail) -> None:
    """Forget the periods of the months that have changed; without any named, all."""
    months = [date.fromisoformat(month) for month in (detail or {}).get("months") or ()]
    metrics = set((detail or {}).get("metrics") or ())

    def is_touched(found: Ladder) -> bool:
        span = found.context.span
        is_within = not months or any(span.starts_on <= month <= span.ends_on for month in months)
        return is_within and (not metrics or found.context.metric.id in metrics)

    with _lock:
        for chosen in [chosen for chosen, found in _ladders.items() if is_touched(found)]:
            del _ladders[chosen]


def on_people(detail: Detail) -> None:
    if (detail or {}).get("boards", True):
        forget()


def forget(detail: Detail = None) -> None:
    with _lock:
        _ladders.clear()
