"""Whose sales a viewer may see behind a board's figures; asked for at every look, so it is kept."""

from collections.abc import Collection, Container
from dataclasses import dataclass

from app.core.changes import changes
from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.leaderboards.filters import Of
from app.people.queries import sees_all, visible_people, visible_teams

MOST_KEPT = 5_000


class _Everybody(Container[int]):
    def __contains__(self, key: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Scope:
    """`keys`: members of a board within the viewer's scope, whose names they always see."""

    keys: Container[int]
    sees_all: bool
    may_follow: bool  # from a figure to its records

    @property
    def listed(self) -> Collection[int]:
        """Who they are, where they are not all."""
        return self.keys if isinstance(self.keys, frozenset) else ()


_kept: dict[tuple[int, Of], tuple[tuple[int, ...], Scope]] = {}


def scope_of(viewer: Viewer, of: Of) -> Scope:
    stamp, name = changes.stamp(("people",)), (viewer.person_id, of)
    found = _kept.get(name) if changes.is_live else None
    if found is not None and found[0] == stamp:
        return found[1]
    scope = _read(viewer, of)
    if changes.is_live:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[name] = stamp, scope
    return scope


def _read(viewer: Viewer, of: Of) -> Scope:
    may_follow = viewer.can(Permission.SALES_VIEW)
    if sees_all(viewer):
        return Scope(_Everybody(), True, may_follow)
    visible = visible_people(viewer) if of is Of.PEOPLE else visible_teams(viewer)
    return Scope(frozenset(db.session.scalars(visible)), False, may_follow)


NOBODY = Scope(frozenset(), False, False)
