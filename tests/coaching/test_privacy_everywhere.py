"""The table of the house plan beyond pages: what is kept elsewhere, feeds, calendar files, searches, parts of
pages as they are polled, mails, screens, and every verb; before and straight after a change of manager.
"""

from types import SimpleNamespace

import pytest
from flask import Flask, url_for
from sqlalchemy import text

from app.core.changes import changes
from app.core.permissions import Role
from app.extensions import db
from app.leaderboards import operations as leaderboards
from app.people import sessions
from tests import factories
from tests.client import Client
from tests.coaching.secrets import Secret, hand_over, write_all
from tests.coaching.test_privacy_matrix import said_at
from tests.coaching.whispers import WHISPERS, whisper
from tests.goals.factories import the_metric
from tests.jobs import run_jobs
from tests.site import own_app
from tests.test_permissions import taken_back

pytestmark = pytest.mark.slow

OPEN_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT c.relrowsecurity
"""
WHO = ("ana", "marta", "omar", "otto", "ximena", "hilda", "alba", "bea")  # one of each sort
SEARCHES = ("/people", "/products", "/sales", "/training", "/training/overview", "/standings", "/admin/audit")


@pytest.fixture
def told(cast: SimpleNamespace) -> list[Secret]:
    """All that is written about Ana; `cast.places` is where it stands."""
    found = write_all(cast)
    cast.places = whisper(cast)
    run_jobs()
    return found


def readers_of(told: list[Secret], *, after: bool = False) -> dict[str, frozenset[str]]:
    return {one.word: one.then if after else one.now for one in told} | {
        word: two[after] for word, two in WHISPERS.items()
    }


def test_no_word_of_it_is_kept_in_a_table_that_everybodys_queries_read(told: list[Secret]) -> None:
    """Audit, events, jobs, news, mails, what forms have answered: none of them has a reader of its own."""
    tables = db.session.scalars(text(OPEN_TABLES)).all()
    assert {"audit_entries", "events", "notifications", "outgoing_mails"} <= set(tables)
    found = {
        table: db.session.execute(text(f"SELECT t::text FROM \"{table}\" t WHERE t::text LIKE '%QX-%'")).all()
        for table in tables
    }
    assert {table: rows for table, rows in found.items() if rows} == {}


def feeds() -> list[str]:
    """Where it is spoken of, beside the places where it stands."""
    searches = [f"{path}?q=QX&who=QX&what=QX&subject=QX" for path in SEARCHES]
    return ["/notifications", "/notifications/bell", *searches, "/coaching/plans", "/coaching", "/"]


@pytest.mark.parametrize("after", [False, True], ids=["while Marta manages Ana", "straight after"])
def test_no_feed_file_search_or_part_says_what_somebody_may_not_read(
    app: Flask, cast: SimpleNamespace, told: list[Secret], as_person, after: bool
) -> None:
    clients = {role: as_person(getattr(cast, role)) for role in WHO}
    paths = [*cast.places, *feeds()]
    if after:
        hand_over(cast, cast.otto)
    readers = readers_of(told, after=after)
    leaks, seen = {}, set[tuple[str, str]]()
    for role, client in clients.items():
        for path in paths:
            said = said_at(client, path)
            words = {word for word in readers if word in said}
            seen |= {(role, word) for word in words}
            if hidden := {word for word in words if role not in readers[word]}:
                leaks[role, path] = hidden
    assert leaks == {}
    here = {"otto" if after else "marta", "ana", "hilda"}
    missing = {(role, word) for role in here for word in WHISPERS} - seen
    assert missing == set(), "it does look where they stand"


def test_a_screen_on_the_wall_says_nothing_of_it(
    cast: SimpleNamespace, told: list[Secret], anonymous: Client
) -> None:
    _screen, token = leaderboards.create_screen(
        "Lobby", [{"metric": the_metric().key}], seconds=10, locale=None, by=cast.alba.id
    )
    for path in (f"/tv/{token}", f"/tv/{token}/boards"):
        said = said_at(anonymous, path)
        assert 'id="boards"' in said
        assert "QX-" not in said


def test_no_verb_answers_those_who_may_not_read_straight_after(
    app: Flask, cast: SimpleNamespace, told: list[Secret], as_person
) -> None:
    """Marta is not there for what was hers a moment ago, nor is anybody else who never was."""
    clients = {role: as_person(getattr(cast, role)) for role in WHO}
    hand_over(cast, cast.otto)
    then = readers_of(told, after=True)
    keys = {
        "plan_id": ("QX-PLAN", cast.keys["plan_id"]),
        "note_id": ("QX-SHARED", cast.keys["note_id"]),
        "commitment_id": ("QX-PROMISE", cast.keys["commitment_id"]),
        "session_id": ("QX-AGENDA", next(one.id for one in told if one.word == "QX-AGENDA")),
        "case_id": ("QX-CASE", cast.keys["case_id"]),
    }
    verbs = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            is_ours = rule.endpoint.startswith("coaching_") and "POST" in (rule.methods or ())
            (name, *others) = sorted(rule.arguments) or ("",)
            if is_ours and name in keys and not others:
                word, key = keys[name]
                verbs.append((url_for(rule.endpoint, **{name: key}), then[word]))
    assert len(verbs) > 15
    wrong = []
    for role, client in clients.items():
        for path, readers in verbs:
            if role in readers:
                continue
            with taken_back():
                page = client.post(path, {})
            if page.status != 404 or "QX-" in page.html:
                wrong.append((role, path, page.status))
    assert wrong == []


def small_cast() -> SimpleNamespace:
    root, make = factories.the_root(), factories.make_person
    norte, sur = factories.make_team("Norte", root), factories.make_team("Sur", root)
    cast = SimpleNamespace(root=root, sur=sur, alba=make("Alba Admin", Role.ADMIN, root))
    cast.ximena = make("Ximena Ibarra", Role.EXECUTIVE, root)
    cast.hilda = make("Hilda Ramos", Role.HR, root)
    cast.omar = make("Omar Otero", Role.MANAGER, sur, cast.ximena)
    cast.marta = make("Marta Manrique", Role.MANAGER, norte, cast.ximena)
    cast.ana, cast.bea = (make(name, Role.REP, norte, cast.marta) for name in ("Ana Alonso", "Bea Bravo"))
    return cast


def test_what_a_page_had_kept_is_not_given_out_after_the_change() -> None:
    """Where answers are kept while nothing changes: the poll after the change asks anew."""
    with own_app("privacy_kept", listen=True) as app, app.app_context():
        changes.ensure_listening()
        cast = small_cast()
        write_all(cast)
        plan_id = cast.keys["plan_id"]
        token = sessions.open_session(cast.marta, address=None, browser=None)
        db.session.commit()
        path, client = f"/coaching/plans/{plan_id}/progress", Client(app, token)
        first = client.hx_get(path)
        assert first.status == 200
        assert "QX-PLAN" in first.html
        had = {"HX-PTag": first.headers["HX-PTag"]}
        assert client.hx_get(path, headers=had).status == 304
        hand_over(cast, cast.otto)
        assert client.hx_get(path).status == 404
        assert client.hx_get(path, headers=had).status == 404
        db.session.remove()
