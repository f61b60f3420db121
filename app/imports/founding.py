"""The company of a portal that begins with a file: nobody has said yet what it is called or counts in."""

from collections.abc import Callable
from dataclasses import asdict, replace

from sqlalchemy import exists, select

from app.core.money import AmountError, precision
from app.extensions import db
from app.imports.layout import Layout, Survey
from app.imports.models import Import, ImportStatus
from app.people.models import Company
from app.people.operations import CompanyFacts, found_company

FROM_A_FILE = CompanyFacts(name="Company", currency="USD", country="US", timezone="UTC", locale="en_US")

Recount = Callable[[str, str], None]
in_another_currency: list[Recount] = []
"""Rooms that keep money put here what says of amounts in one currency that they are in another."""


def ensure_company() -> bool:
    """A file may come before anybody set up the portal; whoever does gives the company its name."""
    if db.session.get(Company, 1) is not None:
        return False
    found_company(FROM_A_FILE)
    return True


def settle_currency(survey: Survey, layout: Layout) -> str | None:
    """The currency that the file speaks of, in which a company that nobody set up counts from now on.

    Only the first such file decides, and only while the company is as a file founded it. What came before
    without a word about its currency is taken to be in the same. None where nothing is settled.
    """
    said = _said(survey, layout)
    company = db.session.get_one(Company, 1)
    if said is None or {name: getattr(company, name) for name in asdict(FROM_A_FILE)} != asdict(FROM_A_FILE):
        return None
    earlier = select(Import.id).where(
        Import.status == ImportStatus.DONE, Import.summary["currency"].as_string().is_not(None)
    )
    if db.session.scalar(select(exists(earlier))) or precision(said) != precision(company.currency):
        return None
    before = company.currency
    if said != before:
        found_company(replace(FROM_A_FILE, currency=said))
        for recount in in_another_currency:
            recount(before, said)
    return said


def _said(survey: Survey, layout: Layout) -> str | None:
    """The currency that comes most often in the column of currencies."""
    counts: dict[str, int] = {}
    for column in layout.mapping.columns.get("currency", ()):
        for value, count in survey.values(column) or ():
            word = value.strip().upper()
            try:
                precision(word)
            except AmountError:
                continue
            counts[word] = counts.get(word, 0) + count
    return max(sorted(counts), key=lambda word: counts[word], default=None)
