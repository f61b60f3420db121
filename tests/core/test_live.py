"""A poll that carries the tag of what it has gets 304 while nothing changed, and the news when it did."""

from datetime import timedelta

import pytest
from flask import Blueprint, Flask

from app.core import clock
from app.core import live as live_module
from app.core.changes import Changes, changes
from app.core.live import live
from app.core.permissions import public
from app.extensions import db
from config import Config

STATE = {"text": "one", "runs": 0, "until": None}


@pytest.fixture
def client(monkeypatch, tmp_path, database_url):
    from app import create_app

    config = Config(
        CUMBRE_DATA=tmp_path,
        SECRET_KEY="x",
        DATABASE_URL=database_url,
        TESTING=True,
        LISTEN_FOR_CHANGES=False,
    )
    app: Flask = create_app(config)
    bp = Blueprint("poll", __name__)

    @bp.get("/poll")
    @public
    @live("totals")
    def poll() -> str:
        STATE["runs"] += 1
        if STATE["until"]:
            live_module.holds_until(STATE["until"])
        return f"<p>{STATE['text']}</p>"

    app.register_blueprint(bp)
    STATE.update(text="one", runs=0, until=None)
    monkeypatch.setattr(live_module, "_kept", live_module._Kept())
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def poll(client, tag: str | None = None):
    return client.get("/poll", headers={"HX-PTag": tag} if tag else {})


def test_without_a_listener_every_poll_is_asked_afresh(client) -> None:
    first = poll(client)
    assert poll(client, first.headers["HX-PTag"]).status_code == 304
    assert STATE["runs"] == 2
    STATE["text"] = "two"
    second = poll(client, first.headers["HX-PTag"])
    assert (second.status_code, second.text) == (200, "<p>two</p>")


def test_with_a_listener_the_view_runs_again_only_after_a_change(client, monkeypatch) -> None:
    monkeypatch.setattr(changes, "is_live", True)
    first = poll(client)
    assert poll(client, first.headers["HX-PTag"]).status_code == 304
    assert poll(client).text == "<p>one</p>"
    assert STATE["runs"] == 1
    STATE["text"] = "two"
    changes.apply("totals", None)
    assert poll(client, first.headers["HX-PTag"]).text == "<p>two</p>"
    assert STATE["runs"] == 2


def test_a_change_that_alters_nothing_shown_is_no_news(client, monkeypatch) -> None:
    monkeypatch.setattr(changes, "is_live", True)
    first = poll(client)
    changes.apply("totals", None)
    assert poll(client, first.headers["HX-PTag"]).status_code == 304


def test_a_change_that_names_other_people_leaves_ones_own_topic_as_it_is() -> None:
    news = Changes()
    mine = news.stamp(("totals:mine", "goals"), 1)
    news.apply("totals", {"people": [2, 3]})
    assert news.stamp(("totals:mine", "goals"), 1) == mine
    assert news.stamp(("totals:mine", "goals"), 2) != mine
    news.apply("totals", {"people": [1]})
    named = news.stamp(("totals:mine", "goals"), 1)
    assert named != mine
    news.apply("totals", None)
    assert news.stamp(("totals:mine", "goals"), 1) != named
    assert news.stamp(("totals",)) == (3,)


def test_what_is_over_at_an_instant_is_kept_until_then(client, monkeypatch) -> None:
    monkeypatch.setattr(changes, "is_live", True)
    began = clock.now()
    STATE["until"] = began + timedelta(minutes=5)
    poll(client)
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=4))
    poll(client)
    assert STATE["runs"] == 1
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=5))
    poll(client)
    assert STATE["runs"] == 2
