"""Puts the diagnosis room into the app."""

from flask import Flask

from app.core import events, jobs
from app.diagnosis import adjusting, cli, opening, reminding


def period_closed(event: events.Event) -> None:
    opening.diagnose_period(event.payload["period_id"])


def result_adjusted(event: events.Event) -> None:
    adjusting.follow_result(event.payload["goal_id"])


@jobs.job("diagnosis.remind", cron="20 5 * * *")
def remind(timestamp: int) -> None:
    reminding.run()


def init_app(app: Flask) -> None:
    cli.init_app(app)
    events.on("period_closed")(period_closed)
    events.on("result_adjusted")(result_adjusted)
