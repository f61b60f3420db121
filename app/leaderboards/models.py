from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model


class TvLink(Model):
    """A read-only link to rotating boards, for a screen on a wall. The token is only in the link."""

    __tablename__ = "tv_links"

    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    boards: Mapped[list[Any]]  # the filters of each board, as in its URL
    seconds: Mapped[int] = mapped_column(server_default="20")  # a board stays
    locale: Mapped[str | None]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
