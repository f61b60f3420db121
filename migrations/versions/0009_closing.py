"""What a goal came to when its period closed, in versions, and what is asked to be changed after the close."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing_rules",
        sa.Column("grace_days", sa.SmallInteger(), server_default="5", nullable=False),
        sa.Column("hour", sa.SmallInteger(), server_default="6", nullable=False),
        sa.Column("exceeded_from", sa.Integer(), server_default="11000", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("exceeded_from >= 10000", name=op.f("ck_closing_rules_exceeded_from_range")),
        sa.CheckConstraint("grace_days BETWEEN 0 AND 60", name=op.f("ck_closing_rules_grace_days_range")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_closing_rules_hour_range")),
        sa.CheckConstraint("id = 1", name=op.f("ck_closing_rules_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_rules")),
    )
    op.create_table(
        "adjustments",
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("subject_version", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("days", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("change", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "waiting",
                "applied",
                "refused",
                name="adjustmentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(status IN ('draft', 'waiting')) = (decided_at IS NULL)",
            name=op.f("ck_adjustments_decided_once"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> author_id", name=op.f("ck_adjustments_second_person")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_adjustments_author_id_people")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_adjustments_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_adjustments_period_id_periods")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_adjustments_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index(op.f("ix_adjustments_period_id"), "adjustments", ["period_id"], unique=False)
    op.create_index(op.f("ix_adjustments_person_id"), "adjustments", ["person_id"], unique=False)
    op.create_index(op.f("ix_adjustments_status"), "adjustments", ["status"], unique=False)
    op.create_table(
        "goal_results",
        sa.Column("goal_id", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "exceeded",
                "reached",
                "missed",
                "not_judged",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "not_judged",
            sa.Enum(
                "ramp",
                "leave",
                "too_little_data",
                "withdrawn",
                name="notjudged",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("base", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("figure", sa.Numeric(precision=24, scale=8), nullable=True),
        sa.Column("target", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("attainment", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("arithmetic", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("adjustment_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'not_judged') = (not_judged IS NOT NULL)",
            name=op.f("ck_goal_results_reason_when_not_judged"),
        ),
        sa.ForeignKeyConstraint(
            ["adjustment_id"], ["adjustments.id"], name=op.f("fk_goal_results_adjustment_id_adjustments")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_goal_results_goal_id_goals")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_goal_results_period_id_periods")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_results")),
        sa.UniqueConstraint("goal_id", "version", name=op.f("uq_goal_results_goal_id_version")),
    )
    op.create_index(
        "ix_goal_results_period_id_outcome",
        "goal_results",
        ["period_id", "outcome"],
        unique=False,
        postgresql_where=sa.text("is_current"),
    )
    op.create_index(
        "uq_goal_results_current",
        "goal_results",
        ["goal_id"],
        unique=True,
        postgresql_where=sa.text("is_current"),
    )
    # What was concluded stands: a result only stops being the current one; an adjustment is asked for once,
    # as it was kept, and decided once.
    _stands(
        "goal_results",
        "TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'is_current' = to_jsonb(OLD) - 'is_current'"
        " AND NOT NEW.is_current",
        "a result of a goal is never changed or deleted: an adjustment makes a new version",
    )
    asked, decided = "{status,reason,asked_at}", "{status,decided_by_id,decided_at,answer}"
    _stands(
        "adjustments",
        "OLD.status = 'draft' AND (TG_OP = 'DELETE' OR NEW.status = 'waiting'"
        f" AND to_jsonb(NEW) - '{asked}'::text[] = to_jsonb(OLD) - '{asked}'::text[])"
        " OR TG_OP = 'UPDATE' AND OLD.status = 'waiting' AND NEW.status <> 'draft'"
        f" AND to_jsonb(NEW) - '{decided}'::text[] = to_jsonb(OLD) - '{decided}'::text[]",
        "what was asked for is never changed, and decided once",
    )


def _stands(table: str, allowed: str, message: str) -> None:
    op.execute(
        f"""
        CREATE FUNCTION {table}_stand() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {allowed} THEN
                RETURN coalesce(NEW, OLD);
            END IF;
            RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER {table}_stand BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_stand()"
    )


def downgrade() -> None:
    for table in ("goal_results", "adjustments"):
        op.execute(f"DROP TRIGGER {table}_stand ON {table}")
        op.execute(f"DROP FUNCTION {table}_stand()")
    op.drop_index(
        "uq_goal_results_current", table_name="goal_results", postgresql_where=sa.text("is_current")
    )
    op.drop_index(
        "ix_goal_results_period_id_outcome", table_name="goal_results", postgresql_where=sa.text("is_current")
    )
    op.drop_table("goal_results")
    op.drop_index(op.f("ix_adjustments_status"), table_name="adjustments")
    op.drop_index(op.f("ix_adjustments_person_id"), table_name="adjustments")
    op.drop_index(op.f("ix_adjustments_period_id"), table_name="adjustments")
    op.drop_table("adjustments")
    op.drop_table("closing_rules")
