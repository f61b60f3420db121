"""A goal comes down the tree, and what is given out adds up."""

from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.goals.cascade import Node, Source, cascade

D = Decimal


def person(key, history=None, **more):
    return Node(key, history=None if history is None else D(history), **more)


TEAM_1 = Node("team 1", (person("Ana", 60), person("Berta", 40)))
TEAM_2 = Node("team 2", (person("Carla", 100), person("Dora")))
COMPANY = Node("company", (TEAM_1, TEAM_2))


def values(result):
    return {level.key: level.value for level in result.levels}


def test_a_whole_is_split_by_last_year_and_who_is_new_counts_as_the_usual_head_of_the_team():
    result = cascade(COMPANY, D(900))
    assert values(result) == {
        "company": 900,
        "team 1": 300,
        "Ana": 180,
        "Berta": 120,
        "team 2": 600,
        "Carla": 300,
        "Dora": 300,
    }
    assert result.of("Dora").source == Source.NO_HISTORY
    assert result.of("Dora").weight == 100
    assert (result.of("Ana").source, result.of("Ana").parent, result.of("Ana").depth) == (
        "history",
        "team 1",
        2,
    )
    assert result.gaps == []


def test_by_headcount_everybody_weighs_their_own():
    result = cascade(
        Node("team", (person("Ana", 60), person("Berta", 1, headcount=D("0.5")))), D(9), "headcount"
    )
    assert values(result) == {"team": 9, "Ana": 6, "Berta": 3}
    assert result.of("Ana").source == Source.HEADCOUNT


def test_the_deals_left_over_go_to_the_largest_remainders_and_cents_can_be_split():
    trio = Node("team", (person("c"), person("a"), person("b")))
    assert values(cascade(trio, D(100), "headcount")) == {"team": 100, "c": 33, "a": 34, "b": 33}
    assert values(cascade(trio, D(100), "headcount", unit=D("0.01")))["a"] == D("33.34")


def test_what_is_less_than_a_unit_is_not_lost():
    result = cascade(TEAM_1, D("10.75"))
    assert values(result) == {"team 1": D("10.75"), "Ana": D("6.75"), "Berta": 4}


def test_a_part_set_by_hand_stays_and_the_others_share_the_rest():
    fixed = replace(COMPANY, parts=(replace(TEAM_1, fixed=D(500)), TEAM_2))
    result = cascade(fixed, D(900))
    assert (result.of("team 1").value, result.of("team 1").source) == (500, Source.HAND)
    assert (result.of("Ana").value, result.of("team 2").value) == (300, 400)
    assert result.of("company").gap == 0


def test_more_set_by_hand_than_there_is_shows_as_a_gap():
    result = cascade(Node("team", (person("Ana", 1, fixed=D(80)), person("Berta", 1, fixed=D(30)))), D(100))
    assert [(level.key, level.gap) for level in result.gaps] == [("team", 10)]
    with_another = Node("team", (person("Ana", 1, fixed=D(120)), person("Berta", 1)))
    assert (
        cascade(with_another, D(100)).of("Berta").value,
        cascade(with_another, D(100)).of("team").gap,
    ) == (0, 20)


def test_less_set_by_hand_than_there_is_shows_as_a_gap_too():
    result = cascade(Node("team", (person("Ana", fixed=D(80)),)), D(100))
    assert result.of("team").gap == -20
    assert result.of("Ana").gap is None


def test_without_a_whole_it_is_last_year_and_the_growth_asked_for():
    assert cascade(COMPANY, growth=D("0.10")).of("company").value == 220
    assert cascade(replace(COMPANY, fixed=D(500)), growth=D("0.10")).of("company").value == 500
    with pytest.raises(ValueError, match="nor a history"):
        cascade(Node("team", (person("Ana"),)))


def test_a_team_may_have_a_history_of_its_own_with_those_who_left():
    result = cascade(replace(COMPANY, parts=(replace(TEAM_1, history=D(600)), TEAM_2)), D(800))
    assert (result.of("team 1").value, result.of("team 2").value, result.of("Ana").value) == (600, 200, 360)


def test_where_nobody_has_results_headcount_decides_and_at_last_equality():
    assert values(cascade(Node("t", (person("a", 0), person("b", 0, headcount=D(3)))), D(8)))["b"] == 6
    nobody = Node("t", (person("a", headcount=D(0)), person("b", headcount=D(0))))
    assert values(cascade(nobody, D(8), "headcount"))["b"] == 4


def test_a_team_of_new_people_weighs_what_heads_of_the_company_usually_bring():
    new = Node("new", (person("x"), person("y")))
    result = cascade(replace(COMPANY, parts=(TEAM_1, new)), D(200))
    assert (result.of("new").value, result.of("new").source) == (100, Source.NO_HISTORY)


def test_goals_that_exist_are_added_up_at_every_level():
    goals = Node(
        "company",
        (
            Node("west", (person("Ana", fixed=D(50)), person("Berta", fixed=D(40))), fixed=D(100)),
            Node("east", (person("Carla", fixed=D(70)), person("Dora"))),
        ),
        fixed=D(160),
    )
    result = cascade(goals, by="hand")
    assert [(level.key, level.value, level.gap, level.source) for level in result.levels] == [
        ("company", 160, 10, "hand"),
        ("west", 100, -10, "hand"),
        ("Ana", 50, None, "hand"),
        ("Berta", 40, None, "hand"),
        ("east", 70, 0, "sum"),
        ("Carla", 70, None, "hand"),
        ("Dora", 0, None, "missing"),
    ]
    assert cascade(goals, D(200), by="hand").of("company").gap == -30


@pytest.mark.parametrize(
    ("root", "whole", "unit", "message"),
    [
        (Node("a", (person("a"),)), 1, 1, "twice"),
        (person("a", fixed=D(-1)), 1, 1, "negative"),
        (person("a", headcount=D(-1)), 1, 1, "negative"),
        (person("a"), -1, 1, "negative"),
        (person("a"), 1, 0, "unit"),
    ],
)
def test_what_makes_no_sense_is_refused(root, whole, unit, message):
    with pytest.raises(ValueError, match=message):
        cascade(root, D(whole), unit=D(unit))


NOT_FIXED = st.none()
HISTORIES = st.none() | st.integers(-50, 1000).map(D)
WHOLES = st.decimals(0, 10**7, places=2)
UNITS = st.sampled_from([D("0.01"), D("0.5"), D(1), D(100)])


@st.composite
def trees(draw, fixed=NOT_FIXED, depth=3):
    keys = count()

    def node(level):
        parts = tuple(node(level - 1) for _ in range(draw(st.integers(0, 4)))) if level else ()
        history = draw(HISTORIES) if not parts else None
        headcount = draw(st.sampled_from([D(0), D("0.5"), D(1)]))
        return Node(next(keys), parts, history, headcount, draw(fixed))

    return node(depth)


def turned(node):
    return replace(node, parts=tuple(map(turned, reversed(node.parts))))


def multiplied(node, factor):
    history = None if node.history is None else node.history * factor
    return replace(node, history=history, parts=tuple(multiplied(part, factor) for part in node.parts))


@given(trees(), WHOLES, st.sampled_from(["history", "headcount"]), UNITS)
def test_what_is_given_out_adds_up_at_every_level(root, whole, by, unit):
    result = cascade(root, whole, by, unit=unit)
    assert result.of(root.key).value == whole
    assert all(level.value >= 0 for level in result.levels)
    assert all(level.gap in {0, None} for level in result.levels)


@given(trees(fixed=st.none() | st.integers(0, 500).map(D)), WHOLES, st.sampled_from(["history", "headcount"]))
def test_what_is_fixed_stays_and_a_gap_is_only_where_nobody_can_take_it(root, whole, by):
    result = cascade(root, whole, by)

    def check(node):
        level = result.of(node.key)
        fixed = [part for part in node.parts if part.fixed is not None]
        for part in fixed:
            assert result.of(part.key).value == part.fixed
        if level.gap and level.gap < 0:
            assert len(fixed) == len(node.parts)
        if level.gap and level.gap > 0:
            assert sum(part.fixed for part in fixed) > level.value
        for part in node.parts:
            check(part)

    check(root)
    assert all(level.value >= 0 for level in result.levels)


@given(
    trees(fixed=st.none() | st.integers(0, 500).map(D)),
    WHOLES,
    st.sampled_from(["history", "headcount"]),
    UNITS,
)
def test_the_order_of_parts_does_not_matter(root, whole, by, unit):
    assert values(cascade(turned(root), whole, by, unit=unit)) == values(cascade(root, whole, by, unit=unit))


@given(trees(), WHOLES, st.integers(1, 1000))
def test_only_proportions_of_last_year_matter(root, whole, factor):
    assert values(cascade(multiplied(root, factor), whole)) == values(cascade(root, whole))


@given(trees(), st.integers(0, 10**6), st.integers(1, 100))
def test_the_same_split_in_another_unit_is_the_same(root, whole, factor):
    small, large = cascade(root, D(whole)), cascade(root, D(whole * factor), unit=D(factor))
    assert {key: value * factor for key, value in values(small).items()} == values(large)


@given(trees(fixed=st.none() | st.integers(0, 500).map(D)))
def test_the_report_over_existing_goals_changes_none(root):
    result = cascade(root, by="hand")
    for node in (root, *root.parts):
        level = result.of(node.key)
        if node.fixed is not None:
            assert level.value == node.fixed
        elif node.parts:
            assert level.gap == 0
