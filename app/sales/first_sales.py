"""Which sale brought a customer in: the earliest won one that stands (closed_on, then key).

It alone counts as a new customer, so when the mark moves, both the old and the new first sale count
differently: both belong to the selection of `recording`. All is set-based, for one customer or a million:

    lock(customers)
    with recording(changed sales + others_first(customers, changed)):
        ...change...
        mark(customers)
"""

from sqlalchemy import ColumnElement, Select, and_, select, union, update
from sqlalchemy.dialects.postgresql import distinct_on

from app.extensions import db
from app.sales.models import Customer, Sale, Stage
from app.sales.recording import Keys


def stands() -> ColumnElement[bool]:
    """Whether a sale can bring a customer in. Cancelled or recorded by mistake, it cannot."""
    return and_(Sale.stage == Stage.WON, Sale.voided_at.is_(None), Sale.cancelled_on.is_(None))


def lock(customer_ids: Keys) -> None:
    """Hold the customers until the transaction ends, in the order of their keys."""
    db.session.execute(
        select(Customer.id)
        .where(Customer.id.in_(customer_ids))
        .order_by(Customer.id)
        .with_for_update(key_share=True)
    )


def claim(sale: Sale, held: int | None) -> tuple[bool, list[int]]:
    """Whether a sale that is about to be recorded will bring its customer in, and the sale that loses the
    mark by it: `held`, which has it now. The customer is locked. A new key is the highest, so an equal day
    leaves the mark where it is.
    """
    is_won = sale.stage == Stage.WON and sale.cancelled_on is None
    if sale.customer_id is None or sale.closed_on is None or not is_won:
        return False, []
    if held is None:
        return True, []
    since = db.session.scalar(select(Sale.closed_on).where(Sale.id == held))
    return (True, [held]) if since is None or sale.closed_on < since else (False, [])


def others_first(customer_ids: Keys, changed: Keys) -> Select[int]:
    """The sales, beside those that change, which carry a mark now or may get it by the change."""
    earliest = (
        select(Sale.id)
        .ext(distinct_on(Sale.customer_id))
        .where(Sale.customer_id.in_(customer_ids), stands(), Sale.id.not_in(changed))
        .order_by(Sale.customer_id, Sale.closed_on, Sale.id)
        .subquery()
    )
    marked = select(Customer.first_sale_id).where(
        Customer.id.in_(customer_ids), Customer.first_sale_id.is_not(None)
    )
    # A union, each half by its index: an OR of both would read all sales for each one that is recorded.
    both = union(select(earliest.c.id), marked).subquery()
    return select(both.c.id).where(both.c.id.not_in(changed))


def mark(customer_ids: Keys) -> None:
    """Put each customer's mark on the sale that deserves it now."""
    db.session.flush()
    first = (
        select(Sale.id)
        .where(Sale.customer_id == Customer.id, stands())
        .order_by(Sale.closed_on, Sale.id)
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )
    db.session.execute(
        update(Customer)
        .where(Customer.id.in_(customer_ids), Customer.first_sale_id.is_distinct_from(first))
        .values(first_sale_id=first)
        .execution_options(synchronize_session=False)
    )
