"""Content-Security-Policy: a nonce a response, stamped on what htmx may act on.

Templates (and fragments kept in a cache) hold a placeholder instead of a nonce; the response
gets a fresh one. The placeholder is random, made at start, so nobody's text can contain it.
"""

import re
import secrets
from typing import Any

from flask import Flask, Response
from jinja2 import Environment
from jinja2.ext import Extension

PLACEHOLDER = f"nonce-{secrets.token_hex(16)}"
_PLACEHOLDER_BYTES = PLACEHOLDER.encode()

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types htmx",
    )
)

# An opening tag: quoted attributes, Jinja expressions and blocks may hold ">" themselves.
_TAG = re.compile(
    r"<[a-zA-Z][\w-]*(?:\{\{.*?\}\}|\{%.*?%\}|\"[^\"]*\"|'[^']*'|[^>\"'{]|\{(?![{%]))*>", re.DOTALL
)
_HX = re.compile(r"\shx-[a-z]")


def stamp(source: str) -> str:
    """Add `hx-nonce` to every tag of a template that carries an `hx-*` attribute."""

    def one(match: re.Match[str]) -> str:
        tag = match.group(0)
        if not _HX.search(tag) or "hx-nonce" in tag:
            return tag
        end = -2 if tag.endswith("/>") else -1
        return f'{tag[:end].rstrip()} hx-nonce="{PLACEHOLDER}"{tag[end:]}'

    return _TAG.sub(one, source)


class NonceExtension(Extension):
    """Stamps the placeholder when a template is compiled, so that no author types it."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.globals["csp_nonce"] = PLACEHOLDER

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return stamp(source)


def _protect(response: Response) -> Response:
    if response.mimetype == "text/html":
        nonce = secrets.token_urlsafe(16)
        if not response.is_streamed and not response.direct_passthrough:
            response.set_data(response.get_data().replace(_PLACEHOLDER_BYTES, nonce.encode()))
        response.headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce)
    headers: Any = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension(NonceExtension)
    app.after_request(_protect)
