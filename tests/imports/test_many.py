"""Lists longer than a page."""

from tests.imports.factories import sale, table
from tests.imports.test_pages import upload
from tests.jobs import run_jobs


def test_rejects_have_pages(run, as_alba):
    rows = table(*(sale(f"S{n}", rep="Nobody") for n in range(120)))
    url = upload(as_alba, ("deals.csv", rows)).location
    as_alba.post(f"{url}/run")
    run_jobs()
    first = as_alba.get(url)
    assert first.text.count("Nobody is known as “Nobody”.") >= 50
    assert as_alba.get(f"{url}?page=3").one("#rejects")


def test_imports_have_pages(run, as_alba):
    for number in range(27):
        run("products", f"name\nLamp {number}\n")
    assert "?page=2" in as_alba.get("/imports").html
    assert as_alba.get("/imports?page=2").status == 200
