"""Puts the coaching room into the app."""

from flask import Flask
from flask_babel import lazy_pgettext

from app.coaching.effect import routes as effect_pages
from app.coaching.effect import words as effect_words
from app.coaching.hr import routes as hr_pages
from app.coaching.hr import words as hr_words
from app.coaching.notes import routes as note_pages
from app.coaching.plans import operations as plans
from app.coaching.plans import routes as plan_pages
from app.coaching.plans import steps
from app.coaching.plans import words as plan_words
from app.coaching.proposals import proposing, reconsidering
from app.coaching.rules import routes as rule_pages
from app.coaching.sessions import held
from app.coaching.sessions import routes as session_pages
from app.coaching.sessions import words as session_words
from app.core import events, jobs, navigation
from app.core.navigation import NavEntry
from app.core.permissions import Permission
from app.diagnosis.loading import records

PAGES = (plan_pages, rule_pages, session_pages, note_pages, effect_pages, hr_pages)


@jobs.job("coaching.open_gates", cron="17 * * * *")
def open_gates(timestamp: int) -> None:
    """Every hour: what has waited for a department whose time is over waits no longer."""
    reconsidering.open_gates()


def init_app(app: Flask) -> None:
    if held.held_sessions not in records.held_sessions:
        records.held_sessions.append(held.held_sessions)
    for pages in PAGES:
        app.register_blueprint(pages.bp)
    navigation.register(
        NavEntry(
            "coaching",
            "coaching_sessions.mine",
            lazy_pgettext("tab", "Coaching"),  # one word: the bar of a phone is narrow
            "compass",
            Permission.COACHING_VIEW,
            "main",
            29,  # before goals: the phone's bar has room for three
            on_phone=True,
            also=("coaching_plans", "coaching_rules", "coaching_effects", "coaching_notes"),
        )
    )
    events.on_many("case_opened")(proposing.on_cases_opened)
    events.on_many("case_changed")(reconsidering.on_cases_changed)
    events.on("course_completed")(steps.on_course_completed)
    events.on("person_left")(plans.on_person_left)
    app.jinja_env.filters.update(plan_words.FILTERS)
    app.jinja_env.globals["plan_words"] = plan_words
    app.jinja_env.filters.update(session_words.FILTERS)
    app.add_template_filter(hr_words.status, "hr_case_status")
    app.add_template_filter(effect_words.figures, "figures_of")
