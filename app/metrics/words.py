"""What the closed lists are called, and how each shipped metric is counted, for its readers."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.metrics.definition import Activity, ByDate, Condition, Measure, MetricKind, Problem, Subject, Unit

SUBJECTS: dict[Subject, Any] = {
    Subject.SALES: _l("Sales"),
    Subject.ACTIVITIES: _l("Activities"),
}
KINDS: dict[MetricKind, Any] = {
    MetricKind.SUM: _l("Sum"),
    MetricKind.COUNT: _l("Count"),
    MetricKind.RATIO: _l("Ratio"),
}
KIND_HINTS: dict[MetricKind, Any] = {
    MetricKind.SUM: _l("Sum: adds up, like revenue"),
    MetricKind.COUNT: _l("Count: how many, like deals won"),
    MetricKind.RATIO: _l("Ratio: one divided by the other, like the win rate"),
}
DATES: dict[ByDate, Any] = {
    ByDate.OPENED: _l("the day it was opened"),
    ByDate.CLOSED: _l("the day it was won or lost"),
    ByDate.PROMISED: _l("the promised day"),
    ByDate.DELIVERED: _l("the day of delivery"),
    ByDate.FOLLOWED_UP: _l("the day of the follow-up"),
    ByDate.CANCELLED: _l("the day of the cancellation"),
    ByDate.RATED: _l("the day of the follow-up, else of delivery"),
    ByDate.HAPPENED: _l("the day it happened"),
}
MEASURES: dict[Measure, Any] = {
    Measure.COUNT: _l("their number"),
    Measure.VALUE: _l("their value"),
    Measure.LIST_VALUE: _l("their value at list price"),
    Measure.UNITS: _l("their units"),
    Measure.SATISFACTION: _l("the customer's rating, 1 to 5"),
    Measure.DAYS_TO_CLOSE: _l("the days from opened to decided"),
    Measure.DAYS_TO_DELIVER: _l("the days from won to delivered"),
}
CONDITIONS: dict[Condition, Any] = {
    Condition.WON: _l("won"),
    Condition.LOST: _l("lost"),
    Condition.DECIDED: _l("won or lost"),
    Condition.KEPT: _l("not cancelled"),
    Condition.CANCELLED: _l("cancelled"),
    Condition.NEW_CUSTOMER: _l("the customer's first"),
    Condition.PROMISED: _l("with a promised day"),
    Condition.DELIVERED: _l("delivered"),
    Condition.ON_TIME: _l("delivered by the promised day"),
    Condition.LATE: _l("delivered late"),
    Condition.FOLLOWED_UP: _l("followed up"),
    Condition.RATED: _l("rated by the customer"),
    Condition.SATISFIED: _l("rated 4 or 5"),
    Condition.WITH_SALE: _l("for a sale"),
    Condition.WITH_CUSTOMER: _l("with a customer named"),
}
ACTIVITIES: dict[Activity, Any] = {
    Activity.CALL: _l("Calls"),
    Activity.MEETING: _l("Meetings"),
    Activity.DEMO: _l("Demos"),
}
UNITS: dict[Unit, Any] = {
    Unit.MONEY: _l("Money"),
    Unit.NUMBER: _l("Number"),
    Unit.PERCENT: _l("Per cent"),
    Unit.SCORE: _l("Score from 1 to 5"),
}
PROBLEMS: dict[Problem, Any] = {
    Problem.MISSING: _l("Choose one."),
    Problem.UNKNOWN: _l("That does not go with what is counted."),
    Problem.CONTRADICTION: _l("Nothing can be all of these at once."),
    Problem.NEEDS_MEASURE: _l("A sum adds something up: choose what."),
    Problem.COUNT_ONLY: _l("A count counts. Choose a sum to add something up."),
    Problem.NEEDS_BASE: _l("Say what to divide by."),
    Problem.NO_BASE: _l("Only a ratio is divided."),
    Problem.ALWAYS_ONE: _l("Both parts are the same, so this would always be 1."),
    Problem.UNIT: _l("The figure cannot have this unit."),
}
SHIPPED: dict[str, Any] = {
    "revenue": _l(
        "The value of the sales won, in the company's currency, on the day they were won. A sale that is"
        " cancelled no longer counts, on that same day."
    ),
    "deals_won": _l("How many sales were won and not cancelled, on the day they were won."),
    "units": _l("How many units were sold in the sales that were won and not cancelled."),
    "new_customers": _l(
        "Customers who bought for the first time: the first won sale of each counts. If it is cancelled, the"
        " next one brought the customer in."
    ),
    "win_rate": _l(
        "Of the sales that were decided, the share that was won. A sale that is cancelled later stays won"
        " here: the customer said yes, and what went wrong afterwards shows in revenue and delivery."
    ),
    "average_deal": _l("The value of the sales won and not cancelled, divided by their number."),
    "on_time_delivery": _l(
        "Of the sales delivered that had a promised day, the share delivered by that day, on the day of"
        " delivery. What is not delivered yet does not count yet, so the figure changes only when something"
        " is recorded, never overnight."
    ),
    "follow_up_rate": _l(
        "Of the sales delivered and not cancelled, the share that was followed up. A sale counts on the day"
        " of its delivery, so a follow-up later still mends the figure of that day."
    ),
    "satisfaction": _l(
        "The average of the ratings that customers gave, from 1 to 5, on the day of the follow-up or else of"
        " the delivery. Cancelled sales count too: those customers have something to say."
    ),
    "meetings": _l("How many meetings were recorded, on the day they took place."),
}
ONE_ACTIVITY: dict[str, Any] = {
    "call": _l("Call"),
    "meeting": _l("Meeting"),
    "demo": _l("Demo"),
}
