"""What is asked about sales: who may see which, lists, the process, choices for forms."""

from app.sales.models import ActivityKind, ProcessStep, Sale, Stage
from app.sales.queries.activities import ActivityLine, activity_for, page_of_activities
from app.sales.queries.catalogue import page_of_products, product_for, rate_for, rates, sales_by_currency
from app.sales.queries.choices import (
    ProductChoice,
    answering_teams,
    currencies,
    customer_hints,
    lead_source_names,
    list_amount,
    people_choices,
    people_in_sales,
    product_choices,
    product_chosen,
    product_names,
    team_choices,
    technique_names,
)
from app.sales.queries.history import Change, Part, history_of
from app.sales.queries.lists import SaleRow, Sums, Wanted, page_of_sales, sums_of
from app.sales.queries.process import Queue, WaitingRow, page_of_waiting, queues
from app.sales.queries.scope import Rights, is_visible, markable_steps, rights_on, sale_for
from app.sales.queries.show import (
    CreditRow,
    activities_of,
    credits_of,
    facts_of,
    figures_of,
    stations_of,
    suggested_day,
)
from app.sales.queries.waiting import USUAL_DAYS, rules, usual_team

__all__ = [
    "USUAL_DAYS",
    "ActivityKind",
    "ActivityLine",
    "Change",
    "CreditRow",
    "Part",
    "ProcessStep",
    "ProductChoice",
    "Queue",
    "Rights",
    "Sale",
    "SaleRow",
    "Stage",
    "Sums",
    "WaitingRow",
    "Wanted",
    "activities_of",
    "activity_for",
    "answering_teams",
    "credits_of",
    "currencies",
    "customer_hints",
    "facts_of",
    "figures_of",
    "history_of",
    "is_visible",
    "lead_source_names",
    "list_amount",
    "markable_steps",
    "page_of_activities",
    "page_of_products",
    "page_of_sales",
    "page_of_waiting",
    "people_choices",
    "people_in_sales",
    "product_choices",
    "product_chosen",
    "product_for",
    "product_names",
    "queues",
    "rate_for",
    "rates",
    "rights_on",
    "rules",
    "sale_for",
    "sales_by_currency",
    "stations_of",
    "suggested_day",
    "sums_of",
    "team_choices",
    "technique_names",
    "usual_team",
]
