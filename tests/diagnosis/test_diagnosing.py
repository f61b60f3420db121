"""The whole diagnosis, on companies small enough to be read, and on any at all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.diagnosis.diagnosing import REVENUE, diagnose, study
from app.diagnosis.findings import Cause, Scope, Verdict, Why
from app.diagnosis.records import Company, Goal, Person, Sales, Span, Stage, Trainings
from bench.companies import Plant, Shape, simulate

STEADY = Shape(
    reps=20, products=4, teams=2, leads=60, ability=0.05, busyness=0.05, cycle=6, evenness=20, by_closing=True
)
SEED = 11
NOTHING = np.zeros(0, np.int64)
SPANS = (
    Span(date(2026, 1, 1), date(2026, 3, 31)),
    Span(date(2026, 4, 1), date(2026, 6, 30)),
    Span(date(2026, 7, 1), date(2026, 9, 30)),
)


def no_sales():
    return Sales(
        *(NOTHING for _ in range(7)),
        *(np.zeros(0) for _ in range(4)),
        *(NOTHING for _ in range(6)),
        NOTHING > 0,
    )


def empty(*people):
    return Company(SPANS[-1], SPANS[:-1], SPANS[-1].last, people, no_sales())


def goal(person=1, target=1000, actual=400, **more):
    return Goal(person, (person,), REVENUE, Decimal(target), Decimal(actual), **more)


def planted(*plants, shape=STEADY, seed=SEED):
    return simulate(shape, plants, seed)


def answers(made):
    return [case.main_cause for case in diagnose(made.company, made.goals).cases]


def touched_cases(made, cause):
    hit = made.touched(cause)
    return [case for case in diagnose(made.company, made.goals).cases if hit[case.goal - 1]]


def test_without_records_there_is_no_cause():
    (case,) = diagnose(empty(Person(1)), [goal()]).cases
    assert case.main_cause is Cause.NONE
    assert sum(finding.amount for finding in case.findings) == 600


def test_who_is_not_in_the_records_has_no_cause():
    (case,) = diagnose(empty(), [goal(7)]).cases
    assert case.main_cause is Cause.NONE


@pytest.mark.parametrize(
    ("plant", "cause"),
    [
        (Plant("product"), Cause.PRODUCT),
        (Plant("price"), Cause.PRICE),
        (Plant("delivery"), Cause.DELIVERY),
        (Plant("service"), Cause.SERVICE),
        (Plant("marketing"), Cause.MARKETING),
    ],
)
def test_what_happened_to_all_is_found(plant, cause):
    made = planted(plant)
    found = diagnose(made.company, made.goals).causes
    assert found[0].cause is cause
    assert found[0].verdict is Verdict.ESTABLISHED
    assert found[0].cost > 0
    assert found[0].figures
    assert found[0].charts[0].points
    assert found[0].records
    assert {case.main_cause for case in touched_cases(made, plant.cause)} <= {cause}


def test_with_one_period_before_fewer_leads_may_be_the_season_and_are_not_judged():
    made = planted(Plant("marketing"))
    short = replace(made.company, before=made.company.before[-1:])
    diagnosis = diagnose(short, made.goals)
    assert not [found for found in diagnosis.causes if found.why is Why.LEADS]
    for case in diagnosis.cases:
        assert case.main_cause is Cause.NONE
        assert {found.verdict for found in case.findings if found.cause is Cause.MARKETING} == {
            Verdict.NO_DATA
        }


@pytest.mark.parametrize("label", [0.0, 0.65])
def test_worse_leads_of_several_sources_are_not_taken_for_a_price(label):
    made = planted(Plant("marketing", way=5), shape=replace(STEADY, sources=5, label=label))
    found = diagnose(made.company, made.goals).causes
    assert {each.cause for each in found} == {Cause.MARKETING}
    assert {each.why for each in found} == {Why.LEAD_QUALITY}
    assert len({each.scope.source for each in found}) > 1
    assert {case.main_cause for case in touched_cases(made, "marketing")} == {Cause.MARKETING}


def test_what_is_too_little_in_every_source_is_seen_in_several_together():
    made = planted(Plant("marketing", strength=0.55, way=1), shape=replace(STEADY, reps=12, sources=6))
    found = diagnose(made.company, made.goals).causes
    assert {each.cause for each in found} == {Cause.MARKETING}
    assert len({each.scope.source for each in found}) > 1


def test_where_nothing_happened_nothing_is_found():
    made = planted()
    assert set(answers(made)) == {Cause.NONE}
    assert diagnose(made.company, made.goals).causes == ()


def test_those_without_the_training_are_told_from_those_with_it():
    shape = replace(STEADY, reps=30, focus=2, missing_training=0.4, trained_products=4)
    made = planted(Plant("training", way=2), shape=shape)
    cases = touched_cases(made, "training")
    assert cases
    assert {case.main_cause for case in cases} == {Cause.TRAINING}
    figure = cases[0].findings[0].figures[0]
    assert figure.now < figure.peers_now


def test_a_training_for_all_products_is_told_from_those_for_one():
    """Half of those who lack a product's training have the general one, whose lack is what costs sales."""
    made = planted(shape=replace(STEADY, reps=30))
    rng, sales = np.random.default_rng(SEED), made.company.sales
    without = np.arange(1, 11)
    now = sales.closed >= SPANS[-1].first.toordinal()
    gone = now & (sales.stage == Stage.WON) & np.isin(sales.person, without) & (rng.random(len(sales)) < 0.55)
    stage, value = np.where(gone, Stage.LOST, sales.stage), np.where(gone, 0, sales.value)
    others = rng.integers(1, 31, 20)
    nobody = np.zeros(len(without) + len(others), np.int64)
    trainings = Trainings(
        np.concatenate([without, others]),
        np.concatenate([nobody[: len(without)], rng.integers(1, 5, len(others))]),
        nobody,
        nobody,
    )
    company = replace(made.company, sales=replace(sales, stage=stage, value=value), trainings=trainings)
    result = diagnose(company, [goal(int(person)) for person in without])
    assert [(each.cause, each.scope) for each in result.causes] == [(Cause.TRAINING, Scope())]
    assert {case.main_cause for case in result.cases} == {Cause.TRAINING}


def test_who_fell_alone_is_named_and_nobody_else():
    made = planted(Plant("capability", strength=1.5, way=0, people=0.1))
    result = diagnose(made.company, made.goals)
    named = {case.goal - 1 for case in result.cases if case.main_cause is Cause.CAPABILITY}
    assert named == set(np.flatnonzero(made.touched("capability") & made.missed).tolist())
    finding = next(case.findings[0] for case in result.cases if case.goal - 1 in named)
    assert finding.why in {Why.WIN_RATE, Why.SEVERAL}
    assert finding.figures
    assert finding.records[0].people


def test_what_who_left_did_not_decide_any_more_is_not_held_against_them():
    company = planted(shape=replace(STEADY, by_closing=False, cycle=25)).company
    left = SPANS[-1].first + 0.7 * (SPANS[-1].last - SPANS[-1].first)
    sales, gone = company.sales, company.sales.person == company.people[0].id
    after = gone & (sales.closed > left.toordinal())
    undecided = {
        name: np.where(after, 0, getattr(sales, name)) for name in ("stage", "closed", "value", "reason")
    }
    sales = replace(sales, **undecided).where(~(gone & (sales.opened > left.toordinal())))
    people = (replace(company.people[0], left_on=left, present=()), *company.people[1:])
    persons = study(replace(company, sales=sales, people=people)).about.persons
    (pace,) = (each for each in persons.components if each.name == "pace")
    assert pace.known.tolist() == [False] + [True] * 19
    assert not persons.named.any()


def test_who_sells_alone_is_never_named():
    made = planted(
        Plant("capability", strength=1.8, way=3, people=1.0), shape=replace(STEADY, reps=1, teams=1)
    )
    assert Cause.CAPABILITY not in set(answers(made))


def test_a_target_above_what_history_supports_is_said_so():
    made = planted(shape=replace(STEADY, stretch=1.6))
    whys = [{finding.why for finding in case.findings} for case in diagnose(made.company, made.goals).cases]
    assert sum(Why.TARGET in why for why in whys) > 0.9 * len(whys)


def test_every_cause_is_found_or_ruled_out_or_has_nothing_recorded():
    made = planted()
    bare = replace(made.company, trainings=Trainings(NOTHING, NOTHING, NOTHING, NOTHING))
    case = diagnose(bare, made.goals).cases[0]
    verdicts = {finding.cause: finding.verdict for finding in case.findings}
    assert set(verdicts) == set(Cause)
    assert verdicts[Cause.TRAINING] is Verdict.NO_DATA
    assert verdicts[Cause.PRODUCT] is Verdict.RULED_OUT


def test_the_split_of_the_change_adds_up():
    made = planted(Plant("price"))
    for case in diagnose(made.company, made.goals).cases:
        assert case.split is not None
        assert sum(part.change for part in case.split.parts) == case.split.now - case.split.before
        assert all(part.shared + part.own == part.change for part in case.split.parts)


SMALL = st.builds(
    Shape,
    reps=st.integers(1, 6),
    products=st.integers(1, 4),
    sources=st.integers(1, 3),
    teams=st.integers(1, 3),
    leads=st.sampled_from([0.5, 4.0, 20.0]),
    quarters=st.integers(2, 5),
    empty=st.sampled_from([0.0, 1.0]),
    has_delivery=st.booleans(),
    has_service=st.booleans(),
    has_prices=st.booleans(),
    joiners=st.sampled_from([0.0, 0.5]),
    grace=st.sampled_from([0, 30]),
    metric=st.sampled_from(["revenue", "deals_won"]),
)
PLANTS = st.lists(
    st.builds(
        Plant,
        cause=st.sampled_from(
            ["product", "price", "delivery", "service", "marketing", "training", "capability"]
        ),
        way=st.integers(0, 7),
        team=st.booleans(),
    ),
    max_size=2,
).map(tuple)
COMPANIES = st.builds(simulate, SMALL, PLANTS, st.integers(0, 10_000))
FEW = settings(max_examples=25)


def gist(result):
    return [
        (case.goal, case.main_cause, [(each.cause, each.why, each.amount) for each in case.findings])
        for case in sorted(result.cases, key=lambda case: case.goal)
    ]


@FEW
@given(COMPANIES)
def test_the_amounts_of_every_case_are_its_shortfall(made):
    for case in diagnose(made.company, made.goals).cases:
        assert sum(finding.amount for finding in case.findings) == case.shortfall
        assert all(finding.amount >= 0 for finding in case.findings)
        assert case.split is None or sum(part.change for part in case.split.parts) == (
            case.split.now - case.split.before
        )


@FEW
@given(COMPANIES, st.randoms(use_true_random=False))
def test_the_order_of_records_persons_and_goals_changes_nothing(made, random):
    company = made.company
    order = list(range(len(company.sales)))
    random.shuffle(order)
    people, goals = list(company.people), list(made.goals)
    random.shuffle(people)
    random.shuffle(goals)
    mixed = replace(company, sales=company.sales.where(np.array(order, np.int64)), people=tuple(people))
    assert gist(diagnose(mixed, goals)) == gist(diagnose(company, made.goals))


@FEW
@given(COMPANIES)
def test_another_currency_scales_the_amounts(made):
    made = replace_metric(made)
    company = made.company
    sales = replace(company.sales, value=company.sales.value * 8, list_value=company.sales.list_value * 8)
    goals = [replace(each, target=each.target * 8, actual=each.actual * 8) for each in made.goals]
    once, other = diagnose(company, made.goals), diagnose(replace(company, sales=sales), goals)
    for one, two in zip(once.cases, other.cases, strict=True):
        assert one.main_cause is two.main_cause
        for a, b in zip(one.findings, two.findings, strict=True):
            assert abs(float(b.amount) - 8 * float(a.amount)) <= 8 * len(one.findings) + 1e-6 * float(
                one.shortfall
            )


def replace_metric(made):
    made.goals = [replace(each, rule=REVENUE, unit=Decimal(1)) for each in made.goals]
    return made
