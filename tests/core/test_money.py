"""Money is exact or refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import (
    AmountError,
    allocate,
    convert,
    from_minor,
    parse_amount,
    precision,
    to_minor,
)

CURRENCIES = st.sampled_from(["EUR", "USD", "COP", "MXN", "CLP", "JPY", "BHD"])
SHARES = st.lists(st.integers(0, 10**6) | st.decimals(0, 1000, places=3), min_size=1, max_size=30)


@pytest.mark.parametrize(("currency", "decimals"), [("EUR", 2), ("CLP", 0), ("BHD", 3)])
def test_the_decimals_of_a_currency_come_from_the_standard(currency, decimals):
    assert precision(currency) == decimals


def test_minor_units_are_exact():
    assert to_minor(Decimal("12.30"), "EUR") == 1230
    assert to_minor(Decimal("12.300"), "EUR") == 1230
    assert to_minor(Decimal("1E+3"), "CLP") == 1000
    assert str(from_minor(-1230, "EUR")) == "-12.30"
    assert str(from_minor(5, "BHD")) == "0.005"


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        ("12.345", "EUR", "decimals"),
        ("0.5", "CLP", "decimals"),
        ("NaN", "EUR", "not_a_number"),
        ("1", "ZZZ", "currency"),
    ],
)
def test_what_has_no_exact_amount_is_refused(amount, currency, reason):
    with pytest.raises(AmountError) as refused:
        to_minor(Decimal(amount), currency)
    assert refused.value.reason == reason


@given(st.integers(-(10**18), 10**18), CURRENCIES)
def test_minor_units_survive_the_way_there_and_back(minor, currency):
    assert to_minor(from_minor(minor, currency), currency) == minor


def test_a_split_gives_the_cents_left_over_to_the_largest_remainders():
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(10, [Decimal("0.5"), 0, Decimal("1.5")]) == [3, 0, 7]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]
    assert allocate(0, [0, 0]) == [0, 0]
    assert allocate(0, []) == []


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1, 2]])
def test_a_split_by_nothing_or_less_is_refused(shares):
    with pytest.raises(ValueError, match=r"split by|negative"):
        allocate(5, shares)


@given(st.integers(-(10**15), 10**15), SHARES.filter(any))
def test_a_split_adds_up_and_nobody_is_a_whole_unit_from_their_quota(total, shares):
    parts = allocate(total, shares)
    assert sum(parts) == total
    whole = sum(map(Fraction, shares))
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - total * Fraction(share) / whole) < 1


@given(st.integers(0, 10**9), SHARES.filter(any), st.integers(1, 1000))
def test_a_split_depends_on_proportions_only(total, shares, factor):
    assert allocate(total, [factor * Fraction(share) for share in shares]) == allocate(total, shares)


def test_a_conversion_rounds_half_to_even():
    assert convert(1000, "EUR", Decimal("1.0825"), "USD") == 1082
    assert convert(1000, "EUR", Decimal("1.0835"), "USD") == 1084
    assert convert(250, "EUR", Decimal(1), "CLP") == 2
    assert convert(350, "EUR", Decimal(1), "CLP") == 4
    assert convert(7, "CLP", Decimal("0.001"), "BHD") == 7
    assert convert(-1000, "EUR", Decimal("4350.25"), "COP") == -4350250


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_is_positive(rate):
    with pytest.raises(ValueError, match="positive"):
        convert(100, "EUR", Decimal(rate), "USD")


@given(st.integers(-(10**12), 10**12), CURRENCIES)
def test_a_rate_of_one_to_the_same_currency_changes_nothing(minor, currency):
    assert convert(minor, currency, Decimal(1), currency) == minor


@pytest.mark.parametrize(
    ("text", "style", "amount"),
    [
        ("1.234,50", ",", "1234.50"),
        ("1,234.50", ".", "1234.50"),
        ("1 234,50", ",", "1234.50"),
        ("1\u00a0234\u00a0567,5", ",", "1234567.5"),
        ("1\u202f234,5", ",", "1234.5"),
        ("1'234'567.50", ".", "1234567.50"),
        ("1234.50", ".", "1234.50"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1.234.567", ",", "1234567"),
        (".5", ".", "0.5"),
        ("007", ".", "7"),
        ("  -3,5 ", ",", "-3.5"),
        ("\u22123.5", ".", "-3.5"),
        ("+3.5", ".", "3.5"),
        ("(1,234.50)", ".", "-1234.50"),
        ("-0", ".", "0"),
    ],
)
def test_an_amount_is_read_by_its_decimal_mark(text, style, amount):
    assert str(parse_amount(text, style)) == amount


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("$1,234.50", "USD", "1234.50"),
        ("-$5", "USD", "-5"),
        ("$ -5", "USD", "-5"),
        ("(USD 5)", "USD", "-5"),
        ("5 USD", "USD", "5"),
        ("$ 90,000", "COP", "90000"),
    ],
)
def test_the_sign_of_the_expected_currency_may_stand_beside(text, currency, amount):
    assert str(parse_amount(text, ".", currency)) == amount


@pytest.mark.parametrize(
    ("text", "style", "reason"),
    [
        ("", ".", "empty"),
        ("  \u00a0", ".", "empty"),
        ("12,34.5", ".", "grouping"),
        ("1,2345", ".", "grouping"),
        ("1234,567", ".", "grouping"),
        ("1,234 567", ".", "grouping"),
        ("1.234,50", ".", "grouping"),
        ("0,123", ".", "grouping"),
        ("1234.50", ",", "grouping"),
        ("1..5", ".", "grouping"),
        ("5.", ".", "grouping"),
        (".", ".", "not_a_number"),
        ("-", ".", "not_a_number"),
        ("()", ".", "not_a_number"),
        ("--5", ".", "not_a_number"),
        ("(-5)", ".", "not_a_number"),
        ("1e5", ".", "not_a_number"),
        ("NaN", ".", "not_a_number"),
        ("1_000", ".", "not_a_number"),
        ("٣", ".", "not_a_number"),
        ("€5", ".", "not_a_number"),
        ("=1+1", ".", "not_a_number"),
        ("9" * 41, ".", "too_long"),
    ],
)
def test_what_cannot_be_read_for_certain_is_refused_with_a_reason(text, style, reason):
    with pytest.raises(AmountError) as refused:
        parse_amount(text, style)
    assert refused.value.reason == reason


def test_another_currency_beside_the_amount_is_refused():
    with pytest.raises(AmountError) as refused:
        parse_amount("€5", ".", "USD")
    assert refused.value.reason == "not_a_number"


@given(
    st.decimals(-(10**12), 10**12, places=2), st.sampled_from(".,"), st.sampled_from(["", "mark", " ", "'"])
)
def test_what_was_written_by_a_style_is_read_back_by_it(amount, style, group):
    separator = {".": ",", ",": "."}[style] if group == "mark" else group
    text = f"{amount:,.2f}".replace(",", "G").replace(".", style).replace("G", separator)
    assert parse_amount(text, style) == amount


@given(st.text(alphabet="0123456789.,' -+()$€eE\u00a0", max_size=12), st.sampled_from([".", ","]))
def test_any_text_is_a_finite_amount_or_a_reason(text, style):
    try:
        outcome = parse_amount(text, style).is_finite()
    except AmountError as refused:
        outcome = refused.reason
    assert outcome in {True, "empty", "not_a_number", "grouping"}
