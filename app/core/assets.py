"""Static files under a name that changes with their content, so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, url_for
from whitenoise import WhiteNoise


@lru_cache(maxsize=256)
def _hash(path: Path, modified: int) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()


def asset(name: str) -> str:
    """The URL of a static file, with its hash."""
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=_hash(path, path.stat().st_mtime_ns))


def init_app(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    if not app.config["TESTING"]:
        served = WhiteNoise(app.wsgi_app, max_age=31536000, autorefresh=False)
        served.add_files(str(app.static_folder), prefix="static/")
        app.wsgi_app = served  # type: ignore[method-assign]  # Flask documents this assignment
