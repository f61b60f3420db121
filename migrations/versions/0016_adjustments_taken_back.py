"""Whoever asked for an adjustment can take it back while nobody has decided; it stays to be read."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEFORE = ("draft", "waiting", "applied", "refused")


def upgrade() -> None:
    _allow((*BEFORE, "withdrawn"))


def downgrade() -> None:
    # What was taken back was decided by nobody; as a refusal it is still not done, and says who asked.
    op.execute("ALTER TABLE adjustments DISABLE TRIGGER adjustments_stand")
    op.execute("UPDATE adjustments SET status = 'refused' WHERE status = 'withdrawn'")
    op.execute("ALTER TABLE adjustments ENABLE TRIGGER adjustments_stand")
    _allow(BEFORE)


def _allow(statuses: tuple[str, ...]) -> None:
    """The trigger of 0009 lets a waiting one be decided once, whatever the word for it."""
    name = op.f("ck_adjustments_adjustmentstatus")
    op.drop_constraint(name, "adjustments", type_="check")
    named = ", ".join(f"'{status}'" for status in statuses)
    op.create_check_constraint(name, "adjustments", f"status IN ({named})")
