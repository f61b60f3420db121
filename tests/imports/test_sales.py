"""Sales by command line: taken, repeated, changed, refused."""

import json
from datetime import date, timedelta

from sqlalchemy import func, select

from app.core import clock
from app.extensions import db
from app.imports.models import Import
from app.sales.models import Customer, Sale, SaleCredit, SaleVersion
from tests.imports.factories import counts, sale, table, why
from tests.sales.factories import make_rate


def the_sale(number: str = "S1") -> Sale:
    db.session.expire_all()
    return db.session.scalars(select(Sale).where(Sale.external_id == number)).one()


def credits_of(number: str = "S1") -> list[tuple[str, int, int | None]]:
    from app.people.models import Person

    rows = db.session.execute(
        select(Person.name, SaleCredit.share, SaleCredit.value)
        .join(SaleCredit, SaleCredit.person_id == Person.id)
        .where(SaleCredit.sale_id == the_sale(number).id)
        .order_by(SaleCredit.share.desc())
    )
    return [(name, share, value) for name, share, value in rows]


def test_a_new_sale_is_the_reps_result(run, cast):
    result = run("sales", table(sale(customer="Casa Gil", lead_source="Fair", quantity=2)))
    assert (counts(result), run.exit_code) == ((1, 0, 0, 0), 0)
    taken = the_sale()
    assert (taken.rep_id, taken.amount, taken.value, taken.quantity) == (cast.ana.id, 10000, 10000, 2)
    assert (taken.closed_on, taken.list_price, taken.source) == (date(2026, 2, 10), 12000, "crm")
    assert credits_of() == [("Ana Alonso", 10000, 10000)]
    assert db.session.scalar(select(SaleCredit.team_id)) == cast.norte.id
    assert db.session.scalar(select(Customer.first_sale_id)) == taken.id


def test_the_same_file_twice_changes_nothing(run):
    rows = table(sale("S1", customer="Casa Gil"), sale("S2", stage="open", closed_on="", amount=""))
    run("sales", rows)
    assert counts(run("sales", rows)) == (0, 0, 2, 0)
    assert the_sale().version == 1
    assert db.session.scalar(select(func.count()).select_from(Sale)) == 2


def test_a_changed_row_updates_and_keeps_what_was(run, cast):
    run("sales", table(sale(customer="Casa Gil")))
    result = run("sales", table(sale(customer="Casa Gil", amount="80", rep="Bea Blanco")))
    assert counts(result) == (0, 1, 0, 0)
    assert (the_sale().amount, the_sale().rep_id, the_sale().version) == (8000, cast.bea.id, 2)
    assert credits_of() == [("Bea Blanco", 10000, 8000)]
    kept = db.session.scalars(select(SaleVersion)).one()
    assert (kept.before["amount"], kept.after["amount"]) == (10000, 8000)
    assert kept.before["credits"][0]["person_id"] == cast.ana.id


def test_a_column_that_the_file_does_not_have_is_left_alone(run):
    run("sales", table(sale(customer="Casa Gil", quantity=3, lead_source="Fair")))
    result = run("sales", table({"external_id": "S1", "delivered_on": "2026-02-20"}))
    assert counts(result) == (0, 1, 0, 0)
    taken = the_sale()
    assert (taken.delivered_on, taken.quantity, taken.amount) == (date(2026, 2, 20), 3, 10000)


def test_a_new_sale_needs_more_than_its_number(run):
    result = run("sales", table({"external_id": "S9", "delivered_on": "2026-02-20"}))
    assert (counts(result), why(result), run.exit_code) == ((0, 0, 0, 1), ["new_needs"], 1)


def test_credit_is_split_to_the_last_cent(run):
    row = sale(amount="100.01", credits="Ana Alonso:60;Bea Blanco:40", rep="Ana Alonso")
    assert counts(run("sales", table(row))) == (1, 0, 0, 0)
    assert credits_of() == [("Ana Alonso", 6000, 6001), ("Bea Blanco", 4000, 4000)]
    assert counts(run("sales", table(row))) == (0, 0, 1, 0)
    assert counts(run("sales", table({**row, "credits": "Ana Alonso:50;Bea Blanco:50"}))) == (0, 1, 0, 0)
    assert sum(value or 0 for _, _, value in credits_of()) == 10001
    assert why(run("sales", table({**row, "credits": "Ana Alonso:60;Bea Blanco:41"}))) == ["credits"]


def test_another_currency_takes_the_rate_of_the_day(run):
    make_rate("EUR", "1.25", date(2026, 1, 1))
    make_rate("EUR", "2", date(2026, 3, 1))
    run("sales", table(sale(currency="EUR", amount="10.50")))
    assert (the_sale().amount, the_sale().value, the_sale().list_price) == (1050, 1312, None)
    assert why(run("sales", table(sale("S2", currency="GBP")))) == ["no_rate"]
    assert why(run("sales", table(sale("S3", currency="Euro")))) == ["currency"]


def test_an_amount_has_the_decimals_of_its_rows_currency(run):
    make_rate("JPY", "0.01", date(2026, 1, 1))
    make_rate("KWD", "3", date(2026, 1, 1))
    rows = [
        sale("S1", currency="JPY", amount="5.5"),
        sale("S2", currency="JPY", amount="5.00"),
        sale("S3", currency="KWD", amount="5.125"),
        sale("S4", currency="", amount="5.125"),
        sale("S5", currency="Yen", amount="5.125"),
        sale("S6", currency="USD", amount="5.50"),
    ]
    result = run("sales", table(*rows))
    assert counts(result) == (3, 0, 0, 3)
    assert sorted((reason, column, number) for reason, column, _, number in result["reasons"]) == [
        ("currency", "currency", 1),
        ("decimals", "amount", 1),
        ("decimals", "amount", 2),
    ]
    assert (the_sale("S2").amount, the_sale("S2").value) == (5, 5)
    assert (the_sale("S3").amount, the_sale("S3").value) == (5125, 1538)


def test_a_sale_is_not_won_in_days_to_come(run):
    """One day is given, for a CRM whose days begin before the company's."""
    today = clock.today()
    rows = [
        sale("S1", closed_on=today.isoformat()),
        sale("S2", closed_on=(today + timedelta(1)).isoformat()),
        sale("S3", closed_on=(today + timedelta(2)).isoformat()),
        sale("S4", closed_on="2190-01-01", stage="lost"),
        sale("S5", closed_on=(today + timedelta(30)).isoformat(), stage="open"),
    ]
    result = run("sales", table(*rows))
    assert (counts(result), why(result)) == ((3, 0, 0, 2), ["not_yet", "not_yet"])
    assert the_sale("S5").closed_on is None


def test_a_customer_is_new_once(run):
    first, second = sale("S1", customer="Casa Gil"), sale("S2", customer="CASA GIL", closed_on="2026-01-20")
    run("sales", table(first))
    run("sales", table(second))
    customer = db.session.scalars(select(Customer)).one()
    assert (customer.name, customer.first_sale_id) == ("Casa Gil", the_sale("S2").id)
    run("sales", table({**second, "stage": "lost"}))
    db.session.expire_all()
    assert customer.first_sale_id == the_sale("S1").id


def test_what_cannot_be_on_an_open_sale_is_left_out_and_said(run):
    row = sale(stage="Prospecting", amount="-1", lost_reason="price", delivered_on="2026-03-01")
    result = run("sales", table(row))
    assert counts(result) == (1, 0, 0, 0)
    assert {key for key, _ in result["notes"]} == {
        "closed_while_open",
        "amount_unknown",
        "reason_not_lost",
        "steps_not_won",
    }
    assert (the_sale().closed_on, the_sale().amount, the_sale().delivered_on) == (None, None, None)


def test_rows_that_contradict_themselves_are_rejected_one_by_one(run):
    result = run(
        "sales",
        table(
            sale("S1"),
            sale("S2", closed_on=""),
            sale("S3", amount=""),
            sale("S4", amount="-5"),
            sale("S5", opened_on="2026-05-01"),
            sale("S6", stage="maybe"),
            sale("S7", rep="Nobody"),
            sale("S8", product="Chair"),
            sale("S9", satisfaction="9"),
            sale("S1", amount="7"),
        ),
    )
    assert (counts(result), run.exit_code) == ((1, 0, 0, 9), 1)
    assert set(why(result)) == {
        "closed_needed",
        "amount_needed",
        "negative",
        "closed_before_opened",
        "not_a_choice",
        "unknown_rep",
        "unknown_product",
        "not_whole",
        "twice_in_file",
    }


def test_a_row_that_stands_twice_word_for_word_counts_once(run):
    assert counts(run("sales", table(sale(), sale()))) == (1, 0, 1, 0)


def test_a_customer_that_only_a_rejected_row_names_is_not_made(run):
    run("sales", table(sale(customer="Casa Gil", amount="", lead_source="Fair")))
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 0


def test_unknown_reps_and_products_are_made_where_the_mapping_says_so(run, tmp_path):
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{"create": ["rep", "product"], "values": {"stage": {"Sold!": "won"}}}')
    row = sale(rep="Zoe Zapata", product="Chair", stage="Sold!")
    result = run("sales", table(row), "--mapping", str(mapping))
    assert counts(result) == (1, 0, 0, 0)
    assert result["also"] == {"reps": 1, "products": 1}
    assert counts(run("sales", table(row))) == (0, 0, 1, 0)


def test_a_mapping_is_remembered_by_source(run):
    columns = {"external_id": "Ref", "rep": "Who", "product": "What", "stage": "How", "amount": "Much"}
    rows = table({"Ref": "S1", "Who": "Ana Alonso", "What": "Lamp", "How": "open", "Much": "5"})
    assert "error" in run("sales", rows)
    mapping = run._folder / "mapping.json"
    mapping.write_text(json.dumps({"columns": columns}))
    assert counts(run("sales", rows, "--source", "odd", "--mapping", str(mapping))) == (1, 0, 0, 0)
    assert counts(run("sales", rows, "--source", "odd")) == (0, 0, 1, 0)
    assert counts(run("sales", rows, "--mapping", "odd")) == (0, 0, 1, 0)


def test_a_mapping_that_names_none_of_our_columns_is_refused(run):
    mapping = run._folder / "mapping.json"
    for wrong in (
        {"columns": {"shoe_size": "rep"}},
        {"columns": {"Deal ID": "external_id"}},
        {"values": {"shoe": {"a": "b"}}},
        {"defaults": {"shoe": "42"}},
        {"create": ["shoe"]},
    ):
        mapping.write_text(json.dumps(wrong))
        result = run("sales", table(sale()), "--mapping", str(mapping))
        assert "but the columns are: external_id, rep, product" in result["error"]
        assert run.exit_code == 1
    assert counts(run("sales", table(sale()))) == (1, 0, 0, 0)


def test_a_mapping_by_which_nothing_was_taken_is_not_remembered(run):
    mapping = run._folder / "mapping.json"
    mapping.write_text('{"columns": {"rep": null}}')
    assert counts(run("sales", table(sale()), "--mapping", str(mapping))) == (0, 0, 0, 1)
    assert counts(run("sales", table(sale()))) == (1, 0, 0, 0)


def test_a_dry_run_says_what_the_run_will_do_and_does_nothing(run):
    run("sales", table(sale("S1", customer="Casa Gil")))
    rows = table(
        sale("S1", customer="Casa Gil", amount="90"), sale("S2", customer="New"), sale("S3", rep="No")
    )
    dry = run("sales", rows, "--dry-run")
    assert the_sale().amount == 10000
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 1
    assert db.session.scalar(select(func.count()).select_from(Import)) == 1
    assert dry["effects"]["revenue"] == 9000
    assert dry["changes"][0]["fields"] == [["amount", 10000, 9000]]
    done = run("sales", rows)
    assert dry.pop("dry_run") is True
    assert dry == done


def test_rejects_are_written_with_line_column_and_reason(run, tmp_path):
    rejects = tmp_path / "rejects.csv"
    rows = table(sale("S1"), sale("S2", rep="+Nobody", amount="x"), sale("S3", closed_on=""))
    run("sales", rows, "--rejects", str(rejects))
    lines = rejects.read_text().splitlines()
    assert lines[0].startswith("line,column,reason,external_id,rep")
    assert lines[1].startswith("3,rep · amount,")
    assert "'+Nobody" in lines[1]
    assert lines[2].startswith("4,closed_on,")


def test_the_summary_is_for_people_too(run):
    told = run.text("sales", table(sale("S1"), sale("S2", rep="Nobody")))
    assert "2 rows: 1 created, 0 updated, 0 unchanged, 1 rejected" in told
    assert "Nobody is known as “Nobody”." in told
