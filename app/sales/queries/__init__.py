"""What is asked about sales: who may see which, lists, the process, choices for forms."""

from app.sales.queries.choices import (
    ProductChoice,
    customer_hints,
    lead_source_names,
    people_choices,
    product_choices,
    technique_names,
)
from app.sales.queries.history import Change, Part, history_of
from app.sales.queries.lists import SaleRow, Sums, Wanted, page_of_sales, sums_of
from app.sales.queries.process import Queue, WaitingRow, page_of_waiting, queues
from app.sales.queries.scope import Rights, is_visible, rights_on, sale_for
from app.sales.queries.show import CreditRow, activities_of, credits_of, facts_of, stations_of
from app.sales.queries.waiting import rules

__all__ = [
    "Change",
    "CreditRow",
    "Part",
    "ProductChoice",
    "Queue",
    "Rights",
    "SaleRow",
    "Sums",
    "WaitingRow",
    "Wanted",
    "activities_of",
    "credits_of",
    "customer_hints",
    "facts_of",
    "history_of",
    "is_visible",
    "lead_source_names",
    "page_of_sales",
    "page_of_waiting",
    "people_choices",
    "product_choices",
    "queues",
    "rights_on",
    "rules",
    "sale_for",
    "stations_of",
    "sums_of",
    "technique_names",
]
