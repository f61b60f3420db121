"""Every reason in words. The parameters come from strange files: templates escape them."""

from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.core.formats import day, number

REASONS = {
    # the file
    "empty_file": _l("The file is empty."),
    "header_only": _l("The file has a header and no rows."),
    "old_excel": _l("This is an old Excel file (.xls). Save it as .xlsx or CSV and try again."),
    "utf16": _l("The file is encoded as UTF-16. Save it as “CSV UTF-8” and try again."),
    "not_utf8": _l(
        "Line %(line)s is not UTF-8 (near “%(near)s”): the file looks like Windows-1252. "
        "Save it as “CSV UTF-8”."
    ),
    "binary": _l("This is not a table of text: the file holds binary data. CSV and XLSX can be read."),
    "binary_line": _l("Line %(line)s holds a NUL byte: the file is damaged or not a CSV file."),
    "quotes": _l(
        "A quotation mark in the row at line %(line)s is not closed, or not doubled inside a value."
    ),
    "long_cell": _l(
        "The row at line %(line)s holds a value of more than 100,000 characters: "
        "a quotation mark may be open."
    ),
    "broken_excel": _l("The workbook cannot be read: it is damaged. Open it and save it again as .xlsx."),
    "not_excel": _l("This is an archive, but not an Excel workbook. CSV and XLSX can be read."),
    "password": _l("The workbook is protected by a password. Save it without one."),
    "bomb": _l("The workbook unpacks to far more than its size: it is not read."),
    "too_big_inside": _l(
        "The file needs more memory or time to read than is allowed. Split it, or save it as CSV."
    ),
    "too_large": _l("The file is larger than %(limit)s MB. Split it, or use the command line."),
    "too_many_rows": _l("The file has more than %(limit)s rows. Split it, or use the command line."),
    "too_many_columns": _l("The file has more than %(limit)s columns."),
    "duplicate_header": _l("Two columns are called “%(column)s”. Rename or remove one."),
    "no_such_file": _l("There is no file %(file)s, or it cannot be read."),
    "file_changed": _l("The file is no longer the one that was checked. Upload it again."),
    "same_file": _l(
        "This very file was imported from “%(source)s” before, as %(file)s: under another name its rows "
        "would count twice."
    ),
    "missing_columns": _l("No column was found for: %(columns)s. %(hint)s"),
    "unknown_theirs": _l("The mapping names the column “%(column)s”, which the file does not have."),
    "unknown_ours": _l("The mapping says where “%(column)s” is found, but the columns are: %(ours)s."),
    "accounts": _l(
        "This is a list of accounts. Customers come with the sales that they bought in, so it is not needed."
    ),
    "unknown_kind": _l(
        "This is no list of people, products, sales, training records or goals that we recognise: "
        "choose what it is."
    ),
    "bad_mapping": _l("The mapping cannot be used: %(why)s"),
    "no_mapping": _l("No mapping is saved for the source “%(source)s”."),
    "failed": _l("The import stopped before its end; nothing was changed. It can be started again."),
    # a cell
    "required": _l("This must not be empty."),
    "too_long": _l("This is longer than %(limit)s characters."),
    "control_character": _l("This holds a control character."),
    "formula": _l("“%(value)s” is a formula, not a value."),
    "excel_error": _l("“%(value)s” is an error of the spreadsheet, not a value."),
    "not_a_date": _l("“%(value)s” is not a date like %(example)s."),
    "impossible_date": _l("“%(value)s” is a day that does not exist."),
    "not_yet": _l("“%(value)s” is a day that has not come yet."),
    "not_a_number": _l("“%(value)s” is not a number."),
    "decimal_mark": _l("“%(value)s” does not fit the other numbers, which are written like %(example)s."),
    "decimals": _l("“%(value)s” has more decimals than %(currency)s knows."),
    "too_big": _l("“%(value)s” is too large."),
    "currency": _l("“%(value)s” is not a currency code like EUR."),
    "not_whole": _l("“%(value)s” is not a whole number from %(least)s to %(most)s."),
    "not_positive": _l("“%(value)s” must be more than zero."),
    "not_an_email": _l("“%(value)s” is not an e-mail address."),
    "not_a_choice": _l("“%(value)s” is none of: %(choices)s."),
    "unknown_rep": _l("Nobody is known as “%(value)s”."),
    "unknown_product": _l("No product is known as “%(value)s”."),
    "unknown_team": _l("No team is known as “%(value)s”."),
    "unknown_metric": _l("No metric is known as “%(value)s”."),
    "ambiguous": _l("“%(value)s” fits more than one: use the e-mail address or a number."),
    "credits": _l(
        "“%(value)s” is not a split like ana@example.com:60;luis@example.com:40 that adds up to 100."
    ),
    # a row
    "too_many_cells": _l("The row has %(found)s values, the header %(expected)s."),
    "too_few_cells": _l("The row has only %(found)s values, the header %(expected)s."),
    "twice_in_file": _l("The same one stands in line %(first)s, with other values. The first was taken."),
    "new_needs": _l("This is new, and a new one needs this value."),
    "closed_needed": _l("A sale that is won or lost needs the day on which it closed."),
    "amount_needed": _l("A sale that is won needs its amount."),
    "negative": _l("The amount of a sale that is won cannot be less than zero."),
    "negative_price": _l("A price cannot be less than zero."),
    "closed_before_opened": _l("It closed before it was opened."),
    "process_not_won": _l("Only a sale that is won can be promised, delivered, followed up or cancelled."),
    "no_rate": _l("There is no exchange rate from %(currency)s for that day."),
    "goal_period_closed": _l(
        "%(period)s is closed: set this goal in the portal and propose it; a second person decides there."
    ),
    "closed_period": _l(
        "%(day)s lies in a closed period: enter it in the portal and ask for an adjustment there."
    ),
    "refused": _l("%(text)s"),
    "left_before_hired": _l("The last day lies before the first."),
    "own_role": _l("This would take away your own access."),
    "manager_loop": _l("Nobody can be their own manager."),
    "one_subject": _l("A goal is for a person or for a team: fill in one of the two."),
    "no_period": _l("These days are no month, quarter or year."),
    "goal_running": _l("The goal has been accepted: revise it in the portal, with a reason."),
    # not undone
    "changed_since": _l("Changed since."),
    "in_use": _l("Used by other records."),
    "period_closed": _l("Its period is closed."),
}


def reason(key: str, parameters: dict[str, Any]) -> str:
    text = REASONS.get(key)
    if text is None:
        return str(gettext("This cannot be taken."))
    shown = _Shown(parameters)
    if isinstance(parameters.get("day"), str):
        shown["day"] = day(date.fromisoformat(parameters["day"]))
    return str(text) % shown


class _Shown(dict[str, Any]):
    """A parameter that is not there must not break the page that says what is wrong."""

    def __missing__(self, key: str) -> str:
        return "…"


def note(key: str, parameters: dict[str, Any]) -> str:
    """What was noticed about a file as a whole."""
    return str(_note(key, parameters))


def _note(key: str, parameters: dict[str, Any]) -> object:
    num = int(parameters.get("num", 0))
    if key == "founded":
        return gettext(
            "The portal had no company: one was made, with US dollars until a file says otherwise. Whoever "
            "is to set it up gets in by “flask --app wsgi people link E-MAIL --name NAME”."
        )
    if key == "currency":
        told = parameters["currency"]
        return gettext("The company counts in %(currency)s, as this file says.", currency=told)
    if key == "dates_unsure":
        order = gettext("day first") if parameters["order"] == "dmy" else gettext("month first")
        return gettext("The dates can be read in two ways; they were read with the %(order)s.", order=order)
    if key == "closed_while_open":
        return ngettext(
            "%(count)s open sale has a closing day: taken as expected, left out.",
            "%(count)s open sales have a closing day: taken as expected, left out.",
            num,
            count=number(num),
        )
    if key == "amount_unknown":
        return ngettext(
            "%(count)s sale that is not won has an amount below zero: taken as not known.",
            "%(count)s sales that are not won have an amount below zero: taken as not known.",
            num,
            count=number(num),
        )
    if key == "reason_not_lost":
        return ngettext(
            "%(count)s sale that is not lost has a reason for losing it: left out.",
            "%(count)s sales that are not lost have a reason for losing them: left out.",
            num,
            count=number(num),
        )
    if key == "steps_not_won":
        return ngettext(
            "%(count)s sale that is not won says what came after the win: left out.",
            "%(count)s sales that are not won say what came after the win: left out.",
            num,
            count=number(num),
        )
    return key


THINGS = {
    "managers": _l("managers"),
    "teams": _l("teams"),
    "customers": _l("customers"),
    "lead_sources": _l("lead sources"),
    "reps": _l("reps"),
    "products": _l("products"),
    "courses": _l("courses"),
}


def thing(name: str) -> str:
    return str(THINGS.get(name, name))


def things(name: str, num: int) -> str:
    """3 customers, or 1 customer."""
    said = {
        "managers": lambda: ngettext("%(count)s manager", "%(count)s managers", num, count=number(num)),
        "teams": lambda: ngettext("%(count)s team", "%(count)s teams", num, count=number(num)),
        "customers": lambda: ngettext("%(count)s customer", "%(count)s customers", num, count=number(num)),
        "lead_sources": lambda: ngettext(
            "%(count)s lead source", "%(count)s lead sources", num, count=number(num)
        ),
        "reps": lambda: ngettext("%(count)s rep", "%(count)s reps", num, count=number(num)),
        "products": lambda: ngettext("%(count)s product", "%(count)s products", num, count=number(num)),
        "courses": lambda: ngettext("%(count)s course", "%(count)s courses", num, count=number(num)),
    }
    return str(said[name]()) if name in said else f"{number(num)} {name}"
