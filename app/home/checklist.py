"""What is left to set up, from an empty portal to the first board."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core import clock
from app.core.permissions import Role
from app.extensions import db
from app.goals.models import Goal, Period
from app.leaderboards.models import TvLink
from app.people.models import AccessLink, Company, Person
from app.sales.models import Product, Sale


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    text: str
    is_done: bool
    endpoint: str
    action: str


@dataclass(frozen=True, slots=True)
class Checklist:
    items: list[Item]
    has_results: bool

    @property
    def done(self) -> int:
        return sum(item.is_done for item in self.items)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.items)


def checklist() -> Checklist:
    """All of it in one select."""
    today = clock.today()
    reps = select(func.count()).select_from(Person).where(Person.role == Role.REP, Person.is_active)
    running = select(Period.id).where(Period.starts_on <= today, Period.ends_on >= today)
    state = db.session.execute(
        select(
            exists().select_from(Company).label("company"),
            reps.scalar_subquery().label("reps"),
            _any(Product.id).label("products"),
            _any(Sale.id).label("sales"),
            exists().where(Goal.period_id.in_(running), Goal.withdrawn_at.is_(None)).label("goals"),
            _any(AccessLink.id).label("invited"),
            exists().where(Person.role != Role.ADMIN, Person.password_hash.is_not(None)).label("signed_in"),
            _any(TvLink.id).label("screens"),
        )
    ).one()
    items = [
        Item(
            _("Your company"),
            _("Name, currency, time zone and fiscal year."),
            state.company,
            "admin.company",
            _("Look at it"),
        ),
        Item(
            _("Your sales, as your CRM exports them"),
            _("People, products and sales, in CSV or XLSX. Columns are recognised; you see it all first."),
            bool(state.sales and state.reps),
            "imports.index",
            _("Upload files"),
        ),
        Item(
            _("The first board"),
            _("Once sales are in, everybody has a place. Have a look."),
            bool(state.sales),
            "leaderboards.index",
            _("See standings"),
        ),
        Item(
            _("Goals for this period"),
            _("Spread a company goal down the tree, or import goals."),
            state.goals,
            "goals.index",
            _("Set goals"),
        ),
        Item(
            _("Invitations"),
            _("Who has an e-mail address gets a link to choose a password."),
            bool(state.invited or state.signed_in),
            "people.list_invitations",
            _("Invite people"),
        ),
        Item(
            _("A screen on the wall"),
            _("A link that shows live boards and celebrates wins. You can take it back at any time."),
            state.screens,
            "screens.index",
            _("Make a link"),
        ),
    ]
    return Checklist(items, bool(state.sales))


def _any(column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return select(column).limit(1).exists()
