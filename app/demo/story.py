"""The demo company's fifteen months, from one seed: the same day tells the same story.

Pure: it knows reps and products as numbers and says what happened; nobody asks a database here.
What it tells: a season, people who differ and learn, joiners and leavers, one bad quarter of deliveries
that cost follow-up orders, a tent that let water in, a few who never took the course about the boot, and a
few who lost their touch for a quarter, so that every page has something to show. Luck has no part in who
wins how often: whatever the day, nobody but these few has a quarter that asks for an explanation.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

SEED = 8848  # metres
WARM_UP = timedelta(days=50)  # the first deals are still under way, so little is won yet
SEASON = (0.82, 0.86, 0.95, 1.02, 1.1, 1.12, 0.96, 0.8, 1.04, 1.1, 1.2, 1.28)  # January to December
SOURCE_WEIGHTS = (34, 14, 22, 18, 12)
SOURCE_WINS = (0.95, 0.9, 1.35, 0.7, 1.1)
PRODUCT_WEIGHTS = (18, 12, 17, 12, 16, 10, 10, 5)
LOST_FOR = ("price", "competitor", "no_decision", "product", "delivery", "service")
LOST_WEIGHTS = (30, 24, 26, 9, 6, 5)
BAD_DELIVERY = (8, 6)  # from so many months ago, to so many
CLOSED = 3  # quarters, the last that are over: those before have no goals, as they have no history
LEAKING = 1  # the product that disappointed everybody in the last quarter that is over
LEAKING_WINS = 0.3
TRAINED = 4  # the product whose course sellers need
UNTRAINED = (6, 13, 22, 31, 40)  # who never took it, and win little of that product in the last quarter
UNTRAINED_WINS, UNTRAINED_LEADS = 0.12, 0.4
SKILLS = 0.12  # how far people differ
SLUMPS = {12: 1, 7: 3, 14: 3, 24: 3}  # who won little for reasons of their own, and how many quarters ago
SLUMP_WINS = 12  # then only every so many-th deal, whatever the seed
BUSY = 1.6  # what a slump shows in: many leads, taken up as always


@dataclass(frozen=True, slots=True)
class Rep:
    """`skill` scales the chance to win, `drive` the leads worked; both start lower for joiners."""

    number: int
    team: int
    skill: float
    drive: float
    hired_on: date
    left_on: date | None = None


@dataclass(slots=True)
class Deal:
    number: int
    rep: int
    product: int
    customer: int
    source: int
    opened_on: date
    closed_on: date | None = None
    is_won: bool = False
    quantity: int = 1
    discount: float = 0.0
    lost_reason: str | None = None
    promised_on: date | None = None
    delivered_on: date | None = None
    followed_up_on: date | None = None
    cancelled_on: date | None = None
    satisfaction: int | None = None
    technique: int | None = None
    helper: int | None = None  # another rep with part of the credit


@dataclass(frozen=True, slots=True)
class Visit:
    rep: int
    kind: str
    customer: int
    on: date


@dataclass(slots=True)
class Story:
    today: date
    starts_on: date
    reps: list[Rep] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    slumped: Counter[int] = field(default_factory=Counter)  # deals decided in a rep's slump
    promise: dict[tuple[int, int], float] = field(default_factory=dict)  # by rep and quarter: odds so far


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def tell(today: date, *, reps: int = 42, months: int = 15) -> Story:
    """Everything that happened up to today, both days included."""
    chance = random.Random(SEED)
    story = Story(today, months_before(today, months))
    story.reps = [_rep(chance, number, today) for number in range(reps)]
    for rep in story.reps:
        for start in _months(max(story.starts_on, rep.hired_on), rep.left_on or today):
            _month(chance, story, rep, start)
    _today(chance, story)
    story.deals.sort(key=lambda deal: (deal.opened_on, deal.rep, deal.number))
    for number, deal in enumerate(story.deals, 1):
        deal.number = number
    return story


def _rep(chance: random.Random, number: int, today: date) -> Rep:
    joined_lately = number in {9, 23, 37}
    left = number in {16, 33}
    hired = today - timedelta(days=chance.randint(70, 260) if joined_lately else chance.randint(700, 3200))
    skill = min(max(chance.gauss(1.0, SKILLS), 1 - 1.5 * SKILLS), 1 + 2 * SKILLS)
    drive = max(0.6, chance.gauss(1.0, 0.2))
    return Rep(
        number=number,
        team=number % 6,
        skill=max(1.1, skill) if number in SLUMPS else skill,
        drive=BUSY if number in SLUMPS else drive,
        hired_on=hired,
        left_on=today - timedelta(days=chance.randint(40, 120)) if left else None,
    )


def season(first: date, last: date) -> float:
    """Of the days between, both included."""
    days = (last - first).days + 1
    return sum(SEASON[(first + timedelta(days=day)).month - 1] for day in range(days)) / days


def _months(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day = months_before(day, -1)


def _experience(rep: Rep, day: date) -> float:
    """A joiner reaches two thirds of their skill at once and the rest in half a year."""
    return min(1.0, 0.62 + 0.38 * max(0, (day - rep.hired_on).days) / 180)


def _month(chance: random.Random, story: Story, rep: Rep, start: date) -> None:
    end = min(months_before(start, -1) - timedelta(days=1), rep.left_on or story.today, story.today)
    share = ((end - start).days + 1) / 30
    wanted = 13 * rep.drive * SEASON[start.month - 1] * share * (0.75 + 0.25 * _experience(rep, start))
    for _ in range(_poisson(chance, wanted)):
        opened = _working_day(chance, start, end)
        story.deals.append(_deal(chance, story, rep, opened))
    for _ in range(_poisson(chance, 16 * rep.drive * share)):
        kind = chance.choices(("call", "meeting", "demo"), (45, 38, 17))[0]
        story.visits.append(
            Visit(rep.number, kind, _customer(chance, story, start), _working_day(chance, start, end))
        )


def _deal(chance: random.Random, story: Story, rep: Rep, opened: date) -> Deal:
    source = chance.choices(range(5), SOURCE_WEIGHTS)[0]
    product = _product(chance, story, rep, opened)
    deal = Deal(
        0,
        rep.number,
        product,
        _customer(chance, story, opened),
        source,
        opened,
        quantity=_quantity(chance, product),
    )
    closes = opened + timedelta(days=max(0, round(chance.gammavariate(2.0, 11.0))))
    closes += timedelta(days=(0, 0, 0, 0, 0, 2, 1)[closes.weekday()])
    odds = 0.36 * rep.skill * SOURCE_WINS[source] * _experience(rep, opened)
    if closes > (rep.left_on or story.today):
        return deal
    deal.closed_on = closes
    ago = _quarters_ago(closes, story.today)
    if ago == 1 and product == TRAINED and rep.number in UNTRAINED:
        odds *= UNTRAINED_WINS
    is_leaking = product == LEAKING and ago == 1
    deal.is_won = _is_made_good(
        chance, story, rep, min(odds, 0.85) * (LEAKING_WINS if is_leaking else 1), ago
    )
    if ago == SLUMPS.get(rep.number):
        story.slumped[rep.number] += 1
        deal.is_won = story.slumped[rep.number] % SLUMP_WINS == 0
    if is_leaking and not deal.is_won and chance.random() < 0.6:
        deal.lost_reason = "product"
        return deal
    if not deal.is_won:
        deal.lost_reason = chance.choices(LOST_FOR, LOST_WEIGHTS)[0]
        return deal
    deal.discount = max(0.0, min(0.25, chance.gauss(0.06, 0.05)))
    deal.technique = chance.randrange(4) if chance.random() < 0.35 else None
    if chance.random() < 0.03:
        deal.helper = (rep.number + 6) % len(story.reps)
    _after_the_win(chance, story, deal)
    return deal


def _is_made_good(chance: random.Random, story: Story, rep: Rep, odds: float, ago: int) -> bool:
    """A deal is won whenever the odds of the rep's deals of the quarter have come to one more."""
    before = story.promise.setdefault((rep.number, ago), chance.random())
    story.promise[rep.number, ago] = before + odds
    return int(before + odds) > int(before)


def _product(chance: random.Random, story: Story, rep: Rep, opened: date) -> int:
    """Those who never took the course are asked for that product more than others; whose slump it was had
    no tents to sell, so that nobody need be asked about these before.
    """
    product = chance.choices(range(8), PRODUCT_WEIGHTS)[0]
    if rep.number in UNTRAINED and chance.random() < UNTRAINED_LEADS:
        return TRAINED
    return TRAINED if rep.number in SLUMPS and product == LEAKING else product


def _quarters_ago(day: date, today: date) -> int:
    """0: in the running quarter of the calendar."""
    return (today.year - day.year) * 4 + (today.month - 1) // 3 - (day.month - 1) // 3


def _after_the_win(chance: random.Random, story: Story, deal: Deal) -> None:
    won = deal.closed_on
    assert won is not None
    deal.promised_on = won + timedelta(days=chance.choice((7, 10, 14, 21)))
    months_ago = (story.today.year - won.year) * 12 + story.today.month - won.month
    is_bad = BAD_DELIVERY[1] <= months_ago <= BAD_DELIVERY[0]
    late = chance.random() < (0.39 if is_bad else 0.07)
    delivered = deal.promised_on + timedelta(days=chance.randint(3, 16) if late else -chance.randint(0, 4))
    if chance.random() < (0.06 if late else 0.015):
        cancelled = won + timedelta(days=chance.randint(2, 12))
        if cancelled <= story.today:
            deal.cancelled_on, deal.promised_on = cancelled, deal.promised_on
            return
    if delivered > story.today or (late and chance.random() < 0.02):
        return
    deal.delivered_on = max(delivered, won)
    followed = deal.delivered_on + timedelta(days=chance.randint(3, 15))
    if followed <= story.today and chance.random() < (0.74 if is_bad else 0.88):
        deal.followed_up_on = followed
        if chance.random() < 0.8:
            mean = 3.4 if late else 4.4
            deal.satisfaction = max(1, min(5, round(chance.gauss(mean, 0.7))))


def _today(chance: random.Random, story: Story) -> None:
    """Whatever the weekday, something was won today: the feed and the TV have a beginning."""
    here = [rep for rep in story.reps if rep.left_on is None]
    for rep in chance.sample(here, min(5, len(here))):
        deal = Deal(
            0,
            rep.number,
            chance.randrange(7),
            _customer(chance, story, story.today),
            chance.randrange(5),
            story.today,
        )
        deal.closed_on, deal.is_won, deal.quantity = story.today, True, chance.randint(2, 9)
        deal.promised_on = story.today + timedelta(days=10)
        story.deals.append(deal)


def _customer(chance: random.Random, story: Story, day: date) -> int:
    """The company comes to know more of them as time goes by; the oldest buy most."""
    known = 70 + int(0.42 * (day - story.starts_on).days)
    return known if chance.random() < 0.03 else int(known * chance.random() ** 1.6)


def _quantity(chance: random.Random, product: int) -> int:
    return chance.choice((1, 1, 2)) if product == 7 else chance.choice((2, 3, 4, 5, 6, 8, 10, 12, 16))


def _working_day(chance: random.Random, first: date, last: date) -> date:
    """A day between two, weekends nearly never."""
    for _ in range(6):
        day = first + timedelta(days=chance.randint(0, (last - first).days))
        if day.weekday() < 5:
            return day
    return first


def _poisson(chance: random.Random, mean: float) -> int:
    """Knuth's product of uniforms: fine for means of some tens."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
