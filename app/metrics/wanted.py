"""What a metric is to be, as a form says it."""

from dataclasses import dataclass
from typing import Any

from app.metrics.definition import Definition, MetricKind, Rule, Subject, Unit, check_unit, parse


@dataclass(kw_only=True, slots=True)
class Wanted:
    names: dict[str, str]
    subject: Subject
    kind: MetricKind
    rule: dict[str, Any]
    unit: Unit
    decimals: int = 0
    is_higher_better: bool = True
    rank_from: int = 1
    is_active: bool = True

    def checked(self) -> Rule:
        """Raises RuleError."""
        rule = parse(self.subject, self.kind, self.rule)
        check_unit(rule, self.unit)
        return rule

    def definition(self) -> Definition:
        """For counting before it is saved."""
        return Definition(0, "", self.subject, self.kind, self.rule)
