"""The factors of every person's revenue, before and now, and those of their peers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from app.diagnosis.baseline import Baseline, due, still_open
from app.diagnosis.counting import totals
from app.diagnosis.findings import Factor, Part, Split
from app.diagnosis.frame import Frame
from app.diagnosis.records import Flags, Floats, Ints
from app.diagnosis.variance import in_whole_units, share_of_peers, split

ORDER = (Factor.LEADS, Factor.PACE, Factor.MIX, Factor.WIN_RATE, Factor.DEAL_VALUE, Factor.CANCELLATIONS)


@dataclass(frozen=True)
class Sums:
    """By person, of a number of periods: what the factors are made of."""

    leads: Floats  # persons x sources: as many as are usually decided in the time
    decided: Floats
    expected: Floats  # worth of what is usually won of the decided
    won: Floats  # usual worth of what was won
    value: Floats  # of what was won
    kept: Floats

    def of(self, members: Ints, starts: Ints) -> "Sums":
        """By case: the sums of its persons, `members` from each of `starts` to the next."""
        return Sums(
            np.add.reduceat(self.leads[members], starts, axis=0),
            *(np.add.reduceat(getattr(self, name)[members], starts) for name in _NAMES),
        )

    def without(self, part: "Sums") -> "Sums":
        """Everybody else."""
        return Sums(
            self.leads.sum(axis=0, keepdims=True) - part.leads,
            *(getattr(self, name).sum() - getattr(part, name) for name in _NAMES),
        )

    def scaled(self, by: Floats) -> "Sums":
        return Sums(self.leads * by[:, None], *(getattr(self, name) * by for name in _NAMES))

    def factors(self) -> Floats:
        """Factors x cases; their product is what was kept. NaN where there was nothing to tell by."""
        leads = self.leads.sum(axis=1)
        return np.stack(
            [
                leads,
                _over(self.decided, leads),
                _over(self.expected, self.decided),
                _over(self.won, self.expected),
                _over(self.value, self.won),
                _over(self.kept, self.value),
            ]
        )


_NAMES = ("decided", "expected", "won", "value", "kept")


@dataclass(frozen=True)
class Ledger:
    """The sums of all persons now and, in all, before; and how many of their periods that were."""

    now: Sums
    before: Sums
    present_now: Floats
    present_before: Floats


def _over(one: Floats, other: Floats) -> Floats:
    return np.where(other > 0, one / np.where(other > 0, other, 1.0), np.nan)


def ledger(frame: Frame, base: Baseline) -> Ledger:
    left = still_open(frame)
    before = _sums(frame, base, frame.before(frame.closed_in), _chances(frame, left, range(frame.now)))
    now = _sums(frame, base, frame.in_now(frame.closed_in), due(frame, left, frame.now))
    return Ledger(now, before, frame.present[:, -1], frame.present[:, :-1].sum(axis=1))


def _chances(frame: Frame, left: Floats, spans: range) -> Floats:
    total = np.zeros(len(frame.person))
    for span in spans:
        total += due(frame, left, span)
    return total


def _sums(frame: Frame, base: Baseline, rows: Flags, chance: Floats) -> Sums:
    people, sources = len(frame.people), len(frame.sources)
    decided, won = rows & frame.decided, rows & frame.won
    kept = rows & frame.kept
    share = frame.share

    def add(chosen: Flags, values: Floats) -> Floats:
        return totals(frame.person[chosen], values[chosen], people)

    # who decides more than is usual shows it in their pace; a lead nobody could expect counts once decided
    at_hand = np.maximum(chance, np.where(decided & (chance <= 0), 1.0, 0.0))
    leads = totals(frame.person * sources + frame.source, share * at_hand, people * sources)
    return Sums(
        leads=leads.reshape(people, sources),
        decided=add(decided, share),
        expected=add(decided, share * base.win * base.worth),
        won=add(won, share * base.worth),
        value=add(won, frame.sales.value),
        kept=add(kept, frame.sales.value),
    )


def changes(book: Ledger, cases: Sequence[Ints]) -> list[Split | None]:
    """The split of each case's change, of one person or several; None without a period to compare with."""
    answers: list[Split | None] = [None] * len(cases)
    places = [place for place, members in enumerate(cases) if len(members)]
    if not places:
        return answers
    members = np.concatenate([cases[place] for place in places])
    starts = np.cumsum([0, *(len(cases[place]) for place in places)])[:-1]
    now, before = book.now.of(members, starts), book.before.of(members, starts)
    present_now = np.add.reduceat(book.present_now[members], starts)
    present_before = np.add.reduceat(book.present_before[members], starts)
    others_now, others_before = book.now.without(now), book.before.without(before)
    before = before.scaled(_over_or_none(present_now, present_before))
    others_before = others_before.scaled(
        _over_or_none(book.present_now.sum() - present_now, book.present_before.sum() - present_before)
    )
    x0, x1 = before.factors(), now.factors()
    p0, p1 = np.nan_to_num(others_before.factors()), np.nan_to_num(others_now.factors())
    p0[0], p1[0] = x0[0], _as_peers(before.leads, others_before.leads, others_now.leads)
    parts, shared = split(x0, x1), np.rint(share_of_peers(x0, x1, p0, p1))
    figures0, figures1 = np.nan_to_num(x0), np.nan_to_num(x1)
    for case, place in enumerate(places):
        if present_before[case] <= 0 or present_now[case] <= 0:
            continue
        start, end = round(float(before.kept[case])), round(float(now.kept[case]))
        exact = in_whole_units(parts[:, case].tolist(), Decimal(end - start))
        common = [Decimal(int(each)) for each in shared[:, case].tolist()]
        answers[place] = Split(
            Decimal(start),
            Decimal(end),
            tuple(
                Part(
                    factor,
                    exact[k],
                    common[k],
                    exact[k] - common[k],
                    float(figures0[k, case]),
                    float(figures1[k, case]),
                )
                for k, factor in enumerate(ORDER)
            ),
        )
    return answers


def _over_or_none(one: Floats, other: Floats) -> Floats:
    return np.where(other > 0, one / np.where(other > 0, other, 1.0), 0.0)


def _as_peers(own: Floats, before: Floats, now: Floats) -> Floats:
    """Each case's own leads, had those of each source changed as the peers' did."""
    ratio = np.where(before > 0, now / np.where(before > 0, before, 1.0), 1.0)
    return np.asarray((own * ratio).sum(axis=1))
