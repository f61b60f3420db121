"""Puts the coaching room into the app."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.coaching import effect_words, hr_words, session_words
from app.coaching.routes import (
    coached,
    commitments,
    effects,
    hr_cases,
    notes,
    session_log,
    session_templates,
    sessions,
)
from app.core import navigation
from app.core.navigation import NavEntry
from app.core.permissions import Permission

# One blueprint may be filled by several modules.
PAGES = (coached, commitments, effects, hr_cases, notes, session_log, session_templates, sessions)


def init_app(app: Flask) -> None:
    for blueprint in dict.fromkeys(module.bp for module in PAGES):
        app.register_blueprint(blueprint)
    navigation.register(
        NavEntry(
            "coaching",
            "coaching_sessions.mine",
            _l("Coaching"),
            "compass",
            Permission.COACHING_VIEW,
            "main",
            29,  # before goals: the phone's bar has room for three
            on_phone=True,
        )
    )
    app.jinja_env.filters.update(session_words.FILTERS)
    app.add_template_filter(hr_words.status, "hr_case_status")
    app.add_template_filter(effect_words.figures, "figures_of")
