"""Figures rounded to units that people speak of."""

from decimal import Decimal

import pytest

from app.goals.lines import to_unit


def test_a_half_goes_up_to_the_next_unit():
    assert to_unit(Decimal("2.5"), Decimal(1)) == 3
    assert to_unit(Decimal(12_350), Decimal(100)) == 12_400
    assert to_unit(Decimal("1.004"), Decimal("0.01")) == 1


def test_a_unit_is_positive():
    with pytest.raises(ValueError, match="positive"):
        to_unit(Decimal(1), Decimal(0))
