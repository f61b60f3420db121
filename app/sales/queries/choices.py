"""What forms offer: the most used first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, select

from app.core import clock
from app.core.changes import changes
from app.core.driver import Question
from app.core.permissions import GRANTS, Permission, Role
from app.core.viewer import Viewer
from app.extensions import db
from app.people.company import the_company
from app.people.models import Person
from app.people.queries import team_tree, visible_people, visible_teams
from app.sales.models import Customer, ExchangeRate, LeadSource, Product, Sale, SaleCredit

LATELY = timedelta(days=180)
CHANGE_PRODUCTS = ("products", "imports")  # topics
MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class ProductChoice:
    id: int
    name: str
    list_price: int | None
    currency: str


def product_choices(rep_id: int | None, including: int | None = None) -> list[ProductChoice]:
    """Products that are sold, those this rep sold most in half a year first; `including` even if retired."""
    used = (
        select(Sale.product_id, func.count().label("times"))
        .where(Sale.rep_id == rep_id, Sale.opened_on >= clock.today() - LATELY, Sale.voided_at.is_(None))
        .group_by(Sale.product_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Product.id, Product.name, Product.list_price, Product.currency)
        .outerjoin(used, used.c.product_id == Product.id)
        .where(Product.is_active | (Product.id == including))
        .order_by(used.c.times.desc().nulls_last(), func.lower(Product.name), Product.id)
    )
    return [ProductChoice(*row) for row in rows]


def customer_hints(words: str, rep_id: int, limit: int = 12) -> list[str]:
    """Names of customers that begin with, then that contain the words; without words, the rep's last ones."""
    text = " ".join(words.lower().split())
    if not text:
        last = (
            select(Sale.customer_id, func.max(Sale.id).label("last"))
            .where(Sale.rep_id == rep_id, Sale.customer_id.is_not(None))
            .group_by(Sale.customer_id)
            .order_by(func.max(Sale.id).desc())
            .limit(limit)
            .subquery()
        )
        stmt = (
            select(Customer.name).join(last, last.c.customer_id == Customer.id).order_by(last.c.last.desc())
        )
        return list(db.session.scalars(stmt))
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    name = func.lower(Customer.name)
    return list(
        db.session.scalars(
            select(Customer.name)
            .where(name.like(f"%{escaped}%"))
            .order_by(name.like(f"{escaped}%").desc(), name, Customer.id)
            .limit(limit)
        )
    )


def lead_source_names() -> list[tuple[int, str]]:
    rows = db.session.execute(select(LeadSource.id, LeadSource.name).order_by(func.lower(LeadSource.name)))
    return [(key, name) for key, name in rows]


def technique_names(limit: int = 30) -> list[str]:
    """Those named most in the last half year."""
    name = func.unnest(Sale.techniques).label("name")
    used = select(name).where(Sale.opened_on >= clock.today() - LATELY).subquery()
    rows = db.session.scalars(
        select(used.c.name).group_by(used.c.name).order_by(func.count().desc(), used.c.name).limit(limit)
    )
    return list(rows)


def people_choices(
    viewer: Viewer, *, everybody: bool = False, including: int | None = None
) -> Sequence[tuple[int, str]]:
    """People who record sales, by name: those in the viewer's sight, or all (to split credit with)."""
    roles = [role for role, granted in GRANTS.items() if Permission.SALES_RECORD in granted]
    stmt = select(Person.id, Person.name).where(
        (Person.role.in_(roles) & Person.is_active) | (Person.id == including)
    )
    if not everybody:
        stmt = stmt.where(Person.id.in_(visible_people(viewer)) | (Person.id == including))
    rows = db.session.execute(stmt.order_by(func.lower(Person.name), Person.id))
    return [(key, name) for key, name in rows]


def people_in_sales(viewer: Viewer) -> Sequence[tuple[int, str]]:
    """For a filter: those in sight who have sales, leavers too; empty where there is no choice."""
    has_sales = select(SaleCredit.sale_id).where(SaleCredit.person_id == Person.id).exists()
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(visible_people(viewer)), has_sales)
        .order_by(func.lower(Person.name), Person.id)
        .limit(500)
    )
    found = [(key, name) for key, name in rows]
    return found if [key for key, _ in found] != [viewer.person_id] else []


def team_choices(viewer: Viewer) -> Sequence[tuple[int, str]]:
    """Teams of those who sell, by the tree; none for a rep."""
    if viewer.role == Role.REP:
        return []
    in_sight = set(db.session.scalars(visible_teams(viewer)))
    return [
        (node.id, "\u2003" * node.depth + node.name)
        for node in team_tree()
        if node.id in in_sight and node.kind != "company" and node.function == "sales"
    ]


def product_names() -> Sequence[tuple[int, str]]:
    rows = db.session.execute(select(Product.id, Product.name).order_by(func.lower(Product.name), Product.id))
    return [(key, name) for key, name in rows]


def currencies(including: str | None = None) -> list[str]:
    """The company's, then those with a rate."""
    known = db.session.scalars(select(ExchangeRate.currency).distinct().order_by(ExchangeRate.currency))
    found = [the_company().currency, *known]
    return found if including is None or including in found else [*found, including]


_product = Product.__table__.c
_CHOSEN = Question(
    select(_product.id, _product.name, _product.list_price, _product.currency).where(
        _product.id == bindparam("chosen")
    )
)


_kept: dict[int, tuple[object, ProductChoice]] = {}  # while this process hears of changes


def product_chosen(product_id: int | None) -> ProductChoice | None:
    """Somebody waits for each sale: outside an operation a product is asked for once."""
    if not product_id:
        return None
    may_keep = changes.is_live and not db.session().info.get("in_operation")
    stamp = changes.stamp(CHANGE_PRODUCTS)
    kept = _kept.get(product_id)
    if may_keep and kept is not None and kept[0] == stamp:
        return kept[1]
    found = next((ProductChoice(*row) for row in _CHOSEN.ask({"chosen": product_id})), None)
    if may_keep and found is not None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[product_id] = stamp, found
    return found


def list_amount(product_id: int | None, quantity: int, currency: str) -> int | None:
    """What so many cost by the list, in minor units; None without a price in that currency."""
    price = db.session.scalar(
        select(Product.list_price).where(Product.id == product_id, Product.currency == currency)
    )
    return price * quantity if price is not None else None


def answering_teams() -> Sequence[tuple[int, str]]:
    """Departments and teams that may answer for a step, as the tree has them."""
    return [
        (
            node.id,
            "\u2003" * (node.depth - 1) + node.name + (f" · {node.lead_name}" if node.lead_name else ""),
        )
        for node in team_tree()
        if node.kind != "company"
    ]
