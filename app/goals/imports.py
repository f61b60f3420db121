"""Goals from files: one for a person or a team, a metric and a period; they are proposed at once."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, select

from app.core import audit, clock
from app.core.errors import DomainError
from app.extensions import db
from app.goals import closed, news, operations
from app.goals.fiscal import KINDS, Span, span_of
from app.goals.models import Goal, GoalStatus, Period
from app.goals.periods import fiscal_start, period_by_key
from app.goals.units import to_kept, to_written
from app.imports import kinds
from app.imports.kinds import Column, Job, Kind, Make, Outcome, Undone
from app.imports.matching import Entry, Names
from app.imports.people import person_entries
from app.imports.problems import Bad
from app.imports.staging import Collected, Row
from app.metrics.models import Metric
from app.people.models import Person, Team
from app.people.operations import root, team_by_path
from app.sales.asking import undo_of


def team_entries() -> list[Entry]:
    """By name where it is the only one, and by the path from the company down."""
    teams = {team.id: team for team in db.session.scalars(select(Team).order_by(Team.id))}
    entries = []
    for team in teams.values():
        names = [teams[key].name for key in team.path]
        paths = {"/".join(names[n:]) for n in range(len(names))}
        entries.append(Entry(team.id, team.name, tuple(sorted(paths))))
    return entries


def metric_entries() -> list[Entry]:
    return [
        Entry(metric.id, metric.label(), (metric.key, *map(str, metric.names.values())))
        for metric in db.session.scalars(select(Metric).order_by(Metric.id))
    ]


class Goals(Kind):
    name = "goals"
    label = _l("Goals")
    order = 40
    columns = (
        Column("metric", _l("Metric"), "name", "key", headers=(
            "kpi", "indicator", "indicador", "métrica",
        )),
        Column("target", _l("Target"), "number", "key", headers=(
            "goal", "quota", "meta", "objetivo", "cuota",
        )),
        Column("starts_on", _l("First day"), "date", "key", headers=(
            "start date", "from", "start", "inicio", "desde",
        )),
        Column("ends_on", _l("Last day"), "date", "key", headers=(
            "end date", "to", "until", "end", "fin", "hasta",
        )),
        Column("rep", _l("Sales rep"), headers=(
            "rep or team", "person", "sales agent", "owner", "employee", "email", "name", "vendedor",
            "persona",
        )),
        Column("team", _l("Team"), headers=("sales team", "equipo", "team name")),
    )  # fmt: skip  # running words

    def names(self, column: str, aliases: dict[str, str], make: Make | None = None) -> Names | None:
        return Names(metric_entries(), "unknown_metric", aliases) if column == "metric" else None

    def known_labels(self, column: str) -> list[str]:
        return [entry.label for entry in metric_entries()] if column == "metric" else []

    def intake(self, job: Job) -> "GoalIntake":
        return GoalIntake(self, job)

    def undo(self, import_id: int, actor_id: int | None) -> Undone:
        """What nobody has answered or revised is withdrawn. Raises ClosedDay where a period is closed."""
        periods = set(db.session.scalars(select(Goal.period_id).where(_made_by(import_id))))
        if frozen := [period_id for period_id in sorted(periods) if closed.is_frozen(period_id)]:
            raise undo_of(import_id, (), frozen)
        return self.undo_open(import_id, actor_id)

    def undo_open(self, import_id: int, actor_id: int | None) -> Undone:
        undone, gone = Undone(), []
        made = select(Goal).where(_made_by(import_id)).order_by(Goal.id)
        for goal in db.session.scalars(made.with_for_update(key_share=True)):
            if closed.is_frozen(goal.period_id):
                undone.kept.append((f"#{goal.id}", "period_closed"))
                continue
            if goal.version > 1 or goal.status not in {GoalStatus.DRAFT, GoalStatus.PROPOSED}:
                undone.kept.append((f"#{goal.id}", "changed_since"))
                continue
            goal.withdrawn_at = clock.now()
            audit.record("goal.withdrawn", goal, actor_id=actor_id)
            gone.append(goal)
            undone.removed += 1
        news.targets_changed(*gone)
        return undone


def _made_by(import_id: int) -> ColumnElement[bool]:
    return and_(Goal.import_id == import_id, Goal.withdrawn_at.is_(None))


class GoalIntake(Collected):
    def finish(self) -> Outcome:
        outcome = Outcome()
        self.people = Names(person_entries(), "unknown_rep")
        self.teams = Names(team_entries(), "unknown_team")
        self.fiscal = fiscal_start()
        seen: dict[tuple[Any, ...], Row] = {}
        made: dict[int, list[int]] = {}
        for row in self.rows:
            try:
                with db.session.begin_nested():
                    goal = self._merge(row, seen, outcome)
            except Bad as bad:
                self.job.rejects.add_late(row.line, bad)
            except DomainError as error:
                self.job.rejects.add_late(row.line, Bad("refused", None, text=str(error.message)))
            else:
                if goal is not None:
                    made.setdefault(goal.period_id, []).append(goal.id)
        for ids in made.values():
            operations.propose_goals(ids, by=self.job.actor_id)
        return outcome

    def _merge(self, row: Row, seen: dict[tuple[Any, ...], Row], outcome: Outcome) -> Goal | None:
        values = row.values
        subject, metric = self._subject(values), db.session.get_one(Metric, values["metric"])
        target = to_kept(metric, values["target"])
        if target <= 0:
            raise Bad("not_positive", "target", value=str(values["target"]))
        period = self._period(values["starts_on"], values["ends_on"])
        if closed.is_frozen(period.id):
            raise Bad("goal_period_closed", "starts_on", period=period.key)
        key = (type(subject), subject.id, metric.id, period.id)
        if key in seen:
            if seen[key].values != values:
                raise Bad("twice_in_file", None, first=seen[key].line)
            outcome.unchanged += 1
            return None
        seen[key] = row
        column = Goal.person_id if isinstance(subject, Person) else Goal.team_id
        found = db.session.scalars(
            select(Goal).where(
                column == subject.id,
                Goal.metric_id == metric.id,
                Goal.period_id == period.id,
                Goal.withdrawn_at.is_(None),
            )
        ).one_or_none()
        if found is None:
            return self._create(subject, metric, period, target, values, outcome)
        if found.target == target:
            outcome.unchanged += 1
            return None
        if found.status is not GoalStatus.DRAFT:
            raise Bad("goal_running", "target")
        told = [["target", str(to_written(metric, found.target)), str(values["target"])]]
        operations.change_draft(found.id, target=target, by=self.job.actor_id)
        outcome.updated += 1
        outcome.changes.append({"key": f"{subject.name}, {period.key}", "fields": told})
        return None

    def _create(
        self,
        subject: Person | Team,
        metric: Metric,
        period: Period,
        target: Decimal,
        values: dict[str, Any],
        outcome: Outcome,
    ) -> Goal:
        first, last = operations.days_of(subject, period)
        days = {"starts_on": max(first, values["starts_on"]), "ends_on": min(last, values["ends_on"])}
        goal = operations.create_goal(
            subject,
            period=period,
            metric=metric,
            target=target,
            by=self.job.actor_id,
            import_id=self.job.import_id,
            is_fixed=True,
            **days,
        )
        outcome.created += 1
        if len(outcome.additions) < 5:
            outcome.additions.append(
                {"metric": metric.label(), "target": str(values["target"]), "rep": subject.name}
                | {name: values[name].isoformat() for name in ("starts_on", "ends_on")}
            )
        return goal

    def _subject(self, values: dict[str, Any]) -> Person | Team:
        rep, team = values.get("rep"), values.get("team")
        if bool(rep) == bool(team):
            raise Bad("one_subject", "rep")
        if team:
            return db.session.get_one(Team, self._team_id(team))
        try:
            return db.session.get_one(Person, self.people.find(str(rep)))
        except Bad as unknown:
            try:
                return db.session.get_one(Team, self._team_id(str(rep)))
            except Bad:
                raise unknown from None

    def _team_id(self, path: str) -> int:
        found = team_by_path(path, create=False)
        if found is not None and (found.id != root().id or "/" not in path):
            return found.id
        return self.teams.find(path)

    def _period(self, first: date, last: date) -> Period:
        """The one of exactly these days; else the shortest that holds them and begins or ends with them."""
        spans = [span_of(kind, first, self.fiscal) for kind in KINDS]
        fitting = [span for span in spans if (span.starts_on, span.ends_on) == (first, last)]
        fitting += [span for span in spans if self._begins_or_ends(span, first, last)]
        period = period_by_key(fitting[0].key) if fitting and first <= last else None
        if period is None:
            raise Bad("no_period", "starts_on")
        return period

    def _begins_or_ends(self, span: Span, first: date, last: date) -> bool:
        return (first == span.starts_on and last <= span.ends_on) or (last == span.ends_on)


def init() -> None:
    kinds.register(Goals())
