"""Products from files: known by their code, else by their name."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, delete, literal_column, select

from app.core import audit
from app.extensions import db
from app.imports import changes
from app.imports.kinds import Column, Job, Kind, Make, Outcome, Undone
from app.imports.matching import Entry
from app.imports.problems import Bad
from app.imports.references import is_referred_to
from app.imports.staging import Collected, Row
from app.sales.models import Product
from app.sales.series import products_moved

FIELDS = ("code", "name", "series", "list_price", "currency")


def product_entries() -> list[Entry]:
    rows = db.session.execute(select(Product.id, Product.code, Product.name).order_by(Product.id))
    return [Entry(key, name, (code, name)) for key, code, name in rows]


def product_maker(job: Job) -> Make:
    """For a product that only a sale names."""

    def make(name: str) -> Entry:
        product = Product(code=name, name=name, currency=job.currency, import_id=job.import_id)
        db.session.add(product)
        db.session.flush()
        return Entry(product.id, name, (name,))

    return make


class Products(Kind):
    name = "products"
    label = _l("Products")
    order = 20
    columns = (
        Column("name", _l("Name"), need="key", headers=(
            "product", "product name", "item", "producto", "nombre del producto", "nombre", "artículo",
            "descripción",
        )),
        Column("code", _l("Code"), headers=(
            "product code", "sku", "product id", "id", "código", "código de producto", "referencia",
            "clave",
        )),
        Column("series", _l("Series"), headers=(
            "product series", "family", "product family", "category", "line", "serie", "familia",
            "línea", "familia de productos", "categoría",
        )),
        Column("list_price", _l("List price"), "amount", headers=(
            "sales price", "price", "unit price", "standard price", "precio de lista", "precio",
            "precio unitario",
        )),
        Column("currency", _l("Currency"), "currency", headers=("currency code", "moneda", "divisa")),
    )  # fmt: skip  # running words

    def intake(self, job: Job) -> "ProductIntake":
        return ProductIntake(self, job)

    def undo(self, import_id: int, actor_id: int | None) -> Undone:
        undone, was = Undone(), dict[int, str | None]()

        def put(product: Product, before: dict[str, Any]) -> None:
            if "series" in before:
                was[product.id] = product.series
            _put(product, before)

        changes.restore(import_id, Product, lambda p: p.name, put, undone)
        products_moved(was)
        made = select(Product).where(Product.import_id == import_id).order_by(Product.id)
        in_use = literal_column(is_referred_to("products", "products.id", ()), Boolean)
        undone.kept += [(product.name, "in_use") for product in db.session.scalars(made.where(in_use))]
        gone = delete(Product).where(Product.import_id == import_id, ~in_use).returning(Product.id)
        undone.removed = len(db.session.scalars(gone.execution_options(synchronize_session="fetch")).all())
        return undone


def _put(product: Product, before: dict[str, Any]) -> None:
    for name, value in before.items():
        setattr(product, name, value)


class ProductIntake(Collected):
    def __init__(self, kind: Kind, job: Job) -> None:
        super().__init__(kind, job)
        self._was: dict[int, str | None] = {}  # the series of products that come to another

    def finish(self) -> Outcome:
        outcome, first = Outcome(), dict[str, Row]()
        known = list(db.session.scalars(select(Product).order_by(Product.id).with_for_update()))
        by_code = {product.code.casefold(): product for product in known}
        by_name: dict[str, list[Product]] = {}
        for product in known:
            by_name.setdefault(product.name.casefold(), []).append(product)
        for row in self.rows:
            key = (row.values.get("code") or row.values["name"]).casefold()
            if key in first:
                if first[key].values == row.values:
                    outcome.unchanged += 1
                else:
                    self.job.rejects.add_late(row.line, Bad("twice_in_file", "code", first=first[key].line))
                continue
            first[key] = row
            if (row.values.get("list_price") or 0) < 0:
                self.job.rejects.add_late(row.line, Bad("negative_price", "list_price"))
                continue
            self._merge(row, by_code, by_name, outcome)
        db.session.flush()
        products_moved(self._was)
        return outcome

    def _merge(
        self, row: Row, by_code: dict[str, Product], by_name: dict[str, list[Product]], outcome: Outcome
    ) -> None:
        code, name = row.values.get("code"), row.values["name"]
        named = by_name.get(name.casefold(), [])
        product = by_code.get((code or name).casefold()) or (
            named[0] if len(named) == 1 and not code else None
        )
        if product is None:
            default = self.job.layout.mapping.defaults.get("currency", self.job.currency)
            values = {k: row.values.get(k) for k in FIELDS}
            values |= {"code": code or name, "currency": row.values.get("currency") or default}
            db.session.add(Product(**values, import_id=self.job.import_id))
            outcome.created += 1
            if len(outcome.additions) < 5:
                outcome.additions.append({k: v for k, v in values.items() if v is not None})
            return
        told = {
            k: v
            for k, v in row.values.items()
            if k in FIELDS and not (k in {"code", "currency"} and v is None)
        }
        before = {k: getattr(product, k) for k, v in told.items() if getattr(product, k) != v}
        if not before:
            outcome.unchanged += 1
            return
        if "series" in before:
            self._was[product.id] = before["series"]
        for k in before:
            setattr(product, k, told[k])
        changes.note(self.job.import_id, product, before, {k: told[k] for k in before})
        audit.record("product.imported", product, actor_id=self.job.actor_id, changed=sorted(before))
        outcome.updated += 1
        if len(outcome.changes) < 20:
            fields = [[k, changes.plain(before[k]), changes.plain(told[k])] for k in before]
            outcome.changes.append({"key": product.code, "fields": fields})
