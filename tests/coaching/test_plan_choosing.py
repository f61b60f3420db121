"""Which steps are chosen: by rules, for reasons, few, the same every time."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.coaching import wording
from app.coaching.proposals.choosing import (
    COMPANYS,
    MOST,
    MOST_A_FINDING,
    For,
    Found,
    Offer,
    Rule,
    Seen,
    choose,
    kind_of,
)
from app.coaching.proposals.first_session import free_day

D = Decimal
WIN_RATE = Seen("win_rate", "share", now=0.18, peers=0.30, cases=50)


def rule(number, cause="capability", aspect=None, kind="practice", least=0, template=None):
    return Rule(number, number * 10, cause, aspect, least, template or number, kind, 14)


def found(cause="capability", amount=100, aspect="win_rate", product=None, seen=(WIN_RATE,)):
    return Found(cause, aspect, D(amount), product, seen)


def chosen(findings, rules, offer=None, shortfall=100):
    return [step.template for step in choose(findings, D(shortfall), rules, offer or Offer())]


def test_a_rule_applies_where_cause_aspect_and_share_are_its_own():
    rules = [rule(1, aspect="win_rate"), rule(2, aspect="activity"), rule(3, "training"), rule(4, least=80)]
    assert chosen([found(amount=60)], rules) == [1]
    assert chosen([found(amount=80)], rules) == [1, 4]
    assert chosen([found("training", 50)], rules) == [3]


def test_a_step_says_why():
    (step,) = choose([found(amount=60, product=7)], D(100), [rule(1)], Offer())
    assert (step.rule, step.share, step.product, step.seen) == (1, D("0.6"), 7, WIN_RATE)


def test_a_course_needs_one_about_the_product():
    rules = [rule(1, "training", kind="course"), rule(2, "training")]
    assert chosen([found("training", product=7)], rules) == [2]
    (course, _) = choose([found("training", product=7)], D(100), rules, Offer(courses={7: 70}))
    assert (course.template, course.course) == (1, 70)


def test_shadowing_needs_a_peer_who_is_strong_exactly_there():
    rules = [rule(1, kind="shadowing")]
    assert chosen([found(product=7)], rules) == []
    offer = Offer(peers={(7, "win_rate"): 5, (None, "win_rate"): 6})
    assert choose([found(product=7)], D(100), rules, offer)[0].peer == 5
    assert choose([found(product=8)], D(100), rules, offer)[0].peer == 6


def test_the_companys_causes_are_taken_together():
    rules = [rule(1, "company", least=50), rule(2, "price")]
    assert chosen([found("price", 30), found("delivery", 30)], rules) == [1, 2]


def test_findings_take_turns_so_that_none_is_crowded_out():
    rules = [*(rule(number) for number in range(1, 6)), rule(9, "training")]
    assert chosen([found(amount=90), found("training", 10)], rules) == [1, 2, 3, 9]


def test_what_was_tried_comes_again_only_where_nothing_else_is_left():
    rules = [rule(1), rule(2)]
    assert chosen([found()], rules, Offer(tried=[(1, None)])) == [2]
    assert chosen([found()], rules, Offer(tried=[(1, None), (2, None)])) == [1, 2]


def test_a_step_comes_once_though_two_findings_ask_for_it():
    assert chosen([found(amount=50, product=1), found(amount=40, product=2)], [rule(1)]) == [1]


findings = st.lists(
    st.builds(
        Found,
        st.sampled_from(["training", "capability", *COMPANYS]),
        st.sampled_from(["win_rate", "activity", "several"]),
        st.integers(0, 100).map(Decimal),
        st.one_of(st.none(), st.integers(1, 3)),
    ),
    max_size=6,
)
rules = st.lists(
    st.builds(
        Rule,
        st.integers(1, 20),
        st.integers(1, 5),
        st.sampled_from(["training", "capability", "company", "price"]),
        st.sampled_from([None, "win_rate", "activity"]),
        st.integers(0, 60),
        st.integers(1, 8),
        st.sampled_from(["practice", "course", "shadowing"]),
        st.integers(1, 30),
    ),
    max_size=12,
    unique_by=lambda rule: rule.id,
)


@given(findings=findings, rules=rules, data=st.data())
def test_however_it_is_listed_the_steps_are_the_same_few(findings, rules, data):
    offer = Offer(courses={1: 10}, peers={(None, "win_rate"): 4})
    steps = choose(findings, D(100), rules, offer)
    assert len(steps) <= MOST
    assert len({step.what for step in steps}) == len(steps)
    shuffled = data.draw(st.permutations(rules)), data.draw(st.permutations(findings))
    again = choose(shuffled[1], D(100), shuffled[0], offer)
    assert [step.what for step in again] == [step.what for step in steps]
    for step in steps:
        assert step.kind != "course" or step.course
        assert step.kind != "shadowing" or step.peer


@given(findings=findings, rules=rules)
def test_no_finding_has_more_than_its_share_of_steps(findings, rules):
    steps = choose(findings, D(100), rules, Offer())
    asked = [(step.cause, step.aspect, step.product, step.amount) for step in steps]
    limit = MOST_A_FINDING * max([1, *(findings.count(one) for one in findings)])
    assert all(asked.count(one) <= limit for one in asked)


class TestKind:
    def of(self, *findings, is_open=True):
        return kind_of(findings, D(100), is_capability_open=is_open)

    def test_something_left_for_the_person_is_coached(self):
        assert self.of(found(amount=30), found("price", 70)) is For.COACHING
        assert self.of(found("training", 12)) is For.COACHING

    def test_the_systems_miss_is_supported(self):
        assert self.of(found("price", 95), found(amount=5)) is For.SUPPORT

    def test_while_the_departments_owe_an_answer_it_is_not_the_persons_turn(self):
        assert self.of(found(amount=90), is_open=False) is For.SUPPORT

    def test_chance_is_nobodys(self):
        assert self.of() is For.NOTHING
        assert self.of(found("price", 3)) is For.NOTHING


class TestWords:
    def test_figures_are_filled_in(self):
        assert wording.fill("You won {now}, peers {peers}.", {"now": "18%", "peers": "30%"}) == (
            "You won 18%, peers 30%."
        )

    def test_a_sentence_whose_figure_is_not_known_is_left_out(self):
        said = "{share} comes from here. You won {now}. Begin there."
        assert wording.fill(said, {"share": "60%", "now": None}) == "60% comes from here. Begin there."

    def test_a_title_says_what_it_can(self):
        assert wording.fill_title("Course: {course}", {"course": None}) == "Course"
        assert wording.fill_title("Go along with {peer}", {"peer": "Bea"}) == "Go along with Bea"

    @given(text=st.text(max_size=80), value=st.text(max_size=20))
    def test_no_text_breaks_it(self, text, value):
        wording.fill(text, {"now": value})
        wording.fill_title(text + "{now}", {"now": value})


class TestFirstSession:
    def test_a_day_on_which_both_work_and_the_manager_has_room(self):
        from collections import Counter
        from datetime import date

        from app.goals.calendar import STANDARD

        friday = date(2026, 11, 20)
        monday, tuesday, wednesday = (date(2026, 11, day) for day in (23, 24, 25))
        away = [frozenset({monday})]
        assert free_day(friday, STANDARD, away, Counter()) == tuesday
        assert free_day(friday, STANDARD, away, Counter({tuesday: 2})) == wednesday
