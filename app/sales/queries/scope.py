"""Which sales somebody may see, and what they may do to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, true, union
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.errors import NotFound
from app.core.permissions import Permission, Role
from app.core.viewer import Viewer
from app.extensions import db
from app.people.queries import led_teams, sees_all, visible_people
from app.sales.models import Sale, SaleCredit, Stage
from app.sales.queries.waiting import answered_steps
from app.sales.steps import STEPS, Rule

FRESH = timedelta(days=3)  # so long after the decision a rep mends their own sale


def is_visible(viewer: Viewer, rules: Mapping[str, Rule]) -> ColumnElement[bool]:
    """Own sales and those one has credit in; for those who lead, their people's; for a department's lead
    the sales in the steps that it answers for; all for executives and administrators.
    """
    if sees_all(viewer):
        return true()
    people = visible_people(viewer).cte("people_in_sight")
    found: list[Any] = [
        select(Sale.id).where(Sale.rep_id.in_(select(people.c.id))),
        select(SaleCredit.sale_id).where(SaleCredit.person_id.in_(select(people.c.id))),
    ]
    if (answered := answered_steps(rules, steps_teams(viewer, rules))) is not None:
        found.append(select(Sale.id).where(answered))
    return Sale.id.in_(union(*found))


def steps_teams(viewer: Viewer, rules: Mapping[str, Rule]) -> set[int]:
    """The teams that this viewer leads among those which answer for a step."""
    asked = {rule.team_id for rule in rules.values() if rule.team_id is not None}
    if not asked or viewer.role == Role.REP:
        return set()
    return asked & set(db.session.scalars(led_teams(viewer.person_id)))


def sale_for(viewer: Viewer, sale_id: int, rules: Mapping[str, Rule]) -> Sale:
    """A sale in the viewer's scope, with rep, product, customer and source. Raises NotFound for others."""
    sale = db.session.scalars(
        select(Sale)
        .where(Sale.id == sale_id, is_visible(viewer, rules))
        .options(
            joinedload(Sale.rep),
            joinedload(Sale.product),
            joinedload(Sale.customer),
            joinedload(Sale.lead_source),
        )
    ).one_or_none()
    if sale is None:
        raise NotFound
    return sale


@dataclass(frozen=True, slots=True)
class Rights:
    """What a viewer may do to a sale that they see."""

    decide: bool = False
    correct: bool = False  # and void, and split
    restore: bool = False
    cancel: bool = False
    steps: frozenset[str] = frozenset()
    log: bool = False  # an activity


def rights_on(viewer: Viewer, sale: Sale, rules: Mapping[str, Rule]) -> Rights:
    """A rep: the own open sale, the own fresh decision, the steps of the own sale. A manager: their people's.
    A department's lead: the steps it answers for. An administrator: all.
    """
    is_own = sale.rep_id == viewer.person_id
    corrects = viewer.can(Permission.SALES_CORRECT) and (sees_all(viewer) or _is_in_sight(viewer, sale))
    if sale.voided_at is not None:
        return Rights(restore=corrects)
    is_fresh = sale.closed_on is None or clock.today() - sale.closed_on <= FRESH
    mends = corrects or (is_own and is_fresh and viewer.can(Permission.SALES_RECORD))
    steps: frozenset[str] = frozenset()
    if sale.stage == Stage.WON and sale.cancelled_on is None:
        if corrects or is_own:
            steps = frozenset(STEPS)
        elif viewer.can(Permission.PROCESS_ADVANCE):
            teams = steps_teams(viewer, rules)
            steps = frozenset(step for step in STEPS if step in rules and rules[step].team_id in teams)
    is_theirs = corrects or (is_own and viewer.can(Permission.SALES_RECORD))
    return Rights(
        decide=sale.stage == Stage.OPEN and is_theirs,
        correct=mends,
        cancel=is_theirs and sale.stage == Stage.WON and sale.cancelled_on is None,
        steps=steps,
        log=viewer.can(Permission.SALES_RECORD) and (is_own or corrects),
    )


def markable_steps(viewer: Viewer, rules: Mapping[str, Rule]) -> frozenset[str]:
    """The steps that this viewer may mark in a list; in some rows of it not even these."""
    if viewer.can(Permission.SALES_CORRECT) or viewer.role == Role.REP:
        return frozenset(STEPS)
    if not viewer.can(Permission.PROCESS_ADVANCE):
        return frozenset()
    teams = steps_teams(viewer, rules)
    return frozenset(step for step in STEPS if step in rules and rules[step].team_id in teams)


def _is_in_sight(viewer: Viewer, sale: Sale) -> bool:
    people = visible_people(viewer).cte("people_in_sight")
    return db.session.scalar(select(people.c.id).where(people.c.id == sale.rep_id).limit(1)) is not None
