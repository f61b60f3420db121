"""What is said after a change that can be taken back."""

from flask import flash


def flash_with_undo(message: str, undo_url: str, kind: str = "good") -> None:
    """`flash`, with a button that posts to `undo_url`; what the two become says components/toast.html."""
    flash({"message": message, "undo_url": undo_url}, kind)  # type: ignore[arg-type]  # typed for a text alone
