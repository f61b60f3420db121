"""A board kept in memory and told of changes is the board that the database would give."""

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock
from app.core.changes import changes
from app.core.transactions import atomic
from app.extensions import db
from app.goals import news, revisions
from app.goals.fiscal import span_of
from app.goals.models import Goal
from app.leaderboards import kept, past
from app.leaderboards.board import Board, Columns
from app.leaderboards.filters import BoardFilter, Mode, Of
from app.leaderboards.queries import boards
from app.leaderboards.standing import SCALE, Facts
from app.people.operations.preferences import set_preferences
from app.sales.models import Sale
from app.sales.operations import correct_sale, void_sale
from tests.factories import make_person
from tests.goals.factories import make_goal, make_period, the_metric
from tests.leaderboards.factories import said_again
from tests.sales.factories import make_product, make_sale

TODAY = clock.today()
PERIOD = span_of("quarter", TODAY)


@pytest.fixture
def listening(app, monkeypatch) -> Iterator[None]:
    """This process hears of its own changes, as it would of everybody's."""
    monkeypatch.setattr(changes, "is_live", True)
    kept.forget()
    past.forget()
    yield
    kept.forget()
    past.forget()


def filters() -> list[BoardFilter]:
    make_period(span_of("quarter", PERIOD.starts_on - timedelta(days=1)).key)
    revenue, rate = the_metric("revenue"), the_metric("win_rate")
    period = make_period(PERIOD.key)
    value = BoardFilter(revenue.id, period.id, None)
    return [*(replace(value, mode=mode) for mode in Mode), BoardFilter(rate.id, period.id, None)]


def rows(board: Board) -> list[tuple]:
    return [(s.key, s.rank, s.change, s.name, s.is_hidden, s.ranked_by, s.figure) for s in board.everybody()]


def check(chosen: BoardFilter) -> None:
    assert rows(kept.board(chosen)) == rows(boards.read_board(chosen)), chosen


DAYS = [TODAY, TODAY - timedelta(days=8), PERIOD.starts_on, PERIOD.starts_on - timedelta(days=20)]


@pytest.mark.usefixtures("listening")
def test_any_sequence_of_changes_leaves_the_boards_as_the_database_has_them(cast):
    chosen = [*filters(), *(replace(each, team_id=cast.norte.id) for each in filters()[:1])]
    chosen.append(replace(chosen[0], of=Of.TEAMS, depth=2))
    people, product, dice = [cast.ana, cast.bea, cast.luis, cast.marta], make_product(), random.Random(7)
    made: list[Sale] = []
    for each in chosen:
        kept.board(each)
    for _ in range(25):
        step = dice.choice(["sell", "sell", "sell", "lose", "correct", "void", "aim", "hide"])
        if step in {"sell", "lose"}:
            stage = "won" if step == "sell" else "lost"
            day, amount = dice.choice(DAYS), dice.randrange(1, 900) * 100
            made.append(make_sale(dice.choice(people), amount, day, stage, product=product))
        elif step == "aim":
            make_goal_once(dice.choice(people), dice.randrange(100, 900) * 100)
        elif step == "hide":
            set_preferences(cast.bea.id, locale=None, theme="auto", is_hidden=dice.random() < 0.5)
        elif made:
            sale = made.pop(dice.randrange(len(made)))
            if step == "void":
                void_sale(sale, by_id=cast.marta.id, reason="Twice")
            else:
                said = said_again(sale, amount=dice.randrange(1, 900) * 100, closed_on=dice.choice(DAYS))
                to = dice.choice(people).id
                made.append(correct_sale(sale, said, by_id=cast.marta.id, reason="Wrong", rep_id=to))
        for each in dice.sample(chosen, 2):
            check(each)
    for each in chosen:
        check(each)


def make_goal_once(person, target):
    if not db.session.scalar(db.select(Goal.id).where(Goal.person_id == person.id)):
        make_goal(person, target, period=PERIOD.key)
        with_announcement("goals", targets={"people": [person.id], "teams": []})


def with_announcement(topic, **detail):
    """As at the commit of the change: the factory makes rows without an operation."""
    changes.apply(topic, detail)


@pytest.mark.usefixtures("listening")
def test_a_first_result_makes_a_manager_a_member_and_a_voided_one_takes_it_back(cast):
    chosen = filters()[0]
    assert cast.marta.id not in kept.board(chosen)
    sale = make_sale(cast.marta)
    assert cast.marta.id in kept.board(chosen)
    void_sale(sale, by_id=cast.omar.id, reason="Twice")
    assert cast.marta.id not in kept.board(chosen)
    check(chosen)


@pytest.mark.usefixtures("listening")
def test_who_opts_out_is_hidden_at_the_next_look(cast):
    make_sale(cast.bea)
    chosen = filters()[0]
    assert not kept.board(chosen).standing_of(cast.bea.id).is_hidden
    set_preferences(cast.bea.id, locale=None, theme="auto", is_hidden=True)
    assert kept.board(chosen).standing_of(cast.bea.id).is_hidden


@pytest.mark.usefixtures("listening")
def test_only_the_boards_that_a_change_reaches_are_touched(cast):
    running, earlier = filters()[0], replace(filters()[0], period_id=make_period("2020-Q1").id)
    for each in (running, earlier):
        kept.board(each)
    versions = kept.board(running).version, kept.board(earlier).version
    make_sale(cast.ana)
    assert kept.board(running).version == versions[0] + 1
    assert kept.board(earlier).version == versions[1]


def revise(goal: Goal, target: int, by: int) -> None:
    revisions.revise_goal(
        goal.id,
        target=Decimal(target),
        reason="results",
        text="As seen",
        effective_on=TODAY,
        version=goal.version,
        by=by,
    )


@pytest.mark.usefixtures("listening")
def test_a_revised_goal_is_read_for_whom_it_is_and_nobody_else(cast, monkeypatch):
    people, teams = filters()[0], replace(filters()[0], of=Of.TEAMS, depth=2)
    mine = make_goal(cast.ana, 1_000_00, period=PERIOD.key)
    ours = make_goal(cast.norte, 5_000_00, period=PERIOD.key)
    make_sale(cast.ana)
    for each in (people, teams):
        kept.board(each)
    read, asked = boards.read_targets, []
    monkeypatch.setattr(boards, "read_targets", lambda *of: asked.append(of[1:]) or read(*of))
    revise(mine, 2_000_00, cast.marta.id)
    atomic(news.targets_stand)()
    assert kept.board(people).standing_of(cast.ana.id).target == 2_000_00
    assert kept._boards[teams].is_current(TODAY)
    assert asked == [({cast.ana.id},)]
    revise(ours, 6_000_00, cast.ximena.id)
    assert kept._boards[people].is_current(TODAY)
    assert kept.board(teams).standing_of(cast.norte.id).target == 6_000_00


@pytest.mark.usefixtures("listening")
def test_a_reading_that_fails_leaves_no_half_board(cast, monkeypatch):
    chosen = filters()[0]
    kept.board(chosen)
    with monkeypatch.context() as broken:
        broken.setattr(boards, "read_columns", lambda *_: 1 / 0)
        make_sale(cast.ana)
        with pytest.raises(ZeroDivisionError):
            kept.board(chosen)
    check(chosen)


@pytest.mark.usefixtures("listening")
def test_a_slow_board_is_shown_as_it_was_while_many_change(cast, monkeypatch):
    monkeypatch.setattr(kept, "PATIENCE", 0)
    chosen = filters()[0]
    first = kept.board(chosen)
    make_sale(cast.ana)
    kept.on_totals(None)
    kept._boards[chosen].cost = 10
    assert kept.board(chosen) is first
    kept._boards[chosen].cost = 0
    check(chosen)


@pytest.mark.usefixtures("listening")
def test_a_full_house_forgets_the_board_that_was_not_looked_at_the_longest(cast, monkeypatch):
    monkeypatch.setattr(kept, "MAX_MEMBERS", 8)
    chosen = filters()
    for each in chosen[:4]:
        kept.board(each)
    assert list(kept._boards) == chosen[2:4]


@pytest.mark.usefixtures("listening")
def test_past_places_are_those_of_the_whole_board(cast):
    before = span_of("quarter", PERIOD.starts_on - timedelta(days=1))
    chosen = BoardFilter(the_metric("revenue").id, make_period(before.key).id, None)
    for person, amount in ((cast.ana, 3), (cast.bea, 5), (cast.luis, 3), (cast.marta, 1)):
        make_sale(person, amount * 100, closed_on=before.starts_on)
    for _ in range(2):
        ladder, board = past.ladder(chosen), boards.read_board(chosen)
        assert len(ladder) == len(board)
        for standing in board.everybody():
            assert ladder.place_of(int(standing.figure * SCALE)) == standing.rank
        make_sale(cast.bea, 1000_00, closed_on=before.starts_on)


def test_a_board_stays_in_order_while_threads_change_it():
    """Each thread gives its own members new figures; whoever looks meanwhile sees a whole order."""
    members = range(1, 201)
    chosen = BoardFilter(1, 1, None)
    facts = Facts(chosen=chosen, higher_is_better=True, is_ratio=False, has_change=True)
    names = {key: f"Rep {key:03}" for key in members}
    board = Board(facts, Columns(names=dict(names), figures={}, earlier={}))
    last: dict[int, int] = {}
    faults: list[BaseException] = []

    def change(mine: list[int], seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(300):
            key, value = dice.choice(mine), dice.randrange(50)
            board.take([key], Columns(figures={key: value}, earlier={key: value // 2}))
            last[key] = value

    def look() -> None:
        try:
            for _ in range(150):
                ranks = [row.rank for row in board.everybody()]
                assert ranks == sorted(ranks)
                assert len(ranks) == 200
                board.view(100, top=10)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=change, args=(list(members[part::4]), part)) for part in range(4)]
    threads += [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    fresh = Board(
        facts, Columns(names=names, figures=last, earlier={key: value // 2 for key, value in last.items()})
    )
    assert rows(board) == rows(fresh)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.dictionaries(st.integers(1, 8), st.integers(0, 5)),
    steps=st.lists(
        st.tuples(
            st.integers(1, 8), st.none() | st.integers(0, 5), st.none() | st.integers(1, 4), st.booleans()
        )
    ),
    mode=st.sampled_from(list(Mode)),
    higher=st.booleans(),
    is_ratio=st.booleans(),
)
def test_columns_taken_in_one_by_one_make_the_board_of_all_at_once(start, steps, mode, higher, is_ratio):
    """Members come and go, figures and what they are compared with change: the order is never lost."""
    has_change = mode in {Mode.VALUE, Mode.ATTAINMENT}
    facts = Facts(
        chosen=BoardFilter(1, 1, None, mode),
        higher_is_better=higher,
        is_ratio=is_ratio,
        has_change=has_change,
    )
    names = dict.fromkeys(start, "Same")
    figures, targets, against, earlier = dict(start), dict.fromkeys(start, 2), dict(start), dict(start)
    columns = (names, figures, targets, against, earlier)
    board = Board(facts, _columns(*map(dict, columns)))
    for key, figure, target, is_member in steps:
        for column, value in ((figures, figure), (targets, target), (against, target), (earlier, figure)):
            column.pop(key, None)
            if value is not None:
                column[key] = value
        names.pop(key, None)
        if is_member:
            names[key] = "Same"
        board.take([key], _columns(*({k: v for k, v in c.items() if k == key} for c in columns)))
    assert rows(board) == rows(Board(facts, _columns(*map(dict, columns))))


def _columns(names, figures, targets, against, earlier) -> Columns:
    return Columns(names=names, figures=figures, targets=targets, against=against, earlier=earlier)


def test_equal_people_without_a_result_share_the_last_rank(cast):
    make_person("Zoe")
    make_sale(cast.ana)
    board = boards.read_board(filters()[0])
    assert [row.rank for row in board.everybody()] == [1, 2, 2, 2, 2]
