"""What people type about goals; what the choices are, the routes say."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.core.choices import choices_of
from app.core.forms import Form, KeyField, LocalDecimalField, read_number

LONGEST_TEXT = 4000


class Positive:
    """More than zero; half of all mistakes with targets are an empty or negative one."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError(_l("A target is more than zero."))


class GoalForm(Form):
    key = KeyField()
    subject = SelectField(_l("For whom"), [DataRequired()])
    metric = SelectField(_l("What counts"), [DataRequired()])
    period = SelectField(_l("Period"), [DataRequired()])
    target = LocalDecimalField(_l("Target"), [InputRequired(), Positive()])
    weight = IntegerField(
        _l("Weight in the scorecard"),
        [Optional(), NumberRange(0, 100)],
        default=100,
        description=_l("In per cent"),
    )


class DraftForm(Form):
    target = LocalDecimalField(_l("Target"), [InputRequired(), Positive()])


class AnswerForm(Form):
    """One text, two buttons: accept (a comment may be added), or question (it has to say what)."""

    key = KeyField()
    version = HiddenField()
    text = TextAreaField(_l("Comment"), [Optional(), Length(max=LONGEST_TEXT)])


class CommentForm(Form):
    key = KeyField()
    text = TextAreaField(_l("Comment"), [InputRequired(), Length(max=LONGEST_TEXT)])


class RevisionForm(Form):
    key = KeyField()
    version = HiddenField(validators=[DataRequired()])
    target = LocalDecimalField(_l("New target"), [InputRequired(), Positive()])
    reason = RadioField(_l("Reason"), [InputRequired()])
    text = TextAreaField(
        _l("Why"),
        [InputRequired(), Length(max=LONGEST_TEXT)],
        description=_l("Everybody whom this change touches reads it."),
    )
    effective_on = DateField(_l("From"), [InputRequired()])


class DecisionForm(Form):
    text = TextAreaField(_l("Comment"), [Optional(), Length(max=LONGEST_TEXT)])


class CascadeForm(Form):
    """The numbers by hand come beside it: one field a part, named by it."""

    by = RadioField(_l("Spread by"))
    version = HiddenField(validators=[DataRequired()])
    at = HiddenField()
    reason = RadioField(_l("Reason"), [Optional()])
    text = TextAreaField(_l("Why"), [Optional(), Length(max=LONGEST_TEXT)])
    revise = BooleanField(_l("Also change goals that are proposed already"))


class HolidayForm(Form):
    on = DateField(_l("Day"), [InputRequired()])
    name = StringField(_l("Name"), [InputRequired(), Length(max=100)])
    is_working = BooleanField(_l("The country is on holiday, but we work"))


class AskForm(Form):
    """What somebody was kept from is asked for."""

    reason = TextAreaField(
        _l("Why after the close"),
        [InputRequired(), Length(max=LONGEST_TEXT)],
        description=_l("Whoever decides reads it, and it stays with the result."),
    )


class VerdictForm(Form):
    answer = TextAreaField(
        _l("Answer"),
        [Optional(), Length(max=LONGEST_TEXT)],
        description=_l("Needed where you refuse."),
    )


class BackForm(Form):
    why = TextAreaField(_l("Why you take it back"), [Optional(), Length(max=LONGEST_TEXT)])


def hours() -> list[Any]:
    return choices_of((hour, f"{hour:02d}:00") for hour in range(24))


class ClosingForm(Form):
    grace_days = IntegerField(
        _l("Days of grace"),
        [InputRequired(), NumberRange(0, 60)],
        description=_l("Whole days after the last one, for results that come in late."),
    )
    hour = SelectField(_l("Hour of the day"), choices=hours)
    exceeded_from = LocalDecimalField(
        _l("Exceeded from"),
        [InputRequired(), NumberRange(100, 1000)],
        description=_l("In per cent of the target; below it, a goal that is met counts as reached."),
    )


def named(form: Form, name: str) -> Form:
    """Several forms on one page: their fields keep their names and get ids of their own."""
    for field in form:
        field.id = f"{name}-{field.short_name}"
        field.label.field_id = field.id
    return form


def read_decimal(text: str) -> Decimal | None:
    """A number by hand from a table's field, as the viewer's region writes it. Raises ValueError."""
    if not text.strip():
        return None
    return read_number(text.strip())


class ProposalForm(Form):
    """The rows stand beside it."""

    key = KeyField()
