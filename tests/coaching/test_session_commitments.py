"""What is promised in a session, and a session logged with its promises on one screen."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app.coaching import access
from app.coaching.models import Commitment, CommitmentStatus, SessionStatus
from app.coaching.sessions import operations as sessions
from app.core import clock
from app.extensions import db
from tests.coaching.talks import (
    make_commitment,
    make_held,
    make_session,
    sessions_of,
    the_session,
    viewer_of,
)
from tests.goals.factories import make_goal
from tests.sales.factories import make_sale


def test_commitments_of_both_are_carried_over_until_done_or_dropped_with_a_reason(
    cast, as_marta, as_ana
) -> None:
    first = make_held(cast.marta, cast.ana, days_ago=14)
    url = f"/coaching/sessions/{first.id}"
    for client, owner, text in ((as_marta, cast.ana, "Call Refugio"), (as_ana, cast.marta, "Ask pricing")):
        form = client.get(url).form_data("#new-commitment")
        assert client.post(f"{url}/commitments", form | {"text": text, "owner": str(owner.id)}).status == 303
    later = make_session(cast.marta, cast.ana)
    carried = as_ana.get(f"/coaching/sessions/{later.id}").text_of("#session-talk")
    assert "Carried over Call Refugio Ana Alonso · open since" in carried
    assert "Ask pricing Marta Manrique · open since" in carried

    access.as_worker()
    call, ask = db.session.scalars(select(Commitment).order_by(Commitment.id)).all()
    as_ana.post(f"/coaching/commitments/{call.id}/done", {"back": str(later.id)})
    assert as_marta.post(f"/coaching/commitments/{ask.id}/drop", {"why": " "}).status == 422
    as_marta.post(f"/coaching/commitments/{ask.id}/drop", {"why": "Pricing has decided"})
    assert "Carried over" not in as_ana.get(f"/coaching/sessions/{later.id}").text
    assert "Pricing has decided" in as_ana.get(url).text


def test_done_by_mistake_is_taken_back(cast, as_ana) -> None:
    promise = make_commitment(make_held(cast.marta, cast.ana), cast.ana, cast.marta)
    assert as_ana.post(f"/coaching/commitments/{promise.id}/done", {"back": "mine"}).location == "/coaching"
    as_ana.post(f"/coaching/commitments/{promise.id}/open")
    access.as_worker()
    assert db.session.get_one(Commitment, promise.id).status is CommitmentStatus.OPEN


def test_a_held_session_shows_what_stood_open_on_that_day(cast, as_marta) -> None:
    first = make_held(cast.marta, cast.ana, days_ago=20)
    promise = make_commitment(first, cast.ana, cast.marta)
    access.as_worker()
    promise.created_at = clock.now() - timedelta(days=20)
    db.session.commit()
    second = make_held(cast.marta, cast.ana, days_ago=10)
    as_marta.post(f"/coaching/commitments/{promise.id}/done")
    assert "Carried over" in as_marta.get(f"/coaching/sessions/{second.id}").text


def test_a_session_is_logged_on_one_screen(cast, as_marta, as_ana) -> None:
    make_goal(cast.ana, 1_000_00)
    old = make_commitment(make_held(cast.marta, cast.ana, days_ago=7), cast.ana, cast.marta)
    page = as_marta.get(f"/coaching/sessions/log?person={cast.ana.id}")
    form = page.form_data("form[data-kept]")
    form |= {
        "body": "She saw it herself.",
        "share": "shared",
        "promise-0": "Visit together",
        "owner-0": str(cast.marta.id),
        "kept": str(old.id),
    }
    for _ in range(2):  # sent twice on a bad connection
        answer = as_marta.post(f"/coaching/people/{cast.ana.id}/log", form)
    session = as_marta.follow(answer)
    assert "Visit together Marta Manrique" in session.text
    assert session.text_of(".goal__share") == "0%"
    assert len(sessions_of(cast.ana)) == 2
    access.as_worker()
    texts = db.session.execute(select(Commitment.text, Commitment.status).order_by(Commitment.id)).all()
    assert [tuple(row) for row in texts] == [("Call three old customers", "done"), ("Visit together", "open")]
    note = as_ana.get("/coaching").one("a[href^='/coaching/notes/']")["href"]
    assert "She saw it herself." in as_ana.get(note).text


def test_one_logged_days_later_has_the_figures_of_its_day(cast, as_marta) -> None:
    make_goal(cast.ana, 1_000_00, period="2026-Q2")
    make_sale(cast.ana, 250_00, date(2026, 5, 4))
    make_sale(cast.ana, 500_00, date(2026, 5, 7))
    with clock.as_of(datetime(2026, 5, 8, 12, tzinfo=UTC)):
        session = sessions.log_session(
            cast.ana.id, by=viewer_of(cast.marta), at=datetime(2026, 5, 5, 12, tzinfo=UTC), minutes=20
        )
    page = as_marta.get(f"/coaching/sessions/{session.id}")
    assert "The figures on May 5, 2026" in page.text
    assert page.text_of(".goal__share") == "25%"


def test_logging_the_planned_session_of_the_day_makes_no_second(cast, as_marta) -> None:
    planned = make_session(cast.marta, cast.ana, clock.now())
    form = as_marta.get(f"/coaching/sessions/log?person={cast.ana.id}").form_data("form[data-kept]")
    as_marta.post(f"/coaching/people/{cast.ana.id}/log", form)
    assert [each.id for each in sessions_of(cast.ana)] == [planned.id]
    assert the_session(planned.id).status is SessionStatus.HELD


def test_what_is_wrong_in_a_log_keeps_what_was_typed(cast, as_marta) -> None:
    form = as_marta.get(f"/coaching/sessions/log?person={cast.ana.id}").form_data("form[data-kept]")
    ahead = (clock.today() + timedelta(days=2)).isoformat()
    page = as_marta.post(
        f"/coaching/people/{cast.ana.id}/log", form | {"day": ahead, "body": "Words", "promise-0": "A visit"}
    )
    assert page.status == 422
    assert page.one("#body").get_text().strip() == "Words"
    assert page.one("#promise-0")["value"] == "A visit"
    assert sessions_of(cast.ana) == []
