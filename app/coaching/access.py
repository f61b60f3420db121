"""Who is reading, told to PostgreSQL: its row-level security keeps plans, sessions, notes and HR cases."""

from app.core.viewer import Viewer


def reading_as(viewer: Viewer) -> None:
    """From here to the end of the transaction rows are those that this viewer may read."""


def as_worker() -> None:
    """A job that belongs to nobody: it sees plans and sessions, never notes or HR cases."""
