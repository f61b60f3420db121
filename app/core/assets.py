"""Static files under a name that changes with their content, so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask, current_app, url_for
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

from app.core.compression import packed_copy


@lru_cache(maxsize=256)
def _hash(path: Path, modified: int) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()


def asset(name: str) -> str:
    """The URL of a static file, with its hash."""
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=_hash(path, path.stat().st_mtime_ns))


class _Served(WhiteNoise):
    """Static files, packed where the browser takes it."""

    def __init__(self, application: Any, packed: Path) -> None:
        super().__init__(application, max_age=31536000, autorefresh=False)
        self.packed = packed

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        copy = packed_copy(Path(path), self.packed)
        if copy is None:
            return super().get_static_file(path, url, stat_cache)
        headers = Headers()
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        return StaticFile(path, headers.items(), encodings={"gzip": str(copy)})


def init_app(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    if not app.config["TESTING"]:
        served = _Served(app.wsgi_app, Path(app.config["CUMBRE_DATA"]) / "packed")
        served.add_files(str(app.static_folder), prefix="static/")
        app.wsgi_app = served  # type: ignore[method-assign]  # Flask documents this assignment
