"""A product that comes to another series goes on counting where it did on days that are closed: former_series
says where that was, and series_of what a product belonged to on a day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SERIES_OF = """
CREATE FUNCTION series_of(product bigint, now text, day date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT f.series FROM former_series f WHERE f.product_id = product AND f.until_on >= day
         ORDER BY f.until_on LIMIT 1),
        now)
$$
"""


def upgrade() -> None:
    op.create_table(
        "former_series",
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_former_series_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", "until_on", name=op.f("pk_former_series")),
    )
    op.execute(SERIES_OF)


def downgrade() -> None:
    op.execute("DROP FUNCTION series_of(bigint, text, date)")
    op.drop_table("former_series")
