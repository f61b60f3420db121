"""Language and region: the viewer's preference, else the browser's, else the company's."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request
from flask_babel import get_locale, get_translations

from app.core.viewer import current_viewer
from app.extensions import babel

LOCALES = ("es_ES", "es_CO", "es_MX", "en_US")
NAMES = {
    "es_ES": "Español (España)",
    "es_CO": "Español (Colombia)",
    "es_MX": "Español (México)",
    "en_US": "English (US)",
}


def pick() -> str | None:
    """The locale for this request; None leaves Flask-Babel's default."""
    if not has_request_context():
        return None
    viewer = current_viewer()
    if viewer is not None and viewer.locale in LOCALES:
        return viewer.locale
    chosen = request.cookies.get("locale")
    if chosen in LOCALES:
        return chosen
    return by_browser(request.accept_languages.values())


def by_browser(tags: Iterable[str]) -> str | None:
    """The first of a browser's languages that we speak; the region decides how money looks."""
    for tag in tags:
        language, _, region = tag.replace("-", "_").partition("_")
        wanted = f"{language.lower()}_{region.upper()}"
        if wanted in LOCALES:
            return wanted
        if language.lower() == "es":
            return "es_ES" if not region else "es_MX"
        if language.lower() == "en":
            return "en_US"
    return None


def locale() -> Locale | None:
    """Flask-Babel's, which looks long for what it has; a page asks for it with each figure and word."""
    try:
        found: Locale | None = g._flask_babel.babel_locale
    except (AttributeError, RuntimeError):  # nobody has asked yet, or there is no request
        found = None
    return found or get_locale()  # None too after `force_locale`, where nobody had asked before it


def language() -> str:
    """`es` or `en`: for the `lang` attribute and names kept in both languages."""
    found = locale()
    return found.language if found is not None else "en"


def init_app(app: Flask, rooms: Sequence[str]) -> None:
    here = Path(__file__).resolve().parent.parent
    folders = [here / room / "translations" for room in ("core", *rooms)]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(f) for f in folders if f.is_dir())
    babel.init_app(app, locale_selector=pick)
    spoken: dict[Locale | None, Any] = {}

    def said() -> Any:
        now = locale()
        found = spoken.get(now)
        if found is None:
            found = spoken[now] = get_translations()
        return found

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of its i18n extension
        gettext=lambda text: said().ugettext(text),
        ngettext=lambda one, many, number: said().ungettext(one, many, number),
        pgettext=lambda context, text: said().upgettext(context, text),
        npgettext=lambda context, one, many, number: said().unpgettext(context, one, many, number),
        newstyle=True,
    )
    app.context_processor(lambda: {"lang": language()})
