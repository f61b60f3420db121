"""The pages of training: learning, who is where, and writing courses; a blueprint each."""

from flask import Blueprint

bp = Blueprint("training", __name__, url_prefix="/training")
people = Blueprint("training_people", __name__, url_prefix="/training")
courses = Blueprint("courses", __name__, url_prefix="/training")

from app.training.routes import (  # noqa: E402 - they fill the blueprints
    assignments,
    authoring,
    certificates,
    learning,
    lessons,
    overview,
    questions,
    quizzes,
    requirements,
)

blueprints = (bp, people, courses)

__all__ = [
    "assignments",
    "authoring",
    "blueprints",
    "bp",
    "certificates",
    "courses",
    "learning",
    "lessons",
    "overview",
    "people",
    "questions",
    "quizzes",
    "requirements",
]
