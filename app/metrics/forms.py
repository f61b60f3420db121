"""The form of a metric: each part of the rule is chosen from a list. Routes fill in what is sold."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.errors import Invalid
from app.core.forms import Form, KeyField
from app.metrics import words
from app.metrics.definition import (
    CONDITIONS,
    DATES,
    MEASURES,
    ByDate,
    Measure,
    MetricKind,
    Rule,
    RuleError,
    Subject,
    Unit,
    parse,
)
from app.metrics.wanted import Wanted


class Several(SelectMultipleField):
    """Some of a list, as checkboxes. What is not in the list is left to the rule to refuse."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PresentationForm(Form):
    """What may be changed of a metric that comes with the portal."""

    name_en = StringField(_l("Name in English"), [Optional(), Length(max=60)])
    name_es = StringField(_l("Name in Spanish"), [Optional(), Length(max=60)])
    decimals = SelectField(_l("Decimals"), coerce=int, default=0)
    rank_from = IntegerField(
        _l("Ranked from"),
        [InputRequired(), NumberRange(min=1, max=1000)],
        default=1,
        description=_l("Cases needed to appear in standings; for ratios"),
    )
    is_active = BooleanField(_l("Offered for goals and standings"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decimals.choices = [(number, str(number)) for number in range(3)]

    def validate_name_en(self, field: Any) -> None:
        if not (field.data or "").strip() and not (self.name_es.data or "").strip():
            raise ValidationError(_("Give it a name."))

    def names(self) -> dict[str, str]:
        return {"en": self.name_en.data or "", "es": self.name_es.data or ""}


class MetricForm(PresentationForm):
    key = KeyField()
    subject = RadioField(_l("Of what"), default=Subject.SALES.value)
    kind = RadioField(_l("How"), default=MetricKind.SUM.value)
    measure = SelectField(_l("Add up"), validate_choice=False)
    conditions = Several(_l("Only those that are"), validate_choice=False)
    of_measure = SelectField(_l("Divide by"), validate_choice=False)
    of_conditions = Several(_l("Out of those that are"), validate_choice=False)
    date = SelectField(_l("Counted on"), default=ByDate.CLOSED.value, validate_choice=False)
    products = Several(_l("Products"), validate_choice=False)
    series = Several(_l("Series"), validate_choice=False)
    lead_sources = Several(_l("Lead sources"), validate_choice=False)
    activities = Several(_l("Kinds of activity"), validate_choice=False)
    unit = SelectField(_l("Unit"), validate_choice=False)
    is_higher_better = RadioField(_l("Better is"), default="yes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_higher_better.choices = [("yes", _l("more")), ("no", _l("less"))]
        self.subject.choices = _pairs(words.SUBJECTS)
        self.kind.choices = _pairs(words.KIND_HINTS)
        subject, kind = self.chosen_subject, self.chosen_kind
        if subject is Subject.ACTIVITIES and kind is MetricKind.SUM:
            kind = MetricKind.COUNT
            self.kind.data = kind.value
        is_sum = kind is MetricKind.SUM
        measures = [(m.value, words.MEASURES[m]) for m in MEASURES[subject]]
        _offer(self.date, [(date.value, words.DATES[date]) for date in DATES[subject]])
        _offer(self.measure, [pair for pair in measures if not is_sum or pair[0] != Measure.COUNT.value])
        _offer(self.of_measure, measures)
        if kind is MetricKind.COUNT:
            self.measure.data = Measure.COUNT.value
        conditions = {c.value: words.CONDITIONS[c] for c in CONDITIONS[subject]}
        for several in (self.conditions, self.of_conditions):
            several.choices = list(conditions.items())
            several.data = [name for name in several.data or [] if name in conditions]
        self.activities.choices = _pairs(words.ACTIVITIES)
        _offer(self.unit, [(unit.value, words.UNITS[unit]) for unit in self.possible_units()])

    @property
    def chosen_subject(self) -> Subject:
        return Subject(self.subject.data) if self.subject.data in set(Subject) else Subject.SALES

    @property
    def chosen_kind(self) -> MetricKind:
        return MetricKind(self.kind.data) if self.kind.data in set(MetricKind) else MetricKind.SUM

    def rule(self) -> dict[str, Any]:
        rule: dict[str, Any] = {
            "date": self.date.data,
            "measure": self.measure.data,
            "conditions": self.conditions.data or [],
        }
        if self.chosen_kind is MetricKind.RATIO:
            rule["of"] = {"measure": self.of_measure.data, "conditions": self.of_conditions.data or []}
        if self.chosen_subject is Subject.ACTIVITIES:
            return rule | {"activities": self.activities.data or []}
        return rule | {
            "products": self.products.data or [],
            "series": self.series.data or [],
            "lead_sources": self.lead_sources.data or [],
        }

    def parsed(self) -> Rule | None:
        try:
            return parse(self.chosen_subject, self.chosen_kind, self.rule())
        except RuleError:
            return None

    def possible_units(self) -> list[Unit]:
        rule = self.parsed()
        return [unit for unit in Unit if rule is None or unit in rule.units]

    def wanted(self) -> Wanted:
        return Wanted(
            names=self.names(),
            subject=self.chosen_subject,
            kind=self.chosen_kind,
            rule=self.rule(),
            unit=Unit(self.unit.data),
            decimals=self.decimals.data or 0,
            is_higher_better=self.is_higher_better.data != "no",
            rank_from=self.rank_from.data or 1,
            is_active=bool(self.is_active.data),
        )


def said_of(metric: Any) -> dict[str, Any]:
    """A metric as its form's fields."""
    rule = metric.rule
    of = rule.get("of") or {}
    return {
        "name_en": metric.names.get("en", ""),
        "name_es": metric.names.get("es", ""),
        "decimals": metric.decimals,
        "rank_from": metric.rank_from,
        "is_active": metric.is_active,
        "subject": metric.subject.value,
        "kind": metric.kind.value,
        "measure": rule["measure"],
        "conditions": rule.get("conditions", []),
        "of_measure": of.get("measure"),
        "of_conditions": of.get("conditions", []),
        "date": rule["date"],
        "products": [str(key) for key in rule.get("products", [])],
        "series": rule.get("series", []),
        "lead_sources": [str(key) for key in rule.get("lead_sources", [])],
        "activities": rule.get("activities", []),
        "unit": metric.unit.value,
        "is_higher_better": "yes" if metric.is_higher_better else "no",
    }


def refuse(form: Form, error: Invalid) -> None:
    """Put what an operation refused beside its field."""
    field = form._fields.get(error.field or "", next(iter(form)))
    field.errors = [*field.errors, str(error.message)]


def _offer(field: SelectField, choices: list[tuple[str, Any]]) -> None:
    """What was chosen for another subject or kind falls back to the first choice."""
    field.choices = choices
    if field.data not in [value for value, _label in choices]:
        field.data = choices[0][0]


def _pairs(named: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(item.value, label) for item, label in named.items()]
