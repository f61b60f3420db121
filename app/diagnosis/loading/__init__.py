"""The company's records, from the database into the method's columns."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from app.diagnosis.loading import records
from app.diagnosis.loading.people import people
from app.diagnosis.loading.spans import last_known_day, spans_of
from app.diagnosis.records import Company
from app.goals.models import Period

__all__ = ["company"]


def company(period: Period, known_on: date, person_ids: Iterable[int] = ()) -> Company:
    """What is to be known of a period and those before it, as it stood on `known_on`.

    `person_ids` are there even if they sold nothing. The records tell up to the last day on which a sale
    was opened or decided: a period may be closed long after its last record.
    """
    now, before, last_year = spans_of(period)
    spans = (*((last_year,) if last_year else ()), *before, now)
    known_on = max(known_on, now.last)
    sales = records.sales(min(span.first for span in spans), known_on)
    ids = np.union1d(sales.person, np.array(list(person_ids), np.int64)).tolist()
    return Company(
        now=now,
        before=before,
        as_of=max(now.last, last_known_day(known_on) or now.last),
        people=people(ids, spans, now.last),
        sales=sales,
        last_year=last_year,
        activities=records.activities(min(span.first for span in spans), known_on),
        trainings=records.trainings(ids, now.last),
        coaching=records.coaching(spans),
    )
