"""A small app that renders the look alone: templates, filters, CSP and translations, no database."""

from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

from flask import Flask, render_template, request
from flask_babel import Babel
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    EmailField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.core import csp, formats
from app.core.assets import asset

ROOT = Path(__file__).resolve().parents[2]


class GalleryForm(FlaskForm):
    class Meta:
        csrf = False

    amount = DecimalField("Importe / Amount", [InputRequired()])
    customer = StringField("Cliente / Customer", [Optional()], description="Name or tax number")
    email = EmailField("E-mail", [InputRequired()])
    password = PasswordField("Contraseña / Password", [InputRequired()])
    closed_on = DateField("Fecha de cierre / Closed on", [Optional()])
    product = SelectField(
        "Producto / Product", choices=[SelectChoice("a", "GTX Pro"), SelectChoice("b", "MG Advanced")]
    )
    techniques = SelectMultipleField(
        "Técnicas / Techniques", choices=[SelectChoice("x", "Demo"), SelectChoice("y", "Referencia")]
    )
    stage = RadioField(
        "Etapa / Stage",
        choices=[
            SelectChoice("open", "Abierta"),
            SelectChoice("won", "Ganada"),
            SelectChoice("lost", "Perdida"),
        ],
    )
    note = TextAreaField("Nota / Note", [Optional()])
    agreed = BooleanField("Acepto esta meta / I accept this goal")
    file = FileField("Fichero / File")


def nav_items(current: str = "home") -> list[SimpleNamespace]:
    rows = [
        ("home", "Inicio", "home", "main", True),
        ("standings", "Clasificación", "trophy", "main", True),
        ("record", "Registrar venta", "plus", "main", True),
        ("goals", "Metas", "target", "main", True),
        ("sales", "Ventas", "handshake", "main", False),
        ("team", "Equipo", "users", "manage", False),
        ("imports", "Importaciones", "upload", "manage", False),
        ("people", "Personas", "user", "setup", False),
        ("settings", "Ajustes", "settings", "setup", False),
        ("preferences", "Preferencias", "settings", "account", False),
    ]
    return [
        SimpleNamespace(
            key=k, url=f"/{k}", label=label, icon=i, section=s, on_phone=p, is_current=k == current
        )
        for k, label, i, s, p in rows
    ]


VIEWER = SimpleNamespace(
    name="María Fernanda Castellanos-Etxeberria",
    theme="auto",
    role="rep",
    person_id=7,
    locale="es_ES",
    can=lambda permission: False,
)


def create_app() -> Flask:
    app = Flask(__name__, root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.config.update(SECRET_KEY="look", TESTING=True)
    app.jinja_loader.searchpath.append(str(ROOT / "tests" / "look"))
    Babel(
        app,
        locale_selector=lambda: "es_ES" if request.args.get("lang", "es") == "es" else "en_US",
        default_translation_directories=str(ROOT / "app" / "core" / "translations"),
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    csp.init_app(app)
    formats.init_app(app)
    app.jinja_env.globals.update(asset=asset, csrf_token=lambda: "a-token")

    @app.context_processor
    def frame() -> dict[str, Any]:
        signed_in = request.args.get("signed_out") is None
        viewer = SimpleNamespace(**{**vars(VIEWER), "theme": request.args.get("theme", "auto")})
        return {
            "viewer": viewer if signed_in else None,
            "company": SimpleNamespace(name="Aceros y Maquinaria del Norte"),
            "nav_items": nav_items() if signed_in else [],
            "lang": request.args.get("lang", "es"),
        }

    @app.route("/")
    def gallery() -> str:
        return render_template("gallery.html", form=GalleryForm(), bad=_refused())

    @app.route("/page/<name>")
    def page(name: str) -> str:
        return render_template(f"{name}.html", form=GalleryForm())

    @app.route("/live")
    def live() -> tuple[str, int, dict[str, str]]:
        return "", 304, {"HX-PTag": "v1"}

    app.extensions["board"] = SimpleNamespace(order=list(range(1, 61)), asked=[], status=200, gate=Event())

    @app.route("/board")
    def board() -> tuple[str, int, dict[str, str]]:
        """A board that the test stirs; polled, it answers like a live part of the portal."""
        state = app.extensions["board"]
        tag = "-".join(str(n) for n in state.order)
        if not request.headers.get("HX-Request"):
            return render_template("board.html", order=state.order, tag=tag), 200, {}
        state.asked.append(request.headers.get("HX-PTag"))
        if state.status != 200:
            return "", state.status, {}
        if request.headers.get("HX-PTag") == tag:
            return "", 304, {"HX-PTag": tag}
        return render_template("_board.html", order=state.order, tag=tag), 200, {"HX-PTag": tag}

    @app.post("/kept")
    def kept() -> tuple[str, int, dict[str, str]]:
        state = app.extensions["board"]
        state.asked.append("kept")
        state.gate.wait(10)
        return "", 200, {"HX-Trigger": '{"toast": {"message": "Guardado"}}'}

    @app.post("/go")
    def go() -> tuple[str, int, dict[str, str]]:
        return "", 204, {"HX-Location": "/?lang=en"}

    @app.post("/undo")
    def undo() -> str:
        return f"<!doctype html><title>Undone</title><p>undone with {request.form['csrf_token']}</p>"

    @app.route("/errors/<int:status>")
    def error(status: int) -> str:
        return render_template(
            "errors/error.html", status=status, title="Aquí no hay nada para ti", message=""
        )

    return app


def _refused() -> GalleryForm:
    form = GalleryForm(formdata=None)
    form.amount.errors = ["Escribe un número como 1.234,50."]
    form.stage.errors = ["Elige una etapa."]
    form.agreed.errors = ["Hace falta."]
    form.file.errors = ["El fichero está vacío."]
    return form
