"""What an adjustment is about, as its page says it: a title, and facts with what they were before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.core import formats
from app.extensions import db
from app.goals import queries
from app.goals.models import Adjustment, Goal
from app.goals.words import REASONS, exact, goal_name, subject_name
from app.imports import kinds
from app.imports.models import Import
from app.people.company import the_company
from app.people.queries import people_by_id
from app.sales import asking, stating, words
from app.sales.models import Activity, Customer, Product, Sale
from app.sales.said import PROCESS, Said

TITLES = {
    "sale.recorded": _l("Record a sale"),
    "sale.corrected": _l("Correct a sale"),
    "sale.decided": _l("Decide a sale"),
    "sale.advanced": _l("Take a sale a step on"),
    "sale.voided": _l("Void a sale"),
    "sale.restored": _l("Restore a sale"),
    "sale.credited": _l("Split the credit of a sale"),
    "activity.recorded": _l("Record an activity"),
    "activity.voided": _l("Remove an activity"),
    "goal.revised": _l("Change a target"),
    "goal.withdrawn": _l("Take a goal back"),
    "goal.proposed": _l("Add goals"),
    "goal.weighed": _l("Change weights in a scorecard"),
    "import.undone": _l("Take an import back"),
    "rate.set": _l("Set an exchange rate"),
    "rate.removed": _l("Remove an exchange rate"),
}
ICONS = {
    "sale": "handshake", "activity": "phone", "goal": "target", "import": "upload", "rate": "refresh-cw",
}  # fmt: skip  # running words
MOST = 50  # goals that are named one by one
_PROCESS = (*PROCESS, "cancelled_on")


@dataclass(frozen=True, slots=True)
class Fact:
    """`before` is None where nothing was there, or where it stays as it is."""

    label: object
    text: str
    before: str | None = None


_GONE = [Fact(_l("Record"), "–")]  # its import was taken back since


def title(adjustment: Adjustment) -> object:
    return TITLES[adjustment.action]


def icon(adjustment: Adjustment) -> str:
    return ICONS[adjustment.action.partition(".")[0]]


def given_reason(adjustment: Adjustment) -> str:
    """What its author said already where the operation asks for a reason itself."""
    return str(adjustment.change.get("reason" if adjustment.action != "goal.revised" else "text") or "")


def facts(adjustment: Adjustment) -> list[Fact]:
    of = {
        "goal": _of_goal,
        "activity": _of_activity,
        "sale": _of_sale,
        "import": _of_import,
        "rate": _of_rate,
    }
    return of[adjustment.action.partition(".")[0]](adjustment)


def _of_import(adjustment: Adjustment) -> list[Fact]:
    record = db.session.get(Import, adjustment.subject_id)
    if record is None:
        return [Fact(_l("File"), "–")]
    said = record.summary
    kind = str(kinds.kind(record.kind).label) if kinds.is_kind(record.kind) else record.kind
    return _told(
        Fact(_l("File"), record.filename),
        Fact(_l("What it holds"), kind),
        Fact(_l("Imported"), formats.moment(record.finished_at) if record.finished_at else ""),
        Fact(_l("Records it made"), formats.number(said.get("created", 0))),
        Fact(_l("Records it changed"), formats.number(said.get("updated", 0))),
    )


def _of_rate(adjustment: Adjustment) -> list[Fact]:
    change = adjustment.change
    was, now = change["was"], change.get("rate")
    found = [
        Fact(_l("Currency"), change["currency"]),
        Fact(_l("From"), formats.day(date.fromisoformat(change["starts_on"]))),
    ]
    before = words.rate(was) if was is not None else "–"
    return [*found, Fact(words.COLUMNS["rate"], words.rate(now) if now is not None else "–", before)]


def _of_goals(adjustment: Adjustment) -> list[Fact]:
    """Several in one: named with the target or the weight that each is to have."""
    change = adjustment.change
    wanted: dict[str, Any] = change["targets" if "targets" in change else "weights"]
    keys = [int(key) for key in list(wanted)[:MOST]]
    stmt = queries.with_names(select(Goal)).where(Goal.id.in_(keys)).order_by(Goal.id)
    found = []
    for goal in db.session.scalars(stmt):
        label = f"{subject_name(goal)}: {goal_name(goal)}"
        text = wanted[str(goal.id)]
        if "targets" in change:
            found.append(Fact(label, exact(Decimal(text), goal.metric)))
        else:
            before = None if goal.weight == text else formats.percent(Decimal(goal.weight) / 10_000)
            found.append(Fact(label, formats.percent(Decimal(text) / 10_000), before))
    if len(wanted) > MOST:
        found.append(Fact(_l("And more goals"), formats.number(len(wanted) - MOST)))
    return found


def _of_goal(adjustment: Adjustment) -> list[Fact]:
    if adjustment.action in {"goal.proposed", "goal.weighed"}:
        return _of_goals(adjustment)
    goal = db.session.scalars(queries.with_names(select(Goal)).where(Goal.id == adjustment.subject_id)).one()
    found = [Fact(_l("For whom"), subject_name(goal)), Fact(_l("Goal"), goal_name(goal))]
    change = adjustment.change
    if adjustment.action == "goal.withdrawn":
        return [*found, Fact(_l("Target"), exact(goal.target, goal.metric))]
    target, before = exact(Decimal(change["target"]), goal.metric), exact(goal.target, goal.metric)
    return [
        *found,
        Fact(_l("Target"), target, before if before != target else None),
        Fact(_l("Reason"), str(REASONS[change["reason"]])),
    ]


def _of_activity(adjustment: Adjustment) -> list[Fact]:
    change = adjustment.change
    if adjustment.action == "activity.voided":
        activity = db.session.get(Activity, adjustment.subject_id)
        if activity is None:
            return _GONE
        customer = db.session.get(Customer, activity.customer_id) if activity.customer_id else None
        name, kind, on = customer.name if customer else "", activity.kind.value, activity.happened_on
    else:
        name, kind, on = change["customer"], change["kind"], date.fromisoformat(change["on"])
    return _told(
        Fact(_l("Activity"), str(words.KINDS[kind])),
        Fact(_l("Day"), formats.day(on)),
        Fact(_l("Customer"), name),
        Fact(_l("Note"), change.get("note") or ""),
    )


def _of_sale(adjustment: Adjustment) -> list[Fact]:
    change, action = adjustment.change, adjustment.action
    if action == "sale.recorded":
        return [*_said(asking.read(change["said"])), *_shares(change["shares"])]
    sale = db.session.get(Sale, adjustment.subject_id)
    if sale is None:
        return _GONE
    now = stating.said_of(sale)
    if action == "sale.corrected":
        wanted = _texts(asking.read(change["said"]))
        found = [
            Fact(words.COLUMNS.get(name, name), wanted[name] or "–", before or "–")
            for name, before in _texts(now).items()
            if wanted[name] != before
        ]
        if change["rep_id"] and change["rep_id"] != sale.rep_id:
            names = people_by_id([change["rep_id"], sale.rep_id])
            after, was = names.get(change["rep_id"]), names.get(sale.rep_id)
            found.append(
                Fact(words.COLUMNS["rep_id"], after.name if after else "", was.name if was else None)
            )
        return [*_short(now), *found]
    if action == "sale.advanced":
        steps = [
            Fact(
                words.COLUMNS[name], formats.day(date.fromisoformat(on)) if name.endswith("_on") else str(on)
            )
            for name, on in change["steps"].items()
        ]
        return [*_short(now), *steps]
    if action == "sale.decided":
        return [
            *_short(now),
            Fact(words.COLUMNS["stage"], str(words.STAGES[change["stage"]]), str(words.STAGES[now.stage])),
            Fact(words.COLUMNS["closed_on"], formats.day(date.fromisoformat(change["on"]))),
        ]
    return [*_short(now), *_shares(change.get("shares"))]


def _short(said: Said) -> list[Fact]:
    """By what a sale is recognised."""
    texts = _texts(said)
    return _told(
        *(Fact(words.COLUMNS[name], texts[name]) for name in ("customer_id", "product_id")),
        Fact(words.COLUMNS["amount"], texts["amount"]),
        Fact(words.COLUMNS["closed_on"], texts["closed_on"]),
    )


def _said(said: Said) -> list[Fact]:
    return _told(*(Fact(words.COLUMNS.get(name, name), text) for name, text in _texts(said).items()))


def _texts(said: Said) -> dict[str, str]:
    """By column, as a page shows it; empty where nothing is said."""
    product = db.session.get(Product, said.product_id)
    currency = said.currency or the_company().currency
    days = {name: getattr(said, name) for name in ("opened_on", "closed_on", *_PROCESS)}
    return {
        "customer_id": said.customer,
        "product_id": product.name if product else "",
        "stage": str(words.STAGES[said.stage]),
        "amount": formats.money(said.amount, currency) if said.amount is not None else "",
        "quantity": formats.number(said.quantity) if said.quantity != 1 else "",
        "lost_reason": str(words.lost_reason(said.lost_reason)),
        "lead_source_id": said.lead_source,
        **{name: formats.day(day) if day else "" for name, day in days.items()},
        "satisfaction": str(said.satisfaction or ""),
        "techniques": ", ".join(said.techniques),
        "note": said.note or "",
    }


def _shares(shares: Mapping[str, Any] | None) -> list[Fact]:
    if not shares:
        return []
    names = people_by_id(int(key) for key in shares)
    parts = [
        f"{names[int(key)].name} {formats.percent(Decimal(share) / 10_000, 1)}"
        for key, share in shares.items()
        if int(key) in names
    ]
    return [Fact(words.COLUMNS["credits"], ", ".join(parts))]


def _told(*found: Fact) -> list[Fact]:
    return [fact for fact in found if fact.text]
