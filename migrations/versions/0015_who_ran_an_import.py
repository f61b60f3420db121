"""An import knows who had it run, finds the same file of another source, and a source has one spelling.

Rows are known by their source: "CRM " and "crm" were two, and a file counted twice. Where both spellings hold
a row of one number, that row keeps its own, so that nothing is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# What a row of this table is known by, beside its source.
TABLES = {"sales": "external_id", "import_mappings": "kind", "imports": "id"}


def upgrade() -> None:
    op.add_column("imports", sa.Column("run_by_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_imports_run_by_id_people"), "imports", "people", ["run_by_id"], ["id"])
    op.create_index(op.f("ix_imports_sha256"), "imports", ["sha256"])
    connection = op.get_bind()
    for table, key in TABLES.items():
        for source in connection.scalars(
            sa.text(f"SELECT DISTINCT source FROM {table} ORDER BY source")
        ).all():
            folded = " ".join(source.split()).casefold()
            if folded and folded != source:
                connection.execute(
                    sa.text(
                        f"""UPDATE {table} AS t SET source = :folded WHERE source = :source AND NOT EXISTS (
                            SELECT 1 FROM {table} AS o WHERE o.source = :folded AND o.{key} = t.{key})"""
                    ),
                    {"folded": folded, "source": source},
                )


def downgrade() -> None:
    op.drop_index(op.f("ix_imports_sha256"), "imports")
    op.drop_constraint(op.f("fk_imports_run_by_id_people"), "imports")
    op.drop_column("imports", "run_by_id")
