"""The steps and aims of a plan follow the side of the work on which the person fell, each with its reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.coaching.models import StepKind
from app.coaching.proposals.choosing import Found, Seen
from app.coaching.proposals.sides import by_side
from app.core import clock
from tests.coaching.plans import aims_of, found, make_plan, steps_of
from tests.factories import make_person
from tests.sales.factories import make_product, make_sale

D = Decimal
ALL = ("leads", "pace", "win_rate", "deal_value", "discount")


def counted(code, seen, expected):
    return Seen(code, "number", now=seen, peers=expected, cases=round(seen))


def several(*seen, amount=100, aspect="several", cause="capability"):
    return Found(cause, aspect, D(amount), None, seen)


def aspects(one, moving=ALL):
    return {each.aspect: each.amount for each in by_side(one, moving)}


LEADS = counted("leads_expected", 40, 41)
PACE = counted("decided_expected", 38, 39)
WINS = counted("wins_expected", 6, 15)
WIN_RATE = Seen("win_rate", "share", now=0.16, before=0.36, peers=0.38, cases=38, peers_before=0.37)
DEALS = Seen("deal_value", "money", now=900, before=910, peers=930, cases=6, peers_before=920)


def test_the_side_that_fell_is_the_one_worked_on():
    assert aspects(several(LEADS, PACE, WINS, WIN_RATE, DEALS)) == {"win_rate": 100}
    assert aspects(several(counted("leads_expected", 20, 41), PACE)) == {"activity": 100}
    assert aspects(several(LEADS, counted("decided_expected", 20, 41))) == {"activity": 100}
    assert aspects(several(LEADS, Seen("deal_value", "money", 500, 900, 930, cases=9, peers_before=920))) == {
        "deal_value": 100
    }
    kept = Seen("paid_of_list", "share", 0.8, 0.95, 0.94, cases=9, peers_before=0.94)
    (one,) = by_side(several(kept), ALL)
    assert one.main is not None
    assert (one.aspect, round(one.main.now, 2), round(one.main.peers, 2)) == ("discounts", 0.2, 0.06)


def test_two_sides_share_the_amount_by_how_far_each_fell():
    found = aspects(several(counted("decided_expected", 20, 41), WINS, WIN_RATE))
    assert set(found) == {"win_rate", "activity"}
    assert sum(found.values()) == 100
    assert found["win_rate"] > found["activity"]


def test_what_lies_within_chance_or_moves_another_metric_is_no_side():
    assert aspects(several(LEADS, PACE, counted("wins_expected", 13, 15))) == {"several": 100}
    assert aspects(several(counted("leads_expected", 20, 41), WINS), ("leads", "pace")) == {"activity": 100}
    assert aspects(several(WINS, cause="training")) == {"several": 100}
    assert aspects(several(WINS), ()) == {"several": 100}


def test_where_diagnosis_names_the_side_its_figure_comes_first():
    (one,) = by_side(several(LEADS, counted("decided_expected", 20, 41), aspect="activity"), ALL)
    assert one.main is not None
    assert (one.main.code, one.main.now, one.main.peers) == ("activity", 20, 41)


def test_peers_are_named_only_where_they_did_better():
    above = Seen("win_rate", "share", now=0.16, peers=0.15, cases=38)
    (one,) = by_side(several(WINS, above), ALL)
    assert one.main is not None
    assert one.main.peers == pytest.approx(0.16 * 15 / 6)  # with the same products and leads
    dear = Seen("deal_value", "money", now=700, before=1000, peers=650, cases=9, peers_before=640)
    (one,) = by_side(several(dear), ALL)
    assert one.main is not None
    assert one.main.peers is None


figures = st.builds(
    Seen,
    st.sampled_from(
        ["leads_expected", "decided_expected", "wins_expected", "deal_value", "paid_of_list", "x"]
    ),
    st.just("number"),
    now=st.one_of(st.none(), st.floats(0, 1000)),
    before=st.one_of(st.none(), st.floats(0, 1000)),
    peers=st.one_of(st.none(), st.floats(0, 1000)),
    cases=st.integers(0, 100),
    peers_before=st.one_of(st.none(), st.floats(0, 1000)),
)


@given(
    seen=st.lists(figures, max_size=6),
    amount=st.decimals(0, 10**9, places=4),
    aspect=st.sampled_from(["several", "win_rate", "activity", "deal_value", "discounts"]),
)
def test_nothing_of_the_amount_is_lost_or_made(seen, amount, aspect):
    one = Found("capability", aspect, amount, None, tuple(seen))
    split = by_side(one, ALL)
    assert sum(each.amount for each in split) == amount
    assert all(each.amount >= 0 for each in split)
    assert len({each.aspect for each in split}) == len(split)


def shown(code, now, peers, unit="number", n=30, **more):
    said = {"code": code, "unit": unit, "now": now, "before": None, "peers_now": peers, "n_now": n}
    return said | more


NORMAL = [shown("leads_expected", 40, 41), shown("decided_expected", 38, 39)]
FELL = [*NORMAL, shown("wins_expected", 6, 15), shown("win_rate", 0.16, 0.38, "share", 38)]
SLOW = [shown("leads_expected", 40, 41), shown("decided_expected", 14, 39), shown("wins_expected", 6, 6)]


@pytest.fixture
def sellers(cast):
    """A team in which Bea wins most."""
    boots = make_product("Boots")
    people = [cast.bea, *(make_person(name, team=cast.norte) for name in ("Carla", "Dora", "Elsa"))]
    for person, won in [*zip(people, (22, 14, 13, 15), strict=True), (cast.ana, 6)]:
        for number in range(38):
            stage = "won" if number < won else "lost"
            make_sale(person, 100_00, clock.today().fromisoformat("2026-08-10"), stage, product=boots)
    return people


def test_who_won_less_goes_along_with_who_wins_most_and_is_told_why(cast, sellers, as_ana):
    plan = make_plan(
        cast.ana, [found("capability", 0.8, "several", figures=FELL), found("none", 0.2, "chance")]
    )
    assert [step.kind for step in steps_of(plan)] == [
        StepKind.SHADOWING,
        StepKind.PRACTICE,
        StepKind.JOINT_VISIT,
    ]
    page = as_ana.get(f"/coaching/plans/{plan.id}")
    said = page.text
    assert "Go along with Bea" in said
    assert (
        "wins more than most with the same products and leads. You won 16% of what was decided, peers 38%"
        in said
    )
    assert "Win rate" in said
    assert "several things at once" not in said
    assert page.text_of(f"#aim-block-{aims_of(plan)[0].id}").startswith("Win rate")


def test_who_decided_less_goes_through_the_open_sales_and_is_told_why(cast, sellers, as_ana):
    plan = make_plan(
        cast.ana, [found("capability", 0.8, "several", figures=SLOW), found("none", 0.2, "chance")]
    )
    assert [step.kind for step in steps_of(plan)] == [StepKind.PRACTICE, StepKind.PIPELINE_REVIEW]
    said = as_ana.get(f"/coaching/plans/{plan.id}").text
    assert "Go through the open sales together" in said
    assert "You came to 14, peers with the like 39" in said
    assert "Go along with" not in said
