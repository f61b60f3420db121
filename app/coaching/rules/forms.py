"""What people type about steps and the rules that propose them; what the choices are, the routes say."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.coaching import wording
from app.coaching.plans.forms import LONGEST_TEXT, LONGEST_TITLE
from app.core.forms import Form, KeyField


class OnlyKnown:
    """Names in braces that somebody fills in; others would stay there for all to see."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def __call__(self, form: Any, field: Any) -> None:
        unknown = wording.places(field.data or "") - self.names
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in sorted(self.names))
            raise ValidationError(_("Only these are filled in: %(names)s", names=known))


def _title(label: Any) -> StringField:
    return StringField(label, [Optional(), Length(max=LONGEST_TITLE), OnlyKnown(wording.IN_TITLES)])


def _words(label: Any, names: frozenset[str]) -> TextAreaField:
    return TextAreaField(label, [Optional(), Length(max=LONGEST_TEXT), OnlyKnown(names)])


class TemplateForm(Form):
    key = KeyField()
    kind = SelectField(_l("Kind"), [DataRequired()])
    title_en = _title(_l("Title in English"))
    title_es = _title(_l("Title in Spanish"))
    text_en = _words(_l("Text in English"), wording.IN_TITLES)
    text_es = _words(_l("Text in Spanish"), wording.IN_TITLES)
    days = IntegerField(_l("Days until it is due"), [InputRequired(), NumberRange(1, 180)], default=14)
    is_active = BooleanField(_l("In use"), default=True)

    def titles(self) -> dict[str, str]:
        return {"en": self.title_en.data or "", "es": self.title_es.data or ""}

    def texts(self) -> dict[str, str]:
        return {"en": self.text_en.data or "", "es": self.text_es.data or ""}


class RuleForm(Form):
    key = KeyField()
    cause = SelectField(_l("When the cause is"), [DataRequired()])
    aspect = SelectField(_l("and what about it is"), [Optional()])
    least_share = IntegerField(
        _l("and it explains at least"),
        [InputRequired(), NumberRange(0, 100)],
        default=0,
        description=_l("Per cent of what is missing"),
    )
    template = SelectField(_l("then propose"), [DataRequired()])
    reason_en = _words(_l("Why, in English"), wording.IN_REASONS)
    reason_es = _words(_l("Why, in Spanish"), wording.IN_REASONS)
    is_active = BooleanField(_l("In use"), default=True)

    def reasons(self) -> dict[str, str]:
        return {"en": self.reason_en.data or "", "es": self.reason_es.data or ""}
