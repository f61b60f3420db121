"""The company's settings, asked for on nearly every request: kept until they change."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import g, has_app_context
from sqlalchemy import select

from app.core.changes import changes
from app.extensions import db
from app.people.models import Company


@dataclass(frozen=True, slots=True)
class CompanySettings:
    name: str
    currency: str
    country: str
    timezone: str
    locale: str
    fiscal_start_month: int


_kept: tuple[tuple[int, ...], CompanySettings] | None = None


def settings() -> CompanySettings | None:
    """None in an empty portal."""
    global _kept
    stamp = changes.stamp(("company",))
    if changes.is_live and _kept is not None and _kept[0] == stamp:
        return _kept[1]
    if has_app_context() and "company_settings" in g and not changes.is_live:
        found: CompanySettings | None = g.company_settings
        return found
    row = db.session.execute(
        select(
            Company.name,
            Company.currency,
            Company.country,
            Company.timezone,
            Company.locale,
            Company.fiscal_start_month,
        )
    ).one_or_none()
    if row is None:
        return None
    found = CompanySettings(*row)
    if _is_changing():
        return found  # nobody knows yet whether it will stand
    _kept = (stamp, found)
    g.company_settings = found
    return found


def mark_changing() -> None:
    """The running operation changes the company: what it reads is kept nowhere, as it may be taken back."""
    db.session().info["company_is_changing"] = True


def _is_changing() -> bool:
    info = db.session().info
    if not info.get("in_operation"):
        info.pop("company_is_changing", None)
    return bool(info.get("company_is_changing"))


def the_company() -> CompanySettings:
    found = settings()
    if found is None:
        raise RuntimeError("the portal has no company yet")
    return found


def zone() -> ZoneInfo:
    found = settings() if has_app_context() else None
    return ZoneInfo(found.timezone if found else "UTC")
