"""The conversation about a goal is never changed, tells reminders and second opinions apart, and says who has still
to read a revision; a refused revision leaves room for another."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = ("proposed", "questioned", "accepted", "comment", "revised")
NEW_KINDS = (*KINDS, "decided", "reminded")


def _allow(kinds: tuple[str, ...]) -> None:
    op.drop_constraint("messagekind", "goal_messages", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint("messagekind", "goal_messages", f"kind IN ({listed})")


def upgrade() -> None:
    _allow(NEW_KINDS)
    op.alter_column("goal_acknowledgements", "at", nullable=True, server_default=None)
    op.drop_constraint("uq_goal_revisions_goal_id_version", "goal_revisions", type_="unique")
    op.create_index(
        "uq_goal_revisions_goal_id_version",
        "goal_revisions",
        ["goal_id", "version"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.execute(
        """
        CREATE FUNCTION goal_messages_stand() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'what was said about a goal is not changed' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER goal_messages_stand BEFORE UPDATE OR DELETE ON goal_messages
        FOR EACH ROW EXECUTE FUNCTION goal_messages_stand()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER goal_messages_stand ON goal_messages")
    op.execute("DROP FUNCTION goal_messages_stand")
    op.drop_index("uq_goal_revisions_goal_id_version", "goal_revisions")
    op.execute(
        "DELETE FROM goal_acknowledgements WHERE revision_id IN (SELECT id FROM goal_revisions WHERE status = 'refused')"
    )
    op.execute(
        "DELETE FROM goal_messages WHERE kind IN ('decided', 'reminded') OR revision_id IN (SELECT id FROM goal_revisions WHERE status = 'refused')"
    )
    op.execute("DELETE FROM goal_revisions WHERE status = 'refused'")
    op.create_unique_constraint("uq_goal_revisions_goal_id_version", "goal_revisions", ["goal_id", "version"])
    op.execute("DELETE FROM goal_acknowledgements WHERE at IS NULL")
    op.alter_column("goal_acknowledgements", "at", nullable=False, server_default=sa.text("now()"))
    _allow(KINDS)
