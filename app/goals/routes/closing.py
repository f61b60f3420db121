"""How periods close: the administrator's page."""

from decimal import Decimal

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.goals import closing as closing_
from app.goals import closing_rules
from app.goals.closing import Rules
from app.goals.forms import ClosingForm
from app.goals.routes import bp


@bp.get("/periods/closing")
@requires(Permission.PERIODS_MANAGE)
def closing() -> ResponseReturnValue:
    given = closing_.rules()
    form = ClosingForm(
        None, grace_days=given.grace_days, hour=given.hour, exceeded_from=given.exceeded_from * 100
    )
    return _closing(form)


@bp.post("/periods/closing")
@requires(Permission.PERIODS_MANAGE)
def set_closing() -> ResponseReturnValue:
    form = ClosingForm()
    if not form.validate():
        return _closing(form), 422
    share = (form.exceeded_from.data or Decimal(110)) / 100
    wanted = Rules(form.grace_days.data or 0, int(form.hour.data or 0), share)
    closing_rules.set_rules(wanted, by=the_viewer().person_id)
    flash(_("Saved. It holds for every period that closes from now on."), "good")
    return go_to(url_for("goals.closing"))


def _closing(form: ClosingForm) -> str:
    return render_template("goals/closing.html", form=form, coming=closing_rules.coming())
