"""Who is named, of all reps judged together."""

import numpy as np

from app.diagnosis.judging import benjamini_hochberg, judge

FALLS = 6


def speaks(by_person):
    return {"win_rate": np.tile(np.array(by_person, float), (FALLS, 1))}


def everybody(size):
    return np.ones(size, bool)


def test_where_nobody_stands_out_nobody_is_named():
    assert not judge(speaks([-0.5] * 40), everybody(40)).named.any()


def test_who_stands_far_out_is_named():
    judged = judge(speaks([-1.0] * 39 + [12.0]), everybody(40))
    assert judged.named.tolist() == [False] * 39 + [True]


def test_where_several_stand_out_the_next_is_believed_sooner():
    alone = judge(speaks([-1.0] * 39 + [3.0]), everybody(40)).fell[-1]
    among = judge(speaks([-1.0] * 30 + [9.0] * 9 + [3.0]), everybody(40)).fell[-1]
    assert among > 2 * alone


def test_falls_of_several_sides_together_tell_more_than_any_alone():
    still, fallen = [-1.0] * 39, 2.5
    sides = {side: np.array([[*still, fallen]] * FALLS) for side in ("win_rate", "leads", "deal_value")}
    alone = max(judge({side: logs}, everybody(40)).fell[-1] for side, logs in sides.items())
    together = judge(sides, everybody(40))
    assert together.fell[-1] > 2 * alone
    assert together.named.tolist() == [False] * 39 + [True]


def test_a_lower_price_speaks_beside_fewer_leads():
    still, fallen = [-1.0] * 39, 2.5
    sides = {side: np.array([[*still, fallen]] * FALLS) for side in ("leads", "discount", "win_rate")}
    without = judge({side: logs for side, logs in sides.items() if side != "discount"}, everybody(40))
    assert judge(sides, everybody(40)).fell[-1] > without.fell[-1]


def test_who_is_not_judged_is_never_named():
    judged = everybody(40)
    judged[-1] = False
    assert not judge(speaks([-1.0] * 39 + [20.0]), judged).named.any()


def test_without_any_look_nobody_is_named():
    assert not judge({}, everybody(3)).named.any()


def test_benjamini_and_hochberg_s_own_example():
    few = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    many = [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    chances = np.array(few + many)  # their paper, section 4: four are rejected at 0.05
    assert (chances <= benjamini_hochberg(chances, 0.05)).sum() == 4


def test_who_did_a_little_badly_beside_some_who_fell_far_is_not_named():
    still, little, far = [-1.0] * 33, [0.6, 0.9, 0.7, -0.5, -3.0, -7.0], [3.0, 6.0, 9.0, 12.0, 15.0, 18.0]
    logs = np.array([[*still, small, *[deep] * 6] for small, deep in zip(little, far, strict=True)])
    judged = judge({"win_rate": logs}, everybody(40))
    assert judged.named.tolist() == [False] * 34 + [True] * 6


def test_of_those_named_at_least_half_are_expected_to_have_fallen():
    judged = judge(speaks([-1.0] * 30 + [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5]), everybody(40))
    assert judged.named.any()
    assert judged.fell[judged.named].min() >= 0.5
    assert judged.fell[~judged.named].max() < 0.5
