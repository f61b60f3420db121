"""A missed goal becomes a case: diagnoses, findings, contests, root-cause reviews, corrective actions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "root_cause_reviews",
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "product",
                "price",
                "delivery",
                "service",
                "marketing",
                "training",
                "capability",
                "none",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "confirmed",
                "rejected",
                "acting",
                "done",
                "lapsed",
                name="reviewstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "established",
                "likely",
                "possible",
                "ruled_out",
                "no_data",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stake", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("figure", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "accepted_by_id <> answered_by_id", name=op.f("ck_root_cause_reviews_second_person")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["people.id"], name=op.f("fk_root_cause_reviews_accepted_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_root_cause_reviews_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_root_cause_reviews_owner_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_root_cause_reviews_period_id_periods")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_root_cause_reviews_product_id_products")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_root_cause_reviews_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_root_cause_reviews")),
    )
    op.create_index(op.f("ix_root_cause_reviews_owner_id"), "root_cause_reviews", ["owner_id"], unique=False)
    op.create_index(op.f("ix_root_cause_reviews_status"), "root_cause_reviews", ["status"], unique=False)
    op.create_index(op.f("ix_root_cause_reviews_team_id"), "root_cause_reviews", ["team_id"], unique=False)
    op.create_index(
        "uq_root_cause_reviews_subject",
        "root_cause_reviews",
        ["period_id", "cause", sa.literal_column("coalesce(product_id, 0)")],
        unique=True,
    )
    op.create_table(
        "cases",
        sa.Column("goal_id", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("metric_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "contested",
                "settled",
                name="casestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("num_nonnulls(person_id, team_id) = 1", name=op.f("ck_cases_one_subject")),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_cases_goal_id_goals")),
        sa.ForeignKeyConstraint(["metric_id"], ["metrics.id"], name=op.f("fk_cases_metric_id_metrics")),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_cases_period_id_periods")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_cases_person_id_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_cases_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("goal_id", name=op.f("uq_cases_goal_id")),
    )
    op.create_index(op.f("ix_cases_period_id"), "cases", ["period_id"], unique=False)
    op.create_index(op.f("ix_cases_person_id"), "cases", ["person_id"], unique=False)
    op.create_index(
        "ix_cases_status", "cases", ["status"], unique=False, postgresql_where=sa.text("status <> 'settled'")
    )
    op.create_index(op.f("ix_cases_team_id"), "cases", ["team_id"], unique=False)
    op.create_table(
        "corrective_actions",
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "doing",
                "done",
                "dropped",
                name="actionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="planned",
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(status = 'done') = (done_on IS NOT NULL)", name=op.f("ck_corrective_actions_done_on_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_corrective_actions_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_corrective_actions_owner_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["root_cause_reviews.id"],
            name=op.f("fk_corrective_actions_review_id_root_cause_reviews"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_actions")),
    )
    op.create_index(op.f("ix_corrective_actions_owner_id"), "corrective_actions", ["owner_id"], unique=False)
    op.create_index(
        op.f("ix_corrective_actions_review_id"), "corrective_actions", ["review_id"], unique=False
    )
    op.create_table(
        "review_messages",
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "asked",
                "confirmed",
                "rejected",
                "accepted",
                "returned",
                "action",
                "doing",
                "done",
                "dropped",
                "comment",
                "lapsed",
                "handed_over",
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_review_messages_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["root_cause_reviews.id"],
            name=op.f("fk_review_messages_review_id_root_cause_reviews"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_messages")),
    )
    op.create_index(op.f("ix_review_messages_review_id"), "review_messages", ["review_id"], unique=False)
    op.create_table(
        "diagnoses",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("is_current", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "closed",
                "adjusted",
                "contested",
                "answered",
                name="diagnosiswhy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("result_id", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("actual", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column("shortfall", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("expected", sa.Numeric(precision=20, scale=4), nullable=True),
        sa.Column(
            "main_cause",
            sa.Enum(
                "product",
                "price",
                "delivery",
                "service",
                "marketing",
                "training",
                "capability",
                "none",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("split", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_diagnoses_by_id_people")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_diagnoses_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["result_id"], ["goal_results.id"], name=op.f("fk_diagnoses_result_id_goal_results")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnoses")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_diagnoses_case_id_version")),
    )
    op.create_index(
        "uq_diagnoses_current", "diagnoses", ["case_id"], unique=True, postgresql_where=sa.text("is_current")
    )
    op.create_table(
        "findings",
        sa.Column("diagnosis_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "product",
                "price",
                "delivery",
                "service",
                "marketing",
                "training",
                "capability",
                "none",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "established",
                "likely",
                "possible",
                "ruled_out",
                "no_data",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("confidence", sa.Numeric(precision=6, scale=5), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("charts", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("records", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("moved_from", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"], ["diagnoses.id"], name=op.f("fk_findings_diagnosis_id_diagnoses")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_findings_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["lead_sources.id"], name=op.f("fk_findings_source_id_lead_sources")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_findings_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("diagnosis_id", "position", name=op.f("uq_findings_diagnosis_id_position")),
    )
    op.create_index(op.f("ix_findings_cause"), "findings", ["cause"], unique=False)
    op.create_table(
        "contests",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("finding_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "upheld",
                "kept",
                name="conteststatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column(
            "moved_to",
            sa.Enum(
                "product",
                "price",
                "delivery",
                "service",
                "marketing",
                "training",
                "capability",
                "none",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(status = 'upheld') = (moved_to IS NOT NULL)", name=op.f("ck_contests_moved_when_upheld")
        ),
        sa.CheckConstraint("reviewer_id <> author_id", name=op.f("ck_contests_not_oneself")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_contests_author_id_people")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_contests_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_contests_finding_id_findings")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["people.id"], name=op.f("fk_contests_reviewer_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contests")),
    )
    op.create_index(op.f("ix_contests_case_id"), "contests", ["case_id"], unique=False)
    op.create_index(op.f("ix_contests_reviewer_id"), "contests", ["reviewer_id"], unique=False)
    op.create_index(
        "uq_contests_waiting",
        "contests",
        ["finding_id"],
        unique=True,
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "review_findings",
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("finding_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_review_findings_finding_id_findings")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["root_cause_reviews.id"],
            name=op.f("fk_review_findings_review_id_root_cause_reviews"),
        ),
        sa.PrimaryKeyConstraint("review_id", "finding_id", name=op.f("pk_review_findings")),
    )
    op.create_index(op.f("ix_review_findings_finding_id"), "review_findings", ["finding_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_review_findings_finding_id"), table_name="review_findings")
    op.drop_table("review_findings")
    op.drop_index(
        "uq_contests_waiting", table_name="contests", postgresql_where=sa.text("status = 'waiting'")
    )
    op.drop_index(op.f("ix_contests_reviewer_id"), table_name="contests")
    op.drop_index(op.f("ix_contests_case_id"), table_name="contests")
    op.drop_table("contests")
    op.drop_index(op.f("ix_findings_cause"), table_name="findings")
    op.drop_table("findings")
    op.drop_index("uq_diagnoses_current", table_name="diagnoses", postgresql_where=sa.text("is_current"))
    op.drop_table("diagnoses")
    op.drop_index(op.f("ix_review_messages_review_id"), table_name="review_messages")
    op.drop_table("review_messages")
    op.drop_index(op.f("ix_corrective_actions_review_id"), table_name="corrective_actions")
    op.drop_index(op.f("ix_corrective_actions_owner_id"), table_name="corrective_actions")
    op.drop_table("corrective_actions")
    op.drop_index(op.f("ix_cases_team_id"), table_name="cases")
    op.drop_index("ix_cases_status", table_name="cases", postgresql_where=sa.text("status <> 'settled'"))
    op.drop_index(op.f("ix_cases_person_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_period_id"), table_name="cases")
    op.drop_table("cases")
    op.drop_index("uq_root_cause_reviews_subject", table_name="root_cause_reviews")
    op.drop_index(op.f("ix_root_cause_reviews_team_id"), table_name="root_cause_reviews")
    op.drop_index(op.f("ix_root_cause_reviews_status"), table_name="root_cause_reviews")
    op.drop_index(op.f("ix_root_cause_reviews_owner_id"), table_name="root_cause_reviews")
    op.drop_table("root_cause_reviews")
