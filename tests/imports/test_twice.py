"""A file counts once, whatever its source is called, unless somebody means it to count again."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from app.core.audit import AuditEntry
from app.core.permissions import Role
from app.extensions import db
from app.imports.models import Import, ImportStatus
from app.metrics import check
from app.sales.models import Sale
from tests.factories import make_person, make_team
from tests.imports.factories import counts, sale, table
from tests.imports.test_pages import count, imported, the_import, upload
from tests.jobs import run_jobs
from tests.sales.factories import make_sale
from tests.site import own_app

ROWS = table(sale("S1"), sale("S2"))


@pytest.mark.parametrize("source", ["CRM", " crm ", "Crm"])
def test_a_source_is_the_same_however_it_is_typed(run, as_alba, source):
    run("sales", ROWS, "--source", "crm")
    assert counts(run("sales", ROWS, "--source", source)) == (0, 0, 2, 0)
    url = upload(as_alba, ("deals.csv", ROWS), source=source).location
    assert "imported before" not in as_alba.get(url).text
    as_alba.post(f"{url}/run")
    run_jobs()
    assert the_import("deals.csv").summary["unchanged"] == 2


def test_the_same_file_of_another_source_is_refused_on_the_command_line(run):
    run("sales", ROWS, "--source", "north")
    for options in (["--source", "south"], ["--source", "south", "--dry-run"]):
        result = run("sales", ROWS, *options)
        assert run.exit_code == 1
        assert "from “north” before, as file.csv" in result["error"]
        assert run.errors.count("\n") == 1
        assert "Add --again to import it anyway." in run.errors
    assert (count(Sale), count(Import)) == (2, 1)
    assert counts(run("sales", ROWS, "--source", "south", "--again")) == (2, 0, 0, 0)
    assert counts(run("sales", ROWS, "--source", "south")) == (0, 0, 2, 0)  # now it is the source's own
    assert counts(run("sales", ROWS, "--source", "north")) == (0, 0, 2, 0)


def test_a_file_whose_import_was_taken_back_may_come_from_elsewhere(run, as_alba):
    url = imported(as_alba, "deals.csv", ROWS)
    as_alba.post(f"{url}/undo")
    assert counts(run("sales", ROWS, "--source", "other")) == (2, 0, 0, 0)


def test_what_is_not_known_by_its_source_may_come_from_anywhere(run):
    run("products", "code,name\nCHR,Chair\n", "--source", "north")
    assert counts(run("products", "code,name\nCHR,Chair\n", "--source", "south")) == (0, 0, 1, 0)


def test_the_page_says_where_the_file_was_and_leaves_the_choice(run, as_alba):
    first = imported(as_alba, "deals.csv", ROWS)
    url = upload(as_alba, ("again.csv", ROWS), source="HubSpot").location
    page = as_alba.get(url)
    assert "This file was imported before" in page.text
    assert page.all(f".notice a[href='{first}']")
    assert "Import it now" not in page.text
    as_alba.post(f"{url}/run")  # a page from before the notice
    run_jobs()
    refused = as_alba.get(url)
    assert "under another name its rows would count twice" in refused.text
    assert (the_import("again.csv").status, count(Sale)) == (ImportStatus.FAILED, 2)
    as_alba.post(f"{url}/check")
    run_jobs()
    tried = as_alba.get(url)
    assert "Nothing has been changed yet" in tried.text
    as_alba.post(f"{url}/run", tried.form_data(f"form[action='{url}/run']"))
    run_jobs()
    assert (the_import("again.csv").status, count(Sale)) == (ImportStatus.DONE, 4)


def test_of_several_files_the_one_that_would_count_twice_waits(run, as_alba):
    imported(as_alba, "deals.csv", ROWS)
    upload(as_alba, ("again.csv", ROWS), ("new.csv", table(sale("S3"))), source="hubspot")
    as_alba.post("/imports/run")
    run_jobs()
    assert the_import("again.csv").status is ImportStatus.UPLOADED
    assert count(Sale) == 2


def test_who_had_it_run_is_who_did_it(run, as_alba, cast, as_person):
    rita = make_person("Rita Roca", Role.ADMIN, cast.root)
    url = upload(as_alba, ("deals.csv", ROWS)).location
    as_person(rita).post(f"{url}/run")
    run_jobs()
    record = the_import("deals.csv")
    actors = select(AuditEntry.action, AuditEntry.actor_id).where(
        AuditEntry.subject_type == "imports", AuditEntry.subject_id == record.id
    )
    assert dict(db.session.execute(actors).all()) == {
        "import.uploaded": cast.alba.id,
        "import.queued": rita.id,
        "import.run": rita.id,
    }
    assert set(db.session.scalars(select(Sale.created_by_id))) == {rita.id}
    assert "Alba Admin" in as_alba.get(url).text


@pytest.mark.slow
def test_spellings_of_before_become_one():
    with own_app("spellings") as app, app.app_context():
        downgrade(revision="0014")
        ana = make_person("Ana", team=make_team())
        for source, number in (("CRM ", "S1"), ("CRM ", "S2"), ("crm", "S2"), ("portal", None)):
            sold = make_sale(ana)
            sold.source, sold.external_id = source, number
        db.session.commit()
        upgrade()
        found = db.session.execute(
            select(Sale.source, func.count()).group_by(Sale.source).order_by(Sale.source.desc())
        )
        assert dict(found.all()) == {"portal": 1, "crm": 2, "CRM ": 1}


def test_a_voided_sale_stays_void_when_its_file_comes_again(run, cast, as_marta):
    rows = table(sale("S1"), sale("S2"))
    run("sales", rows)
    voided = db.session.scalars(select(Sale).where(Sale.external_id == "S1")).one()
    as_marta.post(f"/sales/{voided.id}/void", {"reason": "Not ours", "version": "1"})
    result = run("sales", rows)
    assert counts(result) == (0, 0, 2, 0)
    assert result["effects"] == {}
    db.session.expire_all()
    assert voided.voided_at is not None
    changed = run("sales", table(sale("S1", amount="900"), sale("S2")))
    assert counts(changed) == (0, 1, 1, 0)
    assert changed["effects"]["revenue"] == 0
    db.session.expire_all()
    assert (voided.voided_at is not None, voided.amount) == (True, 900_00)
    assert check.differences() == []


def test_a_file_is_believed_over_a_correction_and_the_history_keeps_both(run, as_marta):
    rows = table(sale("S1"))
    run("sales", rows)
    corrected = db.session.scalars(select(Sale)).one()
    form = as_marta.get(f"/sales/{corrected.id}/correction").form_data("main form")
    as_marta.post(f"/sales/{corrected.id}/correction", form | {"amount": "90", "why": "Agreed by phone"})
    db.session.expire_all()
    assert corrected.amount == 90_00
    assert run("sales", rows, "--dry-run")["changes"][0]["fields"] == [["amount", 90_00, 100_00]]
    assert counts(run("sales", rows)) == (0, 1, 0, 0)
    history = as_marta.get(f"/sales/{corrected.id}").text
    assert "Agreed by phone" in history
    assert "$90" in history
