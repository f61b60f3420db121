"""Customers and lead sources are found by name, or made: once, however many ask for them at once."""

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert

from app.core.driver import Question
from app.extensions import db
from app.sales.models import Customer, LeadSource

Named = type[Customer] | type[LeadSource]

# Put together once: a sale is recorded while somebody waits.
_FIND = {
    kind: select(kind.__table__.c.id).where(
        func.lower(kind.__table__.c.name) == func.lower(bindparam("name"))
    )
    for kind in (Customer, LeadSource)
}
_MAKE = {
    kind: insert(kind.__table__)
    .values(name=bindparam("name"))
    .on_conflict_do_nothing()
    .returning(kind.__table__.c.id)
    for kind in (Customer, LeadSource)
}
# Found and made at once, and held until the transaction ends.
_HOLD = Question(
    text("""
    WITH found AS (
      SELECT id, first_sale_id FROM customers WHERE lower(name) = lower(:name) FOR NO KEY UPDATE
    ), made AS (
      INSERT INTO customers (name) SELECT :name WHERE NOT EXISTS (SELECT FROM found)
      ON CONFLICT DO NOTHING RETURNING id, first_sale_id
    )
    SELECT id, first_sale_id FROM found UNION ALL SELECT id, first_sale_id FROM made
""")
)


def tidy(name: str) -> str:
    """Without spaces at the ends or doubled inside."""
    return " ".join(name.split())


def key_of(kind: Named, name: str) -> int:
    """Of the row of that name in any capitals; the first one to say it decides how it is written."""
    wanted = {"name": tidy(name)}
    found: int | None = db.session.scalar(_FIND[kind], wanted) or db.session.scalar(_MAKE[kind], wanted)
    return found or int(db.session.execute(_FIND[kind], wanted).scalar_one())


def hold(name: str) -> tuple[int, int | None]:
    """The locked customer of that name, made if new, and the sale that brought them in."""
    while True:
        for key, first_sale_id in _HOLD.ask({"name": tidy(name)}):
            return key, first_sale_id
        # Somebody has made them in this moment.
