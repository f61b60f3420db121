from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Sequence, SmallInteger, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.locales import language
from app.core.models import Base, Model
from app.metrics.definition import MetricKind, Rule, Subject, Unit, parse

__all__ = ["Metric", "MetricKind", "Subject", "TeamTotal", "Total", "Unit"]

_versions = Sequence("metrics_version", metadata=Base.metadata)


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
    #  "products": [ids], "series": [names], "lead_sources": [ids], "activities": [kinds]}
    rule: Mapped[dict[str, Any]]
    position: Mapped[int] = mapped_column(server_default="100")
    is_shipped: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))  # else hidden; it goes on counting
    # A later change has a higher one: what is compiled from the definitions knows when it is old.
    version: Mapped[int] = mapped_column(
        BigInteger, server_default=_versions.next_value(), onupdate=_versions.next_value()
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    def label(self) -> str:
        """Its name in the reader's language, else in the other one."""
        return str(self.names.get(language()) or next(iter(self.names.values()), self.key))

    def parsed(self) -> Rule:
        return parse(self.subject, self.kind, self.rule)


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
    __table_args__ = {"postgresql_with": {"fillfactor": 80}}

    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Decimal]
    base: Mapped[Decimal] = mapped_column(server_default="0")
