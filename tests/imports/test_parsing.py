"""What is written can be read again, in every way of writing it."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports import parsing
from app.imports.matching import Entry, Names, nearest, normal
from app.imports.problems import Bad
from app.imports.reader.columns import Column

UTC = ZoneInfo("UTC")
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
cents = st.integers(-(10**14), 10**14)


@given(days)
def test_a_day_is_read_as_it_was_written(day):
    assert parsing.day(day.isoformat(), "dmy", UTC) == day
    assert parsing.day(f"{day:%d/%m/%Y}", "dmy", UTC) == day
    assert parsing.day(f"{day:%m/%d/%Y}", "mdy", UTC) == day
    assert parsing.day(f"{day.day}.{day.month}.{day.year} 10:30", "dmy", UTC) == day


@given(st.lists(days, min_size=1, max_size=30), st.sampled_from(["dmy", "mdy"]))
def test_a_column_never_votes_for_the_wrong_order(column, order):
    pattern = "%d/%m/%Y" if order == "dmy" else "%m/%d/%Y"
    seen = Column()
    seen.add(tuple(day.strftime(pattern) for day in column))
    other = "mdy" if order == "dmy" else "dmy"
    assert not seen.dates.get(other)


@given(cents, st.sampled_from([".", ","]))
def test_an_amount_is_read_as_it_was_written(minor, style):
    text = f"{Decimal(minor) / 100:,.2f}"
    if style == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    assert parsing.amount(text, style, "USD") == minor


@given(cents)
def test_a_spreadsheets_number_is_read_to_the_cent(minor):
    number = minor / 100
    if abs(number) < 10**12:
        assert parsing.amount(number, ".", "USD") == minor


@given(st.text(max_size=60))
def test_no_text_breaks_a_parser(text):
    for read in (
        lambda: parsing.text(text),
        lambda: parsing.day(text, "dmy", UTC),
        lambda: parsing.amount(text, ",", "EUR"),
        lambda: parsing.whole(text, 1, 5),
        lambda: parsing.currency(text),
        lambda: parsing.email(text),
    ):
        with suppress(Bad):
            read()


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=40))
def test_copied_text_has_no_break_of_its_own(text):
    copied = parsing.copied(text)
    assert "\n" not in copied
    assert "\t" not in copied


def test_an_instant_falls_in_the_companys_day():
    assert parsing.day("2026-03-01T03:00:00Z", "iso", ZoneInfo("America/Bogota")) == date(2026, 2, 28)
    assert parsing.day("2026-03-01 23:30", "iso", ZoneInfo("America/Bogota")) == date(2026, 3, 1)


def test_spelling_is_forgiven_and_chance_is_not():
    names = Names([Entry(1, "GTX Pro", ("GTX Pro",)), Entry(2, "GTX Plus", ("GTX Plus",))], "unknown_product")
    assert (names.find("GTXPro"), names.find("gtx plus")) == (1, 2)
    assert names.matched == {"GTXPro": "GTX Pro"}
    with pytest.raises(Bad, match="unknown_product"):
        names.find("GTX Prox")
    assert nearest("GTX Prox", ["GTX Pro", "GTX Plus"]) == "GTX Pro"
    twins = Names([Entry(1, "Jo Ito", ("Jo Ito",)), Entry(2, "Jo Ito", ("Jo Ito",))], "unknown_rep")
    with pytest.raises(Bad, match="ambiguous"):
        twins.find("jo ito")
    assert normal("Núñez, José") == "nunezjose"
