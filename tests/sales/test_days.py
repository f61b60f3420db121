"""A sale belongs to the day that it is where the company is, however the clocks stand."""

from datetime import UTC, date, datetime

import pytest
from flask import g
from sqlalchemy import select

from app.core import clock
from app.extensions import db
from app.sales.models import Sale
from tests.factories import make_company
from tests.metrics.factories import figure
from tests.sales.factories import make_product

MOMENTS = [
    ("America/Bogota", datetime(2026, 11, 1, 4, 59, 59, tzinfo=UTC), date(2026, 10, 31)),
    ("America/Bogota", datetime(2026, 11, 1, 5, 0, tzinfo=UTC), date(2026, 11, 1)),
    # the day of 25 hours and that of 23
    ("Europe/Madrid", datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
    ("Europe/Madrid", datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), date(2026, 10, 25)),
    ("Europe/Madrid", datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ("Europe/Madrid", datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC), date(2026, 3, 29)),
    ("Europe/Madrid", datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
    ("America/New_York", datetime(2026, 11, 1, 3, 59, 59, tzinfo=UTC), date(2026, 10, 31)),
    ("America/New_York", datetime(2025, 12, 1, 4, 59, 59, tzinfo=UTC), date(2025, 11, 30)),
    ("Pacific/Kiritimati", datetime(2026, 10, 31, 10, 0, tzinfo=UTC), date(2026, 11, 1)),
    ("UTC", datetime(2025, 12, 31, 15, 0, tzinfo=UTC), date(2025, 12, 31)),  # in the afternoon
]


@pytest.mark.parametrize(("zone", "instant", "day"), MOMENTS)
def test_a_sale_recorded_without_a_day_is_of_the_companys(cast, as_ana, monkeypatch, zone, instant, day):
    make_company(timezone=zone)
    g.pop("company_settings", None)
    product = make_product()
    monkeypatch.setattr(clock, "now", lambda: instant)
    assert clock.today() == day
    data = as_ana.get("/sales/new").form_data("#new-sale")
    assert as_ana.post("/sales", data | {"product": str(product.id), "amount": "100"}).status == 303
    assert db.session.scalars(select(Sale.closed_on)).one() == day
    assert figure("revenue", cast.ana, (day.replace(day=1), day)) == 100_00
    assert figure("revenue", cast.ana, (day, day)) == 100_00
