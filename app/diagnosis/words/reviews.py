"""Root-cause reviews, their conversation and corrective actions, and whether the figure moved."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.diagnosis import watching
from app.diagnosis.models import ActionStatus, MessageKind, Review, ReviewStatus
from app.diagnosis.review_pages import Watched
from app.diagnosis.watching import Reading
from app.diagnosis.words.causes import CAUSES
from app.diagnosis.words.figures import figure_name, figure_text
from app.diagnosis.words.saying import _
from app.goals.words import period_name

REVIEW_STATUS: Mapping[str, Any] = {
    ReviewStatus.OPEN: _l("Waits for an answer"),
    ReviewStatus.CONFIRMED: _l("Confirmed"),
    ReviewStatus.REJECTED: _l("Rejected"),
    ReviewStatus.ACTING: _l("Being corrected"),
    ReviewStatus.DONE: _l("Corrected"),
    ReviewStatus.LAPSED: _l("Not answered in time"),
}
REVIEW_TONE: Mapping[str, str | None] = {
    ReviewStatus.OPEN: "info",
    ReviewStatus.CONFIRMED: "primary",
    ReviewStatus.REJECTED: "gold",
    ReviewStatus.ACTING: "primary",
    ReviewStatus.DONE: "good",
    ReviewStatus.LAPSED: None,
}
REVIEW_ICON: Mapping[str, str] = {
    ReviewStatus.OPEN: "clock",
    ReviewStatus.CONFIRMED: "check",
    ReviewStatus.REJECTED: "scale",
    ReviewStatus.ACTING: "workflow",
    ReviewStatus.DONE: "circle-check",
    ReviewStatus.LAPSED: "hourglass",
}
ACTION_STATUS: Mapping[ActionStatus, Any] = {
    ActionStatus.PLANNED: _l("Planned"),
    ActionStatus.DOING: _l("Under way"),
    ActionStatus.DONE: _l("Done"),
    ActionStatus.DROPPED: _l("Dropped"),
}
ACTION_TONE: Mapping[str, str | None] = {
    ActionStatus.PLANNED: None,
    ActionStatus.DOING: "info",
    ActionStatus.DONE: "good",
    ActionStatus.DROPPED: None,
}
SAID: Mapping[str, Any] = {
    MessageKind.ASKED: _l("The review was opened"),
    MessageKind.CONFIRMED: _l("The cause was confirmed"),
    MessageKind.REJECTED: _l("The cause was rejected"),
    MessageKind.ACCEPTED: _l("A second person agreed with the rejection"),
    MessageKind.RETURNED: _l("A second person did not agree with the rejection"),
    MessageKind.ACTION: _l("A corrective action was planned"),
    MessageKind.DOING: _l("A corrective action is under way"),
    MessageKind.DONE: _l("A corrective action was done"),
    MessageKind.DROPPED: _l("A corrective action was dropped"),
    MessageKind.COMMENT: _l("Comment"),
    MessageKind.LAPSED: _l("The time for an answer is over"),
    MessageKind.HANDED_OVER: _l("Handed over"),
}
SAID_ICON: Mapping[str, str] = {
    MessageKind.ASKED: "send",
    MessageKind.CONFIRMED: "check",
    MessageKind.REJECTED: "scale",
    MessageKind.ACCEPTED: "users",
    MessageKind.RETURNED: "undo-2",
    MessageKind.ACTION: "workflow",
    MessageKind.DOING: "arrow-right",
    MessageKind.DONE: "circle-check",
    MessageKind.DROPPED: "x",
    MessageKind.COMMENT: "message-square",
    MessageKind.LAPSED: "hourglass",
    MessageKind.HANDED_OVER: "handshake",
}


def review_title(review: Review) -> str:
    """Delivery and production: Ridge Boot, Q3 2026."""
    cause, period = str(CAUSES[review.cause]), period_name(review.period)
    if review.product is not None:
        return _(
            "%(cause)s: %(product)s, %(period)s", cause=cause, product=review.product.name, period=period
        )
    return _("%(cause)s, %(period)s", cause=cause, period=period)


def watched_unit(figure: Mapping[str, Any]) -> str:
    return watching.unit(figure).value


def watched_name(figure: Mapping[str, Any], review: Review) -> str:
    name = figure_name(figure["code"])
    return f"{name}: {review.product.name}" if review.product is not None else name


def reading_labels(readings: Sequence[Reading]) -> list[str]:
    locale = get_locale() or "en_US"
    return [format_date(one.first, "LLL y", locale=locale) for one in readings]


def moved_words(found: Watched) -> str:
    """Whether the figure moved since the period of the review."""
    unit = watched_unit(found.figure)
    values = {
        "now": figure_text(found.now.value, unit),
        "later": figure_text(found.latest.value if found.latest else None, unit),
    }
    if found.latest is None:
        return _("It was %(now)s. The next period shows whether it moves.", **values)
    if found.is_better is None:
        said = _("It was %(now)s and is %(later)s: no more than chance would have it.", **values)
    elif found.is_better:
        said = _("Better: it was %(now)s and is %(later)s.", **values)
    else:
        said = _("Not better: it was %(now)s and is %(later)s.", **values)
    return said + " " + _("The period is still running.") if found.is_running else said
