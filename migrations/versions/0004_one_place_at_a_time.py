"""A person is in one team and under one manager at a time: the database refuses overlaps.

Also the portal's address for links in mails asked for by strangers (whose Host header proves nothing), and
why a mail could not be sent.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # btree_gist is not to be had everywhere; a range of one key does the same with core's own classes.
    for table in ("memberships", "reporting_lines"):
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ex_{table}_one_at_a_time EXCLUDE USING gist"
            " (int8range(person_id, person_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&)"
        )
    op.add_column("company", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("outgoing_mails", sa.Column("problem", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("outgoing_mails", "problem")
    op.drop_column("company", "address")
    for table in ("reporting_lines", "memberships"):
        op.drop_constraint(f"ex_{table}_one_at_a_time", table)
