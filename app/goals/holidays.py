"""Which days the company works: its country's holidays, its own, and each person's days off."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import BigInteger, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.core import audit
from app.core.changes import changes
from app.core.errors import Conflict, Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.goals.calendar import WorkingCalendar, named_holidays, public_holidays, weekend_of
from app.goals.models import CompanyHoliday
from app.goals.queries import closed_days
from app.people import company
from app.people.models import DayOff

_kept: dict[tuple[int, int], tuple[tuple[int, ...], WorkingCalendar]] = {}


@dataclass(frozen=True, slots=True)
class Holiday:
    on: date
    name: str
    own: CompanyHoliday | None  # None: the country's
    is_worked: bool


def company_calendar(first: date, last: date) -> WorkingCalendar:
    """The calendar that everybody shares, right for the days from first to last."""
    years = first.year, last.year
    stamp = changes.stamp(("company", "periods"))
    if changes.is_live and years in _kept and _kept[years][0] == stamp:
        return _kept[years][1]
    settings = company.settings()
    country = settings.country if settings else ""
    days: set[date] = set()
    for year in range(first.year, last.year + 1):
        days |= public_holidays(country, year)
    rows = db.session.execute(
        select(CompanyHoliday.on, CompanyHoliday.is_working).where(
            CompanyHoliday.on >= date(first.year, 1, 1), CompanyHoliday.on <= date(last.year, 12, 31)
        )
    )
    for day, is_working in rows:
        (days.discard if is_working else days.add)(day)
    calendar = WorkingCalendar(weekend_of(country), frozenset(days))
    _kept[years] = stamp, calendar
    return calendar


def days_off(person_ids: Collection[int], first: date, last: date) -> dict[int, frozenset[date]]:
    """Each person's days off from first to last, for those who have any."""
    if not person_ids:
        return {}
    found: dict[int, set[date]] = defaultdict(set)
    rows = db.session.execute(
        select(DayOff.person_id, DayOff.starts_on, DayOff.ends_on).where(
            DayOff.person_id == func.any(literal(sorted(person_ids), ARRAY(BigInteger))),
            DayOff.starts_on <= last,
            DayOff.ends_on >= first,
        )
    )
    for person_id, starts_on, ends_on in rows:
        begin, end = max(starts_on, first), min(ends_on, last)
        found[person_id] |= {begin + timedelta(days=step) for step in range((end - begin).days + 1)}
    return {person_id: frozenset(days) for person_id, days in found.items()}


def holidays_of(year: int, language: str) -> Sequence[Holiday]:
    """The country's and the company's own of a year, in order."""
    settings = company.settings()
    country = settings.country if settings else ""
    own = {
        row.on: row
        for row in db.session.scalars(
            select(CompanyHoliday).where(
                CompanyHoliday.on >= date(year, 1, 1), CompanyHoliday.on <= date(year, 12, 31)
            )
        )
    }
    national = named_holidays(country, year, language)
    return [
        Holiday(
            day,
            own[day].name if day in own else national[day],
            own.get(day),
            is_worked=day in own and own[day].is_working,
        )
        for day in sorted({*own, *national})
    ]


@atomic
def add_holiday(on: date, name: str, *, is_working: bool, by: int) -> CompanyHoliday:
    """A day off for all; or, for a holiday of the country, a day on which the company works.

    The same day again changes its name.
    """
    if closed_days([on]):
        raise Conflict(
            _("This day lies in a closed period: what was expected by it does not change any more.")
        )
    settings = company.settings()
    country = settings.country if settings else ""
    is_national = on in public_holidays(country, on.year)
    if is_working and not is_national:
        raise Invalid(_("The country has no holiday on this day, so it is worked anyway."), "is_working")
    if not is_working and is_national:
        raise Invalid(_("This day is a holiday of the country already."), "on")
    if on.weekday() in weekend_of(country):
        raise Invalid(_("This day lies on a weekend, so it is free anyway."), "on")
    day_id = db.session.scalar(
        insert(CompanyHoliday)
        .values(on=on, name=name.strip(), is_working=is_working)
        .on_conflict_do_update(
            index_elements=[CompanyHoliday.on], set_={"name": name.strip(), "is_working": is_working}
        )
        .returning(CompanyHoliday.id)
    )
    holiday = db.session.get_one(CompanyHoliday, day_id, populate_existing=True)
    audit.record("holiday.set", holiday, actor_id=by, on=on.isoformat(), is_working=is_working)
    changes.announce("periods")
    return holiday


@atomic
def remove_holiday(holiday_id: int, *, by: int) -> CompanyHoliday | None:
    """Take a company holiday back; a second time changes nothing."""
    holiday = db.session.get(CompanyHoliday, holiday_id, with_for_update=True)
    if holiday is None:
        return None
    if closed_days([holiday.on]):
        raise Conflict(
            _("This day lies in a closed period: what was expected by it does not change any more.")
        )
    audit.record("holiday.removed", holiday, actor_id=by, on=holiday.on.isoformat())
    db.session.delete(holiday)
    changes.announce("periods")
    return holiday
