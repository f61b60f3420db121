"""What a goal that was judged came to, in words."""

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _l

from app.goals.models import GoalResult, NotJudged, Outcome
from app.metrics.figures import format_figure_short
from app.metrics.models import Metric


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


OUTCOMES = {
    Outcome.EXCEEDED: _l("Exceeded"),
    Outcome.REACHED: _l("Reached"),
    Outcome.MISSED: _l("Not reached"),
    Outcome.NOT_JUDGED: _l("Not judged"),
}
MANY = {  # goals that came to it
    Outcome.EXCEEDED: lazy_pgettext("goals", "Exceeded"),
    Outcome.REACHED: lazy_pgettext("goals", "Reached"),
    Outcome.MISSED: lazy_pgettext("goals", "Not reached"),
    Outcome.NOT_JUDGED: lazy_pgettext("goals", "Not judged"),
}
TONES = {
    Outcome.EXCEEDED: "sunrise",
    Outcome.REACHED: "good",
    Outcome.MISSED: None,
    Outcome.NOT_JUDGED: "info",
}
ICONS = {
    Outcome.EXCEEDED: "sparkles",
    Outcome.REACHED: "flag",
    Outcome.MISSED: "circle-dot",
    Outcome.NOT_JUDGED: "minus",
}
WHY_NOT = {
    NotJudged.RAMP: _l("New for most of the period"),
    NotJudged.LEAVE: _l("Away for most of the period"),
    NotJudged.TOO_LITTLE_DATA: _l("Too few cases to say anything"),
    NotJudged.WITHDRAWN: _l("Taken back after the close"),
}


def verdict(result: GoalResult, metric: Metric) -> str:
    """What came of a goal, in a few words."""
    if result.not_judged is not None:
        return _("Not judged: %(why)s", why=str(WHY_NOT[result.not_judged]).lower())
    if result.outcome is Outcome.MISSED and result.figure is not None:
        gap = format_figure_short(abs(result.target - result.figure), metric)
        return (
            _("Ended %(figure)s short", figure=gap)
            if metric.is_higher_better
            else _("Ended %(figure)s over the limit", figure=gap)
        )
    return str(OUTCOMES[result.outcome])
