"""A form that is posted twice counts once: its key is taken in the change's own transaction."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, Update, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.driver import Question
from app.core.models import Base
from app.extensions import db


class Submission(Base):
    __tablename__ = "submissions"

    key: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    subject_id: Mapped[int | None] = mapped_column(BigInteger)  # what the first post made
    at: Mapped[datetime] = mapped_column(server_default=func.now())


def new_key() -> str:
    """For the hidden field of a form that creates something."""
    return str(uuid4())


_TAKE = Question(
    insert(Submission.__table__)
    .values(key=bindparam("key"), person_id=bindparam("person_id"))
    .on_conflict_do_nothing()
    .returning(Submission.__table__.c.key)
)


def earlier(key: UUID, person_id: int) -> Submission | None:
    """Take the key, or return the submission that took it before, locked: posts wait for one another."""
    if _TAKE.ask({"key": key, "person_id": person_id}):
        return None
    return db.session.scalars(
        select(Submission)
        .where(Submission.key == key, Submission.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def settling(subject_id: ColumnElement[int]) -> Update:
    """`settle` as a part of the statement that makes the subject; its parameter: `submission`."""
    of = bindparam("submission", type_=Submission.__table__.c.key.type)
    return update(Submission.__table__).where(Submission.__table__.c.key == of).values(subject_id=subject_id)


_SETTLE = settling(bindparam("made", type_=BigInteger))


def settle(key: UUID, subject_id: int) -> None:
    """Remember what the post made, for its repetitions."""
    db.session.execute(_SETTLE, {"submission": key, "made": subject_id})
