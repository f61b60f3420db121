"""Routes of the room sales: see tests/route_examples.py."""

from types import SimpleNamespace
from typing import Any

from app.sales.operations import void_sale
from tests.route_examples import Example
from tests.sales.factories import make_activity, make_product, make_rate, make_sale, make_step_rule, today


def fresh_sale(cast: SimpleNamespace) -> dict[str, Any]:
    return {"sale_id": make_sale(cast.ana).id}


def open_sale(cast: SimpleNamespace) -> dict[str, Any]:
    return {"sale_id": make_sale(cast.ana, stage="open").id}


def voided_sale(cast: SimpleNamespace) -> dict[str, Any]:
    sale = make_sale(cast.ana)
    void_sale(sale, by_id=cast.ana.id, reason="Twice")
    return {"sale_id": sale.id}


def sale_to_deliver(cast: SimpleNamespace) -> dict[str, Any]:
    make_step_rule("deliver", cast.logistics)
    return fresh_sale(cast)


SEEN_BY = {"ana", "marta", "ximena", "alba"}
CHANGED_BY = {"ana", "marta", "alba"}
DELIVERED = {"step": "deliver", "version": "1", "on": today().isoformat()}

EXAMPLES = {
    "record.new": [Example()],
    "record.create": [Example()],
    "record.customers": [Example()],
    "record.amount": [Example()],
    "sales.index": [Example()],
    "sales.show": [
        Example(fresh_sale, "of Ana", reached_by=SEEN_BY),
        Example(sale_to_deliver, "that logistics delivers", reached_by=SEEN_BY | {"eva"}),
    ],
    "sales.decide": [Example(open_sale, "open, of Ana", reached_by=CHANGED_BY)],
    "sales.advance": [
        Example(fresh_sale, "of Ana", reached_by=CHANGED_BY, data=DELIVERED),
        Example(sale_to_deliver, "for logistics", reached_by=CHANGED_BY | {"eva"}, data=DELIVERED),
    ],
    "sales.correct": [Example(fresh_sale, "of Ana", reached_by=CHANGED_BY)],
    "sales.split": [Example(fresh_sale, "of Ana", reached_by=CHANGED_BY)],
    "sales.void": [Example(fresh_sale, "of Ana", reached_by=CHANGED_BY)],
    "sales.cancel": [Example(fresh_sale, "of Ana", reached_by=CHANGED_BY)],
    "sales.restore": [Example(voided_sale, "voided, of Ana", reached_by={"marta", "alba"})],
    "sales.undo": [Example(fresh_sale, "of Ana", reached_by=CHANGED_BY)],
    "sales.log": [Example(fresh_sale, "of Ana", reached_by={"ana", "marta"})],
    "process.index": [Example()],
    "process.advance": [
        Example(sale_to_deliver, "for logistics", reached_by=CHANGED_BY | {"eva"}, data=DELIVERED)
    ],
    "process.rules": [Example()],
    "activities.index": [Example()],
    "activities.create": [Example()],
    "activities.void": [
        Example(
            lambda cast: {"activity_id": make_activity(cast.ana).id}, "of Ana", reached_by={"ana", "marta"}
        )
    ],
    "products.index": [Example()],
    "products.new": [Example()],
    "products.create": [Example()],
    "products.show": [Example(lambda cast: {"product_id": make_product().id}, reached_by={"alba"})],
    "products.update": [Example(lambda cast: {"product_id": make_product().id}, reached_by={"alba"})],
    "rates.index": [Example()],
    "rates.create": [Example()],
    "rates.remove": [Example(lambda cast: {"rate_id": make_rate("EUR", "1.1").id}, reached_by={"alba"})],
}
