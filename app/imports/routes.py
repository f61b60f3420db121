"""Files in, step by step: uploaded, mapped, checked, run, undone."""

import io
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.hx import wants_fragment
from app.core.live import live
from app.core.permissions import Permission, requires
from app.core.viewer import the_viewer
from app.imports import forms, kinds, operations, queries, running, showing
from app.imports.problems import Problem, Refused
from app.imports.rejects import RejectsFile

bp = Blueprint("imports", __name__, url_prefix="/imports")


@bp.get("")
@requires(Permission.IMPORT_RUN)
def index() -> ResponseReturnValue:
    if wants_fragment():
        return render_template("imports/_list.html", **_lists())
    return _index(_upload_form())


@bp.post("")
@requires(Permission.IMPORT_RUN)
def create() -> ResponseReturnValue:
    form = _upload_form()
    if not form.validate():
        return _index(form, 422)
    viewer, taken = the_viewer(), []
    for file in form.files.data:
        name = Path(str(file.filename)).name or "file"
        path = operations.keep_file(Path(current_app.config["CUMBRE_DATA"]), file.read())
        try:
            record = operations.upload(
                path,
                name,
                source=str(form.source.data),
                kind=form.kind.data or None,
                by_id=viewer.person_id,
            )
        except Refused as refused:
            form.files.errors = [*form.files.errors, f"{name}: {operations.refusal(form.kind.data, refused)}"]
        else:
            taken.append(record)
    if form.files.errors:
        return _index(form, 422)
    if len(taken) == 1:
        return redirect(url_for("imports.show", import_id=taken[0].id), 303)
    flash(ngettext("%(num)s file is ready.", "%(num)s files are ready.", len(taken)), "good")
    return redirect(url_for("imports.index"), 303)


@bp.post("/run")
@requires(Permission.IMPORT_RUN)
def run_waiting() -> ResponseReturnValue:
    waiting = showing.in_order(queries.waiting())
    if waiting:
        operations.queue_run(waiting, by_id=the_viewer().person_id)
    return redirect(url_for("imports.index"), 303)


@bp.get("/<int:import_id>")
@requires(Permission.IMPORT_RUN)
@live("imports", "people", "sales", "company")
def show(import_id: int) -> ResponseReturnValue:
    page = showing.import_page(queries.import_for(import_id), request.args.get("page", 1, type=int))
    template = "imports/_import.html" if wants_fragment() else "imports/show.html"
    return render_template(template, **page)


@bp.get("/<int:import_id>/mapping")
@requires(Permission.IMPORT_RUN)
def edit_mapping(import_id: int) -> ResponseReturnValue:
    return render_template("imports/mapping.html", **showing.mapping_page(queries.import_for(import_id)))


@bp.post("/<int:import_id>/mapping")
@requires(Permission.IMPORT_RUN)
def save_mapping(import_id: int) -> ResponseReturnValue:
    record = queries.import_for(import_id)
    kind = kinds.kind(record.kind)
    settled = showing.settled_words(record)
    mapping = forms.read_mapping(request.form, running.survey_of(record).header, kind.columns, settled)
    viewer = the_viewer()
    try:
        operations.set_mapping(record, mapping, by_id=viewer.person_id)
    except Refused as refused:
        page = showing.mapping_page(record, mapping, operations.refusal(record.kind, refused))
        return make_response(render_template("imports/mapping.html", **page), 422)
    operations.queue_check(record, by_id=viewer.person_id)
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.post("/<int:import_id>/check")
@requires(Permission.IMPORT_RUN)
def check(import_id: int) -> ResponseReturnValue:
    operations.queue_check(queries.import_for(import_id), by_id=the_viewer().person_id)
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.post("/<int:import_id>/run")
@requires(Permission.IMPORT_RUN)
def run(import_id: int) -> ResponseReturnValue:
    again = request.form.get("again") == "yes"
    operations.queue_run([queries.import_for(import_id)], by_id=the_viewer().person_id, again=again)
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.post("/<int:import_id>/undo")
@requires(Permission.IMPORT_RUN)
def undo(import_id: int) -> ResponseReturnValue:
    only_open = request.form.get("only_open") == "yes"
    undone = operations.undo(queries.import_for(import_id), by_id=the_viewer().person_id, only_open=only_open)
    if undone.kept:
        message = ngettext(
            "Taken back, but for %(num)s record.", "Taken back, but for %(num)s records.", len(undone.kept)
        )
        flash(message, "info")
    else:
        flash(_("Taken back."), "good")
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.post("/<int:import_id>/removal")
@requires(Permission.IMPORT_RUN)
def remove(import_id: int) -> ResponseReturnValue:
    operations.remove(queries.import_for(import_id), by_id=the_viewer().person_id)
    flash(_("The file was removed."), "good")
    return redirect(url_for("imports.index"), 303)


@bp.get("/<int:import_id>/rejects.csv")
@requires(Permission.IMPORT_RUN)
def rejects(import_id: int) -> ResponseReturnValue:
    record = queries.import_for(import_id)
    kind, text = kinds.kind(record.kind), io.StringIO()
    header = (record.summary.get("survey") or {}).get("header", [])
    file = RejectsFile(text, header, lambda name: str(kind.column(name).label) if kind.has(name) else name)
    problems: list[Problem] = []
    row: list[Any] = []
    for reject in queries.all_rejects(import_id):
        if problems and problems[0].line != reject.line:
            file.write(problems, row)
            problems, row = [], []
        problems.append(Problem(reject.line, reject.column, reject.reason, reject.parameters))
        row = row or reject.row
    if problems:
        file.write(problems, row)
    name = f"rejects-{record.id}.csv"
    return Response(
        "\ufeff" + text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _upload_form() -> forms.UploadForm:
    form = forms.UploadForm()
    form.kind.choices = [("", _("Recognise by its columns")), *((k.name, k.label) for k in kinds.kinds())]
    return form


def _lists() -> dict[str, Any]:
    return showing.index_page(request.args.get("page", 1, type=int))


def _index(form: forms.UploadForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("imports/index.html", form=form, sources=queries.known_sources(), **_lists())
    return make_response(page, status)
