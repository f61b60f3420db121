"""Several goals in one figure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.goals.scorecard import Entry, scorecard

D = Decimal
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.integers(0, 1000),
        st.none() | st.decimals(-1, 5, places=3),
        st.integers(0, 10_000),
        st.none() | st.decimals(1, 3, places=1),
    ),
    max_size=8,
)


def test_a_scorecard_is_the_weighed_mean_of_its_goals():
    card = scorecard([Entry("revenue", D("0.9"), 6000), Entry("on time", D("1.1"), 4000)])
    assert (card.score, card.weights_complete, card.missing) == (D("0.98"), True, ())
    assert [(row.key, row.weight, row.contribution) for row in card.rows] == [
        ("revenue", 6000, D("0.54")),
        ("on time", 4000, D("0.44")),
    ]


def test_what_has_no_attainment_is_left_out_and_said():
    card = scorecard(
        [Entry("revenue", D("0.9"), 6000), Entry("rate", None, 2000), Entry("meetings", D(1), 2000)]
    )
    assert card.score == D("0.925")
    assert card.missing == ("rate",)
    assert [row.weight for row in card.rows] == [7500, 0, 2500]


def test_a_runaway_metric_counts_up_to_its_cap():
    card = scorecard([Entry("revenue", D(9), 5000), Entry("rate", D(3), 5000, D("1.5"))])
    assert [row.counted for row in card.rows] == [2, D("1.5")]
    assert all(row.is_capped for row in card.rows)
    assert scorecard([Entry("credits", D(-3), 1)]).score == 0


def test_weights_that_do_not_make_a_hundred_per_cent_are_normalised_and_said():
    card = scorecard([Entry("a", D(1), 1), Entry("b", D("0.4"), 2)])
    assert (card.score, card.weights_complete) == (D("0.6"), False)
    assert [row.weight for row in card.rows] == [3333, 6667]


@pytest.mark.parametrize("entries", [[], [Entry("a", None, 10_000)], [Entry("a", D(1), 0)]])
def test_a_card_where_nothing_counts_has_no_score(entries):
    assert scorecard(entries).score is None


@pytest.mark.parametrize(
    ("entry", "message"), [(Entry("a", D(1), -1), "weight"), (Entry("a", D(1), 1, D(0)), "cap")]
)
def test_a_negative_weight_and_a_cap_below_the_target_are_refused(entry, message):
    with pytest.raises(ValueError, match=message):
        scorecard([entry])


@given(ENTRIES)
def test_a_score_is_between_its_goals_and_its_parts_add_up(entries):
    card = scorecard(entries)
    counted = [
        row.counted
        for row, entry in zip(card.rows, entries, strict=True)
        if row.counted is not None and entry.weight
    ]
    assert (card.score is None) == (not counted)
    if counted:
        assert min(counted) - D("1e-20") <= card.score <= max(counted) + D("1e-20")
        assert abs(sum(row.contribution for row in card.rows) - card.score) < D("1e-20")
        assert sum(row.weight for row in card.rows) == 10_000


@given(ENTRIES, st.integers(2, 9))
def test_only_proportions_of_weights_matter(entries, factor):
    heavier = [Entry(entry.key, entry.attainment, entry.weight * factor, entry.cap) for entry in entries]
    one, other = scorecard(entries).score, scorecard(heavier).score
    assert one == other or abs(one - other) < D("1e-20")
