"""An administrator makes a metric, and sees what it would have come to before saving it."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Invalid
from app.core.hx import fragment, go_to, wants_fragment
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.metrics import catalogue, operations, queries
from app.metrics.definition import MetricKind
from app.metrics.forms import MetricForm, PresentationForm, refuse, said_of
from app.metrics.preview import preview
from app.metrics.routes import bp


@bp.get("/metrics/new")
@requires(Permission.METRICS_MANAGE)
def new() -> ResponseReturnValue:
    return _page(_filled(MetricForm(formdata=None, conditions=["won", "kept"])), None)


@bp.post("/metrics/draft")
@requires(Permission.METRICS_MANAGE)
def draft() -> ResponseReturnValue:
    """The form as it is being filled in, with what it would have come to."""
    key = request.args.get("metric")
    return _page(_filled(MetricForm()), queries.metric_by_key(key) if key else None)


@bp.post("/metrics")
@requires(Permission.METRICS_MANAGE)
def create() -> ResponseReturnValue:
    form = _filled(MetricForm())
    if form.validate():
        try:
            metric = operations.create_metric(form.wanted(), by_id=the_viewer().person_id, key=form.key.key)
        except Invalid as error:
            refuse(form, error)
        else:
            flash(_counted(metric.label()), "good")
            return go_to(url_for("metrics.show", key=metric.key))
    return _page(form, None, 422)


@bp.get("/metrics/<key>/edit")
@requires(Permission.METRICS_MANAGE)
def edit(key: str) -> ResponseReturnValue:
    metric = queries.metric_by_key(key)
    kind = PresentationForm if metric.is_shipped else MetricForm
    return _page(_filled(kind(formdata=None, data=said_of(metric))), metric)


@bp.post("/metrics/<key>")
@requires(Permission.METRICS_MANAGE)
def update(key: str) -> ResponseReturnValue:
    metric = queries.metric_by_key(key)
    form = _filled(PresentationForm() if metric.is_shipped else MetricForm())
    if form.validate():
        try:
            if isinstance(form, MetricForm):
                operations.update_metric(metric, form.wanted(), by_id=the_viewer().person_id)
            else:
                operations.present_metric(
                    metric,
                    names=form.names(),
                    decimals=form.decimals.data,
                    rank_from=form.rank_from.data,
                    is_active=form.is_active.data,
                    by_id=the_viewer().person_id,
                )
        except Invalid as error:
            refuse(form, error)
        else:
            flash(_("Saved."), "good")
            return go_to(url_for("metrics.show", key=metric.key))
    return _page(form, metric, 422)


def _counted(name: str) -> str:
    if operations.is_large():
        return str(_("%(metric)s is being counted; its figures are right in a minute.", metric=name))
    return str(_("%(metric)s is counted, for all the past as well.", metric=name))


def _filled(form: PresentationForm) -> Any:
    if isinstance(form, MetricForm):
        offered = catalogue.offered()
        form.products.choices = offered.products
        form.series.choices = offered.series
        form.lead_sources.choices = offered.lead_sources
    return form


def _page(form: Any, metric: Any, status: int = 200) -> ResponseReturnValue:
    context: dict[str, Any] = {"form": form, "metric": metric, "seen": None}
    if isinstance(form, MetricForm) and form.parsed() is not None:
        wanted = form.wanted()
        context["wanted"] = wanted
        context["seen"] = preview(
            wanted.definition(),
            is_ratio=wanted.kind is MetricKind.RATIO,
            is_higher_better=wanted.is_higher_better,
            rank_from=wanted.rank_from,
        )
    if wants_fragment():
        return fragment("metrics/_form.html", status, **context)
    return render_template("metrics/form.html", **context), status
