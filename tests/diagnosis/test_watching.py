"""The figure that a review watches, from the records alone; and whether it moved by more than chance."""

from datetime import date
from types import SimpleNamespace

import pytest

from app.diagnosis import watching
from app.diagnosis.findings import Cause, Why
from app.diagnosis.watching import Reading
from tests.sales.factories import make_product, make_sale

Q3 = (date(2026, 7, 1), date(2026, 9, 30))
Q4 = (date(2026, 10, 1), date(2026, 12, 31))
TODAY = date(2026, 11, 23)


def read(figure: dict, *spans: tuple[date, date]) -> list[tuple[float | None, float]]:
    return [(one.value, one.n) for one in watching.readings(figure, spans, TODAY)]


def test_the_win_rate_of_a_product(cast: SimpleNamespace) -> None:
    tent = make_product("Tent")
    for stage in ("won", "lost", "lost", "lost"):
        make_sale(cast.ana, 100_00 if stage == "won" else None, date(2026, 8, 3), stage, product=tent)
    make_sale(cast.ana, 100_00, date(2026, 8, 3))
    figure = watching.watched(Cause.PRODUCT, Why.WIN_RATE, tent.id, None, None)
    assert read(figure, Q3, Q4) == [(0.25, 4), (None, 0)]


def test_losses_for_the_causes_reason(cast: SimpleNamespace) -> None:
    for reason in ("delivery", "delivery", "price", None):
        make_sale(cast.ana, None, date(2026, 8, 3), "lost", lost_reason=reason)
    figure = watching.watched(Cause.DELIVERY, Why.WIN_RATE, None, None, None)
    assert (figure["code"], figure["reasons"]) == ("lost_for", ["delivery"])
    assert read(figure, Q3) == [(0.5, 4)]


@pytest.mark.parametrize(
    ("lost", "late", "code"),
    [
        ((0.06, 0.061), (0.11, 0.27), "late"),
        ((0.06, 0.2), (0.11, 0.27), "lost_for"),
        ((0.06, 0.061), (0.1, 0.1), "lost_for"),
    ],
)
def test_the_sign_that_changed_where_losses_did_not(lost: tuple, late: tuple, code: str) -> None:
    said = {"lost_delivery": lost, "late": late, "win_rate": (0.37, 0.37)}
    figures = [{"code": name, "before": before, "now": now} for name, (before, now) in said.items()]
    assert watching.watched(Cause.DELIVERY, Why.WIN_RATE, None, None, None, figures)["code"] == code


def test_leads_are_a_number_a_month_so_that_a_running_period_compares(cast: SimpleNamespace) -> None:
    for day in (date(2026, 8, 3), date(2026, 8, 4), date(2026, 10, 5)):
        make_sale(cast.ana, None, None, "open", opened_on=day)
    figure = watching.watched(Cause.MARKETING, Why.LEADS, None, None, None)
    (before, _), (now, _) = read(figure, Q3, Q4)
    assert before == pytest.approx(2 / 92 * watching.MONTH)
    assert now == pytest.approx(1 / 54 * watching.MONTH)


def test_a_period_without_leads_has_none(cast: SimpleNamespace) -> None:
    assert read(watching.watched(Cause.MARKETING, Why.LEADS, None, None, None), Q3) == [(0.0, 0)]


def test_only_the_team_where_the_cause_acts(cast: SimpleNamespace) -> None:
    make_sale(cast.ana, 100_00, date(2026, 8, 3))
    make_sale(cast.luis, None, date(2026, 8, 3), "lost")
    figure = watching.watched(Cause.PRODUCT, Why.WIN_RATE, None, None, cast.norte.id)
    assert read(figure, Q3) == [(1.0, 1)]


def reading(value: float | None, n: float) -> Reading:
    return Reading(*Q3, value, n)


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ((0.029, 400), (0.024, 250), False),  # chance
        ((0.30, 400), (0.15, 250), True),
        ((0.30, 400), (0.0, 5), False),  # too few
        ((0.30, 400), (None, 0), False),
    ],
)
def test_a_share_has_moved_when_chance_would_not_do_it(before, after, moved: bool) -> None:
    figure = {"code": "win_rate"}
    assert watching.has_moved(figure, reading(*before), reading(*after)) is moved
