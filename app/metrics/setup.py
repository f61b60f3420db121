"""Puts the metrics room into the app."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.core.navigation import NavEntry, register
from app.core.permissions import Permission
from app.metrics import figures, moving, operations, routes, statements, totals, words
from app.metrics.cli import totals as commands
from app.metrics.routes.links import records_url
from app.sales import counted_days, recording


def init_app(app: Flask) -> None:
    app.register_blueprint(routes.bp)
    app.cli.add_command(commands)
    app.add_template_filter(figures.format_figure, "figure")
    app.add_template_filter(figures.format_figure_short, "figure_short")
    app.add_template_filter(figures.format_part, "figure_part")
    app.jinja_env.globals |= {"records_url": records_url, "metric_words": words}
    totals.init()
    moving.init()
    if statements.counted_sales not in counted_days.sources:
        counted_days.sources.append(statements.counted_sales)
    if operations.recount_series not in recording.series_trackers:
        recording.series_trackers.append(operations.recount_series)
    register(
        NavEntry(
            "metrics", "metrics.index", _l("Metrics"), "bar-chart", Permission.METRICS_MANAGE, "setup", 40
        )
    )
