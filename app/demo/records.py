"""The demo company's sales and activities, written in bulk as an import writes them."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.core import clock
from app.core.bulk import copy_rows, take_keys
from app.demo.company import Cast
from app.demo.story import Deal, Story
from app.demo.words import Words
from app.extensions import db
from app.people.company import the_company
from app.sales import credit, first_sales
from app.sales.models import Activity, Customer, LeadSource, Sale, SaleCredit, Stage
from app.sales.recording import recording, recording_activities

HELPERS_SHARE = 4_000  # of 10000


def write(story: Story, said: Words, cast: Cast) -> None:
    """All of the story's deals and visits. Runs inside the demo's transaction."""
    customers = _customers(said, 1 + max(deal.customer for deal in story.deals))
    sources = [LeadSource(name=name) for name in said.sources]
    db.session.add_all(sources)
    db.session.flush()
    with recording(select(Sale.id)):
        keys = take_keys(Sale, len(story.deals))
        rows = [
            _sale(key, deal, said, cast, customers, sources)
            for key, deal in zip(keys, story.deals, strict=True)
        ]
        copy_rows(Sale, tuple(rows[0]), rows)
        parts = [
            part for row, deal in zip(rows, story.deals, strict=True) for part in _credits(row, deal, cast)
        ]
        copy_rows(SaleCredit, tuple(parts[0]), parts)
        first_sales.mark(select(Customer.id))
    with recording_activities(select(Activity.id)):
        visits = [
            {
                "kind": visit.kind,
                "person_id": cast.reps[visit.rep].id,
                "team_id": cast.teams[story.reps[visit.rep].team].id,
                "customer_id": customers[visit.customer].id,
                "happened_on": visit.on,
            }
            for visit in story.visits
        ]
        copy_rows(Activity, tuple(visits[0]), visits)


def _customers(said: Words, number: int) -> list[Customer]:
    heads, tails = said.customer_heads, said.customer_tails
    names = [
        f"{heads[i % len(heads)]} {tails[(i * 5 + i // len(heads)) % len(tails)]}" for i in range(number)
    ]
    found: dict[str, Customer] = {}
    made = []
    for index, name in enumerate(names):
        unique = name if name not in found else f"{name} {index}"
        found[unique] = Customer(name=unique)
        made.append(found[unique])
    db.session.add_all(made)
    db.session.flush()
    return made


def _sale(
    key: int, deal: Deal, said: Words, cast: Cast, customers: list[Customer], sources: list[LeadSource]
) -> dict[str, Any]:
    product = cast.products[deal.product]
    price = product.list_price or 0
    full = price * deal.quantity
    # Prices end in whole units of money, as people write them.
    whole = max(price // 100, 1)
    amount = full if deal.closed_on is None else round(full * (1 - deal.discount) / whole) * whole
    stage = Stage.OPEN if deal.closed_on is None else Stage.WON if deal.is_won else Stage.LOST
    told = clock.now() - timedelta(minutes=7 * (deal.number % 40))
    created = datetime.combine(deal.closed_on or deal.opened_on, time(9 + deal.number % 9), clock.zone())
    return {
        "id": key,
        "source": "portal",
        "rep_id": cast.reps[deal.rep].id,
        "product_id": product.id,
        "customer_id": customers[deal.customer].id,
        "lead_source_id": sources[deal.source].id,
        "stage": stage.value,
        "opened_on": deal.opened_on,
        "closed_on": deal.closed_on,
        "quantity": deal.quantity,
        "list_price": price,
        "amount": amount if stage is not Stage.LOST else 0,
        "currency": the_company().currency,
        "value": amount if stage is not Stage.LOST else 0,
        "lost_reason": deal.lost_reason,
        "promised_on": deal.promised_on,
        "delivered_on": deal.delivered_on,
        "followed_up_on": deal.followed_up_on,
        "cancelled_on": deal.cancelled_on,
        "satisfaction": deal.satisfaction,
        "techniques": [said.techniques[deal.technique]] if deal.technique is not None else [],
        "created_by_id": cast.reps[deal.rep].id,
        "created_at": min(created, told),
    }


def _credits(row: dict[str, Any], deal: Deal, cast: Cast) -> list[dict[str, Any]]:
    rep = cast.reps[deal.rep]
    shares = {rep.id: credit.WHOLE}
    teams = {rep.id: cast.teams[deal.rep % len(cast.teams)].id}
    if deal.helper is not None and deal.helper != deal.rep:
        helper = cast.reps[deal.helper]
        shares = {rep.id: credit.WHOLE - HELPERS_SHARE, helper.id: HELPERS_SHARE}
        teams[helper.id] = cast.teams[deal.helper % len(cast.teams)].id
    return [
        {
            "sale_id": row["id"],
            "person_id": person,
            "team_id": teams[person],
            "share": shares[person],
            "value": value,
        }
        for person, value in credit.share_out(row["value"], shares).items()
    ]
