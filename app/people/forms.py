"""What people type about themselves and about others."""

import re
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.choices import SelectChoice, choices_of
from app.core.forms import Form, KeyField
from app.core.locales import LOCALES, NAMES
from app.people import places, words

_EMAIL = re.compile(r"[^@\s\x00-\x1f,;<>\"]+@[^@\s\x00-\x1f,;<>\"]+")


def stripped(value: Any) -> Any:
    """Without spaces around; nothing at all is None."""
    return (value.strip() or None) if isinstance(value, str) else value


def collapsed(value: Any) -> Any:
    """One line without double spaces: names."""
    return (" ".join(value.split()) or None) if isinstance(value, str) else value


def is_email(text: str) -> bool:
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def regions(unset: Any = None) -> list[SelectChoice]:
    """The languages and regions; `unset` is what it is called to choose none."""
    return choices_of([*([("", unset)] if unset else []), *((key, NAMES[key]) for key in LOCALES)])


class EmailShape:
    """Loose on purpose: only the answer to a mail shows that an address is right."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and not is_email(field.data):
            raise ValidationError(_("Write an address like ana@company.com."))


class SignInForm(Form):
    email = EmailField(_l("E-mail"), [InputRequired(), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=1000)])
    next = HiddenField()


class ResetRequestForm(Form):
    email = EmailField(_l("E-mail"), [DataRequired(), Length(max=254), EmailShape()], filters=[stripped])


class NewPasswordForm(Form):
    password = PasswordField(_l("New password"), [InputRequired(), Length(max=1000)])


class ChangePasswordForm(Form):
    current = PasswordField(_l("Current password"), [InputRequired(), Length(max=1000)])
    password = PasswordField(_l("New password"), [InputRequired(), Length(max=1000)])


class PreferencesForm(Form):
    locale = RadioField(_l("Language and region"), choices=regions(_l("Like my browser")))
    theme = RadioField(_l("Appearance"), choices=choices_of(words.THEMES.items()))
    is_hidden = BooleanField(_l("Hide my name on boards"))


class PersonForm(Form):
    name = StringField(_l("Name"), [DataRequired(), Length(max=120)], filters=[collapsed])
    email = EmailField(_l("E-mail"), [Optional(), EmailShape()], filters=[stripped])
    role = SelectField(_l("Role"), choices=choices_of(words.ROLES.items()))
    employee_number = StringField(_l("Employee number"), [Optional(), Length(max=60)], filters=[collapsed])
    hired_on = DateField(_l("First day of work"), [Optional()])
    locale = SelectField(
        _l("Language and region"),
        choices=regions(_l("As their browser says")),
    )


class NewPersonForm(PersonForm):
    """Team and manager apply from the first day of work, or from today."""

    key = KeyField()
    team = SelectField(_l("Team"), coerce=int)
    manager = SelectField(_l("Manager"), coerce=int)
    is_invited = BooleanField(_l("Send an invitation by mail"), default=True)


class PlacementForm(Form):
    team = SelectField(_l("Team"), coerce=int)
    manager = SelectField(_l("Manager"), coerce=int)
    on = DateField(_l("From"), [InputRequired()])


class DepartureForm(Form):
    on = DateField(_l("Last day of work"), [InputRequired()])


class ReturnForm(Form):
    on = DateField(_l("First day back"), [InputRequired()])
    team = SelectField(_l("Team"), coerce=int)


class DayOffForm(Form):
    starts_on = DateField(_l("First day off"), [InputRequired()])
    ends_on = DateField(_l("Last day off"), [Optional()])
    reason = StringField(_l("Reason"), [Optional(), Length(max=200)], filters=[collapsed])


class TeamForm(Form):
    name = StringField(_l("Name"), [DataRequired(), Length(max=120)], filters=[collapsed])
    parent = SelectField(_l("Part of"), coerce=int)
    kind = RadioField(
        _l("Kind"),
        choices=choices_of(words.KINDS_BELOW.items()),
        default="team",
    )
    function = SelectField(
        _l("What it answers for"),
        choices=choices_of(words.FUNCTIONS.items()),
        default="sales",
    )
    lead = SelectField(_l("Lead"), coerce=int)


class NewTeamForm(TeamForm):
    key = KeyField()


class InvitationsForm(Form):
    people = SelectMultipleField(
        _l("Whom to invite"),
        coerce=int,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class CompanyForm(Form):
    name = StringField(_l("Company"), [DataRequired(), Length(max=120)], filters=[collapsed])
    country = SelectField(_l("Country"))
    currency = SelectField(_l("Currency"))
    timezone = SelectField(_l("Time zone"))
    locale = SelectField(_l("Language and region"), choices=regions())
    fiscal_start_month = SelectField(_l("The business year begins in"), coerce=int)

    def offer_places(self) -> None:
        """Fill the lists, in the reader's language."""
        locale = str(get_locale() or "en_US")
        self.country.choices = choices_of(places.countries(locale))
        self.currency.choices = choices_of(places.currencies(locale))
        self.timezone.choices = choices_of(places.zones())
        self.fiscal_start_month.choices = choices_of(places.months(locale))

    def facts(self) -> dict[str, Any]:
        """As CompanyFacts takes them."""
        return {
            "name": self.name.data or "",
            "currency": self.currency.data,
            "country": self.country.data,
            "timezone": self.timezone.data,
            "locale": self.locale.data,
            "fiscal_start_month": self.fiscal_start_month.data,
        }


class WelcomeForm(CompanyForm):
    person = StringField(_l("Your name"), [DataRequired(), Length(max=120)], filters=[collapsed])
    email = EmailField(_l("Your e-mail"), [DataRequired(), EmailShape()], filters=[stripped])
    password = PasswordField(_l("Your password"), [InputRequired(), Length(max=1000)])
