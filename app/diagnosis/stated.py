"""A finding as it is kept: the method's answer in columns and plain JSON, and back into words' reach."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.diagnosis import findings as method
from app.diagnosis.findings import Cause, Verdict, Why

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One finding of a version. `moved` tells which amounts a ruling has put here, and from where."""

    cause: Cause
    why: str
    amount: Decimal
    verdict: Verdict
    confidence: float = 0.0
    product_id: int | None = None
    source_id: int | None = None
    team_id: int | None = None
    figures: tuple[Json, ...] = ()
    charts: tuple[Json, ...] = ()
    records: tuple[Json, ...] = ()
    moved: tuple[Json, ...] = ()

    @property
    def is_supported(self) -> bool:
        """Whether it stands for a part of the shortfall."""
        return self.verdict in SUPPORTED and self.amount > 0


SUPPORTED = frozenset({Verdict.ESTABLISHED, Verdict.LIKELY, Verdict.POSSIBLE})
ASKED = (*method.SHARED, Cause.TRAINING)
"""Causes for which a department is asked; training for the one that trains."""


def said(finding: method.Finding) -> Said:
    return Said(
        cause=finding.cause,
        why=finding.why.value,
        amount=finding.amount,
        verdict=finding.verdict,
        confidence=min(max(finding.confidence, 0.0), 1.0),
        product_id=finding.scope.product or None,
        source_id=finding.scope.source or None,
        team_id=finding.scope.team or None,
        figures=tuple(map(figure, finding.figures)),
        charts=tuple(map(chart, finding.charts)),
        records=tuple(map(selection, finding.records)),
    )


def figure(given: method.Figure) -> Json:
    found: Json = {"code": given.code, "unit": given.unit.value}
    for name in ("now", "before", "peers_now", "peers_before"):
        found[name] = number(getattr(given, name))
    return found | {"n_now": int(given.n_now), "n_before": int(given.n_before)}


def chart(given: method.Chart) -> Json:
    points = [[p.first.isoformat(), number(p.value), number(p.peers), int(p.n)] for p in given.points]
    return {"code": given.code, "unit": given.unit.value, "points": points}


def selection(given: method.Selection) -> Json:
    found: Json = {
        "of": given.of,
        "by": given.by,
        "first": given.first.isoformat(),
        "last": given.last.isoformat(),
        "people": [int(key) for key in given.people],
        "team": given.team,
        "product": given.product,
        "source": given.source,
        "reasons": list(given.reasons),
        "conditions": list(given.conditions),
    }
    return {name: value for name, value in found.items() if value not in (None, [])}


def split(given: method.Split | None) -> Json:
    if given is None:
        return {}
    return {
        "before": str(given.before),
        "now": str(given.now),
        "parts": [
            {
                "factor": part.factor.value,
                "change": str(part.change),
                "shared": str(part.shared),
                "own": str(part.own),
                "before": number(part.before),
                "now": number(part.now),
            }
            for part in given.parts
        ],
    }


def number(value: float | None) -> float | None:
    """Six digits are more than anybody reads; what is no number is none."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.6g}")


def span(given: Json) -> tuple[date, date]:
    return date.fromisoformat(given["first"]), date.fromisoformat(given["last"])


def unexplained(amount: Decimal, moved: tuple[Json, ...] = ()) -> Said:
    return Said(Cause.NONE, Why.CHANCE.value, amount, Verdict.POSSIBLE, moved=moved)
