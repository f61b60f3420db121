"""What plans changed, once it can be known."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model


class PlanEffect(Model):
    """The figure before and after a plan, the like peers', and what came of it (`result`: an `Effect`).

    Records are kept as the estimate read them, so that plans can be put together later.
    """

    __tablename__ = "plan_effects"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), unique=True)
    stratum: Mapped[str]  # metric, missed period and window after: compared within it
    own: Mapped[dict[str, Any] | None]  # an `effect.Record`
    peers: Mapped[list[Any]] = mapped_column(server_default="[]")  # of person and record
    during: Mapped[float | None] = mapped_column(Float)
    level: Mapped[float | None] = mapped_column(Float)  # the peers' usual level, for putting metrics together
    result: Mapped[dict[str, Any] | None]
    too_few: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class EffectSummary(Model):
    """What many plans changed on average, by `kind`: all, step, course, coach. Never of fewer than three."""

    __tablename__ = "effect_summaries"

    kind: Mapped[str]
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    subject: Mapped[str] = mapped_column(server_default="")  # a step's kind
    result: Mapped[dict[str, Any] | None]  # in parts of the peers' usual level
    too_few: Mapped[str | None]
    plans: Mapped[int]
    is_claimed: Mapped[bool] = mapped_column(server_default=text("false"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
