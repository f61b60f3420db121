"""What is shown for a finding: the figures it rests on, a chart, and the records behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.diagnosis.findings import Cause, Chart, Figure, Selection, Unit
from app.diagnosis.found import SIGNS, Found
from app.diagnosis.frame import Frame
from app.diagnosis.personal import Persons
from app.diagnosis.records import Flags, Ints, Reason
from app.diagnosis.scopes import lacking
from app.diagnosis.signals import Sign, Signal
from app.diagnosis.tables import Table, Tabulator

SIGN_UNITS = {
    Sign.LATE: Unit.SHARE,
    Sign.CANCELLED: Unit.SHARE,
    Sign.FOLLOWED_UP: Unit.SHARE,
    Sign.SATISFACTION: Unit.SCORE,
}
NAMES = {reason: reason.name.casefold() for reason in Reason}


@dataclass(frozen=True)
class Exhibit:
    """The first table is the one that is drawn."""

    tables: tuple[Table, ...]
    records: tuple[Selection, ...]

    def figures(self, members: Ints) -> tuple[Figure, ...]:
        return tuple(table.figure(members) for table in self.tables)

    def charts(self, members: Ints) -> tuple[Chart, ...]:
        return tuple(table.chart(members) for table in self.tables[:1])

    def selections(self, people: Sequence[int]) -> tuple[Selection, ...]:
        return tuple(replace(each, people=tuple(people)) for each in self.records)


@dataclass(frozen=True)
class Shower:
    frame: Frame
    tabulator: Tabulator
    signals: Mapping[Sign, Signal]

    def cause(self, found: Found) -> Exhibit:
        if found.place is not None:
            return self._leads(found)
        assert found.here is not None
        if found.cause is Cause.TRAINING:
            return self._training(found, found.here)
        decided = found.here & self.frame.decided
        tables = [self._win_rate(decided)]
        tables += [self._lost(decided, reason) for reason in found.reasons]
        signs = (*SIGNS.get(found.cause, ()), *((Sign.CANCELLED,) if found.cancelled else ()))
        tables += [self._sign(sign, found.here) for sign in signs if sign in self.signals]
        return Exhibit(tuple(tables), self._records(found))

    def sign(self, sign: Sign) -> Exhibit:
        """One sign of everybody's sales, for a goal on just that."""
        now = self.frame.spans[-1]
        condition = {Sign.LATE: "late", Sign.CANCELLED: "cancelled", Sign.SATISFACTION: "rated"}.get(
            sign, "won"
        )
        records = (Selection("sales", "closed_on", now.first, now.last, conditions=(condition,)),)
        return Exhibit((self._sign(sign, np.ones(len(self.frame.person), bool)),), records)

    def person(self) -> Exhibit:
        """All sides of everybody's work."""
        frame, everything = self.frame, np.ones(len(self.frame.person), bool)
        tables = [
            self._win_rate(frame.decided),
            self.tabulator.a_period("leads", Unit.NUMBER, everything, frame.share),
            self.tabulator.ratio("deal_value", Unit.MONEY, frame.won, frame.sales.value, frame.share),
        ]
        if Sign.DISCOUNT in self.signals:
            tables.append(self._sign(Sign.DISCOUNT, everything))
        now = frame.spans[-1]
        records = (
            Selection("sales", "closed_on", now.first, now.last, conditions=("decided",)),
            Selection("sales", "opened_on", now.first, now.last),
        )
        return Exhibit(tuple(tables), records)

    def _win_rate(self, rows: Flags) -> Table:
        won = np.where(self.frame.won, self.frame.share, 0.0)
        return self.tabulator.ratio("win_rate", Unit.SHARE, rows & self.frame.decided, won, self.frame.share)

    def _lost(self, rows: Flags, reason: Reason) -> Table:
        stated = rows & self.frame.lost & (self.frame.sales.reason != Reason.NONE)
        named = (self.frame.sales.reason == reason).astype(float)
        return self.tabulator.ratio(f"lost_{NAMES[reason]}", Unit.SHARE, stated, named, np.ones(len(named)))

    def _sign(self, sign: Sign, rows: Flags) -> Table:
        signal = self.signals[sign]
        if sign is Sign.DISCOUNT:
            sales = self.frame.sales
            return self.tabulator.ratio(
                "paid_of_list", Unit.SHARE, signal.known & rows, sales.value, sales.list_value
            )
        ones = np.ones(len(signal.value))
        return self.tabulator.ratio(sign.value, SIGN_UNITS[sign], signal.known & rows, signal.value, ones)

    def _leads(self, found: Found) -> Exhibit:
        frame, place = self.frame, found.place
        assert place is not None
        rows = place.people[frame.person]
        if place.source >= 0:
            rows = rows & (frame.source == place.source)
        now = frame.spans[-1]
        records = (
            Selection(
                "sales", "opened_on", now.first, now.last, team=found.scope.team, source=found.scope.source
            ),
        )
        return Exhibit((self.tabulator.a_period("leads", Unit.NUMBER, rows, frame.share),), records)

    def _training(self, found: Found, here: Flags) -> Exhibit:
        """Who lacks the training, against those who have it and sell the same."""
        frame = self.frame
        products = np.unique(frame.product[here])
        same = np.isin(frame.product, products) & ~lacking(frame, frame.untrained) & ~frame.untrained
        table = replace(self._win_rate(here & frame.decided), peers=self._win_rate(same))
        now = frame.spans[-1]
        records = tuple(
            Selection(
                "sales",
                "closed_on",
                now.first,
                now.last,
                product=int(frame.products[product]),
                conditions=("decided", "untrained"),
            )
            for product in products.tolist()
        )
        missing = (Selection("training", "completed_on", now.first, now.last, product=found.scope.product),)
        return Exhibit((table,), records + missing)

    def _records(self, found: Found) -> tuple[Selection, ...]:
        now, scope = self.frame.spans[-1], found.scope

        def sales(by: str, conditions: tuple[str, ...], reasons: tuple[str, ...] = ()) -> Selection:
            return Selection(
                "sales",
                by,
                now.first,
                now.last,
                team=scope.team,
                product=scope.product,
                source=scope.source,
                reasons=reasons,
                conditions=conditions,
            )

        found_records = []
        if found.reasons:
            reasons = tuple(NAMES[reason] for reason in found.reasons)
            found_records.append(sales("closed_on", ("lost",), reasons))
        if found.cause is Cause.DELIVERY and Sign.LATE in self.signals:
            found_records.append(sales("promised_on", ("late",)))
        if found.cancelled:
            found_records.append(sales("closed_on", ("cancelled",)))
        if found.cause is Cause.SERVICE and Sign.SATISFACTION in self.signals:
            found_records.append(sales("closed_on", ("rated",)))
        if found.cheaper:
            found_records.append(sales("closed_on", ("won",)))
        return tuple(found_records) or (sales("closed_on", ("decided",)),)


def against_expected(persons: Persons, members: Ints) -> tuple[Figure, ...]:
    """What was seen of each side beside what the own record and the peers make expect (`peers_now`)."""
    figures = []
    for each in persons.components:
        if each.name in {"leads", "pace", "win_rate"} and each.known[members].any():
            seen, expected = float(each.seen[members].sum()), float(each.expected[members].sum())
            code = {"leads": "leads_expected", "pace": "decided_expected", "win_rate": "wins_expected"}[
                each.name
            ]
            figures.append(Figure(code, Unit.NUMBER, seen, None, expected, None, round(seen)))
    return tuple(figures)
