"""Events reach their handlers at least once, singly or by the thousand."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, text

from app.core import events
from app.core.events import Event
from app.core.transactions import atomic
from app.extensions import db
from tests.jobs import run_jobs


@pytest.fixture
def heard(app) -> Iterator[list[int]]:
    """The numbers that a handler was told, for events of the name `counted`."""
    told: list[int] = []
    events.on("counted")(lambda event: told.append(event.payload["number"]))
    yield told
    events._handlers.pop("counted", None)
    events._many_handlers.pop("counted", None)


@atomic
def count_up_to(number: int) -> None:
    events.record_many("counted", [{"number": each} for each in range(number)])


def queued() -> int:
    return db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")) or 0


def test_many_events_are_delivered_in_chunks_and_in_order(heard):
    count_up_to(2 * events.CHUNK + 1)
    assert queued() == 3
    run_jobs()
    assert heard == list(range(2 * events.CHUNK + 1))


def test_who_can_takes_a_chunk_at_once(heard):
    chunks: list[int] = []
    events.on_many("counted")(lambda found: chunks.append(len(found)))
    count_up_to(events.CHUNK + 3)
    run_jobs()
    assert chunks == [events.CHUNK, 3]


def test_who_takes_chunks_takes_a_single_event_too(heard):
    chunks: list[list[int]] = []
    events.on_many("counted")(lambda found: chunks.append([each.payload["number"] for each in found]))
    atomic(events.record)("counted", number=7)
    run_jobs()
    assert (chunks, heard) == ([[7]], [7])


def test_no_events_are_no_job(heard):
    count_up_to(0)
    assert queued() == 0


def test_events_of_what_is_rolled_back_are_gone(heard):
    @atomic
    def break_off() -> None:
        count_up_to(5)
        raise LookupError

    with pytest.raises(LookupError):
        break_off()
    assert db.session.scalar(select(func.count()).select_from(Event).where(Event.name == "counted")) == 0
    assert queued() == 0


def test_one_that_fails_is_delivered_again_alone(heard, caplog):
    failed: list[int] = []

    def refuse_the_third_once(event: Event) -> None:
        if event.payload["number"] == 2 and not failed:
            failed.append(2)
            raise ValueError("not now")

    events.on("counted")(refuse_the_third_once)
    count_up_to(4)
    run_jobs()
    assert failed == [2]
    assert heard == [0, 1, 2, 3, 2]  # at least once
    assert "is delivered again" in caplog.text
