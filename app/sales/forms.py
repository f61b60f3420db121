"""Forms of the sales room; routes fill in the choices."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core import money
from app.core.asked import whole
from app.core.choices import choices_of
from app.core.errors import DomainError, Invalid
from app.core.forms import Form, KeyField, LocalDecimalField
from app.sales import words
from app.sales.closed_days import ClosedDay

MOST = Decimal(10) ** 13


def number_or_none(value: Any) -> int | None:
    """Raises ValueError for what no row's key is."""
    return whole(value) if value not in (None, "", "None") else None


def version_of(form: Any) -> int | None:
    """That the form was shown with; 0, which none has, for what is none."""
    try:
        return number_or_none(form.version.data)
    except ValueError:
        return 0


def in_minor(amount: Decimal | None, currency: str, field: str) -> int | None:
    """Raises Invalid on the field for more decimals than the currency has."""
    if amount is None:
        return None
    if abs(amount) > MOST:
        raise Invalid(gettext("That is more than fits."), field)
    try:
        return money.to_minor(amount, currency)
    except money.AmountError as error:
        if error.reason == "currency":
            message = gettext("Write a currency's three letters, like EUR.")
            raise Invalid(message, "currency") from None
        message = gettext(
            "%(currency)s has %(number)s decimals.", currency=currency, number=money.precision(currency)
        )
        raise Invalid(message, field) from None


def major(minor: int | None, currency: str) -> Decimal | None:
    """For an amount's field: 1200 USD is 12, not 12.00."""
    if minor is None:
        return None
    amount = money.from_minor(minor, currency)
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount


class Choice(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


def fill_choices(
    form: "SaleForm",
    products: Sequence[Choice],
    currencies: Sequence[str],
    *,
    people: Sequence[tuple[int, str]],
    chips: int = 0,
    is_new: bool = True,
) -> None:
    """The first products as chips, the others in a list; without `chips` all in the list."""
    shown, others = products[:chips], products[chips:]
    if len(others) == 1 and chips:
        shown, others = products, []
    form.product.choices = choices_of((product.id, product.name) for product in shown)
    form.other_product.choices = choices_of([("", "–"), *((product.id, product.name) for product in others)])
    as_priced = [("", gettext("As the product is priced"))] if is_new else []
    form.currency.choices = choices_of([*as_priced, *((code, code) for code in currencies)])
    form.rep_id.choices = choices_of(people)


def refuse(form: Form, error: DomainError) -> None:
    """Put an operation's complaint where it belongs. What closed days keep from being done goes on: it can be
    asked for, with what was entered."""
    if isinstance(error, ClosedDay) and error.asked is not None:
        raise error
    name = getattr(error, "field", None)
    field = form[name] if name and name in form else None
    if field is None or field.type in {"HiddenField", "KeyField", "FieldList"}:
        form.form_errors.append(str(error.message))
    else:
        field.errors = [*field.errors, str(error.message)]


class SaleForm(Form):
    """A new sale. The first four fields are all that most sales need."""

    key = KeyField()
    customer = StringField(_l("Customer"), [Optional(), Length(max=200)])
    product = RadioField(_l("Product"), coerce=number_or_none, validate_choice=False)
    other_product = SelectField(_l("Another product"), coerce=number_or_none, validate_choice=False)
    stage = RadioField(
        _l("How it stands"),
        choices=lambda: choices_of((key, words.STAGES[key]) for key in ("won", "open", "lost")),
        default="won",
    )
    amount = LocalDecimalField(_l("Amount"))
    prefilled = HiddenField()  # the amount that the list price proposed last
    lost_reason = RadioField(
        _l("Why it was lost"),
        choices=lambda: choices_of(words.LOST_REASONS.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    lost_text = StringField(_l("Or in your own words"), [Optional(), Length(max=200)])
    quantity = IntegerField(_l("Quantity"), [Optional(), NumberRange(1, 1_000_000)], default=1)
    closed_on = DateField(_l("Decided on"), [Optional()])
    opened_on = DateField(_l("Opened on"), [Optional()])
    currency = SelectField(_l("Currency"), validate_choice=False)
    lead_source = StringField(_l("Lead source"), [Optional(), Length(max=100)])
    techniques = StringField(_l("Techniques"), [Optional(), Length(max=300)])
    note = TextAreaField(_l("Note"), [Optional(), Length(max=2000)])
    rep_id = SelectField(_l("Rep"), coerce=number_or_none, validate_choice=False)

    @property
    def product_id(self) -> int | None:
        """The select below the chips wins when it says something."""
        chosen: int | None = self.other_product.data or self.product.data
        return chosen

    @property
    def reason(self) -> str | None:
        return (self.lost_text.data or "").strip() or self.lost_reason.data or None

    @property
    def technique_list(self) -> list[str]:
        names = (name.strip() for name in (self.techniques.data or "").replace(";", ",").split(","))
        return list(dict.fromkeys(name for name in names if name))


class CorrectionForm(SaleForm):
    """Everything that a sale says, stated anew, with a reason."""

    other_product = SelectField(_l("Product"), coerce=number_or_none, validate_choice=False)
    version = HiddenField(validators=[InputRequired()])
    promised_on = DateField(_l("Delivery promised for"), [Optional()])
    delivered_on = DateField(_l("Delivered on"), [Optional()])
    followed_up_on = DateField(_l("Followed up on"), [Optional()])
    cancelled_on = DateField(_l("Cancelled on"), [Optional()])
    satisfaction = SelectField(
        _l("Satisfaction"),
        coerce=number_or_none,
        choices=choices_of([("", "–"), *((n, str(n)) for n in range(1, 6))]),
        validate_choice=False,
    )
    why = StringField(_l("Why do you correct it?"), [InputRequired(), Length(max=300)])


class DecisionForm(Form):
    version = HiddenField()
    stage = RadioField(_l("How it stands"), choices=choices_of([("won", ""), ("lost", "")]))
    amount = LocalDecimalField(_l("Amount"))
    on = DateField(_l("Decided on"), [Optional()])
    lost_reason = RadioField(
        _l("Why it was lost"),
        choices=lambda: choices_of(words.LOST_REASONS.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    lost_text = StringField(_l("Or in your own words"), [Optional(), Length(max=200)])

    @property
    def reason(self) -> str | None:
        return (self.lost_text.data or "").strip() or self.lost_reason.data or None


class StepForm(Form):
    version = HiddenField()
    step = RadioField(_l("Step"), choices=lambda: choices_of(words.STEPS.items()))
    on = DateField(_l("Day"), [Optional()])
    satisfaction = RadioField(
        _l("How satisfied is the customer?"),
        coerce=number_or_none,
        choices=choices_of((n, str(n)) for n in range(1, 6)),
        validators=[Optional()],
        validate_choice=False,
    )


class ReasonForm(Form):
    """Void, restore, cancel: a change that needs its reason."""

    version = HiddenField()
    reason = StringField(_l("Why?"), [InputRequired(), Length(max=300)])
    on = DateField(_l("Day"), [Optional()])


class ShareForm(PlainForm):
    person_id = SelectField(_l("Person"), coerce=number_or_none, validate_choice=False)
    share = LocalDecimalField(_l("Share"))


class CreditForm(Form):
    """Who gets how much of a sale's credit, in per cent."""

    version = HiddenField()
    shares = FieldList(FormField(ShareForm), min_entries=4, max_entries=20)
    reason = StringField(_l("Why?"), [Optional(), Length(max=300)])

    def fill(self, version: int, held: Sequence[tuple[int, int]]) -> None:
        """`held`: person and hundredths of a per cent."""
        self.version.data = str(version)
        while len(self.shares) < len(held) + 2:
            self.shares.append_entry()
        for entry, (person_id, share) in zip(self.shares, held, strict=False):
            entry.form.person_id.data = person_id
            entry.form.share.data = Decimal(share).scaleb(-2).normalize() + 0

    def choose(self, people: Sequence[tuple[int, str]]) -> None:
        for entry in self.shares:
            entry.form.person_id.choices = choices_of([("", "–"), *people])


def shares_in(form: CreditForm) -> dict[int, int]:
    """Person to hundredths of a per cent. Raises Invalid when a line is half filled or says more."""
    found: dict[int, int] = {}
    for entry in form.shares:
        person_id, share = entry.form.person_id.data, entry.form.share.data
        if person_id is None and share is None:
            continue
        if person_id is None or share is None:
            raise Invalid(gettext("Each line needs a person and a share."), "shares")
        hundredths = share * 100
        if hundredths != hundredths.to_integral_value():
            raise Invalid(gettext("A share has two decimals at most."), "shares")
        found[person_id] = found.get(person_id, 0) + int(hundredths)
    return found


class ActivityForm(Form):
    key = KeyField()
    kind = RadioField(_l("What was it?"), choices=lambda: choices_of(words.KINDS.items()), default="call")
    happened_on = DateField(_l("Day"), [Optional()])
    customer = StringField(_l("Customer"), [Optional(), Length(max=200)])
    note = StringField(_l("Note"), [Optional(), Length(max=500)])


class ProductForm(Form):
    code = StringField(_l("Code"), [InputRequired(), Length(max=60)])
    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    series = StringField(_l("Series"), [Optional(), Length(max=80)])
    list_price = LocalDecimalField(_l("List price"))
    currency = StringField(_l("Currency"), [InputRequired(), Length(3, 3)])
    is_active = BooleanField(_l("Is sold"), default=True)


class RateForm(Form):
    currency = StringField(_l("Currency"), [InputRequired(), Length(3, 3)])
    starts_on = DateField(_l("From"), [InputRequired()])
    rate = LocalDecimalField(_l("Rate"), [InputRequired()])


class StepRulesForm(Form):
    """One row a step: kept or not, who answers, in how many days, for sales won from when."""


def _row(step: str) -> None:
    kept = BooleanField(words.STEPS[step])
    team = SelectField(_l("Who answers"), coerce=number_or_none, validate_choice=False)
    days = IntegerField(_l("Days"), [Optional(), NumberRange(0, 365)])
    starts_on = DateField(_l("For sales won from"), [Optional()])
    for name, field in (("kept", kept), ("team_id", team), ("days", days), ("starts_on", starts_on)):
        setattr(StepRulesForm, f"{step}_{name}", field)


for _step in words.STEPS:
    _row(_step)
