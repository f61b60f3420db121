"""A department lead's home: what waits for the department, and how well it did its part."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.viewer import Viewer
from app.home.executive import Company, company
from app.sales.queries import process, waiting
from app.sales.queries.process import Queue, WaitingRow

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Department:
    queues: Sequence[Queue]
    rows: Sequence[WaitingRow]
    company: Company | None


def department(viewer: Viewer) -> Department:
    rules = waiting.rules()
    queues = [queue for queue in process.queues(viewer, rules) if queue.waiting]
    page = process.page_of_waiting(viewer, rules)
    return Department(queues, page.items[:SHOWN], company())
