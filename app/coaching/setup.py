"""Puts the coaching room into the app."""

from flask import Flask

from app.coaching import hr_words
from app.coaching.routes import hr_cases


def init_app(app: Flask) -> None:
    app.register_blueprint(hr_cases.bp)
    app.add_template_filter(hr_words.status, "hr_case_status")
