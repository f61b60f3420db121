"""Puts the admin room into the app."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.admin import routes
from app.core import navigation
from app.core.navigation import NavEntry
from app.core.permissions import Permission

ENTRIES = (
    NavEntry(
        "company", "admin.company", _l("Company"), "building-2", Permission.COMPANY_MANAGE, "setup", 310
    ),
    NavEntry("audit", "admin.audit", _l("Audit"), "history", Permission.AUDIT_VIEW, "setup", 320),
    NavEntry("mails", "admin.mails", _l("Kept mails"), "mail", Permission.MAIL_VIEW, "setup", 330),
)


def init_app(app: Flask) -> None:
    app.register_blueprint(routes.bp)
    for entry in ENTRIES:
        navigation.register(entry)
