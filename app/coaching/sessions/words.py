"""What sessions and notes say in words."""

from datetime import datetime, timedelta

from babel.dates import format_date, format_time
from flask_babel import get_locale, gettext
from flask_babel import ngettext as plural

from app.core import clock
from app.core.locales import language


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def ngettext(one: str, many: str, number: int) -> str:
    return str(plural(one, many, number))


def when(instant: datetime) -> str:
    """Today, 10:00; Mon, Nov 30, 10:00: in the company's zone."""
    local, today = instant.astimezone(clock.zone()), clock.today()
    locale = get_locale() or "en_US"
    at = format_time(local.time(), format="short", locale=locale)
    if local.date() == today:
        return _("Today, %(time)s", time=at)
    if local.date() == today + timedelta(days=1):
        return _("Tomorrow, %(time)s", time=at)
    if local.date() == today - timedelta(days=1):
        return _("Yesterday, %(time)s", time=at)
    pattern = "EEE d MMM" if language() == "es" else "EEE, MMM d"
    if local.year != today.year:
        pattern += " y" if language() == "es" else ", y"
    return f"{format_date(local.date(), format=pattern, locale=locale)}, {at}"


def ago(days: int | None) -> str:
    """How long since somebody was last coached."""
    if days is None:
        return _("No session yet")
    if days == 0:
        return _("Last session today")
    return ngettext("Last session %(num)d day ago", "Last session %(num)d days ago", days)


FILTERS = {"when": when, "last_session_words": ago}
