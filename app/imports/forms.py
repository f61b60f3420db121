"""The forms of imports. That of a mapping has a field for each column of ours, so it is read here."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import MultipleFileField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.forms import Form
from app.imports.mapping import DATES, DECIMALS, Mapping


class UploadForm(Form):
    files = MultipleFileField(_l("Files"), validators=[InputRequired(_l("Choose at least one file."))])
    kind = SelectField(_l("What they hold"), default="")
    source = StringField(
        _l("Where they come from"),
        validators=[DataRequired(_l("Say where the files come from.")), Length(max=60)],
        default="crm",
    )


def read_mapping(
    data: MultiDict[str, str],
    header: Sequence[str],
    columns: Sequence[Any],
    settled: dict[str, dict[str, str]],
) -> Mapping:
    """A mapping as the page sent it; what is no column of the file is passed over."""
    known = set(header)
    chosen: dict[str, tuple[str, ...]] = {}
    for column in columns:
        names = [data.get(f"column-{column.name}-{place}", "") for place in (1, 2, 3)]
        chosen[column.name] = tuple(dict.fromkeys(name for name in names if name in known))
    values = {column: dict(words) for column, words in settled.items()}
    meant = {column.name: column.meant for column in columns}
    number = 0
    while (theirs := data.get(f"word-{number}")) is not None:
        column, ours = data.get(f"word-column-{number}", ""), data.get(f"word-ours-{number}", "").strip()
        if ours:
            values.setdefault(column, {})[theirs] = meant[column](ours) if column in meant else ours
        else:
            values.get(column, {}).pop(theirs, None)
        number += 1
    dates, decimal, currency = (
        data.get("dates", "auto"),
        data.get("decimal", "auto"),
        data.get("currency", ""),
    )
    defaults = {"currency": currency.strip().upper()} if currency.strip() else {}
    for column in columns:
        if value := data.get(f"default-{column.name}", "").strip():
            defaults[column.name] = column.meant(value[:200])
    return Mapping(
        columns=chosen,
        values=values,
        defaults=defaults,
        dates=dates if dates in DATES else "auto",
        decimal=decimal if decimal in DECIMALS else "auto",
        create=frozenset(data.getlist("create")),
    )
