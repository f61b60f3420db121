"""Puts the goals room into the app."""

from collections.abc import Collection, Mapping
from datetime import date

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import events, jobs, navigation
from app.core.formats import day
from app.core.navigation import NavEntry
from app.core.permissions import Permission
from app.goals import (
    adjustment_drafts,
    closed,
    closing,
    imports,
    periods,
    result_words,
    routes,
    units,
    watching,
    words,
)
from app.goals.cli import periods_cli
from app.people import company
from app.sales import recording
from app.sales.closed_days import ClosedDay, lifted

FILTERS = {
    "arithmetic_words": words.arithmetic,
    "exact": words.exact,
    "expected_words": words.expected_words,
    "forecast_words": words.forecast_words,
    "goal_name": words.goal_name,
    "goal_target": words.target_text,
    "goal_title": words.title_text,
    "goal_value": words.value_text,
    "result_arithmetic": result_words.arithmetic,
    "result_share": result_words.share,
    "result_state": result_words.state,
    "verdict": result_words.verdict,
    "need_words": words.need_words,
    "pace_words": words.pace_words,
    "period_name": words.period_name,
    "subject_name": words.subject_name,
    "local_number": units.local,
    "as_written": lambda kept, metric: units.to_written(metric, kept),
}


@jobs.job("goals.ensure_periods", cron="7 * * * *")
def make_periods(timestamp: int) -> None:
    """Every hour: the next year's periods in time, and those that an import has reached back to."""
    periods.ensure_periods()


@jobs.job("goals.close_periods", cron="* * * * *")
def close_periods(timestamp: int) -> None:
    """Every minute: periods whose time has come. Two cheap questions where there is none."""
    if company.settings() is not None:
        closing.close_due()


@jobs.job("goals.forget_drafts", cron="40 3 * * *")
def forget_drafts(timestamp: int) -> None:
    """What somebody was kept from and never asked for is not kept for ever."""
    adjustment_drafts.forget_drafts()


def reach_back(event: events.Event) -> None:
    """An import may have brought records older than the oldest period."""
    periods.ensure_periods()


def refuse_closed(days: Collection[date], counted: Mapping[int, Collection[date]]) -> None:
    """A sale or activity does not change what a closed period came to, by whatever day it counts there."""
    rest = {day for found in counted.values() for day in found}
    held = set(closed.hold({*days, *rest}))
    judged = closed.judged_days({key: held.intersection(found) for key, found in counted.items()})
    if found := sorted((held.intersection(days) | judged) - lifted()):
        raise ClosedDay(
            _("%(day)s lies in a closed period: its results do not change any more.", day=day(found[0])),
            found,
        )


def init_app(app: Flask) -> None:
    for blueprint in (routes.bp, routes.results.bp, routes.adjustments.bp):
        app.register_blueprint(blueprint)
    app.register_error_handler(ClosedDay, routes.adjustments.offer)
    app.cli.add_command(periods_cli)
    imports.init()
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["goal_words"] = words
    app.jinja_env.globals["result_words"] = result_words
    navigation.register(
        NavEntry(
            "goals", "goals.index", _l("Goals"), "target", Permission.GOALS_VIEW, "main", 30, on_phone=True
        )
    )
    navigation.register(
        NavEntry(
            "results",
            "results.index",
            _l("Results"),
            "award",
            Permission.GOALS_VIEW,
            "main",
            32,
        )
    )
    navigation.register(
        NavEntry(
            "adjustments",
            "adjustments.index",
            _l("Adjustments"),
            "scale",
            Permission.ADJUSTMENTS_DECIDE,
            "manage",
            70,
        )
    )
    navigation.register(
        NavEntry(
            "periods", "goals.periods", _l("Periods"), "calendar", Permission.PERIODS_MANAGE, "setup", 60
        )
    )
    events.on("import_finished")(reach_back)
    if refuse_closed not in recording.guards:
        recording.guards.append(refuse_closed)
    watching.init()
