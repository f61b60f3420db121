"""What a process holds beside its database: made old before a test, put back after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from app.core import clock, events, jobs, navigation
from app.core.changes import changes
from app.diagnosis.loading import records
from app.imports import kinds
from app.leaderboards.routes import tv
from app.people import moving
from app.sales import recording

# Who is told of what: a test may add to these, and its neighbours must not hear of it.
LISTS: list[list[Any]] = [
    moving.trackers,
    recording.trackers,
    recording.activity_trackers,
    recording.series_trackers,
    recording.guards,
    records.held_sessions,
]
TABLES: list[dict[Any, Any]] = [
    changes._subscribers,
    events._handlers,
    events._many_handlers,
    kinds._kinds,
    navigation._entries,
]


@contextmanager
def apart() -> Iterator[None]:
    if changes._listening is None:
        changes.is_live = False
    changes.apply_all()  # answers, boards, calendars, seasons, sessions, the company: nothing kept holds
    tv._seen.clear()
    lists = [list(each) for each in LISTS]
    tables = [{key: _copy(value) for key, value in each.items()} for each in TABLES]
    flask_app, zone_source = jobs._flask_app, clock._zone_source
    try:
        yield
    finally:
        jobs._flask_app, clock._zone_source = flask_app, zone_source
        for now, before in zip(LISTS, lists, strict=True):
            now[:] = before
        for table, earlier in zip(TABLES, tables, strict=True):
            table.clear()
            table.update(earlier)


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value
