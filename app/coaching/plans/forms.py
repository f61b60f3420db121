"""What people type about plans, steps, aims and rules; what the choices are, the routes say."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

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
