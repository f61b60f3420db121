"""A summary in lines of text, for a terminal."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.formats import money, number
from app.imports import kinds, words


def summary_lines(kind: str, result: dict[str, Any]) -> list[str]:
    label = kinds.kind(kind).column
    lines = [
        ngettext("%(rows)s row", "%(rows)s rows", result["rows"], rows=number(result["rows"]))
        + ": "
        + ", ".join(
            [
                _("%(count)s created", count=number(result["created"])),
                _("%(count)s updated", count=number(result["updated"])),
                _("%(count)s unchanged", count=number(result["unchanged"])),
                _("%(count)s rejected", count=number(result["rejected"])),
            ]
        )
    ]
    if result.get("dry_run"):
        lines.insert(0, _("Dry run: nothing was changed."))
    if result["also"]:
        told = ", ".join(f"{words.thing(name)}: {number(count)}" for name, count in result["also"].items())
        lines.append(_("Made beside them: %(what)s", what=told))
    lines += [
        _(
            "Columns: %(pairs)s",
            pairs=", ".join(f"{'+'.join(theirs)} → {ours}" for ours, theirs in result["columns"].items()),
        )
    ]
    if result["unknown_columns"]:
        lines.append(_("Left aside: %(columns)s", columns=", ".join(result["unknown_columns"])))
    for column, matched in result["matched"].items():
        pairs = ", ".join(f"{theirs} → {ours}" for theirs, ours in list(matched.items())[:20])
        lines.append(_("Taken in column %(column)s: %(pairs)s", column=label(column).label, pairs=pairs))
    lines += [words.note(key, parameters) for key, parameters in result["notes"]]
    if (effects := result["effects"]) and effects.get("revenue"):
        lines.append(_("Revenue: %(change)s", change=money(effects["revenue"], effects["currency"])))
    for reason, column, parameters, count in result["reasons"][:20]:
        where = f"{label(column).label}: " if column and kinds.kind(kind).has(column) else ""
        lines.append(f"  {number(count)} × {where}{words.reason(reason, parameters)}")
    return lines
