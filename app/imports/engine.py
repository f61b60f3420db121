"""One import from file to tables, inside the caller's transaction. A dry run ends it with a rollback."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel import Locale
from sqlalchemy import text

from app.core import clock
from app.extensions import db
from app.imports import layout as layouts
from app.imports import reading
from app.imports.kinds import Job, Kind, Outcome
from app.imports.layout import Layout, Survey
from app.imports.mapping import Mapping
from app.imports.problems import Problem
from app.imports.reading import Limits
from app.imports.rejects import Rejects
from app.people.company import the_company

Progress = Callable[[str, int, int], None]  # phase, rows done, rows in all
Sink = Callable[[list[Problem], Sequence[Any]], None]


@dataclass(slots=True)
class Order:
    path: Path
    limits: Limits
    kind: Kind
    source: str
    import_id: int
    given: Mapping | None = None
    saved: Mapping | None = None
    actor_id: int | None = None
    is_dry: bool = False


@dataclass(slots=True)
class Result:
    survey: Survey
    layout: Layout
    outcome: Outcome
    rejects: Rejects
    matched: dict[str, dict[str, str]]

    def as_json(self) -> dict[str, Any]:
        """For the import's summary."""
        outcome, mapping = self.outcome, self.layout.mapping
        return {
            "rows": self.survey.rows,
            "created": outcome.created,
            "updated": outcome.updated,
            "unchanged": outcome.unchanged,
            "rejected": self.rejects.count,
            "also": outcome.also,
            "unknown_columns": self.layout.unknown,
            "matched": {column: words for column, words in self.matched.items() if words},
            "notes": [*self.layout.notes, *outcome.notes],
            "reasons": self.rejects.reasons()[:50],
            "changes": outcome.changes,
            "additions": outcome.additions,
            "effects": outcome.effects,
            "columns": {ours: list(theirs) for ours, theirs in mapping.columns.items() if theirs},
        }


def day_first() -> bool:
    """How the company's region writes a date that could be read in two ways."""
    pattern = Locale.parse(the_company().locale).date_formats["short"].pattern
    return bool(pattern.index("d") < pattern.index("M"))


def look_at(order: Order) -> tuple[Survey, Layout]:
    """The first pass. Raises Refused."""
    survey = reading.survey(order.path, order.limits)
    return survey, layouts.decide(order.kind, survey, order.given, order.saved, day_first())


def take_turn(kind: str) -> None:
    """Imports of one kind, and what takes them back, come one by one: each finds what was before it."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('cumbre import'), hashtext(:kind))"), {"kind": kind}
    )


def carry_out(
    order: Order, survey: Survey, layout: Layout, progress: Progress, sink: Sink | None = None
) -> Result:
    """Raises Refused when the file itself cannot be read to its end."""
    take_turn(order.kind.name)
    db.session.execute(text("SET LOCAL work_mem = '64MB'"))
    company = the_company()
    rejects = Rejects(survey.header, sink)
    job = Job(
        import_id=order.import_id,
        source=order.source,
        layout=layout,
        rejects=rejects,
        currency=company.currency,
        zone=clock.zone(),
        today=clock.today(),
        actor_id=order.actor_id,
        is_dry=order.is_dry,
    )
    intake = order.kind.intake(job)
    done = 0
    for lines, rows in reading.rows(order.path, order.limits):
        intake.take(lines, rows)
        done += len(rows)
        progress("rows", done, survey.rows)
    progress("merging", done, survey.rows)
    outcome = intake.finish()
    if rejects.late:
        for lines, rows in reading.rows(order.path, order.limits):
            for line, row in zip(lines, rows, strict=True):
                if line in rejects.late:
                    rejects.fill_in(line, row)
    return Result(survey, layout, outcome, rejects, intake.matched)
