"""What a cause is called, and how sure one is of it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.diagnosis.findings import Cause, Factor, Verdict, Why
from app.diagnosis.words.saying import _

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


def what(cause: Cause, why: str) -> str:
    """A finding in a sentence without figures."""
    return str(_WHAT.get((cause, why)) or _USUAL.get(why) or CAUSES[cause])


def main_words(cause: Cause | None, why: str | None = None) -> str:
    """What a case comes down to. None: the first six causes are being asked about still."""
    if cause is None:
        return _("Departments are asked first")
    if cause is Cause.NONE:
        return _("The target was high") if why == Why.TARGET else _("Within ordinary variation")
    return str(CAUSES[cause])
