"""What people type in an HR case."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.forms import Form, KeyField

LONGEST = 8000


class OpenForm(Form):
    key = KeyField()
    evidence = SelectMultipleField(
        _l("What you have looked at"),
        [InputRequired()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reasons = TextAreaField(
        _l("Your reasons"),
        [InputRequired(), Length(min=200, max=LONGEST)],
        description=_l("In your own words, 200 characters or more. The person and their manager read them."),
    )


class ReplyForm(Form):
    text = TextAreaField(_l("Your reply"), [InputRequired(), Length(max=LONGEST)])


class ApproverForm(Form):
    approver = SelectField(_l("Who decides with you"), [InputRequired()])


class ApprovalForm(Form):
    note = TextAreaField(_l("Why"), [InputRequired(), Length(max=LONGEST)])


class OutcomeForm(Form):
    outcome = RadioField(_l("What is done"), [InputRequired()])
    text = TextAreaField(_l("What was agreed"), [InputRequired(), Length(max=LONGEST)])


class WithdrawForm(Form):
    reason = TextAreaField(_l("Why"), [InputRequired(), Length(max=LONGEST)])
