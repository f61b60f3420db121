"""The audit page promises that nothing in it is changed or deleted: the database keeps the promise."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION audit_entries_stand() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'an audit entry is never changed or deleted';
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER audit_entries_stand BEFORE UPDATE OR DELETE ON audit_entries"
        " FOR EACH ROW EXECUTE FUNCTION audit_entries_stand()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_entries_stand ON audit_entries")
    op.execute("DROP FUNCTION audit_entries_stand()")
