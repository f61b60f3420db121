"""What people type about courses; what the choices are, the routes say."""

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
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.core.asked import whole
from app.core.forms import Form, KeyField
from app.training.text import LONGEST

NOBODY = "0"


def key_of(text: str | None) -> int | None:
    """A chosen row; none where "none of them" is chosen."""
    try:
        return whole(text) or None if text else None
    except ValueError:
        return None


class CourseForm(Form):
    key = KeyField()
    title = StringField(_l("Title"), [DataRequired(), Length(max=120)])
    summary = TextAreaField(_l("What one can do afterwards"), [Optional(), Length(max=1000)])
    product_id = SelectField(_l("About a product"), [Optional()])
    place = RadioField(_l("Where it is taken"), [InputRequired()], default="here")
    pass_mark = IntegerField(_l("Pass mark of the quiz"), [InputRequired(), NumberRange(1, 100)], default=80)
    valid_months = IntegerField(
        _l("Valid for (months)"),
        [Optional(), NumberRange(1, 120)],
        description=_l("Then it is due again. Empty: for good. What is completed already keeps its day."),
    )


class LessonForm(Form):
    key = KeyField()
    title = StringField(_l("Title"), [DataRequired(), Length(max=120)])
    body = TextAreaField(_l("Text"), [DataRequired(), Length(max=LONGEST)])
    is_read_again = BooleanField(_l("Who is in the course reads it again"))


class QuestionForm(Form):
    """The choices stand beside it: choice-0 and right-0 to choice-5 and right-5."""

    key = KeyField()
    text = TextAreaField(_l("Question"), [DataRequired(), Length(max=500)])
    choices = HiddenField(_l("Choices"))
    explanation = TextAreaField(
        _l("Explanation"),
        [Optional(), Length(max=1000)],
        description=_l("Shown once the quiz is handed in."),
    )


class RequirementForm(Form):
    key = KeyField()
    role = SelectField(_l("Role"), [Optional()])
    team_id = SelectField(_l("Team"), [Optional()])
    sells_product_id = SelectField(_l("Whoever sells"), [Optional()])
    sells_months = IntegerField(
        _l("Months to look back"),
        [InputRequired(), NumberRange(1, 60)],
        default=12,
        description=_l(
            "With a sale of it in this time: open, won or lost. Counts only where a product is chosen."
        ),
    )
    due_days = IntegerField(_l("Days to do it in"), [InputRequired(), NumberRange(0, 730)], default=30)


class AssignForm(Form):
    """Whom it is for comes beside it, one `person` each."""

    key = KeyField()
    course_id = SelectField(_l("Course"), [DataRequired()])
    due_on = DateField(_l("Due on"), [Optional()])


class CompletionForm(Form):
    completed_on = DateField(_l("Completed on"), [InputRequired()])
