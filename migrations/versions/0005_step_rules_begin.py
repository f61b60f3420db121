"""A rule for a step has a first day: sales won before it, imported ones above all, wait for nobody.

Lists of sales are read by the day they were decided, else opened.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "step_rules",
        sa.Column("starts_on", sa.Date(), server_default=sa.text("'2000-01-01'"), nullable=False),
    )
    op.create_index("ix_sales_day", "sales", [sa.literal_column("coalesce(closed_on, opened_on)"), "id"])


def downgrade() -> None:
    op.drop_index("ix_sales_day", table_name="sales")
    op.drop_column("step_rules", "starts_on")
