import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Base, Model


class MetricKind(enum.StrEnum):
    SUM = "sum"
    COUNT = "count"
    RATIO = "ratio"  # numerator over denominator: win rate, average deal


class Subject(enum.StrEnum):
    SALES = "sales"
    ACTIVITIES = "activities"


class Unit(enum.StrEnum):
    MONEY = "money"  # the company's currency, kept in minor units
    NUMBER = "number"
    PERCENT = "percent"  # kept as a share: 0.25 is 25 %
    SCORE = "score"  # 1 to 5


class Metric(Model):
    """A definition as data; `metrics/definition.py` says what `rule` may hold."""

    __tablename__ = "metrics"
    __table_args__ = (CheckConstraint("rank_from >= 1", name="rank_from_positive"),)

    key: Mapped[str] = mapped_column(unique=True)  # revenue, deals_won, ...
    names: Mapped[dict[str, Any]]  # {"en": ..., "es": ...}
    kind: Mapped[MetricKind]
    subject: Mapped[Subject]
    unit: Mapped[Unit]
    decimals: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    is_higher_better: Mapped[bool] = mapped_column(server_default=text("true"))
    rank_from: Mapped[int] = mapped_column(server_default="1")  # a ratio of fewer cases is not ranked
    # {"date": column, "measure": ..., "conditions": [...], "of": {"measure": ..., "conditions": [...]},
    #  "products": [ids], "lead_sources": [ids], "activities": [kinds]}
    rule: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(server_default="100")
    is_shipped: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Total(Base):
    """A person's total of a metric in a month. A ratio keeps both its parts, others only the first."""

    __tablename__ = "totals"
    __table_args__ = {"postgresql_with": {"fillfactor": 80}}  # room for HOT updates

    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    person_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    value: Mapped[Decimal]
    base: Mapped[Decimal] = mapped_column(server_default="0")


class TeamTotal(Base):
    """A team's total on a day, those of the teams below it included, by the members of that day."""

    __tablename__ = "team_totals"

    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Decimal]
    base: Mapped[Decimal] = mapped_column(server_default="0")
