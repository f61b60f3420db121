"""What people type into notes."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.core.forms import Form, KeyField

LONGEST = 20_000


class UuidField(HiddenField):
    """A key that the page made; `value` is it."""

    def pre_validate(self, form: Any) -> None:
        try:
            UUID(str(self.data))
        except ValueError:
            raise ValidationError(_("Load the page again, please.")) from None

    @property
    def value(self) -> UUID:
        return UUID(str(self.data))


class NoteForm(Form):
    """`base` is the revision on which the text was written."""

    note_key = UuidField()
    person = IntegerField(validators=[InputRequired()])
    session = IntegerField(validators=[Optional()])
    base = IntegerField(validators=[InputRequired(), NumberRange(min=0)], default=0)
    body = TextAreaField(_l("Note"), [Length(max=LONGEST)])


class ChangeForm(Form):
    base = IntegerField(validators=[InputRequired(), NumberRange(min=0)])
    body = TextAreaField(_l("Note"), [InputRequired(), Length(max=LONGEST)])


class SignForm(Form):
    revision = IntegerField(validators=[InputRequired()])


class AdditionForm(Form):
    key = KeyField()
    body = TextAreaField(_l("What you want to add"), [InputRequired(), Length(max=LONGEST)])
