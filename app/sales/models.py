import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Base, Model
from app.people.models import Person


class Product(Model):
    __tablename__ = "products"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    series: Mapped[str | None]
    list_price: Mapped[int | None] = mapped_column(BigInteger)  # minor units of `currency`
    currency: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    import_id: Mapped[int | None] = mapped_column(BigInteger)


class FormerSeries(Base):
    """Where a product belonged that was moved, up to a day that was closed then (`sales/series.py`)."""

    __tablename__ = "former_series"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    until_on: Mapped[date] = mapped_column(primary_key=True)
    series: Mapped[str]  # "": none


class Customer(Model):
    __tablename__ = "customers"
    __table_args__ = (Index("uq_customers_name", text("lower(name)"), unique=True),)

    name: Mapped[str]
    # The earliest won sale (closed_on, then key) that stands: it alone counts as a new customer.
    first_sale_id: Mapped[int | None] = mapped_column(
        ForeignKey("sales.id", use_alter=True, deferrable=True, initially="DEFERRED"), index=True
    )
    import_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LeadSource(Model):
    __tablename__ = "lead_sources"
    __table_args__ = (Index("uq_lead_sources_name", text("lower(name)"), unique=True),)

    name: Mapped[str]


class ExchangeRate(Model):
    """What one unit of a currency is worth in the company's, from a day on until the next rate."""

    __tablename__ = "exchange_rates"
    __table_args__ = (
        UniqueConstraint("currency", "starts_on"),
        CheckConstraint("rate > 0", name="rate_positive"),
    )

    currency: Mapped[str]
    starts_on: Mapped[date]
    rate: Mapped[Decimal] = mapped_column(Numeric(20, 10))


class Stage(enum.StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Sale(Model):
    """One sale's whole life. `amount` is in its own currency, `value` the same in the company's."""

    __tablename__ = "sales"
    __table_args__ = (
        Index(
            "uq_sales_source_external_id",
            "source",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_sales_rep_id_closed_on", "rep_id", "closed_on"),
        Index("ix_sales_closed_on", "closed_on"),
        Index("ix_sales_day", text("coalesce(closed_on, opened_on)"), "id"),
        Index("ix_sales_customer_id", "customer_id"),
        Index("ix_sales_import_id", "import_id", postgresql_where=text("import_id IS NOT NULL")),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction_range"),
        CheckConstraint("(stage = 'open') = (closed_on IS NULL)", name="closed_when_decided"),
        CheckConstraint("stage <> 'won' OR amount IS NOT NULL", name="won_has_amount"),
        CheckConstraint("lost_reason IS NULL OR stage = 'lost'", name="reason_only_when_lost"),
        CheckConstraint(
            "stage = 'won' OR num_nonnulls(promised_on, delivered_on, followed_up_on, cancelled_on) = 0",
            name="process_only_when_won",
        ),
    )

    source: Mapped[str] = mapped_column(server_default="portal")
    external_id: Mapped[str | None]
    rep_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    lead_source_id: Mapped[int | None] = mapped_column(ForeignKey("lead_sources.id"))
    stage: Mapped[Stage]
    opened_on: Mapped[date | None]  # an export may not say when a prospect was first met
    closed_on: Mapped[date | None]
    quantity: Mapped[int] = mapped_column(server_default="1")
    list_price: Mapped[int | None] = mapped_column(BigInteger)  # a unit, minor units of `currency`
    amount: Mapped[int | None] = mapped_column(BigInteger)  # all units, minor units of `currency`
    currency: Mapped[str]
    rate: Mapped[Decimal] = mapped_column(Numeric(20, 10), server_default="1")  # to the company's, dated
    value: Mapped[int | None] = mapped_column(BigInteger)  # minor units of the company's currency
    lost_reason: Mapped[str | None]  # price, product, competitor, no_decision, delivery, service or free text
    promised_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    followed_up_on: Mapped[date | None]
    cancelled_on: Mapped[date | None]
    satisfaction: Mapped[int | None] = mapped_column(SmallInteger)
    techniques: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    note: Mapped[str | None]
    voided_at: Mapped[datetime | None]  # recorded by mistake: counts nowhere, stays in the history
    version: Mapped[int] = mapped_column(server_default="1")
    import_id: Mapped[int | None] = mapped_column(BigInteger)  # the import that created it
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    rep: Mapped[Person] = relationship(foreign_keys=rep_id, lazy="raise_on_sql")
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    customer: Mapped[Customer | None] = relationship(foreign_keys=customer_id, lazy="raise_on_sql")
    lead_source: Mapped[LeadSource | None] = relationship(lazy="raise_on_sql")
    credits: Mapped[list["SaleCredit"]] = relationship(
        back_populates="sale", lazy="raise_on_sql", order_by="SaleCredit.share.desc(), SaleCredit.person_id"
    )


class SaleCredit(Base):
    """Whose result a sale is. Every sale has at least one; shares add up to 10000, values to the sale's."""

    __tablename__ = "sale_credits"
    __table_args__ = (
        CheckConstraint("share BETWEEN 1 AND 10000", name="share_range"),
        Index("ix_sale_credits_person_id", "person_id"),
        Index("ix_sale_credits_team_id", "team_id"),
    )

    sale_id: Mapped[int] = mapped_column(ForeignKey("sales.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))  # theirs on the sale's day
    share: Mapped[int] = mapped_column(SmallInteger, server_default="10000")
    value: Mapped[int | None] = mapped_column(BigInteger)  # their part, minor units of the company's currency

    sale: Mapped[Sale] = relationship(back_populates="credits", lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class SaleVersion(Model):
    """What a sale said before a change. A new sale has none."""

    __tablename__ = "sale_versions"
    __table_args__ = (UniqueConstraint("sale_id", "version"),)

    sale_id: Mapped[int] = mapped_column(ForeignKey("sales.id", ondelete="CASCADE"))
    version: Mapped[int]  # of the sale before the change
    before: Mapped[dict[str, Any]]  # the changed columns only; credits under "credits"
    after: Mapped[dict[str, Any]]
    reason: Mapped[str | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    import_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class ActivityKind(enum.StrEnum):
    CALL = "call"
    MEETING = "meeting"
    DEMO = "demo"


class Activity(Model):
    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_person_id_happened_on", "person_id", "happened_on"),)

    kind: Mapped[ActivityKind]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))  # theirs on that day
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    sale_id: Mapped[int | None] = mapped_column(ForeignKey("sales.id", ondelete="SET NULL"), index=True)
    happened_on: Mapped[date]
    note: Mapped[str | None]
    voided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProcessStep(enum.StrEnum):
    """After the win: what the company promised the customer."""

    PROMISE = "promise"
    DELIVER = "deliver"
    FOLLOW_UP = "follow_up"


class StepRule(Model):
    """Who answers for a step, and in how many days it is due. A step without a rule waits for nobody."""

    __tablename__ = "step_rules"

    step: Mapped[ProcessStep] = mapped_column(unique=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))  # none: the sale's rep
    days: Mapped[int] = mapped_column(SmallInteger)
    starts_on: Mapped[date] = mapped_column(
        server_default=text("'2000-01-01'")
    )  # earlier wins wait for nobody
