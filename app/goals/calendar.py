"""Working days: the days on which a goal can move.

Days are whole. A day is worked unless it is a day of the weekend, a holiday or a day off of the person.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked. Weekend days are `date.weekday()` numbers, Monday 0."""

    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    holidays: frozenset[date] = frozenset()
    days_off: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekend < frozenset(range(7)):
            raise ValueError("a week has at least one working day, and days 0 to 6")

    @property
    def week_length(self) -> int:
        """Working days of an ordinary week."""
        return 7 - len(self.weekend)

    def is_working(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays and day not in self.days_off

    def working_days(self, first: date, last: date) -> int:
        """How many, both ends included; 0 when last is before first. Whole weeks are not walked through."""
        if last < first:
            return 0
        weeks, odd = divmod((last - first).days + 1, 7)
        begun = sum((first.weekday() + day) % 7 not in self.weekend for day in range(odd))
        free = bisect_right(self._free, last) - bisect_left(self._free, first)
        return weeks * self.week_length + begun - free

    def days(self, first: date, last: date) -> Iterator[date]:
        """The working days from first to last, both ends included."""
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            if self.is_working(day):
                yield day

    def remaining(self, day: date, last: date) -> int:
        """Working days left, `day` included: it is not over yet."""
        return self.working_days(day, last)

    def add_working_days(self, day: date, number: int) -> date:
        """The day when `number` more working days are over; the next working day for 1.

        Raises ValueError for a number below 1.
        """
        if number < 1:
            raise ValueError("count at least one working day")
        while number:
            day += timedelta(days=1)
            number -= self.is_working(day)
        return day

    def with_days_off(self, days_off: frozenset[date]) -> "WorkingCalendar":
        return WorkingCalendar(self.weekend, self.holidays, self.days_off | days_off) if days_off else self

    @cached_property
    def _free(self) -> tuple[date, ...]:
        """Holidays and days off that would otherwise be worked, in order."""
        return tuple(
            sorted(day for day in self.holidays | self.days_off if day.weekday() not in self.weekend)
        )


STANDARD = WorkingCalendar()
"""Monday to Friday, no holidays."""


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int, subdivision: str | None = None) -> frozenset[date]:
    """Public holidays of a country (ISO 3166 code); none for a country that the package does not know."""
    from holidays import country_holidays

    try:
        return frozenset(country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError:
        return frozenset()


@lru_cache(maxsize=256)
def named_holidays(country: str, year: int, language: str = "en") -> dict[date, str]:
    """The same with their names, in `language` where the package speaks it."""
    from holidays import country_holidays, list_localized_countries

    try:
        spoken = list_localized_countries().get(country, [])
        tag = next((tag for tag in spoken if tag.partition("_")[0] == language), None)
        return dict(country_holidays(country, years=year, language=tag))
    except NotImplementedError:
        return {}


@lru_cache(maxsize=64)
def weekend_of(country: str) -> frozenset[int]:
    """The days of the week that a country rests; Saturday and Sunday where the package does not know it."""
    from holidays import country_holidays

    try:
        return frozenset(country_holidays(country).weekend)
    except NotImplementedError:
        return frozenset({SATURDAY, SUNDAY})
