"""A rate, and a whole import, that would change closed results: asked for, done whole, or not at all."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.core.errors import Conflict
from app.extensions import db
from app.goals import adjustments, carrying_out
from app.goals.models import Goal
from app.imports import operations as imports
from app.imports.models import Import, ImportStatus
from app.metrics import check
from app.sales import revaluation
from app.sales.closed_days import ClosedDay
from app.sales.models import ExchangeRate, Sale
from tests.goals.adjusting import asked, granted, standing
from tests.goals.factories import close, make_goal
from tests.imports.factories import Command, sale, table
from tests.sales.factories import make_product, make_rate, make_sale

JUNE, JULY, OCTOBER = date(2026, 6, 1), date(2026, 7, 10), date(2026, 10, 10)
QUARTER = "2026-Q3"


@pytest.fixture
def abroad(cast):
    make_rate("EUR", "1.10", JUNE)
    cast.sale = make_sale(cast.ana, 100_00, JULY, currency="EUR")
    cast.goal = make_goal(cast.ana, 120_00, period=QUARTER)
    close(QUARTER)
    assert standing(cast.goal) == ("missed", 110_00, 1)
    return cast


def set_rate(cast, rate: str = "1.20"):
    return revaluation.set_rate("EUR", JUNE, Decimal(rate), by_id=cast.alba.id)


def test_a_rate_makes_new_versions_of_the_results_that_it_changes(abroad):
    granted(lambda: set_rate(abroad), abroad.alba, abroad.ximena)
    assert standing(abroad.goal) == ("reached", 120_00, 2)
    assert db.session.scalar(select(ExchangeRate.rate)) == Decimal("1.2")
    assert check.differences() == []


def test_a_rate_that_somebody_changed_since_is_not_what_was_asked_for(abroad):
    adjustment = asked(lambda: set_rate(abroad), abroad.alba)
    db.session.execute(ExchangeRate.__table__.update().values(rate=Decimal("1.15")))
    with pytest.raises(Conflict, match="rate in the meantime"):
        adjustments.decide(adjustment.id, grant=True, by=abroad.ximena.id)


def test_where_everybody_leads_a_team_that_it_changes_an_executive_decides_all_the_same(abroad):
    for team, lead in ((abroad.norte, abroad.marta), (abroad.sales, abroad.ximena)):
        team.lead_id = lead.id
        make_goal(team, 500_00, period="2026-07")
    close("2026-07")
    abroad.omar.is_active = False
    db.session.commit()
    adjustment = asked(lambda: set_rate(abroad), abroad.alba)
    done = carrying_out.preview(adjustment).done
    assert {abroad.marta.id, abroad.ximena.id} <= done.people
    assert adjustments.stand_ins(adjustment, done) == {abroad.ximena.id}
    with pytest.raises(adjustments.OwnAdjustment):
        adjustments.decide(adjustment.id, grant=True, by=abroad.marta.id)
    adjustments.decide(adjustment.id, grant=True, by=abroad.ximena.id)
    assert standing(abroad.goal) == ("reached", 120_00, 2)


def test_a_rate_is_taken_away_after_all(abroad):
    make_rate("EUR", "1.20", date(2026, 5, 1))
    granted(lambda: revaluation.remove_rate("EUR", JUNE, by_id=abroad.alba.id), abroad.alba, abroad.ximena)
    assert standing(abroad.goal) == ("reached", 120_00, 2)


def test_the_page_of_rates_leads_to_asking(abroad, as_alba, as_ximena, as_ana):
    form = as_alba.get("/rates").form_data("#rate-form") | {
        "currency": "EUR",
        "starts_on": JUNE.isoformat(),
        "rate": "1.2",
    }
    kept = as_alba.post("/rates", form)
    page = as_alba.follow(kept)
    assert "before 1.10 after 1.20" in page.text_of("#asked")
    as_alba.post(
        f"{kept.location}/request", page.form_data("#ask form") | {"reason": "The bank corrected it"}
    )
    page = as_ximena.get(kept.location)
    as_ximena.post(f"{kept.location}/decision", page.form_data("#decide form") | {"grant": "yes"})
    assert standing(abroad.goal) == ("reached", 120_00, 2)
    seen = as_ana.get(kept.location)
    assert "The bank corrected it" in seen.text, "whose result it changed reads why"
    assert "Reached" in seen.text_of("#effects")


@pytest.fixture
def imported(app, cast, tmp_path):
    make_product("Lamp", 120_00)
    cast.run = Command(app, tmp_path)
    cast.run(
        "sales",
        table(
            sale("S1", closed_on="2026-07-10", opened_on=""), sale("S2", closed_on="2026-10-10", opened_on="")
        ),
    )
    cast.goal = make_goal(cast.ana, 100_00, period=QUARTER)
    close(QUARTER)
    cast.record = db.session.scalars(select(Import)).one()
    assert standing(cast.goal)[:2] == ("reached", 100_00)
    return cast


def numbers() -> list[str]:
    return list(db.session.scalars(select(Sale.external_id).order_by(Sale.external_id)))


def test_an_import_that_reaches_into_a_closed_period_is_not_taken_back_by_half(imported):
    with pytest.raises(ClosedDay):
        imports.undo(imported.record, by_id=imported.alba.id)
    assert numbers() == ["S1", "S2"]
    assert imported.record.status is ImportStatus.DONE


def test_it_is_taken_back_whole_once_a_second_person_agrees(imported):
    granted(lambda: imports.undo(imported.record, by_id=imported.alba.id), imported.alba, imported.ximena)
    assert numbers() == []
    assert standing(imported.goal) == ("missed", 0, 2)
    assert check.differences() == []
    assert db.session.get(Import, imported.record.id).status is ImportStatus.UNDONE


def test_what_taking_back_a_long_file_would_change_is_tried_when_asked_to(imported, as_alba, as_ximena):
    waiting = asked(lambda: imports.undo(imported.record, by_id=imported.alba.id), imported.alba)
    db.session.get_one(Import, imported.record.id).rows_total = carrying_out.LONG + 1
    db.session.flush()
    page = as_ximena.get(f"/goals/adjustments/{waiting.id}")
    assert not page.all("#decide")
    assert "Look first at what would change" in page.text
    tried = as_ximena.get(page.one("#effects a")["href"])
    assert "Not reached" in tried.text_of("#effects")
    form = tried.form_data("#decide form") | {"grant": "yes"}
    as_ximena.post(f"/goals/adjustments/{waiting.id}/decision", form)
    assert numbers() == []


def test_or_only_what_counts_in_open_periods_where_one_says_so(imported, as_alba):
    kept = as_alba.post(f"/imports/{imported.record.id}/undo")
    page = as_alba.follow(kept)
    assert "file.csv" in page.text_of("#asked")
    assert numbers() == ["S1", "S2"]
    form = page.form_data(f'form[action="/imports/{imported.record.id}/undo"]')
    assert form["only_open"] == "yes"
    page = as_alba.follow(as_alba.post(f"/imports/{imported.record.id}/undo", form))
    assert numbers() == ["S1"]
    assert "S1" in page.text
    assert standing(imported.goal)[2] == 1


def test_what_an_import_put_into_a_closed_period_by_a_change_counts_too(imported):
    imported.run("sales", table(sale("S2", closed_on="2026-10-10", opened_on="", amount="150.00")))
    again = db.session.scalars(select(Import).order_by(Import.id.desc())).first()
    assert imports.undo(again, by_id=imported.alba.id).restored == 1


def test_goals_from_a_file_are_taken_back_with_their_results(app, cast, tmp_path):
    row = {"rep": "Ana Alonso", "metric": "revenue", "target": 5}
    Command(app, tmp_path)("goals", table(row | {"starts_on": "2026-07-01", "ends_on": "2026-09-30"}))
    record = db.session.scalars(select(Import)).one()
    goal = db.session.scalars(select(Goal)).one()
    close(QUARTER)
    granted(lambda: imports.undo(record, by_id=cast.alba.id), cast.alba, cast.ximena)
    assert standing(goal)[0] == "not_judged"


def test_a_sale_whose_import_is_gone_leaves_its_adjustment_readable(imported, as_alba, as_ana):
    from app.sales import operations as sales

    first = db.session.scalars(select(Sale).where(Sale.external_id == "S1")).one()
    waiting = asked(lambda: sales.void_sale(first, by_id=imported.ana.id, reason="Twice"), imported.ana)
    granted(lambda: imports.undo(imported.record, by_id=imported.alba.id), imported.alba, imported.ximena)
    page = as_alba.get(f"/goals/adjustments/{waiting.id}")
    assert page.status == 200
    assert "can no longer be done" in page.text
