"""Periods and the days that count: the administrator's pages."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound
from app.core.forms import Form
from app.core.hx import fragment, go_to, wants_fragment
from app.core.locales import language
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import holidays, overview
from app.goals import periods as making
from app.goals.forms import HolidayForm
from app.goals.routes import bp
from app.goals.routes.answers import refused
from app.people.company import the_company


@bp.get("/periods")
@requires(Permission.PERIODS_MANAGE)
def periods() -> ResponseReturnValue:
    making.ensure_periods()
    kind = request.args.get("kind", "month")
    if kind not in {"month", "quarter", "year"}:
        raise NotFound
    return render_template(
        "goals/periods.html",
        rows=overview.periods(kind),
        kind=kind,
        company=the_company(),
        today=clock.today(),
    )


@bp.get("/holidays")
@requires(Permission.PERIODS_MANAGE)
def show_holidays() -> ResponseReturnValue:
    return render_template("goals/holidays.html", **_holidays(HolidayForm(None)))


@bp.post("/holidays")
@requires(Permission.PERIODS_MANAGE)
def add_holiday() -> ResponseReturnValue:
    form = HolidayForm()
    if not form.validate():
        return _again(form)
    try:
        holiday = holidays.add_holiday(
            form.on.data or clock.today(),
            form.name.data or "",
            is_working=form.is_working.data,
            by=the_viewer().person_id,
        )
    except Invalid as error:
        return _again(refused(form, error))
    except Conflict as error:
        form.on.errors = [str(error.message)]
        return _again(form)
    flash(_("Saved"), "good")
    return go_to(url_for("goals.show_holidays", year=holiday.on.year))


@bp.post("/holidays/<int:holiday_id>/removal")
@requires(Permission.PERIODS_MANAGE)
def remove_holiday(holiday_id: int) -> ResponseReturnValue:
    if not Form().validate():
        raise NotFound
    holiday = holidays.remove_holiday(holiday_id, by=the_viewer().person_id)
    flash(_("Removed"), "good")
    return go_to(url_for("goals.show_holidays", year=holiday.on.year if holiday else None))


def _again(form: HolidayForm) -> ResponseReturnValue:
    template = "goals/_holidays.html" if wants_fragment() else "goals/holidays.html"
    return fragment(template, 422, **_holidays(form))


def _holidays(form: HolidayForm) -> dict[str, Any]:
    this = clock.today().year
    year = request.args.get("year", this, type=int)
    if form.on.data is not None:
        year = form.on.data.year
    if not this - 60 <= year <= this + 5:
        raise NotFound
    return {
        "form": form,
        "year": year,
        "rows": holidays.holidays_of(year, language()),
        "country": the_company().country,
        "weekend": sorted(holidays.company_calendar(clock.today(), clock.today()).weekend),
    }
