"""Goals on activities: calls, meetings, demos. Nobody shares a cause for these but the time there was."""

import numpy as np

from app.diagnosis.costs import Claim, Conclusions, Costs
from app.diagnosis.counting import gamma_poisson_tail, totals
from app.diagnosis.findings import Cause, Why
from app.diagnosis.frame import codes, span_of
from app.diagnosis.judging import benjamini_hochberg
from app.diagnosis.measures import Measured
from app.diagnosis.records import ACTIVITY_KINDS, Floats
from app.diagnosis.shrinkage import shrink
from app.metrics.definition import Rule

FALSE_BLAME = 0.05
RESTLESS = 0.15
"""How much anybody's activities differ from period to period, beyond chance."""


def activities(about: Conclusions, rule: Rule, what: Measured) -> Costs:
    frame = about.frame
    by_span = _counts(about, rule)
    seen, before = by_span[-1], by_span[:-1].sum(axis=0)
    exposure = frame.present[:, :-1].sum(axis=1)
    usual_rate = float(before.sum() / max(exposure.sum(), 1e-9))
    awaited = usual_rate * exposure
    own = shrink(before, awaited, np.maximum(awaited, 1e-9))
    mean = own.factor * usual_rate * frame.present[:, -1]
    common = float(np.median(seen[mean > 3] / mean[mean > 3])) if (mean > 3).sum() >= 5 else 1.0
    against = mean * min(common, 1.0)
    judged = about.persons.judged & (exposure >= 0.5) & (mean >= 3)
    doubt = own.variance / own.factor**2 + RESTLESS**2
    chance = np.where(judged, gamma_poisson_tail(seen, against, 1 / doubt), 1.0)
    named = judged & (chance <= benjamini_hochberg(chance[judged], FALSE_BLAME))
    fell = np.where(named, np.maximum(against - seen, 0), 0.0)
    return Costs(what, mean, mean, (Claim(Cause.CAPABILITY, Why.ACTIVITY, fell, 1 - chance),))


def _counts(about: Conclusions, rule: Rule) -> Floats:
    """Spans x persons."""
    frame, table = about.frame, about.frame.company.activities
    people = len(frame.people)
    counts = np.zeros((frame.now + 1, people))
    if not len(table) or not people:
        return counts
    wanted = [ACTIVITY_KINDS.index(kind.value) for kind in rule.activities]
    rows = np.isin(table.kind, wanted) if wanted else np.ones(len(table), bool)
    keys, position = codes(table.person)
    place = np.minimum(np.searchsorted(frame.people, keys), people - 1)
    listed = np.where(frame.people[place] == keys, place, -1)[position]
    span = span_of(table.day, frame.spans)
    rows &= (listed >= 0) & (span >= 0)
    cell = span[rows] * people + listed[rows]
    return totals(cell, table.count[rows], counts.size).reshape(counts.shape)
