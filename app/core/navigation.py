"""The main navigation: rooms register their entries, each behind a permission."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import Flask, g, request, url_for
from werkzeug.local import LocalProxy

from app.core.permissions import Permission
from app.core.viewer import Viewer, current_viewer

Section = Literal["main", "manage", "setup", "account"]


@dataclass(frozen=True, slots=True)
class NavEntry:
    key: str
    endpoint: str
    label: object  # lazy text
    icon: str
    permission: Permission
    section: Section = "main"
    order: int = 100
    on_phone: bool = False  # one of the bottom bar's five
    only: Callable[[Viewer], bool] | None = None
    also: tuple[str, ...] = ()  # other blueprints whose pages belong to it


@dataclass(frozen=True, slots=True)
class NavItem:
    key: str
    url: str
    label: str
    icon: str
    section: Section
    on_phone: bool
    is_current: bool


_entries: dict[str, NavEntry] = {}


def register(entry: NavEntry) -> None:
    _entries[entry.key] = entry


def items() -> list[NavItem]:
    """What this viewer may go to; the current one is that whose blueprint serves the request."""
    viewer = current_viewer()
    if viewer is None:
        return []
    here = request.endpoint or ""
    entries = sorted(_entries.values(), key=lambda entry: (entry.order, entry.key))
    visible = [e for e in entries if viewer.can(e.permission) and (e.only is None or e.only(viewer))]
    exact = any(entry.endpoint == here for entry in visible)
    return [
        NavItem(
            key=entry.key,
            url=url_for(entry.endpoint),
            label=str(entry.label),
            icon=entry.icon,
            section=entry.section,
            on_phone=entry.on_phone,
            is_current=entry.endpoint == here
            if exact
            else here.partition(".")[0] in (entry.endpoint.partition(".")[0], *entry.also),
        )
        for entry in visible
    ]


def _items_once() -> list[NavItem]:
    """Made where a page asks for them: the fragments that are polled show none."""
    if "nav_items" not in g:
        g.nav_items = items()
    found: list[NavItem] = g.nav_items
    return found


def init_app(app: Flask) -> None:
    @app.context_processor
    def navigation() -> dict[str, object]:
        return {"viewer": current_viewer(), "nav_items": LocalProxy(_items_once)}
