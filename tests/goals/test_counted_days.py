"""Closed periods keep what they came to by whatever day a metric counts: opened, delivered, rated."""

from datetime import date

import pytest

from app.extensions import db
from app.metrics import check
from app.metrics.models import Metric, MetricKind, Unit
from app.people.models import Person
from app.sales import operations as sales
from app.sales.closed_days import ClosedDay
from app.sales.models import Sale
from tests.goals.adjusting import granted, standing
from tests.goals.factories import close, make_goal, the_metric
from tests.imports.factories import Command, counts, sale, table, why
from tests.sales.factories import make_product, make_sale

JULY, AUGUST, OCTOBER = date(2026, 7, 10), date(2026, 8, 10), date(2026, 10, 10)
QUARTER = "2026-Q3"


def by_opening(key: str, *conditions: str) -> Metric:
    rule = {"date": "opened_on", "measure": "count", "conditions": list(conditions)}
    return the_metric(key, kind=MetricKind.COUNT, unit=Unit.NUMBER, rule=rule)


def opened_in_july(rep: Person, **values: object) -> Sale:
    return make_sale(rep, 20_00, OCTOBER, opened_on=JULY, **values)


def test_a_sale_opened_in_a_closed_period_is_asked_for_where_openings_are_counted(cast):
    goal = make_goal(cast.ana, 1, metric=by_opening("leads"), period=QUARTER)
    close(QUARTER)
    assert standing(goal) == ("missed", 0, 1)
    done = granted(lambda: opened_in_july(cast.ana), cast.ana, cast.omar)
    assert done.days == [JULY]
    assert standing(goal) == ("reached", 1, 2)
    assert check.differences() == []


def test_where_no_result_counts_openings_it_is_recorded_at_once(cast):
    by_opening("leads")
    make_goal(cast.ana, 100_00, period=QUARTER)
    close(QUARTER)
    assert opened_in_july(cast.ana).id is not None


def test_a_win_of_what_was_opened_then_changes_only_what_counts_wins(cast):
    leads = make_goal(cast.ana, 1, metric=by_opening("leads"), period=QUARTER)
    open_sale = make_sale(cast.ana, 20_00, stage="open", opened_on=JULY)
    close(QUARTER)
    sales.decide_sale(open_sale, sales.Stage.WON, by_id=cast.ana.id, on=OCTOBER)
    assert standing(leads) == ("reached", 1, 1)


def test_a_win_is_asked_for_where_it_changes_what_the_openings_of_a_closed_period_came_to(cast):
    won = make_goal(cast.ana, 1, metric=by_opening("leads_won", "won"), period=QUARTER)
    open_sale = make_sale(cast.ana, 20_00, stage="open", opened_on=JULY)
    close(QUARTER)
    granted(
        lambda: sales.decide_sale(open_sale, sales.Stage.WON, by_id=cast.ana.id, on=OCTOBER),
        cast.ana,
        cast.omar,
    )
    assert standing(won) == ("reached", 1, 2)


def test_a_follow_up_is_asked_for_where_it_changes_a_closed_rate_of_follow_ups(cast):
    delivered = make_sale(cast.ana, 20_00, JULY, delivered_on=AUGUST)
    elsewhere = make_sale(cast.ana, 20_00, JULY, delivered_on=OCTOBER)
    rate = make_goal(cast.norte, "0.5", metric="follow_up_rate", period=QUARTER)
    close(QUARTER)
    sales.advance_sale(elsewhere, by_id=cast.ana.id, followed_up_on=OCTOBER)
    with pytest.raises(ClosedDay) as refused:
        sales.advance_sale(delivered, by_id=cast.ana.id, followed_up_on=OCTOBER)
    assert refused.value.days == [AUGUST]
    db.session.expire_all()
    granted(
        lambda: sales.advance_sale(delivered, by_id=cast.ana.id, followed_up_on=OCTOBER), cast.ana, cast.omar
    )
    assert standing(rate)[2] == 2


def test_a_file_does_not_change_what_is_counted_by_opening(run: Command, cast):
    make_goal(cast.ana, 1, metric=by_opening("leads"), period=QUARTER)
    close(QUARTER)
    rows = table(
        sale("S1", opened_on="2026-07-10", closed_on="2026-10-10"),
        sale("S2", opened_on="2026-10-01", closed_on="2026-10-10"),
    )
    result = run("sales", rows)
    assert (counts(result), why(result)) == ((1, 0, 0, 1), ["closed_period"])


@pytest.fixture
def run(app, cast, tmp_path) -> Command:
    make_product("Lamp", 120_00)
    return Command(app, tmp_path)
