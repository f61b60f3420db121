"""What is said of an effect: never more than the figures hold."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext, ngettext

from app.coaching.effect.comparing import Effect, TooFew
from app.coaching.effect.queries import Helps, Told
from app.coaching.models import StepKind
from app.core.formats import day, percent
from app.metrics.figures import format_figure_short
from app.metrics.models import Metric


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def figure(metric: Metric, value: float | None) -> str:
    return format_figure_short(None if value is None else Decimal(str(round(value, 6))), metric)


def figures(values: Sequence[float | None], metric: Metric) -> list[str]:
    return [figure(metric, value) for value in values]


def signed(metric: Metric, value: float) -> str:
    text = figure(metric, abs(value))
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text


def headline(told: Told) -> str:
    found = told.effect
    if not told.is_over:
        return _(
            "Too early to say: what came after is known from %(day)s on.",
            day=day(told.finished.times.after.last),
        )
    if found is None:
        if told.too_few is TooFew.PEERS:
            return _("Too few data: too few colleagues with a like record were not coached at that time.")
        return _("Too few data: the person's own figures rest on too little.")
    if not found.is_clear:
        return _("No clear effect: what changed may well be chance.")
    if (found.effect > 0) == told.metric.is_higher_better:
        return _("It helped: more came of it than of colleagues with a like record.")
    return _("It did not help: colleagues with a like record came further without it.")


def interval(told: Told) -> str:
    found = told.effect
    if found is None:
        return ""
    return _(
        "%(effect)s, and with 95 %% certainty between %(low)s and %(high)s",
        effect=signed(told.metric, found.effect),
        low=signed(told.metric, found.low),
        high=signed(told.metric, found.high),
    )


def peers(found: Effect) -> str:
    return str(
        ngettext(
            "Compared with %(num)s colleague who had a like record before and was not coached.",
            "Compared with %(num)s colleagues who had a like record before and were not coached.",
            found.peers,
        )
    )


def warning(told: Told) -> str | None:
    """The return to the mean, where it makes up much of what was seen."""
    found = told.effect
    if found is None or not found.is_mostly_return:
        return None
    return _(
        "After a bad period most people come back by themselves. Of the change of %(change)s, "
        "%(expected)s was to be expected without any coaching.",
        change=signed(told.metric, found.change),
        expected=signed(told.metric, found.expected),
    )


def stages() -> list[str]:
    return [_("Before"), _("Missed period"), _("During the plan"), _("After")]


def steps() -> dict[str, str]:
    return {
        StepKind.COURSE.value: _("A course"),
        StepKind.PRACTICE.value: _("Practice"),
        StepKind.SHADOWING.value: _("Shadowing a colleague"),
        StepKind.JOINT_VISIT.value: _("A joint visit"),
        StepKind.PIPELINE_REVIEW.value: _("Going through open sales"),
        StepKind.SUPPORT.value: _("Support"),
        StepKind.OTHER.value: _("Something else"),
    }


def kinds() -> list[tuple[str, str]]:
    return [
        ("all", _("All plans")),
        ("step", _("By step")),
        ("course", _("By course")),
        ("coach", _("By coach")),
    ]


def share(value: float) -> str:
    text = percent(Decimal(str(round(abs(value), 4))), 1)
    return f"+{text}" if value > 0 else f"−{text}" if value < 0 else text


def verdict(line: Helps) -> str:
    if line.effect is None:
        return _("Too few data")
    if not line.is_claimed:
        return _("Not sure")
    return _("Helps") if line.effect.effect > 0 else _("Does not help")
