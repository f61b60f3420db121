"""Notes: kept while written, shared, signed by both, then only added to; who reads them is told."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.coaching import access
from app.coaching.models import Note
from app.coaching.notes import operations as notes
from app.core.audit import AuditEntry
from app.core.events import Event
from app.extensions import db
from tests.client import Client, Page
from tests.coaching.talks import make_draft, make_held, make_shared, make_signed, viewer_of

SECRET = "She thinks of leaving the west to her sister"


def send(client: Client, key: str, person, body: str, base: int = 0) -> Page:
    """As static/js/notes.js does at a pause."""
    data = {"note_key": key, "person": str(person.id), "session": "", "base": str(base), "body": body}
    return client.post(
        "/coaching/notes/drafts", data, headers={"HX-Request": "true", "HX-Request-Type": "full"}
    )


def body_of(note_id: int, reader) -> str:
    access.reading_as(reader)
    return db.session.get_one(Note, note_id, populate_existing=True).body


def actions_of(note: Note) -> list[str]:
    return list(
        db.session.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject_type == "notes", AuditEntry.subject_id == note.id)
            .order_by(AuditEntry.id)
        )
    )


def test_every_pause_saves_the_draft_and_the_same_text_again_changes_nothing(cast, as_marta) -> None:
    key = str(uuid4())
    first = send(as_marta, key, cast.ana, "She saw").response.get_json()
    assert first["revision"] == 1
    for _ in range(2):
        second = send(as_marta, key, cast.ana, "She saw it", first["revision"]).response.get_json()
        assert second == first | {"revision": 2}
    assert body_of(first["id"], cast.marta) == "She saw it"
    assert send(as_marta, key, cast.ana, "She saw").status == 409, "an older text does not come back"


def test_two_windows_never_overwrite_each_other_silently(cast, as_marta) -> None:
    key = str(uuid4())
    base = send(as_marta, key, cast.ana, "Begun").response.get_json()["revision"]
    assert send(as_marta, key, cast.ana, "From the office", base).status == 200
    answer = send(as_marta, key, cast.ana, "From the phone", base)
    assert answer.status == 409
    said = answer.response.get_json()
    assert (said["body"], said["revision"], said["shared"]) == ("From the office", 2, False)
    assert send(as_marta, key, cast.ana, "Both", said["revision"]).status == 200


def test_the_page_without_a_script_saves_and_shows_both_versions(cast, as_marta) -> None:
    page = as_marta.get(f"/coaching/notes/new?person_id={cast.ana.id}")
    form = page.form_data("form[data-kept]")
    saved = as_marta.post("/coaching/notes", form | {"body": "First words"})
    draft = as_marta.follow(saved)
    assert draft.one("#body").get_text().strip() == "First words"
    stale = draft.form_data("form[data-kept]")
    as_marta.post("/coaching/notes", stale | {"body": "From the office"})
    conflict = as_marta.post("/coaching/notes", stale | {"body": "From the phone"})
    assert conflict.status == 409
    assert conflict.one("#body").get_text().strip() == "From the phone"
    assert conflict.text_of("[data-kept-other]") == "From the office"
    again = conflict.form_data("form[data-kept]")
    assert as_marta.post("/coaching/notes", again).status == 303  # knowing what the other says


def test_a_form_of_before_signing_in_again_keeps_its_key(cast, as_marta) -> None:
    """The token of the page is another one by then; what makes the note one is its key."""
    key = str(uuid4())
    send(as_marta, key, cast.ana, "Kept on the phone")
    send(as_marta, key, cast.ana, "Kept on the phone, sent later", 1)
    access.reading_as(cast.marta)
    assert db.session.scalars(select(Note.body)).all() == ["Kept on the phone, sent later"]


def test_whoever_is_signed_out_is_told_so_and_not_given_a_sign_in_page(cast, anonymous) -> None:
    assert send(anonymous, str(uuid4()), cast.ana, "Words").status == 401


def test_a_note_too_long_says_so(cast, as_marta) -> None:
    answer = send(as_marta, str(uuid4()), cast.ana, "x" * 20_001)
    assert answer.status == 422
    assert "problem" in answer.response.get_json()


def test_a_draft_is_shared_signed_by_both_and_then_only_added_to(cast, as_marta, as_ana) -> None:
    draft = make_draft(cast.marta, cast.ana, SECRET)
    url = f"/coaching/notes/{draft.id}"
    assert as_ana.get(url).status == 404
    as_marta.post(f"{url}/sharing")
    page = as_ana.get(url)
    assert SECRET in page.text_of("#note-body")
    as_ana.post(f"{url}/signature", page.form_data("form[action$=signature]"))
    assert "Waits for your signature" in as_marta.get(f"/coaching/people/{cast.ana.id}").text
    as_marta.post(f"{url}/signature", as_marta.get(url).form_data("form[action$=signature]"))
    assert as_marta.get(f"{url}/change").status == 404
    assert as_marta.post(f"{url}/change", {"base": "1", "body": "Other"}).status == 404
    form = as_ana.get(url).form_data("form[action$=additions]")
    for _ in range(2):
        as_ana.post(f"{url}/additions", form | {"body": "My sister agrees."})
    page = as_marta.get(url)
    assert page.text.count("My sister agrees.") == 1
    assert "Added by Ana Alonso" in page.text
    assert actions_of(draft) == ["note.begun", "note.shared", "note.signed", "note.signed", "note.added_to"]


def test_a_corrected_text_is_signed_anew(cast, as_marta, as_ana) -> None:
    note = make_shared(cast.marta, cast.ana)
    url = f"/coaching/notes/{note.id}"
    stale = as_ana.get(url).form_data("form[action$=signature]")
    as_ana.post(f"{url}/signature", stale)
    form = as_marta.get(f"{url}/change").form_data()
    as_marta.post(f"{url}/change", form | {"body": "Corrected words"})
    page = as_ana.get(url)
    assert "Corrected words" in page.text
    assert page.text.count("Not signed yet") == 2
    as_ana.post(f"{url}/signature", stale)  # of the text before
    assert as_ana.get(url).text.count("Not signed yet") == 2
    as_ana.post(f"{url}/signature", page.form_data("form[action$=signature]"))
    assert as_ana.get(url).text.count("Not signed yet") == 1


def test_who_else_has_read_a_note_is_told_to_its_two_people(cast, as_marta, as_ana, as_hilda) -> None:
    note = make_shared(cast.marta, cast.ana)
    url = f"/coaching/notes/{note.id}"
    assert "Nobody but the two of you." in as_ana.get(url).text
    assert "Who has read it" not in as_hilda.get(url).text
    for client in (as_ana, as_marta):
        assert "Read by HR partner, Hilda Ramos" in client.get(url).text
    read = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "note.read")).all()
    assert [entry.actor_id for entry in read] == [cast.hilda.id]


def test_a_failed_reading_leaves_no_reader(cast, as_omar, as_ximena) -> None:
    note = make_shared(cast.marta, cast.ana)
    for client in (as_omar, as_ximena):
        assert client.get(f"/coaching/notes/{note.id}").status == 404
    assert "note.read" not in actions_of(note)


def test_lists_hold_no_text_and_reading_them_is_no_reading(cast, as_hilda, as_ana) -> None:
    session = make_held(cast.marta, cast.ana)
    note = make_shared(cast.marta, cast.ana, SECRET, session)
    for client, path in (
        (as_hilda, f"/coaching/people/{cast.ana.id}"),
        (as_hilda, f"/coaching/sessions/{session.id}"),
        (as_ana, "/coaching"),
    ):
        page = client.get(path)
        assert f"/coaching/notes/{note.id}" in page.html
        assert "sister" not in page.text
    assert "note.read" not in actions_of(note)


def test_no_word_of_a_note_is_in_the_audit_in_events_or_in_jobs(cast, as_marta, as_ana, as_hilda) -> None:
    note = make_signed(cast.marta, cast.ana, SECRET)
    as_ana.post(
        f"/coaching/notes/{note.id}/additions",
        as_ana.get(f"/coaching/notes/{note.id}").form_data("form[action$=additions]") | {"body": SECRET},
    )
    make_draft(cast.marta, cast.ana, SECRET)
    as_hilda.get(f"/coaching/notes/{note.id}")
    for table in (
        "audit_entries",
        "events",
        "procrastinate_jobs",
        "procrastinate_events",
        "notifications",
        "submissions",
    ):
        rows = db.session.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()
        assert not [row for row in rows if "sister" in row], table
    assert db.session.scalars(select(Event).where(Event.name == "note_shared")).all()


def test_a_note_page_is_kept_by_no_browser(cast, as_marta, as_ana) -> None:
    note = make_shared(cast.marta, cast.ana)
    draft = make_draft(cast.marta, cast.ana)
    for client, path in ((as_ana, note.id), (as_marta, draft.id), (as_marta, f"new?person_id={cast.ana.id}")):
        assert client.get(f"/coaching/notes/{path}").headers["Cache-Control"] == "no-store"


def test_who_manages_the_person_no_more_keeps_the_draft_and_shares_it_no_more(cast, as_marta) -> None:
    draft = make_draft(cast.marta, cast.ana)
    cast.ana.manager_id = cast.omar.id
    db.session.commit()
    page = as_marta.get(f"/coaching/notes/{draft.id}")
    assert page.status == 200
    assert not page.all("button[name=share]")
    assert as_marta.post(f"/coaching/notes/{draft.id}/sharing").status == 404


# ---- the database refuses what the portal does not even try


def refused(statement: str, **values: object) -> str:
    savepoint = db.session.begin_nested()
    with pytest.raises(DBAPIError) as error:
        db.session.execute(text(statement), values)
    savepoint.rollback()
    return str(error.value.orig)


def test_what_both_signed_is_changed_by_nobody(cast) -> None:
    note = make_signed(cast.marta, cast.ana)
    for reader in (cast.marta, cast.ana):
        access.reading_as(reader)
        for change in (
            "body = 'Other'",
            "signed_by_person_at = NULL",
            "status = 'draft'",
            "updated_at = now()",
        ):
            said = refused(f"UPDATE notes SET {change} WHERE id = :id", id=note.id)
            assert "both have signed" in said


def test_nobody_signs_for_another_and_nobody_but_the_author_writes(cast) -> None:
    note = make_shared(cast.marta, cast.ana)
    access.reading_as(cast.marta)
    assert "for another" in refused("UPDATE notes SET signed_by_person_at = now() WHERE id = :id", id=note.id)
    access.reading_as(cast.ana)
    assert "only its author" in refused("UPDATE notes SET body = 'x' WHERE id = :id", id=note.id)
    assert "only its author" in refused(
        "UPDATE notes SET signed_by_author_at = now() WHERE id = :id", id=note.id
    )
    access.reading_as(cast.marta)
    assert "stays shared" in refused("UPDATE notes SET status = 'draft' WHERE id = :id", id=note.id)
    assert "whose note" in refused(
        "UPDATE notes SET person_id = :p WHERE id = :id", id=note.id, p=cast.bea.id
    )
    notes.sign_note(note.id, revision=note.revision, by=viewer_of(cast.marta))
    assert "signed anew" in refused("UPDATE notes SET body = 'x' WHERE id = :id", id=note.id)


def test_a_note_is_written_only_about_those_whom_one_manages_and_only_in_ones_own_name(cast) -> None:
    make = "INSERT INTO notes (key, person_id, author_id) VALUES ('k', :person, :author)"
    for reader, person, author in (
        (cast.marta, cast.luis, cast.marta),
        (cast.marta, cast.ana, cast.omar),
        (cast.hilda, cast.ana, cast.hilda),
        (cast.ana, cast.ana, cast.ana),
        (cast.alba, cast.ana, cast.alba),
    ):
        access.reading_as(reader)
        assert "row-level security" in refused(make, person=person.id, author=author.id)
    access.as_worker()
    assert "row-level security" in refused(make, person=cast.ana.id, author=cast.marta.id)


def test_nothing_deletes_a_note_or_what_was_added(cast) -> None:
    note = make_signed(cast.marta, cast.ana)
    notes.add_to_note(note.id, "More", by=viewer_of(cast.ana))
    for reader in (cast.marta, cast.ana, cast.hilda):
        access.reading_as(reader)
        for table in ("note_additions", "notes"):
            assert db.session.execute(text(f"DELETE FROM {table}")).rowcount == 0
            assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1
        assert db.session.execute(text("UPDATE note_additions SET body = 'x'")).rowcount == 0


def test_something_is_added_only_once_both_have_signed_and_only_by_the_two(cast) -> None:
    note = make_shared(cast.marta, cast.ana)
    add = "INSERT INTO note_additions (note_id, author_id, body) VALUES (:note, :author, 'x')"
    access.reading_as(cast.ana)
    assert "once both have signed" in refused(add, note=note.id, author=cast.ana.id)
    signed = make_signed(cast.marta, cast.ana)
    access.reading_as(cast.hilda)
    assert "row-level security" in refused(add, note=signed.id, author=cast.hilda.id)
    access.reading_as(cast.ana)
    assert "row-level security" in refused(add, note=signed.id, author=cast.marta.id)
