"""Sales and products from files."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.extensions import db
from app.imports import kinds
from app.imports.kinds import Column, Job, Kind, Make, Outcome, Undone
from app.imports.matching import Names, normal
from app.imports.people import person_entries, rep_maker
from app.imports.staging import Staged, run
from app.sales import merge, merge_undo, merge_write, rates, words
from app.sales.models import Product
from app.sales.product_imports import Products, product_entries, product_maker

STAGES = {
    "open": (
        "prospecting", "engaging", "qualification", "needs analysis", "value proposition",
        "id. decision makers", "perception analysis", "proposal", "proposal/price quote", "negotiation",
        "negotiation/review", "new", "in progress", "appointmentscheduled", "appointment scheduled",
        "qualifiedtobuy", "qualified to buy", "presentationscheduled", "presentation scheduled",
        "decisionmakerboughtin", "decision maker bought-in", "contractsent", "contract sent",
        "qualified", "contact made", "demo scheduled", "proposal made", "negotiations started",
        "abierta", "abierto", "prospecto", "prospección", "calificación", "propuesta", "negociación",
        "en curso", "nueva", "nuevo", "cita programada", "presentación programada",
    ),
    "won": (
        "closed won", "closedwon", "ganada", "ganado", "cerrada ganada", "cerrado ganado", "vendida",
        "vendido",
    ),
    "lost": ("closed lost", "closedlost", "perdida", "perdido", "cerrada perdida", "cerrado perdido"),
}  # fmt: skip  # running words
LOST_REASONS = {
    "price": ("precio", "too expensive", "muy caro", "demasiado caro", "budget", "presupuesto"),
    "product": ("producto", "missing feature", "features", "funcionalidad"),
    "competitor": ("competencia", "competidor", "lost to competitor", "competition"),
    "no_decision": (
        "no decision",
        "sin decisión",
        "no decision / non-responsive",
        "no response",
        "sin respuesta",
    ),
    "delivery": ("entrega", "delivery time", "plazo de entrega"),
    "service": ("servicio", "support", "atención"),
}


class Sales(Kind):
    name = "sales"
    label = _l("Sales")
    order = 30
    is_known_by_source = True
    columns = (
        Column("external_id", _l("Number"), need="key", longest=200, headers=(
            "id", "opportunity id", "deal id", "record id", "hs object id", "opportunity number",
            "deal number", "id de la oportunidad", "id de oportunidad", "id del negocio",
            "id del trato", "id de registro", "order id", "order number", "número de pedido", "pedido",
            "número", "folio", "código de venta", "id de venta",
        )),
        Column("rep", _l("Sales rep"), "name", "new", can_create=True, headers=(
            "sales agent", "owner", "opportunity owner", "deal owner", "owner name", "owner email",
            "salesperson", "sales rep", "seller", "agent", "account executive", "assigned to", "user",
            "vendedor", "vendedora", "comercial", "propietario", "propietario del negocio",
            "propietario de la oportunidad", "responsable", "agente", "ejecutivo", "asesor",
            "asignado a",
        )),
        Column("product", _l("Product"), "name", "new", can_create=True, headers=(
            "product name", "product code", "sku", "item", "line item", "products", "producto",
            "nombre del producto", "código de producto", "artículo", "productos",
        )),
        Column("customer", _l("Customer"), headers=(
            "account", "account name", "company", "company name", "associated company", "organization",
            "organisation", "client", "customer name", "cliente", "cuenta", "nombre de la cuenta",
            "empresa", "empresa asociada", "organización", "nombre del cliente",
        )),
        Column("stage", _l("Stage"), "choice", "new", choices=STAGES, labels=words.STAGES, headers=(
            "status", "deal stage", "sales stage", "stage name", "etapa", "estado", "etapa del negocio",
            "fase", "etapa de la oportunidad",
        )),
        Column("lead_source", _l("Lead source"), headers=(
            "source", "original source", "original traffic source", "lead origin", "channel",
            "campaign source", "origen", "fuente", "origen del prospecto", "origen del candidato",
            "fuente original", "canal",
        )),
        Column("opened_on", _l("Opened on"), "date", headers=(
            "engage date", "created date", "create date", "created", "created on", "created at",
            "opened", "open date", "start date", "deal created", "date created", "add time",
            "fecha de apertura", "fecha de creación", "creado", "creada", "apertura", "fecha de inicio",
            "negocio creado",
        )),
        Column("closed_on", _l("Closed on"), "date", joined_by=" ", headers=(
            "close date", "closed", "closed date", "closed at", "deal closed on", "won time",
            "won date", "sale date", "date", "fecha de cierre", "cierre", "cerrado", "cerrada",
            "fecha de venta", "fecha",
        )),
        Column("quantity", _l("Quantity"), "whole", headers=(
            "qty", "units", "product quantity", "cantidad", "unidades",
        )),
        Column("list_price", _l("List price"), "amount", headers=(
            "unit price", "sales price", "price", "precio de lista", "precio unitario", "precio",
        )),
        Column("amount", _l("Amount"), "amount", headers=(
            "close value", "value", "deal value", "deal amount", "opportunity amount", "total",
            "total price", "revenue", "amount in company currency", "importe", "monto", "valor",
            "valor del negocio", "importe total",
        )),
        Column("currency", _l("Currency"), "currency", headers=(
            "amount currency", "opportunity currency", "deal currency", "currency code", "moneda",
            "divisa",
        )),
        Column("lost_reason", _l("Lost because of"), "text", choices=LOST_REASONS,
               labels=words.LOST_REASONS, headers=(
            "loss reason", "closed lost reason", "reason lost", "motivo de pérdida", "razón de pérdida",
            "motivo de cierre perdido",
        )),
        Column("promised_on", _l("Promised for"), "date", headers=(
            "promised date", "promise date", "committed date", "fecha prometida", "fecha comprometida",
            "prometido",
        )),
        Column("delivered_on", _l("Delivered on"), "date", headers=(
            "delivery date", "delivered", "shipped on", "fecha de entrega", "entregado",
        )),
        Column("followed_up_on", _l("Followed up on"), "date", headers=(
            "follow up date", "followed up", "follow up", "fecha de seguimiento", "seguimiento",
        )),
        Column("cancelled_on", _l("Cancelled on"), "date", headers=(
            "cancelled", "canceled on", "cancellation date", "cancelled date", "fecha de cancelación",
            "cancelado",
        )),
        Column("satisfaction", _l("Satisfaction"), "whole", most=5, headers=(
            "csat", "rating", "satisfacción", "valoración",
        )),
        Column("techniques", _l("Techniques"), "list", headers=("sales techniques", "técnicas")),
        Column("credits", _l("Split credit"), "credits", headers=("split", "splits", "reparto")),
    )  # fmt: skip  # running words

    def complete_guess(self, header: Sequence[str], guess: dict[str, tuple[str, ...]]) -> None:
        """Where won and lost have a day each, the one that is filled is the day of closing."""
        by_normal = {normal(name).removeprefix("deal"): name for name in header}
        won, lost = by_normal.get("wontime"), by_normal.get("losttime")
        if won and lost and guess.get("closed_on", (won,)) == (won,):
            guess["closed_on"] = (won, lost)

    def names(self, column: str, aliases: dict[str, str], make: Make | None = None) -> Names | None:
        if column == "rep":
            return Names(person_entries(), "unknown_rep", aliases, make)
        return Names(product_entries(), "unknown_product", aliases, make) if column == "product" else None

    def maker(self, column: str, job: Job) -> Make | None:
        return {"rep": rep_maker, "product": product_maker}[column](job)

    def known_labels(self, column: str) -> Iterable[str]:
        if column == "product":
            return db.session.scalars(select(Product.name).order_by(Product.name))
        return [entry.label for entry in person_entries()] if column == "rep" else ()

    def intake(self, job: Job) -> "SalesIntake":
        return SalesIntake(self, job)

    def undo(self, import_id: int, actor_id: int | None) -> Undone:
        return merge_undo.undo(import_id, actor_id)

    def undo_open(self, import_id: int, actor_id: int | None) -> Undone:
        return merge_undo.undo(import_id, actor_id, only_open=True)


class SalesIntake(Staged):
    types = merge.STAGED

    def finish(self) -> Outcome:
        job, has = self.job, {column.name for column in self.columns}
        run("ANALYZE import_stage")
        repeated = merge.reject_repeated(job)
        rates.hold_all()
        merge.lock_known(job)
        noted = merge.notes(has)
        last_source = run("SELECT coalesce(max(id), 0) FROM lead_sources").scalar_one()
        made = merge.make_named(job, has)
        merge.finalise(job, has)
        merge.reject_impossible(job, has)
        created, updated, unchanged = run("""
            SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_changed),
              count(*) FILTER (WHERE NOT is_new AND NOT is_changed) FROM import_final
        """).one()
        outcome = Outcome(created, updated, unchanged + repeated, notes=noted)
        outcome.effects = merge_write.effects(job) if created or updated else {}
        outcome.additions = self._additions()
        outcome.changes = self._changes(has)
        if created or updated:
            merge_write.write(job, has, created, updated)
        if job.rejects.late:
            made = merge_write.drop_unused(job, made, last_source)
        outcome.also = {name: count for name, count in made.items() if count}
        for column in ("rep", "product"):
            if self.names[column].made:
                outcome.also[f"{column}s"] = len(self.names[column].made)
        return outcome

    def _additions(self) -> list[dict[str, Any]]:
        rows = run(
            f"""SELECT {_SAID} FROM (SELECT * FROM import_final WHERE is_new ORDER BY line LIMIT 5) AS f
                {_JOINS}
                ORDER BY f.line"""
        ).mappings()
        return [{k: _plain(v) for k, v in row.items() if v is not None} for row in rows]

    def _changes(self, has: set[str]) -> list[dict[str, Any]]:
        to_be = run(f"SELECT {_SAID} FROM import_final AS f {_JOINS} WHERE is_changed ORDER BY line LIMIT 20")
        as_is = run(f"""
            SELECT {_SAID}
            FROM (SELECT line, known_id FROM import_final WHERE is_changed ORDER BY line LIMIT 20) AS k
            JOIN sales AS f ON f.id = k.known_id {_JOINS} ORDER BY k.line
        """)
        after, before = to_be.mappings().all(), as_is.mappings().all()
        return [
            {
                "key": now["external_id"],
                "currency": now["currency"],
                "fields": [
                    [name, _plain(was[name]), _plain(now[name])] for name in now if was[name] != now[name]
                ],
            }
            for was, now in zip(before, after, strict=True)
        ]


_SAID = """f.external_id, r.name AS rep, p.name AS product, c.name AS customer, f.stage,
    l.name AS lead_source, f.opened_on, f.closed_on, f.quantity, f.list_price, f.amount, f.currency,
    f.lost_reason, f.promised_on,
    f.delivered_on, f.followed_up_on, f.cancelled_on, f.satisfaction,
    array_to_string(f.techniques, '; ') AS techniques"""
_JOINS = """JOIN people AS r ON r.id = f.rep_id JOIN products AS p ON p.id = f.product_id
    LEFT JOIN customers AS c ON c.id = f.customer_id LEFT JOIN lead_sources AS l ON l.id = f.lead_source_id"""


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, str)) else str(value)


def init() -> None:
    kinds.register(Products())
    kinds.register(Sales())
