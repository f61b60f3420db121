"""How many leads were to be expected, of each source, for each person."""

from dataclasses import dataclass

import numpy as np

from app.diagnosis.counting import totals
from app.diagnosis.frame import Frame
from app.diagnosis.records import Flags, Floats, Ints
from app.diagnosis.scopes import Kind

WHOLE_YEAR = 360
FEWEST_BEFORE = 2  # periods


@dataclass(frozen=True)
class Leads:
    """Persons x sources. Who has no history long enough is expected to have what they had."""

    seen: Floats
    expected: Floats
    before: Floats  # all leads of the periods before
    exposure: Floats  # by person: periods worked before
    known: Flags  # by person
    excess: float
    is_comparable: bool  # by one period before alone, a fall for all cannot be told from the season
    season: float  # the period's share of a usual one, by the same season last year; 1 if not known


def leads(frame: Frame) -> Leads:
    people, sources = len(frame.people), len(frame.sources)
    size = people * sources
    cell = frame.person * sources + frame.source
    share = frame.share
    by_span = np.stack(
        [
            totals(cell[rows], share[rows], size)
            for rows in (frame.opened_in == k for k in range(frame.now + 1))
        ]
    ).reshape(frame.now + 1, people, sources)
    exposure = frame.present[:, :-1].sum(axis=1)
    known = exposure >= 0.5
    seen, before = by_span[-1], by_span[:-1].sum(axis=0)
    season = _season(frame, by_span[:, known].sum(axis=(1, 2)), frame.present[known].sum(axis=0))
    rate = before / np.maximum(exposure, 1e-9)[:, None]
    expected = np.where(known[:, None], rate * frame.present[:, -1:] * season, seen)
    return Leads(
        seen,
        expected,
        before,
        exposure,
        known,
        _excess(frame, by_span, known),
        frame.now >= FEWEST_BEFORE,
        season,
    )


def _season(frame: Frame, count: Floats, present: Floats) -> float:
    """The same season last year over the mean of that year's periods, from a half to twice; 1 if it is not
    there."""
    first = frame.spans[-1].first
    years = [(first - span.first).days for span in frame.spans[:-1]]
    same = [place for place, days in enumerate(years) if WHOLE_YEAR - 20 <= days <= WHOLE_YEAR + 25]
    if not same or len(count) < 4 or not (present[:-1] > 0).all():
        return 1.0
    rate = count[:-1] / present[:-1]
    usual = float(rate.mean())
    return float(np.clip(rate[same[0]] / usual, 0.5, 2.0)) if usual > 0 else 1.0


def _excess(frame: Frame, by_span: Floats, known: Flags) -> float:
    """Pearson's chi-square over its degrees of freedom of the sources' leads by period before; at least 1."""
    before = by_span[:-1, known].sum(axis=1)  # spans x sources
    present = frame.present[known, :-1].sum(axis=0)
    if len(before) < 2 or not present.sum():
        return 1.5
    expected = before.sum(axis=0)[None, :] * (present / present.sum())[:, None]
    used = expected >= 5
    degrees = float(used.sum()) - float(used.any(axis=0).sum())
    chi = float((((before - expected) ** 2)[used] / expected[used]).sum())
    return float(np.clip((chi + 12) / (max(degrees, 0) + 12), 1.0, 30.0))


@dataclass(frozen=True)
class Place:
    """Where leads may have become fewer: which persons, which source (-1: all)."""

    kind: Kind
    people: Flags
    source: int
    team: int | None


@dataclass(frozen=True)
class Counted:
    """Teams of one level (or everybody) x sources, the last column all of them: known persons' leads."""

    kind: Kind
    keys: tuple[int | None, ...]
    of_person: Ints  # -1: of none, or not known
    seen: Floats
    expected: Floats
    before: Floats

    def place(self, team: int, source: int) -> Place:
        """`source` may be the last column."""
        is_all = source == self.seen.shape[1] - 1
        alone = Kind.SOURCE if self.kind is Kind.ALL else Kind.SOURCE_TEAM
        return Place(
            self.kind if is_all else alone, self.of_person == team, -1 if is_all else source, self.keys[team]
        )


def by_team(frame: Frame, leads: Leads) -> list[Counted]:
    everybody = np.zeros(len(frame.people), np.int64)
    groups: list[tuple[Kind, tuple[int | None, ...], Ints]] = [(Kind.ALL, (None,), everybody)]
    groups += [(Kind.TEAM, tuple(level.keys.tolist()), level.of_person) for level in frame.levels]
    found = []
    for kind, keys, team in groups:
        of_person = np.where(leads.known, team, -1)
        sums = [_by_team(each, of_person, len(keys)) for each in (leads.seen, leads.expected, leads.before)]
        found.append(Counted(kind, keys, of_person, *sums))
    return found


def _by_team(values: Floats, team: Ints, size: int) -> Floats:
    columns = [totals(team, column, size) for column in values.T]
    return np.stack([*columns, sum(columns, np.zeros(size))], axis=1)
