"""Whose sales a viewer may see behind a board's figures; asked for at every look, so it is kept."""

from collections.abc import Collection, Container
from dataclasses import dataclass

from app.core.permissions import Permission
from app.core.viewer import Viewer
from app.extensions import db
from app.leaderboards.filters import Of
from app.leaderboards.memo import Memo
from app.people.queries import sees_all, visible_people, visible_teams


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


_kept = Memo[Scope]("people", most=5_000)


def scope_of(viewer: Viewer, of: Of) -> Scope:
    return _kept.get((viewer.person_id, of), lambda: _read(viewer, of))


def _read(viewer: Viewer, of: Of) -> Scope:
    may_follow = viewer.can(Permission.SALES_VIEW)
    if sees_all(viewer):
        return Scope(_Everybody(), True, may_follow)
    visible = visible_people(viewer) if of is Of.PEOPLE else visible_teams(viewer)
    return Scope(frozenset(db.session.scalars(visible)), False, may_follow)


NOBODY = Scope(frozenset(), False, False)
