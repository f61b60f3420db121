"""Who is looking: what every request needs to know of a signed-in person, without a query."""

from dataclasses import dataclass

from flask_login import UserMixin, current_user

from app.core.permissions import Permission, Role, allows


@dataclass(frozen=True, slots=True, eq=False)
class Viewer(UserMixin):
    """A session's person, as Flask-Login's user. `session_id` names the session row."""

    session_id: int
    token: str
    person_id: int
    name: str
    role: Role
    team_id: int | None
    locale: str | None
    theme: str

    def get_id(self) -> str:
        """Flask-Login keeps this in the cookie: the session's token, not the person."""
        return self.token

    def can(self, permission: Permission) -> bool:
        return allows(self.role, permission)


def current_viewer() -> Viewer | None:
    """The signed-in viewer of this request, or None."""
    user = current_user._get_current_object()
    return user if isinstance(user, Viewer) else None


def the_viewer() -> Viewer:
    """The viewer of a route that requires a permission."""
    viewer = current_viewer()
    if viewer is None:
        raise RuntimeError("no viewer: is the route public?")
    return viewer
