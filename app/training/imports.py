"""Training records from files: who needed a course about a product, and when they completed it.

A record is known by rep and product. Rounds that files have made follow the files; what was done here stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, and_, delete, exists, func, literal_column, or_, select

from app.core.bulk import copy_rows
from app.core.changes import changes as news
from app.extensions import db
from app.imports import changes, kinds
from app.imports.kinds import Column, Job, Kind, Make, Outcome, Undone
from app.imports.matching import Names
from app.imports.models import ImportedChange
from app.imports.people import person_entries
from app.imports.problems import Bad
from app.imports.references import is_referred_to
from app.imports.staging import Collected, Row
from app.people.models import Person
from app.sales.models import Product
from app.sales.product_imports import product_entries
from app.training.models import (
    Assignment,
    AssignmentOrigin,
    Attempt,
    Completion,
    Course,
    LessonRead,
)
from app.training.telling import tell_completed
from app.training.validity import expiry

NEW = (
    "person_id",
    "course_id",
    "origin",
    "assigned_on",
    "completed_on",
    "completion",
    "course_title",
    "course_version",
    "expires_on",
    "import_id",
    "created_by_id",
)
CHANGED = ("completed_on", "completion", "course_title", "course_version", "expires_on")
MOST_TOLD = 20


class Training(Kind):
    name = "training"
    label = _l("Training")
    order = 35
    columns = (
        Column("rep", _l("Sales rep"), "name", "key", headers=(
            "person", "employee", "sales agent", "agent", "name", "email", "user", "learner", "student",
            "attendee", "vendedor", "vendedora", "persona", "empleado", "empleada", "alumno", "nombre",
            "correo", "participante",
        )),
        Column("product", _l("Product"), "name", "key", headers=(
            "product name", "product code", "course", "training", "producto", "curso", "formación",
            "capacitación",
        )),
        Column("completed_on", _l("Completed on"), "date", headers=(
            "completed", "completion date", "date completed", "finished on", "passed on", "done on",
            "completado", "completado el", "fecha de finalización", "terminado", "aprobado el",
            "fecha de término",
        )),
    )  # fmt: skip  # running words

    def names(self, column: str, aliases: dict[str, str], make: Make | None = None) -> Names | None:
        if column == "rep":
            return Names(person_entries(), "unknown_rep", aliases)
        return Names(product_entries(), "unknown_product", aliases) if column == "product" else None

    def known_labels(self, column: str) -> Iterable[str]:
        if column == "product":
            return db.session.scalars(select(Product.name).order_by(Product.name))
        return [entry.label for entry in person_entries()] if column == "rep" else ()

    def intake(self, job: Job) -> "TrainingIntake":
        return TrainingIntake(self, job)

    def undo(self, import_id: int, actor_id: int | None) -> Undone:
        return _undo(import_id)


class TrainingIntake(Collected):
    def finish(self) -> Outcome:
        self.outcome = Outcome()
        self.says_when = any(column.name == "completed_on" for column in self.columns)
        rows = self._sound()
        self.courses = self._courses({row.values["product"] for row in rows})
        self.rounds = _rounds(self.courses.values(), {row.values["rep"] for row in rows})
        self.new: list[dict[str, Any]] = []
        for row in rows:
            self._merge(row)
        if self.new:
            copy_rows(Assignment, NEW, self.new)
        db.session.flush()
        if self.new or self.outcome.updated:
            news.announce("training")
        return self.outcome

    def _sound(self) -> list[Row]:
        """Each rep and product once, and no day that has not come."""
        first: dict[tuple[int, int], Row] = {}
        for row in self.rows:
            key, on = (row.values["rep"], row.values["product"]), row.values.get("completed_on")
            if on is not None and on > self.job.today:
                self.job.rejects.add_late(row.line, Bad("not_yet", "completed_on", value=on.isoformat()))
            elif key not in first:
                first[key] = row
            elif first[key].values == row.values:
                self.outcome.unchanged += 1
            else:
                self.job.rejects.add_late(row.line, Bad("twice_in_file", "product", first=first[key].line))
        return list(first.values())

    def _courses(self, product_ids: set[int]) -> dict[int, Course]:
        """By product: the oldest course about it that can be taken, else one made for these records."""
        found: dict[int, Course] = {}
        for course in db.session.scalars(
            select(Course)
            .where(
                Course.product_id.in_(product_ids),
                Course.published_at.is_not(None),
                Course.archived_at.is_(None),
            )
            .order_by(Course.id)
        ):
            found.setdefault(course.product_id or 0, course)
        missing = product_ids - set(found)
        if missing:
            taken = set(db.session.scalars(select(func.lower(Course.title))))
            for product in db.session.scalars(
                select(Product).where(Product.id.in_(missing)).order_by(Product.id)
            ):
                title = _free(product.name, product.code, taken)
                taken.add(title.lower())
                found[product.id] = Course(
                    title=title,
                    product_id=product.id,
                    is_outside=True,
                    published_at=func.now(),
                    import_id=self.job.import_id,
                    created_by_id=self.job.actor_id,
                )
                db.session.add(found[product.id])
            self.outcome.also["courses"] = len(missing)
            db.session.flush()
        return found

    def _merge(self, row: Row) -> None:
        person_id, on = row.values["rep"], row.values.get("completed_on")
        course = self.courses[row.values["product"]]
        known = self.rounds.get((person_id, course.id), [])
        ours = next((each for each in reversed(known) if each.origin is AssignmentOrigin.IMPORT), None)
        open_ = next((each for each in known if each.completed_on is None), None)
        if on is None:
            if known and (ours is None or ours.completion is not Completion.IMPORTED or not self.says_when):
                self.outcome.unchanged += 1
            elif ours is not None and open_ is None:
                self._change(row, ours, course, None)
            elif ours is not None:  # not done, and asked for again already
                self.outcome.unchanged += 1
            else:
                self._create(row, course, None)
        elif any(each.completed_on == on for each in known):
            self.outcome.unchanged += 1
        elif ours is not None and ours.completion in {None, Completion.IMPORTED}:
            self._change(row, ours, course, on)
        elif open_ is not None and (on >= open_.assigned_on or len(known) == 1):
            self._change(row, open_, course, on)
        else:
            self._create(row, course, on)

    def _create(self, row: Row, course: Course, on: date | None) -> None:
        values = {
            "person_id": row.values["rep"],
            "course_id": course.id,
            "origin": AssignmentOrigin.IMPORT,
            "assigned_on": min(on or self.job.today, self.job.today),
            "import_id": self.job.import_id,
            "created_by_id": self.job.actor_id,
        }
        self.new.append(values | _completion(course, on))
        self.outcome.created += 1
        if len(self.outcome.additions) < 5:
            told = {"rep": self._label("rep", row), "product": self._label("product", row)}
            self.outcome.additions.append(told | ({"completed_on": on.isoformat()} if on else {}))

    def _change(self, row: Row, round_: Assignment, course: Course, on: date | None) -> None:
        was_open = round_.completed_on is None
        before = {name: getattr(round_, name) for name in CHANGED}
        after = _completion(course, on)
        for name, value in after.items():
            setattr(round_, name, value)
        changes.note(self.job.import_id, round_, before, after)
        if was_open and on is not None:
            tell_completed(round_)
        self.outcome.updated += 1
        if len(self.outcome.changes) < MOST_TOLD:
            key = f"{self._label('rep', row)}, {self._label('product', row)}"
            days = [changes.plain(before["completed_on"]), changes.plain(on)]
            self.outcome.changes.append({"key": key, "fields": [["completed_on", *days]]})

    def _label(self, column: str, row: Row) -> str:
        return self.names[column].label(row.values[column])


def _free(name: str, code: str, taken: set[str]) -> str:
    """A title that no other course has."""
    titles = [name, f"{name} ({code})"]
    titles += [f"{name} ({number})" for number in range(2, len(taken) + 3)]
    return next(title for title in titles if title.lower() not in taken)


def _completion(course: Course, on: date | None) -> dict[str, Any]:
    if on is None:
        return dict.fromkeys(CHANGED)
    return {
        "completed_on": on,
        "completion": Completion.IMPORTED,
        "course_title": course.title,
        "course_version": course.version or 1,
        "expires_on": expiry(on, course.valid_months),
    }


def _rounds(courses: Iterable[Course], person_ids: set[int]) -> dict[tuple[int, int], list[Assignment]]:
    """By person and course, the first given first; those taken back are over."""
    stmt = (
        select(Assignment)
        .where(Assignment.course_id.in_([course.id for course in courses]), Assignment.withdrawn_at.is_(None))
        .order_by(Assignment.id)
        .with_for_update()
    )
    found: dict[tuple[int, int], list[Assignment]] = defaultdict(list)
    for round_ in db.session.scalars(stmt):
        if round_.person_id in person_ids:
            found[round_.person_id, round_.course_id].append(round_)
    return found


def _undo(import_id: int) -> Undone:
    undone = Undone()
    changes.restore(import_id, Assignment, _called, _put, undone)
    db.session.flush()
    made = Assignment.import_id == import_id
    changed = exists().where(
        ImportedChange.subject_type == Assignment.__tablename__,
        ImportedChange.subject_id == Assignment.id,
        ImportedChange.import_id != import_id,
    )
    is_done_here = or_(
        Assignment.completion.not_in([Completion.IMPORTED]),
        exists().where(LessonRead.assignment_id == Assignment.id),
        exists().where(Attempt.assignment_id == Assignment.id),
        changed,
    )
    own = ("lesson_reads.assignment_id", "attempts.assignment_id")
    in_use = literal_column(is_referred_to("assignments", "assignments.id", own), Boolean)
    for which, reason in ((is_done_here, "changed_since"), (and_(in_use, ~_sure(is_done_here)), "in_use")):
        kept = db.session.scalars(select(Assignment).where(made, which).order_by(Assignment.id))
        undone.kept += [(_called(round_), reason) for round_ in kept]
    gone = delete(Assignment).where(made, ~_sure(is_done_here), ~in_use).returning(Assignment.id)
    undone.removed = len(db.session.scalars(gone.execution_options(synchronize_session="fetch")).all())
    used = literal_column(is_referred_to("courses", "courses.id", ()), Boolean)
    db.session.execute(
        delete(Course)
        .where(Course.import_id == import_id, ~used)
        .execution_options(synchronize_session="fetch")
    )
    news.announce("training")
    return undone


def _sure(condition: Any) -> Any:
    """Not known is no."""
    return func.coalesce(condition, False)


def _put(round_: Assignment, before: dict[str, Any]) -> None:
    read = {"completed_on": date.fromisoformat, "expires_on": date.fromisoformat, "completion": Completion}
    for name, value in before.items():
        setattr(round_, name, read[name](value) if name in read and value is not None else value)


def _called(round_: Assignment) -> str:
    parts: Sequence[str | None] = (
        db.session.scalar(select(Person.name).where(Person.id == round_.person_id)),
        db.session.scalar(select(Course.title).where(Course.id == round_.course_id)),
    )
    return ", ".join(part for part in parts if part)


def init() -> None:
    kinds.register(Training())
