"""A sale's way through the process: what is done, what waits, for whom, and since when it is late.

    open --decide--> won --promise--> promised --deliver--> delivered --follow up--> done
             lost                                   (cancelled)

A step waits when the company has a rule for it, the sale was won since the rule began, and neither it nor
a later step is done. It is due: a promise `days` after the win; a delivery on the promised day, else `days`
after the win; a follow-up `days` after the delivery, else after the promised day, else after the win.
Calendar days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

State = Literal["done", "current", "next", "stopped"]
STEPS = ("promise", "deliver", "follow_up")
DATES = {"promise": "promised_on", "deliver": "delivered_on", "follow_up": "followed_up_on"}


@dataclass(frozen=True, slots=True)
class Rule:
    step: str
    team_id: int | None  # none: the sale's rep
    days: int
    starts_on: date


@dataclass(frozen=True, slots=True)
class Facts:
    stage: str
    opened_on: date | None = None
    closed_on: date | None = None
    promised_on: date | None = None
    delivered_on: date | None = None
    followed_up_on: date | None = None
    cancelled_on: date | None = None
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class Station:
    key: str  # open, decide, promise, deliver, follow_up, cancelled
    state: State
    on: date | None = None
    due: date | None = None
    team_id: int | None = None  # who answers; none: the rep

    def days_late(self, today: date) -> int:
        """How long it has been overdue; 0 when it is not, or does not wait."""
        if self.state != "current" or self.due is None:
            return 0
        return max(0, (today - self.due).days)


def waiting_step(facts: Facts, rules: Mapping[str, Rule]) -> str | None:
    """`decide` for an open sale, else the first step that waits, else None."""
    if facts.is_void or facts.cancelled_on or facts.stage == "lost":
        return None
    if facts.stage == "open":
        return "decide"
    for place, step in enumerate(STEPS):
        rule = rules.get(step)
        if rule is None or facts.closed_on is None or facts.closed_on < rule.starts_on:
            continue
        if all(getattr(facts, DATES[later]) is None for later in STEPS[place:]):
            return step
    return None


def due_on(step: str, facts: Facts, rules: Mapping[str, Rule]) -> date | None:
    rule = rules.get(step)
    if rule is None or facts.closed_on is None:
        return None
    span = timedelta(days=rule.days)
    if step == "promise":
        return facts.closed_on + span
    if step == "deliver":
        return facts.promised_on or facts.closed_on + span
    return (facts.delivered_on or facts.promised_on or facts.closed_on) + span


def way(facts: Facts, rules: Mapping[str, Rule]) -> list[Station]:
    """The stations to show, first to last. A step without rule and date is none of this company's."""
    stations = [Station("open", "done", facts.opened_on)]
    stopped = facts.is_void
    if facts.stage == "open":
        stations.append(Station("decide", "stopped" if stopped else "current"))
    elif facts.stage == "lost":
        return [*stations, Station("lost", "stopped", facts.closed_on)]
    else:
        stations.append(Station("won", "done", facts.closed_on))
    waiting = waiting_step(facts, rules)
    for step in STEPS:
        on, rule = getattr(facts, DATES[step]), rules.get(step)
        if on is None and (
            rule is None or (facts.closed_on is not None and facts.closed_on < rule.starts_on)
        ):
            continue
        state: State = "done" if on else "current" if step == waiting else "next"
        is_passed = any(getattr(facts, DATES[later]) for later in STEPS[STEPS.index(step) + 1 :])
        if state == "next" and (facts.cancelled_on or stopped or is_passed):
            continue
        due = due_on(step, facts, rules) if facts.stage == "won" else None
        stations.append(Station(step, state, on, due, rule.team_id if rule else None))
    if facts.cancelled_on:
        stations.append(Station("cancelled", "stopped", facts.cancelled_on))
    return stations
