"""What the making of plans writes, gathered and written in few statements however many plans there are."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, text

from app.coaching import wording
from app.coaching.models import Aim, Plan, PlanCase, PlanMessage, PlanMessageKind, PlanStep
from app.coaching.proposals.choosing import For, Step
from app.coaching.proposals.drawing import Desk, Drawing
from app.coaching.proposals.evidence import Missed
from app.core import clock, events
from app.core.audit import AuditEntry
from app.core.changes import changes
from app.core.models import Model
from app.extensions import db
from app.goals.holidays import company_calendar
from app.people.models import Person

UNNAMED = {"en": {"product": "this product"}, "es": {"product": "este producto"}}
LONGEST = timedelta(days=200)  # until the last step is due


class Sheet:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._today = clock.today()
        self._calendar = company_calendar(self._today, self._today + LONGEST)
        self._cases: list[dict[str, Any]] = []
        self._steps: list[dict[str, Any]] = []
        self._aims: list[dict[str, Any]] = []
        self._gone: list[Any] = []
        self._said: list[dict[str, Any]] = []
        self._news: dict[str, list[tuple[int, int]]] = {}

    def nothing(self, cases: Sequence[Missed]) -> None:
        self._cases += [self._case(None, one, []) for one in cases]

    def begin(self, plan_id: int, one: Missed, drawing: Drawing) -> None:
        self.link(plan_id, one, [])
        self._add_aims(plan_id, drawing, self._today + timedelta(weeks=drawing.weeks))
        self._add_steps(plan_id, drawing.steps, 1)
        self._say(plan_id, 1, PlanMessageKind.PROPOSED, {"case_id": one.case_id, "steps": len(drawing.steps)})
        self._news.setdefault("plan_proposed", []).append((plan_id, one.person_id))

    def link(self, plan_id: int, one: Missed, tried: Sequence[Mapping[str, Any]]) -> None:
        self._cases.append(self._case(plan_id, one, tried))

    def replace_aims(self, plan: Plan, drawing: Drawing, aims: Sequence[Aim]) -> None:
        """Those that the findings give now; without any, and in support of the person, the old ones stand."""
        if drawing.kind is For.COACHING and drawing.aims:
            self._gone += aims
            self._add_aims(plan.id, drawing, plan.ends_on)

    def add_steps(self, plan: Plan, steps: Sequence[Step], *, after: Sequence[PlanStep]) -> None:
        self._add_steps(plan.id, steps, 1 + max((step.position for step in after), default=0))

    def drop(self, steps: Sequence[PlanStep]) -> None:
        self._gone += steps

    def say(self, plan: Plan, kind: PlanMessageKind, **details: Any) -> None:
        self._say(plan.id, plan.version, kind, details)

    def tell(self, name: str, plan: Plan) -> None:
        self._news.setdefault(name, []).append((plan.id, plan.person_id))

    def write(self) -> None:
        for table, rows in ((Aim, self._gone), (PlanStep, self._gone)):
            ids = [row.id for row in rows if isinstance(row, table)]
            if ids:
                db.session.execute(delete(table).where(table.id.in_(ids)))
        _write(
            PlanCase,
            self._cases,
            "ON CONFLICT (case_id) DO UPDATE"
            " SET plan_id = excluded.plan_id, diagnosis_id = excluded.diagnosis_id",
        )
        for into, rows in ((PlanStep, self._steps), (Aim, self._aims), (PlanMessage, self._said)):
            _write(into, rows)
        db.session.flush()
        self._tell()

    def _tell(self) -> None:
        told = [pair for pairs in self._news.values() for pair in pairs]
        if not told:
            return
        managers = _managers({person_id for _, person_id in told})
        for name, pairs in self._news.items():
            events.record_many(
                name,
                [
                    {
                        "plan_id": plan_id,
                        "person_id": person_id,
                        "people": sorted({person_id, managers.get(person_id) or person_id}),
                        "author_id": None,
                    }
                    for plan_id, person_id in pairs
                ],
            )
            _write(
                AuditEntry,
                [
                    {
                        "action": name.replace("_", ".", 1),
                        "subject_type": Plan.__tablename__,
                        "subject_id": plan_id,
                        "details": {"person_id": person_id},
                    }
                    for plan_id, person_id in pairs
                ],
            )
        concerned = {person_id for _, person_id in told} | set(filter(None, managers.values()))
        changes.announce("coaching", people=sorted(concerned))

    def _case(self, plan_id: int | None, one: Missed, tried: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        return {
            "plan_id": plan_id,
            "case_id": one.case_id,
            "diagnosis_id": one.diagnosis_id,
            "tried": list(tried),
        }

    def _say(self, plan_id: int, version: int, kind: PlanMessageKind, details: Mapping[str, Any]) -> None:
        said = {"plan_id": plan_id, "version": version, "kind": kind, "details": dict(details)}
        self._said.append(said | {"at": clock.now().isoformat()})

    def _add_aims(self, plan_id: int, drawing: Drawing, until: date) -> None:
        for position, aim in enumerate(drawing.aims, 1):
            self._aims.append(
                {
                    "plan_id": plan_id,
                    "position": position,
                    "measure": aim.what.measure,
                    "metric_id": aim.what.metric.id if aim.what.metric else None,
                    "product_id": aim.what.product_id,
                    "starts_at": aim.starts_at,
                    "aims_at": aim.aims_at,
                    "from_on": self._today,
                    "by_on": until,
                    "reason": dict(aim.reason),
                }
            )

    def _add_steps(self, plan_id: int, steps: Sequence[Step], first: int) -> None:
        for position, step in enumerate(steps, first):
            template, named = self._desk.templates[step.template], self._names(step)
            self._steps.append(
                {
                    "plan_id": plan_id,
                    "position": position,
                    "kind": template.kind,
                    "titles": {key: wording.fill_title(said, named) for key, said in template.titles.items()},
                    "texts": {
                        key: wording.fill(said, {**UNNAMED.get(key, UNNAMED["en"]), **_known(named)})
                        for key, said in template.texts.items()
                    },
                    "template_id": step.template,
                    "course_id": step.course,
                    "peer_id": step.peer,
                    "product_id": step.product,
                    "due_on": self._due(step.days),
                    "choice_id": step.rule,
                    "reason": {
                        "words": dict(self._desk.choices[step.rule].reasons),
                        "figures": self._figures(step, named),
                    },
                }
            )

    def _names(self, step: Step) -> dict[str, str | None]:
        course = self._desk.courses.get(step.course or 0)
        return {
            "product": self._desk.products.get(step.product or 0),
            "peer": self._desk.names.get(step.peer or 0),
            "course": course.title if course else None,
        }

    def _figures(self, step: Step, named: Mapping[str, str | None]) -> dict[str, Any]:
        seen = step.seen
        return {
            **named,
            "cause": step.cause,
            "aspect": step.aspect,
            "share": float(step.share),
            "amount": str(step.amount.quantize(Decimal("0.0001"))),
            **(
                {
                    "code": seen.code,
                    "unit": seen.unit,
                    "now": seen.now,
                    "before": seen.before,
                    "peers": seen.peers,
                    "cases": seen.cases,
                }
                if seen
                else {}
            ),
        }

    def _due(self, days: int) -> date:
        """That many days from now, or the working day after."""
        day = self._today + timedelta(days=min(days, LONGEST.days - 14))
        return day if self._calendar.is_working(day) else self._calendar.add_working_days(day, 1)


def _write(into: type[Model], rows: Sequence[Mapping[str, Any]], then: str = "") -> None:
    """All rows in one statement; COPY is not for tables whose rows have their readers."""
    if not rows:
        return
    table, columns = into.__tablename__, ", ".join(rows[0])
    db.session.execute(
        text(
            f"INSERT INTO {table} ({columns}) SELECT {columns}"
            f" FROM jsonb_populate_recordset(CAST(NULL AS {table}), CAST(:rows AS jsonb)) {then}"
        ),
        {"rows": json.dumps(rows, default=str)},
    )


def _known(named: Mapping[str, str | None]) -> dict[str, str]:
    return {name: said for name, said in named.items() if said}


def _managers(people: set[int]) -> dict[int, int | None]:
    rows = db.session.execute(select(Person.id, Person.manager_id).where(Person.id.in_(people)))
    return {row.id: row.manager_id for row in rows}
