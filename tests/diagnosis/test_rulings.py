"""What people decide moves amounts, keeps their sum, and never ends at the person."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.diagnosis.findings import Cause, Verdict, Why
from app.diagnosis.rulings import TARGETS, Ruling, apply, main_cause
from app.diagnosis.stated import Said

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=4)
FINDINGS = st.lists(
    st.builds(
        Said,
        cause=st.sampled_from(list(Cause)),
        why=st.sampled_from([why.value for why in Why]),
        amount=AMOUNTS,
        verdict=st.sampled_from(list(Verdict)),
        product_id=st.sampled_from([None, 1, 2]),
    ),
    max_size=8,
)
RULINGS = st.lists(
    st.builds(
        Ruling,
        of=st.sampled_from([*TARGETS, Cause.CAPABILITY]),
        product_id=st.sampled_from([None, 1, 2]),
        by=st.sampled_from(["answered", "contested"]),
        to=st.sampled_from([None, *TARGETS]),
    ),
    max_size=4,
)


def amount_of(findings: list[Said], cause: Cause) -> Decimal:
    return sum((one.amount for one in findings if one.cause is cause), Decimal(0))


@given(FINDINGS, RULINGS)
def test_the_sum_stays_and_the_person_gets_nothing(findings: list[Said], rulings: list[Ruling]) -> None:
    after = apply(findings, rulings)
    assert sum(one.amount for one in after) == sum(one.amount for one in findings)
    assert amount_of(after, Cause.CAPABILITY) <= amount_of(findings, Cause.CAPABILITY)
    assert all(one.amount >= 0 for one in after)


@given(FINDINGS, RULINGS)
def test_nobody_becomes_the_main_cause_by_a_ruling(findings: list[Said], rulings: list[Ruling]) -> None:
    for before in Cause:
        if before is not Cause.CAPABILITY:
            assert main_cause(before, apply(findings, rulings)) is not Cause.CAPABILITY


def said(cause: Cause, amount: int, why: Why = Why.WIN_RATE, verdict: Verdict = Verdict.LIKELY) -> Said:
    return Said(cause, why.value, Decimal(amount), verdict)


def test_it_goes_to_what_the_same_figures_support() -> None:
    findings = [
        said(Cause.PRODUCT, 60),
        said(Cause.MARKETING, 50, Why.LEADS),
        said(Cause.PRICE, 10),
        said(Cause.NONE, 5, Why.CHANCE),
    ]
    after = apply(findings, [Ruling(Cause.PRODUCT, None, "answered")])
    assert amount_of(after, Cause.PRICE) == 70
    assert next(one for one in after if one.cause is Cause.PRODUCT).verdict is Verdict.RULED_OUT
    assert main_cause(Cause.PRODUCT, after) is Cause.PRICE


def test_else_it_stays_unexplained_and_no_fault_of_the_target() -> None:
    findings = [said(Cause.PRODUCT, 60), said(Cause.NONE, 30, Why.TARGET)]
    after = apply(findings, [Ruling(Cause.PRODUCT, None, "answered")])
    unexplained = next(one for one in after if one.why == Why.CHANCE.value)
    assert (unexplained.amount, unexplained.moved[0]["amount"]) == (60, "60")
    assert amount_of(after, Cause.NONE) == 90


def test_supported_causes_come_first_then_what_is_unexplained_then_the_rest() -> None:
    findings = [said(Cause.PRODUCT, 60), said(Cause.PRICE, 20), said(Cause.NONE, 30, Why.CHANCE)]
    after = apply(findings, [Ruling(Cause.PRODUCT, None, "contested", Cause.NONE)])
    assert [one.cause for one in after] == [Cause.PRICE, Cause.NONE, Cause.PRODUCT]


def test_a_ruling_towards_the_person_is_refused() -> None:
    with pytest.raises(ValueError, match="never goes to the person"):
        apply([said(Cause.PRODUCT, 1)], [Ruling(Cause.PRODUCT, None, "contested", Cause.CAPABILITY)])
