"""Files that are not what they should be: a reason each, never a stack trace, and nothing changes."""

import io
import zipfile

import pytest
import xlsxwriter
from sqlalchemy import func, select

from app.extensions import db
from app.imports import reading
from app.imports.models import Import
from app.imports.problems import Refused
from app.sales.models import Sale
from tests.imports.factories import counts, sale, table, why, written

HEADER = "external_id,rep,product,stage,opened_on,closed_on,amount\n"
ROW = "S1,Ana Alonso,Lamp,won,2026-01-05,2026-02-10,100\n"


def workbook(*rows, password=None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if hasattr(cell, "year"):
                    sheet.write_datetime(y, x, cell, day)
                else:
                    sheet.write(y, x, cell)
    return out.getvalue()


def repacked(content: bytes, name: str, change) -> bytes:
    """A workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == name else data)
    return out.getvalue()


def zip_bomb() -> bytes:
    """Says of itself that it unpacks to a gigabyte."""
    content = workbook(["a"], ["1"])
    entry = content.index(b"PK\x01\x02") + 24
    return content[:entry] + (1 << 30).to_bytes(4, "little") + content[entry + 4 :]


BAD = {
    "empty": (b"", "is empty"),
    "only spaces": (b" \n \n", "is empty"),
    "header only": (HEADER, "no rows"),
    "utf-16": ((HEADER + ROW).encode("utf-16"), "UTF-16"),
    "utf-16 without a mark": ((HEADER + ROW).encode("utf-16-le"), "UTF-16"),
    "windows-1252": ((HEADER + ROW.replace("Lamp", "Lámpara")).encode("cp1252"), "Line 2 is not UTF-8"),
    "binary": (bytes(range(256)) * 40, "binary"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(300), "binary"),
    "a nul byte far below": ((HEADER + ROW * 3000).encode() + b"S2,\0\n", "Line 3002 holds a NUL byte"),
    "an open quote": (HEADER + 'S1,"Ana Alonso,Lamp,won\n' + ROW, "quotation mark"),
    "an open quote in a long file": (HEADER + 'S1,"Ana' + ROW * 5000, "quotation mark"),
    "duplicate headers": (HEADER.replace("product", "REP") + ROW, "Two columns are called “REP”"),
    "old excel": (b"\xd0\xcf\x11\xe0" + bytes(600), ".xlsx"),
    "an archive": (b"PK\x03\x04" + bytes(100), "damaged"),
    "no columns of ours": ("a,b\n1,2\n", "No column was found for: Number"),
    "a zip bomb": (zip_bomb(), "unpacks to far more"),
    "a workbook of nothing": (workbook(), "is empty"),
    "a workbook with a header only": (workbook(["external_id", "rep"]), "no rows"),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_with_a_reason(run, content, reason):
    result = run("sales", content)
    assert reason in result["error"]
    assert (run.exit_code, run.errors) == (1, f"cumbre: {result['error']}\n")
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


@pytest.mark.parametrize("which", [name for name in BAD if name != "no columns of ours"])
def test_a_bad_file_is_refused_on_the_page(run, as_alba, which):
    content, reason = BAD[which]
    data = {"files": (io.BytesIO(content if isinstance(content, bytes) else content.encode()), "x.csv")}
    page = as_alba.post("/imports", {**data, "kind": "sales", "source": "crm"})
    assert page.status == 422
    assert reason in page.text
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_declared_dimension_is_not_believed(run):
    rows = [list(sale().keys()), *(list(sale(f"S{n}").values()) for n in range(3))]
    content = repacked(
        workbook(*rows),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<dimension ref="A1:G4"/>', b'<dimension ref="A1:XFD1048576"/>'),
    )
    assert counts(run("sales", content)) == (3, 0, 0, 0)


def test_a_cell_in_the_farthest_corner_costs_no_more_than_is_allowed(tmp_path):
    """A few bytes that claim a sheet of 17 billion cells."""
    content = repacked(
        workbook(["external_id"], ["S1"]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>'
        ),
    )
    with pytest.raises(Refused) as refused:
        reading.survey(written(tmp_path, content, "far.xlsx"), reading.UPLOADED)
    assert refused.value.reason in {"too_big_inside", "too_many_columns", "broken_excel"}


def test_too_many_rows_and_columns_are_refused_when_uploaded_only(run, tmp_path):
    wide = ",".join(f"c{n}" for n in range(101)) + "\n" + "1," * 100 + "1\n"
    with pytest.raises(Refused, match="too_many_columns"):
        reading.survey(written(tmp_path, wide, "wide.csv"), reading.UPLOADED)
    long = written(tmp_path, "a,b\n" + "1,2\n" * 200_001, "long.csv")
    with pytest.raises(Refused, match="too_many_rows"):
        reading.survey(long, reading.UPLOADED)
    assert reading.survey(long, reading.COMMAND_LINE).rows == 200_001
    assert (
        reading.survey(written(tmp_path, "a,b\n" + "1,2\n" * 200_000, "ok.csv"), reading.UPLOADED).rows
        == 200_000
    )


def test_a_file_that_is_too_large_is_refused_before_it_is_read(run, as_alba):
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="large.csv"\r\n\r\n'
    body = io.BytesIO(part + b"x" * (11 << 20) + b"\r\n--x--\r\n")
    page = as_alba.request(
        "POST", "/imports", input_stream=body, content_type="multipart/form-data; boundary=x"
    )
    assert page.status == 413
    assert "too large" in page.text


def test_bad_cells_are_named_and_the_good_rows_taken(run):
    rows = table(
        sale("S1", amount="10"),
        sale("S2", amount="20.50"),
        sale("S3", amount="1.234,56"),
        sale("S4", amount="ten"),
        sale("S5", closed_on="2026-02-30"),
        sale("S6", closed_on="soon"),
        sale("S7", amount="1.005"),
        sale("S8", customer="=HYPERLINK(1)"),
        sale("S9", customer="#REF!"),
        sale("S10", customer="x" * 600),
        sale("", amount="5"),
        sale("S12", amount="9" * 30),
        sale("S13", customer="a\x07b"),
    )
    result = run("sales", rows)
    assert (counts(result), run.exit_code) == ((2, 0, 0, 11), 1)
    assert sorted(why(result)) == sorted(
        [
            "decimal_mark",
            "not_a_number",
            "impossible_date",
            "not_a_date",
            "decimals",
            "formula",
            "excel_error",
            "too_long",
            "required",
            "too_big",
            "control_character",
        ]
    )


def test_rows_of_another_width_are_rejected(run):
    result = run("sales", HEADER + ROW + "S2,Ana Alonso,Lamp\n" + ROW.replace("S1", "S3").strip() + ",more\n")
    assert (counts(result), sorted(why(result))) == ((1, 0, 0, 2), ["too_few_cells", "too_many_cells"])


def test_empty_lines_and_spare_delimiters_do_no_harm(run):
    assert counts(run("sales", HEADER + "\n\n" + ROW.strip() + ",,\n,,,,,,\n")) == (1, 0, 0, 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_a_mark_are_recognised(run, delimiter):
    content = ("\ufeff" + HEADER + ROW).replace(",", delimiter)
    assert counts(run("sales", content)) == (1, 0, 0, 0)


def test_a_line_for_excel_is_understood(run):
    assert counts(run("sales", "sep=;\r\n" + (HEADER + ROW).replace(",", ";"))) == (1, 0, 0, 0)


def test_a_column_with_decimal_commas_is_read_so(run):
    rows = table(sale("S1", amount="1.234,56"), sale("S2", amount="99"), sale("S3", amount="12,5"))
    assert counts(run("sales", rows)) == (3, 0, 0, 0)
    assert sorted(db.session.scalars(select(Sale.amount))) == [1250, 9900, 123456]


def test_the_whole_column_decides_which_number_is_the_day(run):
    rows = [
        sale("S1", closed_on="03/04/2026", opened_on=""),
        sale("S2", closed_on="25/04/2026", opened_on=""),
    ]
    assert counts(run("sales", table(*rows))) == (2, 0, 0, 0)
    assert [
        day.isoformat() for day in db.session.scalars(select(Sale.closed_on).order_by(Sale.external_id))
    ] == [
        "2026-04-03",
        "2026-04-25",
    ]
    rows = [sale("S3", closed_on="03/04/2026", opened_on="")]
    assert [key for key, _ in run("sales", table(*rows))["notes"]] == ["dates_unsure"]
    assert (
        db.session.scalar(select(Sale.closed_on).where(Sale.external_id == "S3")).isoformat() == "2026-03-04"
    )


def test_a_workbook_is_read_by_its_values(run):
    import datetime

    given = sale()
    cells = [*given.values()]
    cells[list(given).index("closed_on")] = datetime.date(2026, 2, 10)
    cells[list(given).index("amount")] = 1234.5
    assert counts(run("sales", workbook(list(given), cells))) == (1, 0, 0, 0)
    assert db.session.scalar(select(Sale.amount)) == 123450
    assert db.session.scalar(select(Sale.closed_on)) == datetime.date(2026, 2, 10)
