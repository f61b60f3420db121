"""What a diagnosis says in words: it describes, and blames nobody."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l

from app.core import formats
from app.diagnosis import watching
from app.diagnosis.findings import Cause, Factor, Unit, Verdict, Why
from app.diagnosis.models import (
    ActionStatus,
    CaseStatus,
    DiagnosisWhy,
    Finding,
    MessageKind,
    Review,
    ReviewStatus,
)
from app.diagnosis.review_pages import Watched
from app.diagnosis.watching import Reading
from app.goals.words import period_name
from app.people.company import the_company
from app.sales.words import lost_reason


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


CAUSES: Mapping[str, Any] = {
    Cause.PRODUCT: _l("Product"),
    Cause.PRICE: _l("Price"),
    Cause.DELIVERY: _l("Delivery and production"),
    Cause.SERVICE: _l("Customer service"),
    Cause.MARKETING: _l("Leads"),
    Cause.TRAINING: _l("Training and support"),
    Cause.CAPABILITY: _l("Own way of working"),
    Cause.NONE: _l("Not explained by anything found"),
}
ICONS: Mapping[str, str] = {
    Cause.PRODUCT: "layers",
    Cause.PRICE: "percent",
    Cause.DELIVERY: "truck",
    Cause.SERVICE: "life-buoy",
    Cause.MARKETING: "megaphone",
    Cause.TRAINING: "graduation-cap",
    Cause.CAPABILITY: "compass",
    Cause.NONE: "bar-chart",
}
VERDICTS: Mapping[str, Any] = {
    Verdict.ESTABLISHED: _l("Well supported"),
    Verdict.LIKELY: _l("Likely"),
    Verdict.POSSIBLE: _l("Possible"),
    Verdict.RULED_OUT: _l("Not found"),
    Verdict.NO_DATA: _l("Not recorded"),
}
SURE: Mapping[str, Any] = {
    Verdict.ESTABLISHED: _l("The records leave little room for doubt."),
    Verdict.LIKELY: _l("The records point this way; they do not prove it."),
    Verdict.POSSIBLE: _l("This is possible. The records alone cannot settle it."),
    Verdict.RULED_OUT: _l("It was looked for, and the records do not show it."),
    Verdict.NO_DATA: _l("Nothing is recorded by which it could be judged."),
}
TONES: Mapping[str, str | None] = {
    Verdict.ESTABLISHED: "primary",
    Verdict.LIKELY: "info",
    Verdict.POSSIBLE: None,
    Verdict.RULED_OUT: None,
    Verdict.NO_DATA: None,
}
_WHAT: Mapping[tuple[str, str], Any] = {
    (Cause.PRODUCT, Why.WIN_RATE): _l("Fewer deals with it were won, by everybody"),
    (Cause.PRICE, Why.WIN_RATE): _l("More deals were lost over the price"),
    (Cause.PRICE, Why.DISCOUNTS): _l("It took deeper discounts to win"),
    (Cause.PRICE, Why.DEAL_VALUE): _l("Deals were won for less than before"),
    (Cause.DELIVERY, Why.WIN_RATE): _l("More deals were lost over delivery"),
    (Cause.DELIVERY, Why.CANCELLATIONS): _l("More orders were cancelled while delivery was late"),
    (Cause.SERVICE, Why.WIN_RATE): _l("More deals were lost over service"),
    (Cause.SERVICE, Why.CANCELLATIONS): _l("More orders were cancelled while service was worse"),
    (Cause.MARKETING, Why.LEADS): _l("Fewer leads came in than before"),
    (Cause.MARKETING, Why.LEAD_QUALITY): _l("The leads that came in were won less often"),
    (Cause.TRAINING, Why.WIN_RATE): _l("Deals were lost where a required training was missing"),
    (Cause.CAPABILITY, Why.WIN_RATE): _l("Fewer deals were won than by peers with leads like these"),
    (Cause.CAPABILITY, Why.ACTIVITY): _l("Fewer leads were taken up than by peers with as many"),
    (Cause.CAPABILITY, Why.LEADS): _l("Fewer leads were opened than by peers"),
    (Cause.CAPABILITY, Why.DEAL_VALUE): _l("Deals were smaller than those of peers"),
    (Cause.CAPABILITY, Why.DISCOUNTS): _l("Deeper discounts were given than by peers"),
    (Cause.CAPABILITY, Why.CANCELLATIONS): _l("More orders were cancelled than those of peers"),
    (Cause.CAPABILITY, Why.SEVERAL): _l("Several things, each of them a little below peers"),
    (Cause.NONE, Why.CHANCE): _l("Within ordinary variation"),
    (Cause.NONE, Why.TARGET): _l("The target was set above what history supports"),
}
_USUAL: Mapping[str, Any] = {
    Why.WIN_RATE: _l("Fewer deals were won than before"),
    Why.LEADS: _l("Fewer leads came in than before"),
    Why.LEAD_QUALITY: _l("The leads that came in were won less often"),
    Why.DISCOUNTS: _l("It took deeper discounts to win"),
    Why.CANCELLATIONS: _l("More orders were cancelled than before"),
    Why.DEAL_VALUE: _l("Deals were smaller than before"),
    Why.ACTIVITY: _l("Fewer leads were taken up than before"),
    Why.SEVERAL: _l("Several things at once"),
}
FACTORS: Mapping[str, Any] = {
    Factor.LEADS: _l("Leads at hand"),
    Factor.PACE: _l("Decided in the time"),
    Factor.MIX: _l("Which products and sources"),
    Factor.WIN_RATE: _l("Deals won of those decided"),
    Factor.DEAL_VALUE: _l("Size of a deal"),
    Factor.CANCELLATIONS: _l("Orders that were kept"),
}
FIGURES: Mapping[str, Any] = {
    "win_rate": _l("Deals won of those decided"),
    "leads": _l("Leads that came in"),
    "leads_a_month": _l("Leads that came in a month"),
    "leads_decided": _l("Leads decided"),
    "lost_for": _l("Lost for this reason, of those decided"),
    "discount": _l("Discount on the list price"),
    "late": _l("Deliveries that were late"),
    "cancelled": _l("Orders cancelled, of those won"),
    "followed_up": _l("Deliveries followed up"),
    "satisfaction": _l("Satisfaction of customers"),
    "deal_value": _l("Size of a deal"),
    "value": _l("Size of a deal"),
    "activity": _l("Leads taken up"),
    "activities": _l("Calls, meetings and demos"),
    "untrained_win_rate": _l("Deals won by those without the training"),
    "trained_win_rate": _l("Deals won by those who have it"),
    "revenue": _l("Revenue"),
    "expected": _l("To be expected by history"),
    "target": _l("Target"),
    "coaching": _l("Coaching sessions held"),
    "paid_of_list": _l("Paid, of the list price"),
    "lost_price": _l("Lost over the price, of losses with a reason"),
    "lost_competitor": _l("Lost to competitors, of losses with a reason"),
    "lost_product": _l("Lost over the product, of losses with a reason"),
    "lost_delivery": _l("Lost over delivery, of losses with a reason"),
    "lost_service": _l("Lost over service, of losses with a reason"),
    "lost_no_decision": _l("Lost without a decision, of losses with a reason"),
}
_EXPECTED: Mapping[str, Any] = {
    "leads_expected": _l("Leads opened: %(seen)s; %(expected)s were to be expected."),
    "decided_expected": _l("Leads decided: %(seen)s; %(expected)s were to be expected."),
    "wins_expected": _l("Deals won: %(seen)s; %(expected)s were to be expected."),
    "target": _l("The target: %(seen)s; by history: %(expected)s."),
    "actual": _l("The result: %(seen)s; by history: %(expected)s."),
}
STATUS: Mapping[str, Any] = {
    CaseStatus.OPEN: _l("Open"),
    CaseStatus.CONTESTED: _l("Contested"),
    CaseStatus.SETTLED: _l("Settled"),
}
STATUS_TONE: Mapping[str, str | None] = {
    CaseStatus.OPEN: "info",
    CaseStatus.CONTESTED: "gold",
    CaseStatus.SETTLED: "good",
}
STATUS_ICON: Mapping[str, str] = {
    CaseStatus.OPEN: "circle-dot",
    CaseStatus.CONTESTED: "message-square",
    CaseStatus.SETTLED: "check",
}
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
VERSION_WHY: Mapping[str, Any] = {
    DiagnosisWhy.CLOSED: _l("The period closed"),
    DiagnosisWhy.ADJUSTED: _l("The result was adjusted"),
    DiagnosisWhy.CONTESTED: _l("A finding was contested, and the reviewer agreed"),
    DiagnosisWhy.ANSWERED: _l("A department showed that it was not the cause"),
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
STAGES: Mapping[str, Any] = {"open": _l("Open"), "won": _l("Won"), "lost": _l("Lost")}
KINDS: Mapping[str, Any] = {"call": _l("Call"), "meeting": _l("Meeting"), "demo": _l("Demo")}


def about(finding: Finding) -> str:
    """Where the cause acts: product, source, team; empty where everywhere."""
    named = (finding.product, finding.source, finding.team)
    return ", ".join(each.name for each in named if each is not None)


def what(cause: Cause, why: str) -> str:
    """A finding in a sentence without figures."""
    return str(_WHAT.get((cause, why)) or _USUAL.get(why) or CAUSES[cause])


def headline(finding: Finding) -> str:
    """Ridge Boot: fewer deals with it were won, by everybody."""
    said, where = what(finding.cause, finding.why), about(finding)
    return _("%(where)s: %(said)s", where=where, said=said[:1].lower() + said[1:]) if where else said


def explanation(finding: Finding, expected: str | None, target: str) -> str:
    """What follows from it, in a sentence or two."""
    if finding.cause is Cause.NONE and finding.why == Why.TARGET:
        if expected:
            return _(
                "By history %(expected)s was to be expected; the target was %(target)s. "
                "That difference is nobody's shortfall.",
                expected=expected,
                target=target,
            )
        return _("History supports less than the target. That difference is nobody's shortfall.")
    if finding.cause is Cause.NONE:
        return _(
            "Results go up and down by as much as this from one period to the next, "
            "with nobody doing anything differently. There is nothing here to correct."
        )
    return str(SURE[finding.verdict])


def figure_text(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == Unit.SHARE:
        return formats.percent(value, 1 if 0 < abs(value) < 0.1 else 0)
    if unit == Unit.MONEY:
        return formats.money_short(Decimal(str(round(value))), the_company().currency)
    if unit == Unit.SCORE:
        return formats.number(value, 1)
    if unit == Unit.INDEX:
        return formats.percent(value, 0)
    return formats.number(value, 0 if abs(value) >= 10 or value == int(value) else 1)


def figure_name(code: str) -> str:
    return str(FIGURES.get(code) or code.replace("_", " ").capitalize())


def main_words(cause: Cause | None, why: str | None = None) -> str:
    """What a case comes down to. None: the first six causes are being asked about still."""
    if cause is None:
        return _("Departments are asked first")
    if cause is Cause.NONE:
        return _("The target was high") if why == Why.TARGET else _("Within ordinary variation")
    return str(CAUSES[cause])


def review_title(review: Review) -> str:
    """Delivery and production: Ridge Boot, Q3 2026."""
    cause, period = str(CAUSES[review.cause]), period_name(review.period)
    if review.product is not None:
        return _(
            "%(cause)s: %(product)s, %(period)s", cause=cause, product=review.product.name, period=period
        )
    return _("%(cause)s, %(period)s", cause=cause, period=period)


def share_of(amount: Decimal, whole: Decimal) -> str:
    return formats.percent(amount / whole if whole else Decimal(0))


def moved_text(entry: Mapping[str, Any], amount: str) -> str:
    """An amount that a ruling put here."""
    cause = str(CAUSES[Cause(entry["cause"])])
    if entry["by"] == "contested":
        return _("%(amount)s came here from %(cause)s, after it was contested.", amount=amount, cause=cause)
    return _(
        "%(amount)s came here from %(cause)s, which showed that it was not the cause.",
        amount=amount,
        cause=cause,
    )


def chart_title(chart: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]) -> str:
    """Its message: what it is, from what before to what now; by the figure of the whole periods, not by the
    months at its ends.
    """
    name = figure_name(chart["code"])
    figure = next((one for one in figures if one["code"] == chart["code"]), None)
    if figure is None or figure["before"] is None or figure["now"] is None:
        return name
    before, now = (figure_text(figure[part], figure["unit"]) for part in ("before", "now"))
    if before == now:
        return _("%(what)s: %(now)s, as before", what=name, now=now)
    if figure["now"] < figure["before"]:
        return _("%(what)s fell from %(before)s to %(now)s", what=name, before=before, now=now)
    return _("%(what)s rose from %(before)s to %(now)s", what=name, before=before, now=now)


def others_text(chart: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]) -> str | None:
    """How the others did in the same; None where nothing is known of them."""
    figure = next((one for one in figures if one["code"] == chart["code"]), None)
    if figure is None or figure["peers_now"] is None or figure["peers_before"] is None:
        return None
    before, now = (figure_text(figure[part], figure["unit"]) for part in ("peers_before", "peers_now"))
    return _("Others: %(before)s before, %(now)s now", before=before, now=now)


def figure_texts(values: Sequence[float | None], unit: str) -> list[str]:
    return [figure_text(value, unit) for value in values]


def point_labels(points: Sequence[Sequence[Any]]) -> list[str]:
    """Jul 2026; the day where the points are weeks."""
    days = [date.fromisoformat(point[0]) for point in points]
    if len(days) > 1 and (days[1] - days[0]).days < 28:
        return [formats.short_day(day) for day in days]
    locale = get_locale() or "en_US"
    return [format_date(day, "LLL y", locale=locale) for day in days]


def compared(figures: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that have a before and a now, for a table."""
    return [figure for figure in figures if figure["code"] not in _EXPECTED]


def expected_lines(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Those that set what was beside what was to be expected, each a sentence."""
    lines = []
    for figure in figures:
        said = _EXPECTED.get(figure["code"])
        expected = figure["peers_now"] if figure["code"].endswith("_expected") else figure["before"]
        if said is None or figure["now"] is None or expected is None:
            continue
        unit = figure["unit"]
        lines.append(
            str(said) % {"seen": figure_text(figure["now"], unit), "expected": figure_text(expected, unit)}
        )
    return lines


def records_name(records: Mapping[str, Any]) -> str:
    """What a link to records says: which, and of which days."""
    first, last = (date.fromisoformat(records[name]) for name in ("first", "last"))
    conditions = set(records.get("conditions", ()))
    if records["of"] == "training":
        name = _("Trainings")
    elif records["of"] == "activities":
        name = _("Calls, meetings and demos")
    elif records.get("reasons"):
        reasons = ", ".join(str(lost_reason(each)) for each in records["reasons"])
        name = _("Deals lost (%(reasons)s)", reasons=reasons)
    elif "lost" in conditions:
        name = _("Deals lost")
    elif "cancelled" in conditions:
        name = _("Orders cancelled")
    elif "late" in conditions:
        name = _("Orders delivered late")
    elif "won" in conditions:
        name = _("Deals won")
    elif records["by"] == "opened_on":
        name = _("Leads that came in")
    else:
        name = _("Deals decided")
    return _(
        "%(what)s, %(first)s to %(last)s",
        what=name,
        first=formats.short_day(first),
        last=formats.short_day(last),
    )


def no_part(finding: Finding) -> str | None:
    """Why a cause that was looked for explains nothing; None where it was simply not found."""
    if finding.verdict is Verdict.RULED_OUT:
        return None
    if finding.verdict is Verdict.NO_DATA:
        return str(SURE[finding.verdict])
    return _("It was found in the company, and cost this goal next to nothing.")


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
