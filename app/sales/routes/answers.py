"""How the room answers: a sale's page, and what follows a change."""

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.hx import fragment, wants_fragment
from app.core.viewer import the_viewer
from app.sales import queries
from app.sales.forms import ActivityForm, DecisionForm, StepForm, major
from app.sales.queries import Sale
from app.sales.steps import waiting_step


def found(sale_id: int) -> Sale:
    return queries.sale_for(the_viewer(), sale_id, queries.rules())


def context(sale: Sale, **forms: Any) -> dict[str, Any]:
    """All that a sale's page shows; `forms` takes the place of fresh ones."""
    viewer, rules = the_viewer(), queries.rules()
    waiting = waiting_step(queries.facts_of(sale), rules)
    amount = major(sale.amount, sale.currency)
    shown = {
        "sale": sale,
        "rights": queries.rights_on(viewer, sale, rules),
        "stations": queries.stations_of(sale, rules),
        "waiting": waiting,
        "credits": queries.credits_of(sale),
        "activities": queries.activities_of(sale),
        "history": queries.history_of(sale),
        "figures": queries.figures_of(sale),
        "today": clock.today(),
        "decision_form": DecisionForm(formdata=None, version=sale.version, amount=amount),
        "step_form": StepForm(
            formdata=None, version=sale.version, step=waiting, on=queries.suggested_day(sale, waiting, rules)
        ),
        "activity_form": ActivityForm(formdata=None, happened_on=clock.today()),
    }
    return shown | forms


def refused(sale: Sale, status: int, *, notice: object = None, **forms: Any) -> ResponseReturnValue:
    """The sale as it is now, with the form that was not taken."""
    template = "sales/_sale.html" if wants_fragment() else "sales/show.html"
    return make_response(render_template(template, **context(sale, said=notice, **forms)), status)


def changed(sale: Sale, message: object, *, kind: str = "good", can_undo: bool = True) -> ResponseReturnValue:
    """The sale after a change, with a word about it and a way back."""
    toast = {"message": str(message), "kind": kind}
    if can_undo:
        toast["undo_url"] = url_for("sales.undo", sale_id=sale.id)
    if wants_fragment():
        trigger = {"results:recorded": {"sale": sale.id}, "toast": toast}
        return fragment("sales/_sale.html", trigger=trigger, **context(found(sale.id)))
    flash(toast, kind)  # type: ignore[arg-type]  # a toast may carry its undo
    return redirect(url_for("sales.show", sale_id=sale.id), 303)
