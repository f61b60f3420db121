"""A rule is put together from closed lists, and says what is wrong with it."""

import pytest

from app.metrics.definition import (
    CONDITIONS,
    DATES,
    MEASURES,
    MetricKind,
    Problem,
    RuleError,
    Subject,
    Unit,
    check_unit,
    parse,
)

WON = {"measure": "count", "conditions": ["won", "kept"]}


def problems(kind, data, subject=Subject.SALES):
    with pytest.raises(RuleError) as caught:
        parse(subject, kind, data)
    return caught.value.problems


def test_a_rule_is_kept_as_it_was_read():
    data = {
        "date": "closed_on",
        "measure": "count",
        "conditions": ["won"],
        "of": {"measure": "count", "conditions": ["decided"]},
        "products": [3, 1, 3],
        "series": ["GTX"],
    }
    rule = parse(Subject.SALES, MetricKind.RATIO, data)
    assert rule.as_data() == data | {"products": [1, 3]}
    assert parse(Subject.SALES, MetricKind.RATIO, rule.as_data()) == rule


@pytest.mark.parametrize("subject", list(Subject))
def test_every_item_of_the_lists_can_be_used(subject):
    for date in DATES[subject]:
        for condition in CONDITIONS[subject]:
            data = {"date": date.value, "measure": "count", "conditions": [condition.value]}
            assert parse(subject, MetricKind.COUNT, data).conditions == {condition}
    for measure in MEASURES[subject][1:]:
        data = {"date": DATES[subject][0].value, "measure": measure.value}
        assert parse(subject, MetricKind.SUM, data).part.measure is measure


@pytest.mark.parametrize(
    ("kind", "data", "wrong"),
    [
        (MetricKind.COUNT, {"measure": "count"}, {"date": Problem.MISSING}),
        (MetricKind.COUNT, {**WON, "date": "DROP TABLE"}, {"date": Problem.UNKNOWN}),
        (MetricKind.COUNT, {**WON, "date": "happened_on"}, {"date": Problem.UNKNOWN}),
        (MetricKind.SUM, {**WON, "date": "closed_on"}, {"measure": Problem.NEEDS_MEASURE}),
        (MetricKind.COUNT, {"date": "closed_on", "measure": "value"}, {"measure": Problem.COUNT_ONLY}),
        (MetricKind.RATIO, {**WON, "date": "closed_on"}, {"of": Problem.NEEDS_BASE}),
        (
            MetricKind.COUNT,
            {**WON, "date": "closed_on", "of": WON},
            {"of": Problem.NO_BASE, "conditions": Problem.ALWAYS_ONE},
        ),
        (
            MetricKind.COUNT,
            {"date": "closed_on", "measure": "count", "conditions": ["won", "lost"]},
            {"conditions": Problem.CONTRADICTION},
        ),
        (
            MetricKind.COUNT,
            {"date": "closed_on", "measure": "count", "conditions": ["rich"]},
            {"conditions": Problem.UNKNOWN},
        ),
        (MetricKind.COUNT, {**WON, "date": "closed_on", "products": ["x"]}, {"products": Problem.UNKNOWN}),
        (
            MetricKind.COUNT,
            {**WON, "date": "closed_on", "activities": ["call"]},
            {"activities": Problem.UNKNOWN},
        ),
        (MetricKind.RATIO, {**WON, "date": "closed_on", "of": "sales"}, {"of": Problem.UNKNOWN}),
    ],
)
def test_a_rule_that_cannot_be_taken_says_why(kind, data, wrong):
    assert problems(kind, data) == wrong


def test_activities_have_no_products():
    data = {"date": "happened_on", "measure": "count", "products": [1]}
    assert problems(MetricKind.COUNT, data, Subject.ACTIVITIES) == {"products": Problem.UNKNOWN}


@pytest.mark.parametrize(
    ("kind", "data", "unit"),
    [
        (MetricKind.SUM, {"measure": "value"}, Unit.MONEY),
        (MetricKind.COUNT, {"measure": "count"}, Unit.NUMBER),
        (MetricKind.RATIO, {"measure": "value", "of": {"measure": "count"}}, Unit.MONEY),
        (MetricKind.RATIO, {"measure": "value", "of": {"measure": "list_value"}}, Unit.PERCENT),
        (MetricKind.RATIO, {**WON, "of": {"measure": "count"}}, Unit.PERCENT),
        (MetricKind.RATIO, {"measure": "satisfaction", "of": {"measure": "count"}}, Unit.SCORE),
        (MetricKind.RATIO, {"measure": "days_to_deliver", "of": {"measure": "count"}}, Unit.NUMBER),
    ],
)
def test_a_figure_has_a_unit_that_fits_what_it_is_made_of(kind, data, unit):
    rule = parse(Subject.SALES, kind, data | {"date": "closed_on"})
    check_unit(rule, unit)
    wrong = next(other for other in Unit if other not in rule.units)
    with pytest.raises(RuleError):
        check_unit(rule, wrong)
