"""Puts the people room into the app."""

from flask import Flask
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.core import clock, navigation
from app.core.locales import NAMES
from app.core.navigation import NavEntry
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import login_manager
from app.people import cli, company, routes, sessions
from app.people.routes import account, welcome

ENTRIES = (
    NavEntry("people", "people.index", _l("People"), "users", Permission.PEOPLE_VIEW, "manage", 300),
    NavEntry(
        "preferences",
        "account.show_preferences",
        _l("Preferences"),
        "settings",
        Permission.OWN_ACCOUNT,
        "account",
        10,
    ),
    NavEntry(
        "sessions",
        "account.list_sessions",
        _l("Where you are signed in"),
        "monitor",
        Permission.OWN_ACCOUNT,
        "account",
        20,
    ),
    NavEntry(
        "password",
        "account.show_password",
        _l("Change password"),
        "key-round",
        Permission.OWN_ACCOUNT,
        "account",
        30,
    ),
)


def init_app(app: Flask) -> None:
    clock.use_zone(company.zone)
    app.register_blueprint(routes.bp)
    app.register_blueprint(account.bp)
    app.cli.add_command(cli.group)
    # Before the gate: nobody can sign in to an empty portal.
    app.before_request_funcs.setdefault(None, []).insert(0, welcome.lead_to_welcome)
    app.context_processor(lambda: {"company": company.settings()})
    app.context_processor(lambda: {"locale_names": NAMES, "locale_now": str(get_locale())})
    for entry in ENTRIES:
        navigation.register(entry)

    @login_manager.user_loader
    def load(token: str) -> Viewer | None:
        return sessions.viewer_for(token)
