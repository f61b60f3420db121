"""A plan's pages, as its two people use them."""

from app.coaching.access import as_worker
from app.coaching.models import Plan
from app.extensions import db


def url(plan, *more):
    return "/".join([f"/coaching/plans/{plan.id}", *map(str, more)])


def fresh(plan):
    as_worker()
    return db.session.get(Plan, plan.id, populate_existing=True)


def agree(client, plan, **more):
    data = client.get(url(plan)).form_data("#agree form")
    return client.post(url(plan, "agreement"), data | more)
