"""Form fields that read what people type in their region."""

import json
import re
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from typing import Any
from uuid import UUID, uuid5

from babel.numbers import format_decimal, parse_decimal
from babel.support import Translations
from flask import request
from flask_babel import get_locale, gettext
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField
from wtforms.i18n import messages_path
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from app.core import idempotency
from app.core.errors import DomainError


@cache
def _translations(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms")


class _Token(FlaskForm.Meta.csrf_class):
    def generate_csrf_token(self, csrf_token_field: Any) -> LazyString:
        """Signed when it is shown, not for each form that is read."""
        return LazyString(super().generate_csrf_token, csrf_token_field)


class Form(FlaskForm):
    """All our forms; the CSRF token is checked for the whole app, and again here."""

    class Meta(FlaskForm.Meta):
        csrf_class = _Token

        def get_translations(self, form: Any) -> Any:
            """Of what the fields themselves say."""
            return _translations(str(get_locale() or "en_US"))

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """No text column holds a zero byte, and nobody types one."""
            given = super().wrap_formdata(form, formdata)
            if given is None or not any("\0" in text for text in given.values() if isinstance(text, str)):
                return given
            pairs = given.items(multi=True)
            return MultiDict((k, v.replace("\0", "") if isinstance(v, str) else v) for k, v in pairs)

    def refuse(self, problem: DomainError, field: str) -> None:
        """Show what a rule said beside the field that it names, else beside `field`."""
        named = getattr(problem, "field", None)
        self[named if named in self else field].errors = [str(problem.message)]


_WRITTEN = re.compile(r"[-+\d.,'\s]+")  # what Babel takes beside it, NaN or 1e9, nobody means


def read_number(text: str) -> Decimal:
    """As the viewer's region writes it. Raises ValueError."""
    if not _WRITTEN.fullmatch(text):
        raise ValueError(text)
    return parse_decimal(text, locale=get_locale() or "en_US", strict=True)


class LocalDecimalField(Field):
    """`1.234,50` or `1,234.50`, by region, read strictly; `data` is a Decimal or None."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label, validators, **kwargs)
        self.raw = ""

    def _value(self) -> str:
        if self.raw:
            return self.raw
        if self.data is None:
            return ""
        return str(format_decimal(self.data, locale=get_locale() or "en_US", decimal_quantization=False))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw = valuelist[0].strip() if valuelist else ""
        self.data: Decimal | None = None
        if not self.raw:
            return
        try:
            self.data = read_number(self.raw)
        except ValueError:
            example = format_decimal(Decimal("1234.5"), format="#,##0.00", locale=get_locale() or "en_US")
            raise ValueError(gettext("Write a number like %(example)s.", example=example)) from None


class KeyField(HiddenField):
    """The key of a form that creates something: posting it twice counts once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("", default=idempotency.new_key, **kwargs)

    @property
    def key(self) -> UUID:
        """Of this form with what it says: gone back to and filled in anew, it is another one."""
        said = sorted((name, text) for name, text in request.form.items(multi=True) if name != "csrf_token")
        return uuid5(UUID(self.data), json.dumps([request.endpoint, said]))

    def pre_validate(self, form: Any) -> None:
        try:
            UUID(str(self.data))
        except ValueError:
            raise ValidationError(gettext("Load the page again, please.")) from None
