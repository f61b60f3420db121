import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, func, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import BigInteger

from app.core.models import Model
from app.core.permissions import Role


class Company(Model):
    """The one company of this portal: always the row with key 1."""

    __tablename__ = "company"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("fiscal_start_month BETWEEN 1 AND 12", name="fiscal_start_month_valid"),
    )

    name: Mapped[str]
    currency: Mapped[str]  # ISO 4217; totals and goals are in it
    country: Mapped[str]  # ISO 3166, for the holidays
    timezone: Mapped[str]  # IANA
    locale: Mapped[str]  # for those who chose none: es_ES, es_CO, es_MX, en_US
    fiscal_start_month: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    address: Mapped[str | None]  # of the portal, as an administrator last used it: for links in mails
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TeamKind(enum.StrEnum):
    COMPANY = "company"
    DEPARTMENT = "department"
    TEAM = "team"


class Function(enum.StrEnum):
    """What a department answers for."""

    SALES = "sales"
    PRODUCTION = "production"
    LOGISTICS = "logistics"
    CUSTOMER_SERVICE = "customer_service"
    MARKETING = "marketing"
    PRICING = "pricing"
    HR = "hr"
    OTHER = "other"


class Team(Model):
    """A node of the tree company > department > team. `path` holds the keys from the root to itself."""

    __tablename__ = "teams"
    __table_args__ = (
        Index("uq_teams_parent_id_name", "parent_id", text("lower(name)"), unique=True),
        Index("ix_teams_path", "path", postgresql_using="gin"),
        Index("uq_teams_one_company", "kind", unique=True, postgresql_where=text("kind = 'company'")),
        CheckConstraint("(kind = 'company') = (parent_id IS NULL)", name="root_is_company"),
    )

    name: Mapped[str]
    kind: Mapped[TeamKind]
    function: Mapped[Function] = mapped_column(server_default=Function.SALES.value)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    path: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", use_alter=True), index=True)
    archived_at: Mapped[datetime | None]

    parent: Mapped["Team | None"] = relationship(remote_side="Team.id", lazy="raise_on_sql")
    lead: Mapped["Person | None"] = relationship(foreign_keys=lead_id, lazy="raise_on_sql")


class Theme(enum.StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Person(Model):
    """Somebody of the company. Without an e-mail they count and are ranked, and cannot sign in."""

    __tablename__ = "people"
    __table_args__ = (
        Index("uq_people_email", text("lower(email)"), unique=True),
        Index("ix_people_name", text("lower(name)")),
        CheckConstraint(
            "left_on IS NULL OR hired_on IS NULL OR left_on >= hired_on", name="left_after_hired"
        ),
    )

    name: Mapped[str]
    email: Mapped[str | None]
    employee_number: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[Role]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)  # or the last
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # or the last
    hired_on: Mapped[date | None]
    left_on: Mapped[date | None]  # the last day of work
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))  # false: left, no access
    password_hash: Mapped[str | None]
    locale: Mapped[str | None]
    theme: Mapped[Theme] = mapped_column(server_default=Theme.AUTO.value)
    is_hidden: Mapped[bool] = mapped_column(server_default=text("false"))  # counted on boards, not named
    import_id: Mapped[int | None] = mapped_column(BigInteger)  # the import that created them
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    team: Mapped[Team | None] = relationship(foreign_keys=team_id, lazy="raise_on_sql")
    manager: Mapped["Person | None"] = relationship(
        foreign_keys=manager_id, remote_side="Person.id", lazy="raise_on_sql"
    )


def _one_at_a_time(table: str) -> ExcludeConstraint:
    return ExcludeConstraint(
        (literal_column("int8range(person_id, person_id, '[]')"), "&&"),
        (literal_column("daterange(starts_on, ends_on, '[]')"), "&&"),
        name=f"ex_{table}_one_at_a_time",
    )


class Membership(Model):
    """A person's time in a team; the last has no `ends_on` unless they left."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index("uq_memberships_open", "person_id", unique=True, postgresql_where=text("ends_on IS NULL")),
        _one_at_a_time("memberships"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # the last day


class ReportingLine(Model):
    """Who managed whom, and when."""

    __tablename__ = "reporting_lines"
    __table_args__ = (
        Index("uq_reporting_lines_open", "person_id", unique=True, postgresql_where=text("ends_on IS NULL")),
        _one_at_a_time("reporting_lines"),
        CheckConstraint("person_id <> manager_id", name="not_oneself"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    manager_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class DayOff(Model):
    """Days on which a person does not work, both included."""

    __tablename__ = "days_off"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str | None]


class SignInSession(Model):
    """A signed-in browser. The token itself is only in its cookie."""

    __tablename__ = "sign_in_sessions"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
    address: Mapped[str | None]
    browser: Mapped[str | None]


class AccessLinkKind(enum.StrEnum):
    INVITATION = "invitation"
    RESET = "reset"


class AccessLink(Model):
    """A link sent by mail with which a person sets a password, once."""

    __tablename__ = "access_links"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[AccessLinkKind]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class SignInAttempt(Model):
    """A failed sign-in, kept for a while to slow down guessing. `subject`: a hash of e-mail or address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_subject_at", "subject", "at"),)

    subject: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
