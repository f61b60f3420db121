from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, IntegerField, SelectField, StringField
from wtforms import Form as Part
from wtforms.validators import DataRequired, Length, NumberRange

from app.core.choices import choices_of
from app.core.forms import Form, KeyField
from app.core.locales import LOCALES, NAMES

BOARDS = 6


class BoardPart(Part):
    """One board of a screen; without a metric there is none. The route says what there is to choose."""

    metric = SelectField(_l("What counts"))
    period = SelectField(
        _l("Period"),
        choices=choices_of(
            (("month", _l("This month")), ("quarter", _l("This quarter")), ("year", _l("This year")))
        ),
        default="month",
    )
    team = SelectField(_l("Team"))
    compare = SelectField(_l("Compare by"))


class ScreenForm(Form):
    name = StringField(_l("Name"), validators=[DataRequired(), Length(max=80)])
    seconds = IntegerField(
        _l("Seconds a board stays"), default=20, validators=[DataRequired(), NumberRange(min=5, max=600)]
    )
    locale = SelectField(_l("Language"), choices=choices_of((locale, NAMES[locale]) for locale in LOCALES))
    boards = FieldList(FormField(BoardPart), min_entries=BOARDS, max_entries=BOARDS)
    key = KeyField()

    def offer(self, metrics: Any, teams: Any, comparisons: Any) -> None:
        """What each board can be chosen from, as (value, label) pairs; the empty value is none."""
        part: Any
        for part in self.boards:
            part.metric.choices = choices_of(metrics)
            part.team.choices = choices_of(teams)
            part.compare.choices = choices_of(comparisons)

    @property
    def chosen(self) -> list[dict[str, str]]:
        """The boards that were filled in, as their URLs have them."""
        return [
            {name: value for name, value in part.data.items() if value}
            for part in self.boards
            if part.metric.data
        ]
