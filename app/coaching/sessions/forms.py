"""What people type about one-to-ones; the choices come from the routes."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.core.forms import Form, KeyField

LONGEST_LINE = 500
_MINUTES = NumberRange(5, 480)


class PlanForm(Form):
    key = KeyField()
    plan = HiddenField()
    day = DateField(_l("Day"), [InputRequired()])
    at = TimeField(_l("Time"), [InputRequired()])
    minutes = IntegerField(_l("Minutes"), [InputRequired(), _MINUTES])
    place = StringField(_l("Where"), [Optional(), Length(max=200)])
    template = SelectField(_l("What it goes through"), [Optional()])


class MoveForm(Form):
    day = DateField(_l("Day"), [InputRequired()])
    at = TimeField(_l("Time"), [InputRequired()])
    minutes = IntegerField(_l("Minutes"), [InputRequired(), _MINUTES])
    why = StringField(_l("Why"), [InputRequired(), Length(max=LONGEST_LINE)])


class CancelForm(Form):
    why = StringField(_l("Why"), [InputRequired(), Length(max=LONGEST_LINE)])


class ItemForm(Form):
    key = KeyField()
    text = StringField(_l("What to talk about"), [InputRequired(), Length(max=LONGEST_LINE)])


class CommitmentForm(Form):
    key = KeyField()
    text = StringField(_l("What is promised"), [InputRequired(), Length(max=LONGEST_LINE)])
    owner = RadioField(_l("By whom"), [InputRequired()])
    due_on = DateField(_l("Until"), [Optional()])


class DropForm(Form):
    why = StringField(_l("Why"), [InputRequired(), Length(max=LONGEST_LINE)])


class LogForm(Form):
    """A session on one screen; the lines of commitments stand beside it."""

    key = KeyField()
    day = DateField(_l("Day"), [InputRequired()])
    at = TimeField(_l("Time"), [InputRequired()])
    minutes = IntegerField(_l("Minutes"), [InputRequired(), _MINUTES])
    place = StringField(_l("Where"), [Optional(), Length(max=200)])
    note_key = HiddenField(validators=[DataRequired()])
    base = HiddenField(default="0")
    body = TextAreaField(_l("Note"), [Optional()])
    share = RadioField(_l("Who reads the note"), [Optional()], default="draft")


class RhythmForm(Form):
    every = SelectField(_l("How often"), [InputRequired()])
    starts_on = DateField(_l("From"), [Optional()])
    template = SelectField(_l("What it goes through"), [Optional()])


class TemplateForm(Form):
    name_es = StringField(_l("Name in Spanish"), [Optional(), Length(max=120)])
    name_en = StringField(_l("Name in English"), [Optional(), Length(max=120)])
    items_es = TextAreaField(_l("What it goes through, in Spanish"), [Optional(), Length(max=8000)])
    items_en = TextAreaField(_l("What it goes through, in English"), [Optional(), Length(max=8000)])
    minutes = IntegerField(_l("Minutes"), [InputRequired(), _MINUTES], default=30)
