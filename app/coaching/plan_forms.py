"""What people type about plans, steps, aims and rules; what the choices are, the routes say."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.coaching import wording
from app.core.forms import Form, KeyField, LocalDecimalField

LONGEST_TEXT = 2000
LONGEST_TITLE = 160


class Versioned(Form):
    """Of what the page showed: a plan that has moved on since is not changed unseen."""

    version = HiddenField(validators=[DataRequired()])

    @property
    def seen(self) -> int:
        said = self.version.data or ""
        return int(said) if said.isdigit() else 0


class AgreeForm(Versioned):
    text = StringField(_l("A word with it"), [Optional(), Length(max=LONGEST_TEXT)])


class CommentForm(Form):
    key = KeyField()
    text = TextAreaField(_l("Comment"), [InputRequired(), Length(max=LONGEST_TEXT)])


class CompleteForm(Form):
    text = TextAreaField(_l("How did it go?"), [InputRequired(), Length(max=LONGEST_TEXT)])


class EndForm(Form):
    reason = TextAreaField(_l("Why does it end early?"), [InputRequired(), Length(max=LONGEST_TEXT)])


class DatesForm(Versioned):
    ends_on = DateField(_l("The plan runs until"), [InputRequired()])
    session_on = DateField(_l("First session proposed for"), [Optional()])


class StepForm(Versioned):
    key = KeyField()
    kind = SelectField(_l("Kind"), [DataRequired()])
    title = StringField(_l("What is to be done"), [InputRequired(), Length(max=LONGEST_TITLE)])
    text = TextAreaField(_l("How"), [Optional(), Length(max=LONGEST_TEXT)])
    due_on = DateField(_l("Until"), [InputRequired()])
    course = SelectField(_l("Course"), [Optional()])
    peer = SelectField(_l("With whom"), [Optional()])


class DropForm(Versioned):
    why = StringField(_l("Why is it dropped?"), [InputRequired(), Length(max=LONGEST_TEXT)])


class AimForm(Versioned):
    aims_at = LocalDecimalField(_l("To"), [InputRequired()])
    by_on = DateField(_l("By"), [InputRequired()])


class NewAimForm(AimForm):
    what = SelectField(_l("Which figure"), [DataRequired()])
    product = SelectField(_l("Of which product"), [Optional()])


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
