"""Products, and the rules of the process: kept by administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.core import audit, money
from app.core.changes import changes
from app.core.errors import Invalid
from app.core.transactions import atomic
from app.extensions import db
from app.people.models import Team
from app.sales.models import ProcessStep, Product, StepRule
from app.sales.series import products_moved


@atomic
def save_product(
    product: Product | None,
    *,
    code: str,
    name: str,
    series: str | None,
    list_price: int | None,
    currency: str,
    is_active: bool = True,
    by_id: int | None,
) -> Product:
    """Make or change a product; the price in minor units. Raises Invalid with the field."""
    code, name = " ".join(code.split()), " ".join(name.split())
    try:
        money.precision(currency)
    except money.AmountError:
        raise Invalid(_("Write a currency's three letters, like EUR."), "currency") from None
    if list_price is not None and list_price < 0:
        raise Invalid(_("An amount is not negative."), "list_price")
    taken = select(Product.id).where(func.lower(Product.code) == func.lower(code))
    if product is not None:
        taken = taken.where(Product.id != product.id)
    if db.session.scalar(taken.limit(1)) is not None:
        raise Invalid(_("Another product has this code."), "code")
    action = "product.changed" if product is not None else "product.made"
    if product is None:
        product = Product()
        db.session.add(product)
    was, product.series = product.series, (series or "").strip() or None
    product.code, product.name = code, name
    product.list_price, product.currency, product.is_active = list_price, currency, is_active
    if action == "product.changed" and product.series != was:
        products_moved({product.id: was})
    audit.record(action, product, actor_id=by_id, code=code, name=name, list_price=list_price)
    changes.announce("sales")
    changes.announce("products")
    return product


@dataclass(frozen=True, slots=True)
class RuleSaid:
    is_kept: bool
    team_id: int | None = None  # none: the sale's rep
    days: int = 1
    starts_on: date | None = None


@atomic
def save_step_rules(said: Mapping[ProcessStep, RuleSaid], *, by_id: int | None) -> None:
    """Say who answers for each step and in how many days, or that the company does not keep it."""
    known = {rule.step: rule for rule in db.session.scalars(select(StepRule))}
    for step, rule_said in said.items():
        rule = known.get(step)
        if not rule_said.is_kept:
            if rule is not None:
                audit.record("step_rule.removed", rule, actor_id=by_id, step=step.value)
                db.session.delete(rule)
            continue
        if not 0 <= rule_said.days <= 365:
            raise Invalid(_("Between 0 and 365 days."), f"{step.value}_days")
        if rule_said.team_id is not None and db.session.get(Team, rule_said.team_id) is None:
            raise Invalid(_("Choose a department."), f"{step.value}_team_id")
        if rule is None:
            rule = StepRule(step=step)
            db.session.add(rule)
        rule.team_id, rule.days = rule_said.team_id, rule_said.days
        if rule_said.starts_on is not None:
            rule.starts_on = rule_said.starts_on
        audit.record(
            "step_rule.set", rule, actor_id=by_id, step=step.value, team_id=rule.team_id, days=rule.days
        )
    changes.announce("sales")
