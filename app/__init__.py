"""create_app: config -> extensions -> core -> rooms -> checks."""

from importlib import import_module
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import extensions
from app.core import (
    asked,
    assets,
    changes,
    cli,
    compression,
    connections,
    cookies,
    csp,
    embedded,
    errors,
    forgery,
    formats,
    gate,
    health,
    hx,
    jobs,
    locales,
    navigation,
    templates,
)
from config import Config

ROOT = Path(__file__).resolve().parent.parent

# From the ground floor up; each has `init_app(app)` in its `setup` module.
ROOMS = (
    "people",
    "imports",
    "sales",
    "metrics",
    "goals",
    "leaderboards",
    "training",
    "diagnosis",
    "coaching",
    "notifications",
    "admin",
    "demo",
    "home",
)

TABLES = (
    "app.core.audit",
    "app.core.events",
    "app.core.idempotency",
    "app.core.mail",
    "app.people.models",
    "app.imports.models",
    "app.sales.models",
    "app.metrics.models",
    "app.goals.models",
    "app.leaderboards.models",
    "app.training.models",
    "app.diagnosis.models",
    "app.coaching.models",
    "app.notifications.models",
)


def create_app(config: Config | None = None) -> Flask:
    """Build the portal. The database is only reached by the first request or command."""
    config = config or Config.from_environment()
    app = Flask(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(config.CUMBRE_DATA),
    )
    app.config.from_mapping(config.mapping())
    data = config.CUMBRE_DATA
    app.config["SQLALCHEMY_DATABASE_URI"] = config.DATABASE_URL or embedded.url(data)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 10, "max_overflow": 10, "pool_use_lifo": True}
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]  # Flask documents this assignment

    extensions.db.init_app(app)
    if config.DATABASE_URL is None:
        with app.app_context():
            embedded.start_when_connecting(extensions.db.engine, data, for_tests=config.TESTING)
    connections.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(ROOT / "migrations"))
    extensions.login_manager.init_app(app)
    extensions.htmx.init_app(app)
    asked.init_app(app)
    cookies.init_app(app)
    compression.init_app(app)
    templates.init_app(app)
    locales.init_app(app, ROOMS)
    jobs.init_app(app)
    changes.init_app(app)
    forgery.init_app(app)
    extensions.csrf.init_app(app)
    gate.init_app(app)
    errors.init_app(app)
    csp.init_app(app)
    hx.init_app(app)
    assets.init_app(app)
    formats.init_app(app)
    navigation.init_app(app)
    health.init_app(app)
    cli.init_app(app)
    # All tables first: a foreign key may name a table of any room.
    for module in TABLES:
        import_module(module)
    for room in ROOMS:
        import_module(f"app.{room}.setup").init_app(app)
    gate.check_routes(app)
    return app
