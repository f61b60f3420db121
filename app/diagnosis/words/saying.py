"""A text in the reader's language."""

from flask_babel import gettext


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))
