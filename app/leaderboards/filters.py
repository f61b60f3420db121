"""What a board shows: the filters of its URL, resolved."""

import enum
from dataclasses import dataclass
from datetime import date


class Mode(enum.StrEnum):
    VALUE = "value"
    ATTAINMENT = "attainment"  # share of one's own goal
    IMPROVED = "improved"  # against the period before, at the same point of it
    BEST = "best"  # against one's own best period


class Of(enum.StrEnum):
    PEOPLE = "people"
    TEAMS = "teams"


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Keys only, so that it can name a board that is kept. `team_id` None: the whole company.

    `depth` of a board of teams: how far below the company they are.
    """

    metric_id: int
    period_id: int
    team_id: int | None
    mode: Mode = Mode.VALUE
    of: Of = Of.PEOPLE
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Both days included."""

    starts_on: date
    ends_on: date

    def until(self, day: date) -> "Span | None":
        """The part up to a day; None when it had not begun."""
        return None if day < self.starts_on else Span(self.starts_on, min(self.ends_on, day))


def same_point(now: Span, before: Span, today: date) -> Span:
    """The part of the earlier period that lies as many days in as `today` does in this one.

    A period that is over is compared whole with whole.
    """
    if today >= now.ends_on:
        return before
    elapsed = max(today, now.starts_on) - now.starts_on
    return Span(before.starts_on, min(before.ends_on, before.starts_on + elapsed))
