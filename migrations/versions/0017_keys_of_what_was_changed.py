"""What the audit and an import's undo point to is as wide as keys are: those of sales are bigint.

An integer holds two thousand million. The columns only grow, and the code of before reads and writes them as
ever. Both tables are written anew meanwhile, and changes wait for it: some seconds a million rows. Going back
fails, and leaves all as it is, where a key is too large by then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = {"audit_entries": True, "imported_changes": False}  # whether it may be empty


def upgrade() -> None:
    _become(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    _become(sa.BigInteger(), sa.Integer())


def _become(before: sa.types.TypeEngine[int], after: sa.types.TypeEngine[int]) -> None:
    for table, is_nullable in TABLES.items():
        op.alter_column(table, "subject_id", type_=after, existing_type=before, existing_nullable=is_nullable)
