"""Puts the diagnosis room into the app."""

from decimal import Decimal

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.core import events, jobs, navigation
from app.core.navigation import NavEntry
from app.core.permissions import Permission, Role
from app.diagnosis import adjusting, cli, opening, reminding, routes, words


def period_closed(event: events.Event) -> None:
    opening.diagnose_period(event.payload["period_id"])


def result_adjusted(event: events.Event) -> None:
    adjusting.follow_result(event.payload["goal_id"])


@jobs.job("diagnosis.remind", cron="20 5 * * *")
def remind(timestamp: int) -> None:
    """Every morning: who is asked is reminded, what was not answered in time lapses."""
    reminding.run()


def init_app(app: Flask) -> None:
    app.register_blueprint(routes.cases_bp)
    app.register_blueprint(routes.reviews_bp)
    cli.init_app(app)
    app.jinja_env.globals["diagnosis_words"] = words
    app.jinja_env.filters["as_decimal"] = Decimal
    navigation.register(
        NavEntry("cases", "cases.index", _l("Missed goals"), "compass", Permission.DIAGNOSIS_VIEW, "main", 50)
    )
    navigation.register(
        NavEntry(
            "reviews",
            "reviews.index",
            _l("Root-cause reviews"),
            "workflow",
            Permission.REVIEWS_VIEW,
            "main",
            55,
            # Who owns an action is led to it by the news.
            only=lambda viewer: viewer.role is not Role.REP,
        )
    )
    events.on("period_closed")(period_closed)
    events.on("result_adjusted")(result_adjusted)
