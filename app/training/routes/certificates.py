"""Certificates: for whoever has the number, inside the portal."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.errors import NotFound
from app.core.hx import go_to
from app.core.permissions import Permission, requires
from app.training import progress
from app.training.routes import bp


@bp.get("/certificates")
@requires(Permission.TRAINING_VIEW)
def certificates() -> ResponseReturnValue:
    number = request.args.get("number", "").strip()[:40]
    found = progress.certificate(number) if number else None
    if found is not None:
        return go_to(url_for("training.certificate", number=found.number))
    return render_template("training/certificates.html", number=number)


@bp.get("/certificates/<number>")
@requires(Permission.TRAINING_VIEW)
def certificate(number: str) -> ResponseReturnValue:
    found = progress.certificate(number[:40])
    if found is None:
        raise NotFound
    return render_template("training/certificate.html", certificate=found)
