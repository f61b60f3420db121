"""What somebody says of a sale."""

from dataclasses import dataclass, field
from datetime import date

from app.sales.models import Stage


@dataclass(kw_only=True, slots=True)
class Said:
    """What somebody says of a sale; a correction states it all anew. Amounts in minor units of `currency`."""

    product_id: int
    stage: Stage = Stage.WON
    customer: str = ""
    lead_source: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    quantity: int = 1
    list_price: int | None = None
    amount: int | None = None
    currency: str = ""
    lost_reason: str | None = None
    promised_on: date | None = None
    delivered_on: date | None = None
    followed_up_on: date | None = None
    cancelled_on: date | None = None
    satisfaction: int | None = None
    techniques: list[str] = field(default_factory=list)
    note: str | None = None
