"""What aims say of themselves and of how far they are, in the reader's language."""

from decimal import Decimal

from flask_babel import gettext, ngettext

from app.coaching.models import Aim
from app.coaching.plans import measures
from app.coaching.plans.measures import Measured
from app.coaching.plans.standing import AimStand
from app.core import formats
from app.core.locales import language


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


FIRST_DAYS = 7


def aim_sentence(stand: AimStand) -> str:
    """From 18% to 26%, by 3 February."""
    aim, what = stand.aim, stand.what
    return _(
        "from %(start)s to %(aim)s by %(day)s",
        start=measures.words(aim.starts_at, what),
        aim=measures.words(aim.aims_at, what),
        day=formats.day(aim.by_on),
    )


def aim_line(stand: AimStand) -> str:
    """What the bar above does not say."""
    if stand.standing.wanted is None:
        return _("by %(day)s", day=formats.day(stand.aim.by_on))
    return aim_sentence(stand)


def aim_figure(stand: AimStand) -> str:
    """How it stands today, alone."""
    standing, what = stand.standing, stand.what
    if standing.done is not None:
        return measures.words(standing.done, what)
    return measures.words(rounded(standing.now, what), what) if standing.now is not None else "–"


def aim_said(stand: AimStand) -> str | None:
    """In the place of the share: a ratio's bar is the way from start to aim, which nobody would guess."""
    return aim_figure(stand) if stand.standing.wanted is None and stand.standing.now is not None else None


def aim_now(stand: AimStand) -> str:
    """Where it comes from and goes to, or how much of the whole there is."""
    standing, what = stand.standing, stand.what
    if standing.wanted is not None:
        return _(
            "%(done)s of %(wanted)s",
            done=aim_figure(stand),
            wanted=measures.words(standing.wanted.quantize(what.step), what),
        )
    return _(
        "from %(start)s to %(aim)s",
        start=measures.words(stand.aim.starts_at, what),
        aim=measures.words(stand.aim.aims_at, what),
    )


def aim_pace(stand: AimStand) -> str:
    """What it rests on so far; a week's figure once there is a week."""
    standing, what = stand.standing, stand.what
    if standing.wanted is not None:
        if standing.now is None or (stand.until - stand.aim.from_on).days < FIRST_DAYS:
            return ""
        return _("%(figure)s a week so far", figure=measures.words(rounded(standing.now, what), what))
    if stand.value.base:
        return str(ngettext("of %(num)s case so far", "of %(num)s cases so far", round(stand.value.base)))
    return _("nothing counted yet") if standing.now is None else ""


def rounded(figure: Decimal, what: Measured) -> Decimal:
    return figure.quantize(what.step)


def aim_state(stand: AimStand) -> str:
    """For the bar: reached, ahead, on_track, behind, no_data."""
    share, expected = stand.standing.share, stand.standing.expected
    if share is None:
        return "no_data"
    if share >= 1:
        return "reached"
    if share >= expected + Decimal("0.1"):
        return "ahead"
    return "on_track" if share >= expected - Decimal("0.1") else "behind"


def aim_reason(stand: AimStand) -> str:
    """How the aim was set."""
    said, what = stand.aim.reason, stand.what
    if said.get("peers") is None:
        return (
            _("Set by hand.") if said.get("by_hand") else _("From what was missing for reasons of one's own.")
        )
    return _(
        "Peers come to %(peers)s, the upper quarter of them to %(upper)s. What is set here is what can be "
        "reached in %(weeks)s weeks, not more.",
        peers=measures.words(rounded(Decimal(str(said["peers"])), what), what),
        upper=measures.words(rounded(Decimal(str(said["upper"])), what), what),
        weeks=formats.number(said.get("weeks", 0)),
    )


def titles_of(aim: Aim, product: str | None) -> dict[str, str]:
    """An aim's name for the history, in the language of whoever changes it."""
    return {language(): measures.of(aim).label(product)}
