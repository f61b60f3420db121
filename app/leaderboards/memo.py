"""What is asked for at every look and changes seldom, kept by this process while it hears of changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from app.core import clock
from app.core.changes import changes
from app.extensions import db

T = TypeVar("T")


class Memo(Generic[T]):
    """Of values that depend on their key, the day and some topics. No value may belong to a session."""

    def __init__(self, *topics: str, most: int = 1_000) -> None:
        self._topics = topics
        self._most = most
        self._values: OrderedDict[Hashable, tuple[Hashable, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T], *, keep: Callable[[T], bool] = bool) -> T:
        """The kept value, or one made now; kept if `keep` says so."""
        if not changes.is_live or db.session().info.get("in_operation"):
            return make()
        # Before it is made: a change meanwhile makes it old, never wrong.
        stamp = changes.stamp(self._topics), clock.today()
        with self._lock:
            found = self._values.get(key)
            if found is not None and found[0] == stamp:
                self._values.move_to_end(key)
                return found[1]
        value = make()
        if keep(value):
            with self._lock:
                self._values[key] = stamp, value
                self._values.move_to_end(key)
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
        return value


def apart(row: T) -> T:
    """A copy of a row that belongs to no session: what is kept outlives the request that read it."""
    columns = type(row).__mapper__.column_attrs  # type: ignore[attr-defined]  # a mapped class
    return type(row)(**{column.key: getattr(row, column.key) for column in columns})
