"""Pages travel packed; static files are packed once, in the data folder, named by their content."""

import gzip
import hashlib
import os
import secrets
import tempfile
from io import BytesIO
from pathlib import Path

from flask import Flask, Response, request

LEAST = 1000  # bytes; below, packing costs more than it saves
_TYPES = {"text/html", "text/plain", "text/csv", "application/json"}
_SUFFIXES = {".css", ".js", ".svg", ".webmanifest"}


def packed(body: bytes) -> bytes:
    """Gzip with a file name of random length in its head.

    The length of an answer then says little about a secret that stands in it beside text of a stranger's
    (Paulino et al., "Heal the Breach", IEEE Access 2022).
    """
    buffer = BytesIO()
    name = "x" * (1 + secrets.randbelow(64))
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=4, fileobj=buffer, mtime=0) as file:
        file.write(body)
    return buffer.getvalue()


def packed_copy(path: Path, folder: Path) -> Path | None:
    """The packed copy of a static file; None where it would gain nothing or cannot be written."""
    if path.suffix not in _SUFFIXES or path.stat().st_size < LEAST:
        return None
    body = path.read_bytes()
    copy = folder / f"{hashlib.blake2b(body, digest_size=12).hexdigest()}.gz"
    try:
        if not copy.exists():
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder)
            with os.fdopen(handle, "wb") as file:
                file.write(gzip.compress(body, 9, mtime=0))
            Path(name).replace(copy)
    except OSError:
        return None
    return copy


def _pack(response: Response) -> Response:
    if response.mimetype not in _TYPES or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if response.headers.get("Content-Encoding") or not request.accept_encodings["gzip"]:
        return response
    body = response.get_data()
    if len(body) >= LEAST:
        response.set_data(packed(body))
        response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    """Before all others that touch an answer: what is registered first runs last."""
    app.after_request(_pack)
