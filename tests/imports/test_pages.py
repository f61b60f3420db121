"""From upload to undo on the pages, without JavaScript and with it."""

import io
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from app.extensions import db
from app.goals.models import PeriodStatus
from app.imports.models import Import, ImportMapping, ImportStatus
from app.people.models import Person, Team
from app.sales.models import Customer, Product, Sale, SaleVersion
from tests.goals.factories import make_period
from tests.imports.factories import CATALOGUE, PIPELINE, TEAM, sale, table
from tests.jobs import run_jobs

PEOPLE = TEAM.replace("Darío Lema", "Marta Manrique")


def upload(client, *files, kind="", source="crm"):
    data = {
        "files": [(io.BytesIO(content.encode()), name) for name, content in files],
        "kind": kind,
        "source": source,
    }
    return client.post("/imports", data)


def the_import(name: str) -> Import:
    db.session.expire_all()
    return db.session.scalars(select(Import).where(Import.filename == name)).one()


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_file_goes_from_upload_to_result(run, as_alba):
    page = upload(as_alba, ("deals.csv", table(sale(customer="Casa Gil"))))
    shown = as_alba.follow(page)
    assert "Sales" in shown.text
    assert "Waits for you" in shown.text
    url = page.location
    assert as_alba.post(f"{url}/check").location == url
    assert the_import("deals.csv").status is ImportStatus.CHECKING
    assert shown.one("#import").get("hx-get") is None
    assert as_alba.get(url).one("#import")["hx-get"] == url
    run_jobs()
    tried = as_alba.get(url)
    assert "Nothing has been changed yet" in tried.text
    assert "Revenue moves by $100.00 in all" in tried.text
    assert count(Sale) == 0
    as_alba.post(f"{url}/run")
    run_jobs()
    done = as_alba.hx_get(url)
    assert done.text_of(".badge") == "Done"
    assert done.one("#import").get("hx-get") is None
    assert count(Sale) == 1


def test_an_export_is_recognised_ordered_and_taken_as_it_is(run, as_alba):
    files = (("deals.csv", PIPELINE), ("team.csv", PEOPLE), ("catalogue.csv", CATALOGUE))
    listed = as_alba.follow(upload(as_alba, *files))
    assert [link.get_text() for link in listed.soup.select("ol.list a")] == [
        "team.csv",
        "catalogue.csv",
        "deals.csv",
    ]
    as_alba.post("/imports/run")
    run_jobs()
    assert the_import("team.csv").status is ImportStatus.DONE
    assert the_import("catalogue.csv").status is ImportStatus.DONE
    assert the_import("deals.csv").status is ImportStatus.UPLOADED  # AlfaPro is asked about, once
    url = f"/imports/{the_import('deals.csv').id}"
    asked = as_alba.get(url)
    assert "“AlfaPro” (2 rows) is taken as “Alfa Pro”. Right?" in asked.text
    mapping = as_alba.get(f"{url}/mapping")
    assert mapping.one("input[value='Alfa Pro'][name^=word-ours]")
    as_alba.post(f"{url}/mapping", mapping.form_data())
    run_jobs()
    as_alba.post(f"{url}/run")
    run_jobs()
    assert the_import("deals.csv").summary["created"] == 5
    remembered = db.session.scalars(select(ImportMapping.mapping).where(ImportMapping.kind == "sales")).one()
    assert remembered["values"]["product"] == {"AlfaPro": "Alfa Pro"}
    again = as_alba.follow(upload(as_alba, ("deals2.csv", PIPELINE)))
    assert "Right?" not in again.text


def test_words_that_are_unknown_can_be_chosen_or_made(run, as_alba):
    rows = table(sale("S1", product="Lampp"), sale("S2", rep="Zoe Zapata"), sale("S3", rep="Ana A."))
    url = upload(as_alba, ("deals.csv", rows)).location
    assert "Is it “Lamp”?" in as_alba.get(url).text
    form = as_alba.get(f"{url}/mapping").form_data()
    for name, value in list(form.items()):
        if name.startswith("word-") and value in {"Lampp", "Ana A."}:
            number = name.rsplit("-", 1)[1]
            form[f"word-ours-{number}"] = "Lamp" if value == "Lampp" else "Ana Alonso"
    form["create"] = "rep"
    as_alba.post(f"{url}/mapping", form)
    as_alba.post(f"{url}/run")  # while it is being checked: refused
    run_jobs()
    as_alba.post(f"{url}/run")
    run_jobs()
    assert the_import("deals.csv").summary["rejected"] == 0
    assert db.session.scalars(select(Person.name).where(Person.name == "Zoe Zapata")).one()


def test_a_mapping_without_its_key_is_refused_in_place(run, as_alba):
    url = upload(as_alba, ("deals.csv", table(sale()))).location
    page = as_alba.post(f"{url}/mapping", {"column-rep-1": "rep"})
    assert page.status == 422
    assert "No column was found for: Number." in page.text


def test_what_was_not_taken_is_shown_and_downloaded(run, as_alba):
    url = upload(as_alba, ("deals.csv", table(sale("S1"), sale("S2", rep="@evil", amount="x")))).location
    as_alba.post(f"{url}/run")
    run_jobs()
    shown = as_alba.get(url)
    assert "Nobody is known as “@evil”." in shown.text
    file = as_alba.get(f"{url}/rejects.csv")
    lines = file.html.splitlines()
    assert file.headers["Content-Type"].startswith("text/csv")
    assert lines[1].startswith("3,Sales rep · Amount,")
    assert "'@evil" in lines[1]


def test_reasons_are_told_in_the_readers_language(run, cast, as_person):
    client = as_person(cast.alba, language="es-ES")
    url = upload(client, ("deals.csv", table(sale("S1", rep="Nadie")))).location
    client.post(f"{url}/run")
    run_jobs()
    assert "No se conoce a nadie como «Nadie»." in client.get(url).text


def test_a_file_that_was_never_run_can_be_removed(run, as_alba):
    url = upload(as_alba, ("deals.csv", table(sale()))).location
    as_alba.post(f"{url}/removal")
    assert count(Import) == 0
    assert as_alba.get(url).status == 404


def test_a_stopped_import_changes_nothing_and_is_started_again(run, as_alba):
    url = upload(as_alba, ("deals.csv", table(sale()))).location
    record = the_import("deals.csv")
    path = Path(record.path)
    kept = path.read_bytes()
    path.write_bytes(kept + b"tampered")
    as_alba.post(f"{url}/run")
    run_jobs()
    assert "no longer the one that was checked" in as_alba.get(url).text
    assert count(Sale) == 0
    path.write_bytes(kept)
    as_alba.post(f"{url}/run")
    run_jobs()
    assert count(Sale) == 1


def test_a_job_that_comes_twice_imports_once(run, as_alba):
    from app.core import jobs

    url = upload(as_alba, ("deals.csv", table(sale()))).location
    as_alba.post(f"{url}/run")
    run_jobs()
    record = the_import("deals.csv")
    jobs.tasks.tasks["imports.run"].func(import_ids=[record.id], confirmed=True)
    assert the_import("deals.csv").status is ImportStatus.DONE
    assert count(Sale) == 1


# Undo


def imported(client, name, content):
    url = upload(client, (name, content)).location
    client.post(f"{url}/run")
    run_jobs()
    assert the_import(name).status is ImportStatus.DONE, client.get(url).text
    return url


def test_undo_takes_away_what_was_made_and_puts_back_what_was_changed(run, as_alba, cast):
    imported(as_alba, "first.csv", table(sale("S1", customer="Casa Gil")))
    url = imported(
        as_alba,
        "second.csv",
        table(sale("S1", customer="Otra", amount="70", rep="Bea Blanco"), sale("S2", customer="Nueva")),
    )
    assert as_alba.follow(as_alba.post(f"{url}/undo")).text.count("Taken back.") == 1
    db.session.expire_all()
    left = db.session.scalars(select(Sale)).one()
    assert (left.external_id, left.amount, left.value, left.rep_id) == ("S1", 10000, 10000, cast.ana.id)
    assert [c.name for c in db.session.scalars(select(Customer))] == ["Casa Gil"]
    assert db.session.scalar(select(Customer.first_sale_id)) == left.id
    assert [v.reason for v in db.session.scalars(select(SaleVersion).order_by(SaleVersion.id))] == [
        None,
        "undo",
    ]
    assert "1 record removed" in as_alba.get(url).text
    as_alba.post(f"{url}/undo")
    assert count(Sale) == 1
    again = imported(
        as_alba, "third.csv", table(sale("S1", customer="Casa Gil"), sale("S2", customer="Nueva"))
    )
    assert the_import("third.csv").summary["created"] == 1
    assert again


def test_sales_whose_keys_no_integer_holds_are_imported_changed_and_put_back(run, as_alba):
    db.session.execute(text("ALTER SEQUENCE sales_id_seq RESTART WITH 3000000000"))
    db.session.commit()
    imported(as_alba, "first.csv", table(sale("S1")))
    url = imported(as_alba, "second.csv", table(sale("S1", amount="70")))
    as_alba.post(f"{url}/undo")
    db.session.expire_all()
    left = db.session.scalars(select(Sale)).one()
    assert left.id >= 3_000_000_000
    assert left.amount == 10_000
    as_alba.post(f"/sales/{left.id}/void", {"reason": "Twice"})
    page = as_alba.get(f"/admin/audit?subject=sales&subject_id={left.id}")
    assert "Sale voided" in page.text_of("#audit tbody tr")


def test_undo_leaves_what_somebody_worked_on_and_names_it(run, as_alba, cast):
    from app.sales.operations import advance_sale

    url = imported(as_alba, "first.csv", table(sale("S1"), sale("S2")))
    worked_on = db.session.scalars(select(Sale).where(Sale.external_id == "S1")).one()
    advance_sale(worked_on, by_id=cast.marta.id, promised_on=worked_on.closed_on)
    page = as_alba.follow(as_alba.post(f"{url}/undo"))
    assert "S1: Changed since." in page.text
    assert [row.external_id for row in db.session.scalars(select(Sale))] == ["S1"]


def test_people_and_teams_go_unless_results_speak_of_them(run, as_alba):
    people, before = imported(as_alba, "team.csv", TEAM), count(Person)
    imported(as_alba, "deals.csv", table(sale(rep="Iria Prado")))
    page = as_alba.follow(as_alba.post(f"{people}/undo"))
    names = set(db.session.scalars(select(Person.name)))
    assert {"Iria Prado", "Darío Lema"} <= names  # her results, and whom she reports to
    assert not {"Nuno Sá", "Vera Ponte", "Olga Mirón"} & names
    assert "Iria Prado: Used by other records." in page.text
    assert count(Person) == before - 3
    assert set(db.session.scalars(select(Team.name))) >= {"North", "Darío Lema"}
    assert not {"South", "Olga Mirón"} & set(db.session.scalars(select(Team.name)))


def test_products_are_put_back(run, as_alba):
    url = imported(as_alba, "catalogue.csv", "code,name,list_price\nLMP,Lamp,99\nCHR,Chair,10\n")
    assert db.session.scalar(select(Product.list_price).where(Product.code == "LMP")) == 9900
    as_alba.post(f"{url}/undo")
    assert [(p.code, p.list_price) for p in db.session.scalars(select(Product))] == [("LMP", 12000)]


@pytest.mark.parametrize("who", ["as_ana", "as_marta", "as_hilda", "as_ximena"])
def test_only_administrators_import(run, request, who):
    assert request.getfixturevalue(who).get("/imports").status == 404


def test_what_the_file_does_not_say_can_be_the_same_for_all_rows(run, as_alba):
    row = {name: value for name, value in sale().items() if name != "product"}
    url = upload(as_alba, ("deals.csv", table(row))).location
    assert "No column was found for “Product”." in as_alba.get(url).text
    form = as_alba.get(f"{url}/mapping").form_data()
    as_alba.post(f"{url}/mapping", {**form, "default-product": "Lamp"})
    run_jobs()
    as_alba.post(f"{url}/run")
    run_jobs()
    assert the_import("deals.csv").summary["created"] == 1


def test_a_spanish_page_says_stages_days_and_numbers_in_spanish(run, as_alba, cast):
    cast.alba.locale = "es_ES"
    db.session.commit()
    make_period("2026-07", status=PeriodStatus.CLOSED)
    rows = table(
        sale("S1", customer="Casa Gil", stage="Closed Won", closed_on="2026-03-01"),
        sale("S2", stage="Perdida", closed_on="2026-03-01"),
        sale("S3", closed_on="2026-07-10"),
    )
    url = upload(as_alba, ("ventas.csv", rows)).location
    as_alba.post(f"{url}/check")
    run_jobs()
    page = as_alba.get(url)
    assert "Etapa: Ganada" in page.text
    assert "Closed Won → Ganada" in page.text
    assert "Perdida →" not in page.text, "there both say the same"
    assert "Además se crean: 1 cliente" in page.text
    assert "1 clientes" not in page.text
    assert "10 jul 2026 cae en un periodo cerrado" in page.text
    assert "mar 2026" in page.text or "marzo de 2026" in page.text


def test_a_word_for_a_stage_is_given_in_the_readers_language(run, as_alba, cast):
    cast.alba.locale = "es_ES"
    db.session.commit()
    url = upload(as_alba, ("ventas.csv", table(sale("S1", stage="Cerrada OK")))).location
    form = as_alba.get(f"{url}/mapping").form_data("main form[method=post]")
    as_alba.post(f"{url}/mapping", form | {"word-ours-0": "Ganada"})
    run_jobs()
    as_alba.post(f"{url}/run")
    run_jobs()
    assert db.session.scalars(select(Sale.stage)).all() == ["won"]
