"""A new sale and all that goes with it, written in one statement, put together once: somebody on a phone
waits for it."""

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    SmallInteger,
    bindparam,
    column,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import make_transient_to_detached

from app.core import audit, idempotency
from app.core.driver import Question
from app.extensions import db
from app.people.company import the_company
from app.sales import credit, history
from app.sales.customers import tidy
from app.sales.models import Customer, Sale, SaleCredit
from app.sales.rates import dated_on
from app.sales.said import Said

_COLUMNS = ("source", "external_id", "version", "created_by_id", "import_id", *history.COLUMNS)
_sales, _customers = Sale.__table__, Customer.__table__
# One parameter instead of one a column.
_said = func.jsonb_populate_record(
    literal_column("NULL::sales"), bindparam("sale", type_=JSONB)
).table_valued(*_COLUMNS, name="said")
_sale = (
    insert(_sales)
    .from_select(list(_COLUMNS), select(*_said.c))
    .returning(_sales.c.id, _sales.c.customer_id, _sales.c.created_at, _sales.c.updated_at)
    .cte("sale")
)
# Not arrays: the planner would see how short they are, and plan the prepared statement again each time.
_part = (
    func.jsonb_to_recordset(bindparam("parts", type_=JSONB))
    .table_valued(
        column("person_id", BigInteger),
        column("share", SmallInteger),
        column("value", BigInteger),
        joins_implicitly=True,
    )
    .render_derived("part", with_types=True)
)
_credit = (
    insert(SaleCredit.__table__)
    .from_select(
        ["sale_id", "person_id", "share", "value", "team_id"],
        select(
            _sale.c.id,
            *_part.c,
            credit.team_then(_part.c.person_id, bindparam("day", type_=Date)),
        ),
    )
    .cte("credit")
)
_mark = (
    update(_customers)
    .where(_customers.c.id == _sale.c.customer_id, bindparam("is_first", type_=Boolean))
    .values(first_sale_id=_sale.c.id)
    .cte("mark")
)
_WRITE = Question(
    select(_sale.c.id, _sale.c.created_at, _sale.c.updated_at).add_cte(
        _credit,
        _mark,
        audit.recording("sale.recorded", Sale, _sale.c.id).cte("audit"),
        idempotency.settling(select(_sale.c.id).scalar_subquery()).cte("settled"),
    )
)


_BEGIN = Question(
    text("""
    WITH taken AS (
      INSERT INTO submissions (key, person_id) VALUES (:key, :person_id)
      ON CONFLICT DO NOTHING RETURNING key
    ), found AS (
      SELECT id, first_sale_id FROM customers
      WHERE lower(name) = lower(:name) AND EXISTS (SELECT FROM taken) FOR NO KEY UPDATE
    ), made AS (
      INSERT INTO customers (name)
      SELECT :name WHERE EXISTS (SELECT FROM taken) AND NOT EXISTS (SELECT FROM found)
      ON CONFLICT DO NOTHING RETURNING id, first_sale_id
    )
    SELECT id, first_sale_id FROM found UNION ALL SELECT id, first_sale_id FROM made
""")
)


def begin(said: Said, key: UUID | None, by_id: int | None) -> tuple[int, int | None] | None:
    """Of most sales: the form's key taken and the customer held (`customers.hold`), in one statement.

    None where it has to be done step by step: without a key or a customer; in another currency, whose rates
    are held between the two; when the form has come before, or somebody makes the customer in this moment.
    """
    name, own = tidy(said.customer), the_company().currency
    if key is None or by_id is None or not name or (said.currency or own) != own:
        return None
    for customer_id, first_sale_id in _BEGIN.ask({"key": key, "person_id": by_id, "name": name}):
        return customer_id, first_sale_id
    return None


def write(sale: Sale, shares: Mapping[int, int], *, is_first: bool, key: UUID | None) -> None:
    """From here on the session knows the sale. `is_first`: it brings its customer in. `key`: of its form."""
    parts = [
        {"person_id": person_id, "share": shares[person_id], "value": value}
        for person_id, value in credit.parts_of(sale, shares).items()
    ]
    for name in _COLUMNS:
        if name not in sale.__dict__:
            setattr(sale, name, None)  # what nobody has said is said to be nothing, not asked for
    told = {
        "sale": json.dumps({name: history.plain(getattr(sale, name)) for name in _COLUMNS}),
        "parts": json.dumps(parts),
        "day": dated_on(sale),
        "is_first": is_first,
        "submission": key,
        "actor_id": sale.created_by_id,
        "details": json.dumps({"stage": sale.stage.value, "value": sale.value}),
    }
    [(sale.id, sale.created_at, sale.updated_at)] = _WRITE.ask(told)
    make_transient_to_detached(sale)
    db.session.add(sale)
