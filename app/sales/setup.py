"""Puts the sales room into the app."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.core.navigation import NavEntry, register
from app.core.permissions import Permission
from app.imports import founding
from app.sales import imports, words
from app.sales.recounting import in_another_currency
from app.sales.routes import blueprints


def init_app(app: Flask) -> None:
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    imports.init()
    if in_another_currency not in founding.in_another_currency:
        founding.in_another_currency.append(in_another_currency)
    app.jinja_env.globals["sales_words"] = words
    app.add_template_filter(words.rate)
    record, see, keep = Permission.SALES_RECORD, Permission.SALES_VIEW, Permission.CATALOGUE_MANAGE
    for entry in (
        NavEntry("record", "record.new", _l("Record a sale"), "plus", record, order=30, on_phone=True),
        NavEntry("sales", "sales.index", _l("Sales"), "handshake", see, order=40, on_phone=True),
        NavEntry("process", "process.index", _l("Process"), "truck", see, order=50),
        NavEntry("activities", "activities.index", _l("Activities"), "phone", see, order=55),
        NavEntry("products", "products.index", _l("Products"), "package", keep, "setup", order=60),
        NavEntry("rates", "rates.index", _l("Exchange rates"), "refresh-cw", keep, "setup", order=65),
        NavEntry("step_rules", "process.rules", _l("Process rules"), "git-branch", keep, "setup", order=67),
    ):
        register(entry)
