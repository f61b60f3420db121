"""What happens to one's goals reaches one's inbox: once, in one's language, with a bell that counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.core import clock, events
from app.core.changes import changes
from app.core.transactions import atomic
from app.extensions import db
from app.goals import conversation, operations, revisions
from app.goals.models import Acknowledgement, Goal, GoalStatus
from app.imports.models import Import, ImportStatus
from app.notifications import queries
from app.notifications.models import Notification
from app.people import operations as people
from tests.goals.factories import make_goal
from tests.jobs import run_jobs


def news_of(page) -> list[str]:
    return [" ".join(tag.get_text(" ").split()) for tag in page.all("#inbox li p:first-child a")]


def bell(client) -> str:
    return str(client.hx_get("/notifications/bell").one("a.bell")["aria-label"])


@pytest.fixture
def goal(cast) -> Goal:
    """Ana's goal, which Marta proposed."""
    return make_goal(cast.ana, status=GoalStatus.ACCEPTED, by=cast.marta)


def revise(goal: Goal, by, target: int = 20_000_00, text: str = "The market grew.") -> int:
    revision = revisions.revise_goal(
        goal.id,
        target=Decimal(target),
        reason="economy",
        text=text,
        effective_on=clock.today(),
        version=goal.version,
        by=by.id,
    )
    key = revision.id
    run_jobs("core.deliver_event")
    return key


def test_proposed_goals_are_one_piece_of_news_and_lead_to_them(cast, as_ana):
    drafts = [make_goal(cast.ana, status=GoalStatus.DRAFT, metric=key, by=cast.marta) for key in ("a", "b")]
    operations.propose_goals([goal.id for goal in drafts], by=cast.marta.id)
    run_jobs("core.deliver_event")
    assert bell(as_ana) == "Inbox, 1 unread"
    page = as_ana.get("/notifications")
    assert news_of(page) == ["Marta Manrique proposes 2 goals to you"]
    link = str(page.one("#inbox li a")["href"])
    assert as_ana.get(link).location == "/goals"
    assert bell(as_ana) == "Inbox"


def test_an_event_that_comes_twice_is_told_once(cast, goal):
    @atomic
    def record() -> int:
        told = {"goal_id": goal.id, "kind": "comment", "people": [cast.ana.id], "author_id": cast.marta.id}
        return events.record("goal_answered", **told).id

    event_id = record()
    run_jobs("core.deliver_event")
    events.deliver(event_id)
    events.deliver(event_id)
    assert db.session.scalar(select(func.count()).select_from(Notification)) == 1


def test_a_revision_shows_before_and_after_and_is_acknowledged_in_the_inbox(cast, goal, as_ana):
    revision_id = revise(goal, cast.marta)
    page = as_ana.get("/notifications")
    assert news_of(page)[0].startswith("Marta Manrique revised a goal: Revenue")
    assert "$10,000.00 becomes $20,000.00. The economy: The market grew." in page.text
    opened = as_ana.get(str(page.one("#inbox li a")["href"]))
    assert opened.location == f"/goals/{goal.id}"
    assert bell(as_ana) == "Inbox, 1 unread", "looking is not acknowledging"
    action = str(page.one("form[action$=acknowledgement]")["action"])
    after = as_ana.hx_post(action)
    assert "Acknowledged on" in after.text
    assert not after.all("form[action$=acknowledgement]")
    assert bell(as_ana) == "Inbox"
    when = select(Acknowledgement.at).where(
        Acknowledgement.revision_id == revision_id, Acknowledgement.person_id == cast.ana.id
    )
    assert db.session.scalar(when) is not None
    assert as_ana.post(action).location == "/notifications", "a second time changes nothing"


def test_what_is_acknowledged_at_the_goal_is_done_in_the_inbox(cast, goal, as_ana):
    revision_id = revise(goal, cast.marta)
    revisions.acknowledge_revision(revision_id, by=cast.ana.id)
    run_jobs("core.deliver_event")
    assert bell(as_ana) == "Inbox"
    assert "Acknowledged on" in as_ana.get("/notifications").text


def test_an_answer_reaches_the_manager_and_settles_what_asked_for_it(cast, as_ana, as_marta):
    draft = make_goal(cast.ana, status=GoalStatus.DRAFT, by=cast.marta)
    operations.propose_goals([draft.id], by=cast.marta.id)
    run_jobs("core.deliver_event")
    assert bell(as_ana) == "Inbox, 1 unread"
    conversation.question_goal(draft.id, by=cast.ana.id, text="How come?")
    run_jobs("core.deliver_event")
    assert bell(as_ana) == "Inbox"
    assert "Ana Alonso questions: Revenue" in as_marta.get("/notifications").text_of("#inbox")


def test_an_import_tells_whoever_started_it(cast, as_alba, as_ana):
    record = Import(
        kind="sales",
        source="crm",
        filename="ventas.csv",
        path="x",
        sha256="x",
        status=ImportStatus.DONE,
        created_by_id=cast.alba.id,
    )
    db.session.add(record)
    db.session.commit()
    counts = {"rows": 12000, "created": 11000, "updated": 900, "unchanged": 0, "rejected": 100}
    atomic(lambda: events.record("import_finished", import_id=record.id, kind="sales", **counts))()
    run_jobs("core.deliver_event")
    text = as_alba.get("/notifications").text_of("#inbox")
    assert "Import finished: ventas.csv" in text
    assert "12,000 rows: 11,000 new, 900 changed, 100 rejected" in text
    assert bell(as_ana) == "Inbox"


def test_who_manages_people_hears_that_reports_need_a_new_manager(cast, as_alba, as_omar):
    people.leave(cast.marta, clock.today(), by_id=None)
    run_jobs("core.deliver_event")
    page = as_alba.get("/notifications")
    assert news_of(page) == ["Marta Manrique has left: 2 people need a new manager"]
    assert as_alba.get(str(page.one("#inbox li a")["href"])).location == f"/people?manager={cast.marta.id}"
    assert bell(as_omar) == "Inbox"


def test_each_reader_gets_their_language(cast, goal, as_person):
    revise(goal, cast.marta)
    page = as_person(cast.ana, "es-ES").get("/notifications")
    assert page.text_of("h1") == "Bandeja de entrada"
    assert news_of(page)[0].startswith("Marta Manrique revisó una meta:")
    assert "pasa a" in page.text


def test_news_can_be_read_one_by_one_or_all_at_once(cast, as_ana):
    for number in range(3):
        db.session.add(
            Notification(
                person_id=cast.ana.id,
                kind="manager_left",
                parameters={"left_id": 1, "name": f"N{number}", "reports": 1},
            )
        )
    db.session.commit()
    page = as_ana.get("/notifications?show=unread")
    assert len(news_of(page)) == 3
    one = str(page.all("form[action$='/read']")[1]["action"])
    assert as_ana.post(one).location == "/notifications"
    assert bell(as_ana) == "Inbox, 2 unread"
    after = as_ana.hx_post("/notifications/read?show=unread")
    assert "Nothing unread" in after.text
    assert len(news_of(as_ana.get("/notifications"))) == 3


def test_nobody_reads_the_news_of_somebody_else(cast, as_luis):
    news = Notification(person_id=cast.ana.id, kind="manager_left", parameters={"name": "N", "reports": 1})
    db.session.add(news)
    db.session.commit()
    for answer in (
        as_luis.get(f"/notifications/{news.id}"),
        as_luis.post(f"/notifications/{news.id}/read"),
        as_luis.post(f"/notifications/{news.id}/acknowledgement"),
    ):
        assert answer.status == 404
    assert as_luis.get("/notifications").text_of("#inbox").count("has left") == 0


def test_news_of_a_kind_that_is_no_more_breaks_nothing(cast, as_ana):
    db.session.add(Notification(person_id=cast.ana.id, kind="forgotten", parameters={}))
    db.session.commit()
    page = as_ana.get("/notifications")
    assert as_ana.get(str(page.one("#inbox li a")["href"])).location == "/notifications"


def test_a_goal_that_was_withdrawn_or_lost_its_revision_still_has_its_news(cast, as_ana):
    parameters = {"goal_id": 999_999, "revision_id": 999_999, "author_id": cast.marta.id}
    db.session.add(Notification(person_id=cast.ana.id, kind="goal_revised", parameters=parameters))
    db.session.commit()
    assert "a goal that is gone" in as_ana.get("/notifications").text


def test_the_bell_asks_the_database_only_after_a_change(cast, as_ana, monkeypatch):
    asked = []
    original = queries._count
    monkeypatch.setattr(queries, "_count", lambda key: asked.append(key) or original(key))
    monkeypatch.setattr(changes, "is_live", True)
    queries.counts.forget(None)
    for _ in range(3):
        assert queries.unread_count(cast.ana.id) == 0
    assert asked == [cast.ana.id]
    db.session.add(Notification(person_id=cast.ana.id, kind="forgotten", parameters={}))
    db.session.commit()
    atomic(lambda: changes.announce("notifications", people=[cast.luis.id]))()
    assert queries.unread_count(cast.ana.id) == 0, "news for others is no news"
    atomic(lambda: changes.announce("notifications", people=[cast.ana.id]))()
    assert queries.unread_count(cast.ana.id) == 1
    queries.counts.forget(None)


def test_the_inbox_comes_in_pages(cast, as_ana):
    for _ in range(35):
        db.session.add(
            Notification(
                person_id=cast.ana.id,
                kind="forgotten",
                parameters={},
                created_at=clock.now() - timedelta(days=1),
            )
        )
    db.session.commit()
    page = as_ana.get("/notifications")
    assert len(news_of(page)) == 30
    assert len(news_of(as_ana.get(str(page.one("a[rel=next]")["href"])))) == 5
