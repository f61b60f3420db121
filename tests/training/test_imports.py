"""Training records by command line: known by rep and product, and what was done in the portal stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import clock
from app.extensions import db
from app.imports import operations
from app.imports.kinds import Undone
from app.imports.models import Import
from app.sales.models import Product
from app.training.models import Assignment, AssignmentOrigin, Completion, Course
from app.training.queries import required_products
from tests.imports.factories import Command, counts, table, why
from tests.sales.factories import make_product
from tests.training.factories import make_course, make_round


def record(
    rep: str = "Ana Alonso", completed_on: str = "2026-02-10", product: str = "Lamp"
) -> dict[str, str]:
    return {"rep": rep, "product": product, "completed_on": completed_on}


def said() -> dict[str, str | None]:
    """By the first name of the rep."""
    rows = db.session.scalars(select(Assignment).order_by(Assignment.id))
    names = {}
    for row in rows:
        db.session.refresh(row, ["person"])
        names[row.person.name.split()[0]] = row.completed_on.isoformat() if row.completed_on else None
    return names


def undo(import_id: int, cast) -> Undone:
    return operations.undo(db.session.get_one(Import, import_id), by_id=cast.alba.id)


@pytest.fixture
def run(app: Flask, cast, tmp_path: Path) -> Command:
    """The command line, in the company of the cast, which sells lamps."""
    make_product("Lamp", code="LMP")
    return Command(app, tmp_path)


@pytest.fixture
def lamp(run) -> Product:
    return db.session.scalars(select(Product)).one()


def test_who_needed_it_and_who_has_it(run, lamp, cast):
    rows = table(record(), record(cast.bea.email, ""), record("luis lago", "2026-02-10", "LMP"))
    result = run("training", rows)
    assert (counts(result), run.exit_code) == ((3, 0, 0, 0), 0)
    assert result["also"] == {"courses": 1}
    assert said() == {"Ana": "2026-02-10", "Bea": None, "Luis": "2026-02-10"}
    course = db.session.scalars(select(Course)).one()
    assert (course.title, course.product_id, course.is_outside) == ("Lamp", lamp.id, True)
    found = {row.person_id: row.completed_on is not None for row in required_products(on=clock.today())}
    assert found == {cast.ana.id: True, cast.bea.id: False, cast.luis.id: True}


def test_the_same_file_changes_nothing_and_a_changed_row_updates(run):
    run("training", table(record(), record("Bea Blanco", "")))
    assert counts(run("training", table(record(), record("Bea Blanco", "")))) == (0, 0, 2, 0)
    changed = run("training", table(record(completed_on=""), record("Bea Blanco", "2026-03-01")))
    assert counts(changed) == (0, 2, 0, 0)
    assert said() == {"Ana": None, "Bea": "2026-03-01"}
    assert db.session.query(Assignment).count() == 2


def test_a_dry_run_says_the_same_and_does_nothing(run):
    result = run("training", table(record()), "--dry-run")
    assert counts(result) == (1, 0, 0, 0)
    assert db.session.scalars(select(Course)).all() == []


def test_without_a_column_of_days_all_are_required_and_nothing_is_taken_back(run):
    run("training", table(record()))
    assert counts(run("training", "rep,product\nAna Alonso,Lamp\nBea Blanco,Lamp\n")) == (1, 0, 1, 0)
    assert said() == {"Ana": "2026-02-10", "Bea": None}


def test_a_course_about_the_product_takes_the_records(run, lamp, cast):
    course = make_course("All about lamps", product_id=lamp.id, lessons=1, valid_months=12)
    open_round = make_round(cast.bea, course)
    day = clock.today().isoformat()
    assert counts(run("training", table(record(), record("Bea Blanco", day)))) == (1, 1, 0, 0)
    assert db.session.scalars(select(Course)).one().id == course.id
    assert open_round.completion is Completion.IMPORTED
    anas = db.session.scalars(select(Assignment).where(Assignment.person_id == cast.ana.id)).one()
    assert anas.expires_on.isoformat() == "2027-02-10"


def test_what_was_done_in_the_portal_stays(run, cast):
    run("training", table(record("Bea Blanco", "")))
    learned = db.session.scalars(select(Assignment)).one()
    learned.completed_on, learned.completion = clock.today(), Completion.LEARNED
    db.session.commit()
    assert counts(run("training", table(record("Bea Blanco", "")))) == (0, 0, 1, 0)
    assert said() == {"Bea": clock.today().isoformat()}
    assert counts(run("training", table(record("Bea Blanco", "2026-01-05")))) == (1, 0, 0, 0)
    assert counts(run("training", table(record("Bea Blanco", "2026-01-05")))) == (0, 0, 1, 0)


def test_rows_that_make_no_sense_are_rejected_with_reasons(run, tmp_path):
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    rejects = tmp_path / "rejects.csv"
    rows = table(
        record("Nobody"),
        record(product="Chair"),
        record(completed_on=tomorrow),
        record("Bea Blanco"),
        record("Bea Blanco", "2026-02-11"),
        record("", ""),
        record("Luis Lago", "2026-02-30"),
        record("Marta Manrique", "soon"),
    )
    result = run("training", rows, "--rejects", str(rejects))
    assert (counts(result), run.exit_code) == ((1, 0, 0, 7), 1)
    assert set(why(result)) == {
        "unknown_rep",
        "unknown_product",
        "not_yet",
        "twice_in_file",
        "required",
        "impossible_date",
        "not_a_date",
    }
    assert "has not come yet" in rejects.read_text()


def test_a_spreadsheet_in_spanish_is_recognised(run):
    rows = "Vendedor;Producto;Fecha de finalización\nAna Alonso;Lamp;10/02/2026\nBea Blanco;Lamp;\n"
    assert counts(run("training", rows)) == (2, 0, 0, 0)


def test_undo_takes_all_of_it_back(run, cast):
    run("training", table(record("Bea Blanco", "")))
    first = db.session.scalars(select(Import.id)).one()
    run("training", table(record("Bea Blanco", "2026-03-01"), record()))
    second = db.session.scalars(select(Import.id).where(Import.id != first)).one()
    assert said() == {"Bea": "2026-03-01", "Ana": "2026-02-10"}
    undo(second, cast)
    assert said() == {"Bea": None}
    undo(first, cast)
    assert said() == {}
    assert db.session.scalars(select(Course)).all() == []


def test_undo_leaves_what_was_done_since(run, cast):
    run("training", table(record("Bea Blanco", ""), record()))
    beas = db.session.scalars(select(Assignment).where(Assignment.person_id == cast.bea.id)).one()
    beas.completed_on, beas.completion = clock.today(), Completion.LEARNED
    db.session.commit()
    undone = undo(db.session.scalars(select(Import.id)).one(), cast)
    assert said() == {"Bea": clock.today().isoformat()}
    assert (undone.removed, undone.kept) == (1, [("Bea Blanco, Lamp", "changed_since")])


def test_origin_says_that_it_came_from_a_file(run):
    run("training", table(record("Bea Blanco", "")))
    assert db.session.scalars(select(Assignment.origin)).one() is AssignmentOrigin.IMPORT
