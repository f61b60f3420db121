"""Which plans each member of the cast reaches: the person, their manager now, HR."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.coaching.models import StepChoice, StepTemplate
from app.extensions import db
from tests.coaching.plans import aims_of, figure, found, make_plan, sold, steps_of
from tests.factories import make_person
from tests.route_examples import Example

READERS = {"ana", "marta", "hilda"}
TWO = {"ana", "marta"}


def anas(cast: SimpleNamespace) -> dict[str, Any]:
    return {"plan_id": make_plan(cast.ana).id}


def luiss(cast: SimpleNamespace) -> dict[str, Any]:
    return {"plan_id": make_plan(cast.luis).id}


def support(cast: SimpleNamespace) -> dict[str, Any]:
    return {"plan_id": make_plan(cast.ana, [found("delivery", 0.9)]).id}


def step(cast: SimpleNamespace) -> dict[str, Any]:
    plan = make_plan(cast.ana)
    return {"plan_id": plan.id, "step_id": steps_of(plan)[0].id}


def aim(cast: SimpleNamespace) -> dict[str, Any]:
    product = sold(cast.ana, won=9, lost=41)
    for number in range(4):
        sold(make_person(team=cast.norte), won=6 + number, lost=14 - number, product=product)
    plan = make_plan(cast.ana, [found("capability", 0.8, product=product, figures=[figure()])])
    return {"plan_id": plan.id, "aim_id": aims_of(plan)[0].id}


def rule(cast: SimpleNamespace) -> dict[str, Any]:
    return {"rule_id": db.session.scalars(select(StepChoice.id).order_by(StepChoice.id)).first()}


def template(cast: SimpleNamespace) -> dict[str, Any]:
    return {"template_id": db.session.scalars(select(StepTemplate.id).order_by(StepTemplate.id)).first()}


LOOKS = [
    Example(anas, "hers", reached_by=READERS),
    Example(support, "hers, of support", reached_by=READERS),
    Example(luiss, "of another team", reached_by={"luis", "omar", "hilda"}),
]
LED = [Example(anas, "of her rep", reached_by={"marta"})]
LED_STEP = [Example(step, "of her rep", reached_by={"marta"})]
LED_AIM = [Example(aim, "of her rep", reached_by={"marta"})]
BY_BOTH = [Example(step, "hers", reached_by=TWO)]
COACHES = {"marta", "omar", "eva", "ximena"}

EXAMPLES = {
    "coaching_plans.index": [Example()],
    "coaching_plans.show": LOOKS,
    "coaching_plans.show_progress": LOOKS,
    "coaching_plans.show_my_progress": [Example(anas, "hers", reached_by={"ana"})],
    "coaching_plans.show_conversation": LOOKS,
    "coaching_plans.show_print": LOOKS,
    "coaching_plans.show_records": [Example(aim, "hers", reached_by=READERS)],
    "coaching_plans.agree": [Example(anas, "hers", reached_by=TWO, data={"version": "1"})],
    "coaching_plans.comment": [Example(anas, "hers", reached_by=TWO)],
    "coaching_plans.edit_dates": LED,
    "coaching_plans.change_dates": LED,
    "coaching_plans.complete": LED,
    "coaching_plans.end": LED,
    "coaching_plans.new_step": LED,
    "coaching_plans.add_step": LED,
    "coaching_plans.edit_step": LED_STEP,
    "coaching_plans.change_step": LED_STEP,
    "coaching_plans.drop_step": LED_STEP,
    "coaching_plans.restore_step": LED_STEP,
    "coaching_plans.move_step": LED_STEP,
    "coaching_plans.finish_step": BY_BOTH,
    "coaching_plans.reopen_step": BY_BOTH,
    "coaching_plans.new_aim": LED,
    "coaching_plans.add_aim": LED,
    "coaching_plans.edit_aim": LED_AIM,
    "coaching_plans.change_aim": LED_AIM,
    "coaching_plans.drop_aim": [Example(aim, "of her rep", reached_by={"marta"}, data={"version": "1"})],
    "coaching_rules.index": [Example()],
    "coaching_rules.new": [Example()],
    "coaching_rules.create": [Example()],
    "coaching_rules.edit": [Example(rule, "the company's", reached_by=COACHES)],
    "coaching_rules.change": [Example(rule, "the company's", reached_by=COACHES)],
    "coaching_rules.switch": [Example(rule, "the company's", reached_by=COACHES)],
    "coaching_rules.new_template": [Example()],
    "coaching_rules.create_template": [Example()],
    "coaching_rules.edit_template": [Example(template, "the company's", reached_by=COACHES)],
    "coaching_rules.change_template": [Example(template, "the company's", reached_by=COACHES)],
}
