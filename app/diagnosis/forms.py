"""What people type about cases and reviews; who may be chosen, the routes say."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.core.choices import choices_of
from app.core.forms import Form, KeyField

LONGEST_TEXT = 4000
SHORTEST_EVIDENCE = 40
UPHOLD, KEEP = "uphold", "keep"


class ContestForm(Form):
    key = KeyField()
    text = TextAreaField(
        _l("What is not right?"),
        [InputRequired(), Length(min=10, max=LONGEST_TEXT)],
        description=_l("Say what you know and the records do not: a customer, a date, a circumstance."),
    )
    reviewer = SelectField(_l("Who is to answer"), coerce=int)


class ContestAnswerForm(Form):
    decision = RadioField(
        _l("Your answer"),
        [InputRequired()],
        choices=choices_of(
            [
                (UPHOLD, _l("The person is right: the finding is changed")),
                (KEEP, _l("The finding stands")),
            ]
        ),
    )
    to = SelectField(_l("Where the amount belongs, if the finding is changed"))
    answer = TextAreaField(
        _l("Why"),
        [InputRequired(), Length(min=10, max=LONGEST_TEXT)],
        description=_l("The person reads it as it is."),
    )


class ConfirmForm(Form):
    version = HiddenField(validators=[InputRequired()])
    text = TextAreaField(_l("What happened"), [InputRequired(), Length(max=LONGEST_TEXT)])


class RejectForm(Form):
    version = HiddenField(validators=[InputRequired()])
    text = TextAreaField(
        _l("Your evidence"),
        [InputRequired(), Length(max=LONGEST_TEXT)],
        description=_l("Which records or facts show that this was not the cause. A second person decides."),
    )

    def validate_text(self, field: Any) -> None:
        if len(field.data.strip()) < SHORTEST_EVIDENCE:
            raise ValidationError(_l("Give your evidence in a sentence or two."))


class DecideForm(Form):
    version = HiddenField(validators=[InputRequired()])
    text = TextAreaField(_l("Comment"), [Optional(), Length(max=LONGEST_TEXT)])


class ActionForm(Form):
    key = KeyField()
    text = TextAreaField(_l("What is done about it"), [InputRequired(), Length(max=LONGEST_TEXT)])
    owner = SelectField(_l("Who does it"), coerce=int)
    due_on = DateField(_l("Until"), [InputRequired()])


class ProgressForm(Form):
    status = RadioField(_l("How it stands"), [InputRequired()])
    note = TextAreaField(_l("Note"), [Optional(), Length(max=LONGEST_TEXT)])


class HandOverForm(Form):
    version = HiddenField(validators=[InputRequired()])
    owner = SelectField(_l("Who answers"), coerce=int)


class CommentForm(Form):
    text = TextAreaField(_l("Comment"), [InputRequired(), Length(max=LONGEST_TEXT)])


def named(form: Form, name: str) -> Form:
    """Several forms on one page: their fields keep their names and get ids of their own."""
    for field in form:
        field.id = f"{name}-{field.short_name}"
        field.label.field_id = field.id
    return form
