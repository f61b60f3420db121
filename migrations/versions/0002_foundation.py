"""The tables of the first rooms: people, imports, sales, metrics, goals, leaderboards, notifications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("fiscal_start_month", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "fiscal_start_month BETWEEN 1 AND 12", name=op.f("ck_company_fiscal_start_month_valid")
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_company_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "company_holidays",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_working", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_holidays")),
        sa.UniqueConstraint("on", name=op.f("uq_company_holidays_on")),
    )
    op.create_table(
        "customers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_sale_id", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(op.f("ix_customers_first_sale_id"), "customers", ["first_sale_id"], unique=False)
    op.create_index("uq_customers_name", "customers", [sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "events",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_table(
        "exchange_rates",
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rates_rate_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
        sa.UniqueConstraint("currency", "starts_on", name=op.f("uq_exchange_rates_currency_starts_on")),
    )
    op.create_table(
        "import_mappings",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mappings")),
        sa.UniqueConstraint("kind", "source", name=op.f("uq_import_mappings_kind_source")),
    )
    op.create_table(
        "lead_sources",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_sources")),
    )
    op.create_index("uq_lead_sources_name", "lead_sources", [sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "metrics",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sum",
                "count",
                "ratio",
                name="metrickind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "subject",
            sa.Enum(
                "sales", "activities", name="subject", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum(
                "money",
                "number",
                "percent",
                "score",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decimals", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("is_higher_better", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("rank_from", sa.Integer(), server_default="1", nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("position", sa.Integer(), server_default="100", nullable=False),
        sa.Column("is_shipped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("rank_from >= 1", name=op.f("ck_metrics_rank_from_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metrics")),
        sa.UniqueConstraint("key", name=op.f("uq_metrics_key")),
    )
    op.create_table(
        "outgoing_mails",
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails")),
    )
    op.create_table(
        "periods",
        sa.Column(
            "kind",
            sa.Enum(
                "month",
                "quarter",
                "year",
                name="periodkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "closing",
                "closed",
                name="periodstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_periods_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_periods")),
        sa.UniqueConstraint("key", name=op.f("uq_periods_key")),
        sa.UniqueConstraint("kind", "starts_on", name=op.f("uq_periods_kind_starts_on")),
    )
    op.create_table(
        "products",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("list_price", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("code", name=op.f("uq_products_code")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_subject_at", "sign_in_attempts", ["subject", "at"], unique=False)
    op.create_table(
        "teams",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "company",
                "department",
                "team",
                name="teamkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "function",
            sa.Enum(
                "sales",
                "production",
                "logistics",
                "customer_service",
                "marketing",
                "pricing",
                "hr",
                "other",
                name="function",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="sales",
            nullable=False,
        ),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("path", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("(kind = 'company') = (parent_id IS NULL)", name=op.f("ck_teams_root_is_company")),
        sa.ForeignKeyConstraint(["parent_id"], ["teams.id"], name=op.f("fk_teams_parent_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_index(op.f("ix_teams_lead_id"), "teams", ["lead_id"], unique=False)
    op.create_index(op.f("ix_teams_parent_id"), "teams", ["parent_id"], unique=False)
    op.create_index("ix_teams_path", "teams", ["path"], unique=False, postgresql_using="gin")
    op.create_index(
        "uq_teams_one_company", "teams", ["kind"], unique=True, postgresql_where=sa.text("kind = 'company'")
    )
    op.create_index(
        "uq_teams_parent_id_name", "teams", ["parent_id", sa.literal_column("lower(name)")], unique=True
    )
    op.create_table(
        "people",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("employee_number", sa.Text(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "rep",
                "manager",
                "department_lead",
                "hr",
                "executive",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("manager_id", sa.BigInteger(), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column(
            "theme",
            sa.Enum(
                "auto", "light", "dark", name="theme", native_enum=False, create_constraint=True, length=40
            ),
            server_default="auto",
            nullable=False,
        ),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "left_on IS NULL OR hired_on IS NULL OR left_on >= hired_on",
            name=op.f("ck_people_left_after_hired"),
        ),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_people_manager_id_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_people_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("employee_number", name=op.f("uq_people_employee_number")),
    )
    op.create_index(op.f("ix_people_manager_id"), "people", ["manager_id"], unique=False)
    op.create_index("ix_people_name", "people", [sa.literal_column("lower(name)")], unique=False)
    op.create_index(op.f("ix_people_team_id"), "people", ["team_id"], unique=False)
    op.create_index("uq_people_email", "people", [sa.literal_column("lower(email)")], unique=True)
    op.create_table(
        "step_rules",
        sa.Column(
            "step",
            sa.Enum(
                "promise",
                "deliver",
                "follow_up",
                name="processstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_step_rules_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_rules")),
        sa.UniqueConstraint("step", name=op.f("uq_step_rules_step")),
    )
    op.create_table(
        "team_totals",
        sa.Column("metric_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("base", sa.Numeric(precision=20, scale=4), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metrics.id"], name=op.f("fk_team_totals_metric_id_metrics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("metric_id", "team_id", "day", name=op.f("pk_team_totals")),
    )
    op.create_table(
        "totals",
        sa.Column("metric_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("base", sa.Numeric(precision=20, scale=4), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["metric_id"], ["metrics.id"], name=op.f("fk_totals_metric_id_metrics"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("metric_id", "month", "person_id", name=op.f("pk_totals")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "access_links",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "reset",
                name="accesslinkkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_access_links_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_access_links_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_links_token_hash")),
    )
    op.create_index(op.f("ix_access_links_person_id"), "access_links", ["person_id"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_audit_entries_actor_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_actor_id"), "audit_entries", ["actor_id"], unique=False)
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"], unique=False)
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_type", "subject_id"], unique=False)
    op.create_table(
        "days_off",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_days_off_ends_after_start")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_days_off_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_days_off")),
    )
    op.create_index(op.f("ix_days_off_person_id"), "days_off", ["person_id"], unique=False)
    op.create_table(
        "goals",
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("metric_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("target", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("weight", sa.SmallInteger(), server_default="10000", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "proposed",
                "questioned",
                "accepted",
                name="goalstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("is_fixed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("arithmetic", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_goals_ends_after_start")),
        sa.CheckConstraint("num_nonnulls(team_id, person_id) = 1", name=op.f("ck_goals_one_subject")),
        sa.CheckConstraint("target > 0", name=op.f("ck_goals_target_positive")),
        sa.CheckConstraint("weight BETWEEN 0 AND 10000", name=op.f("ck_goals_weight_range")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_goals_created_by_id_people")),
        sa.ForeignKeyConstraint(["metric_id"], ["metrics.id"], name=op.f("fk_goals_metric_id_metrics")),
        sa.ForeignKeyConstraint(["parent_id"], ["goals.id"], name=op.f("fk_goals_parent_id_goals")),
        sa.ForeignKeyConstraint(["period_id"], ["periods.id"], name=op.f("fk_goals_period_id_periods")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_goals_person_id_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_goals_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
    )
    op.create_index(op.f("ix_goals_metric_id"), "goals", ["metric_id"], unique=False)
    op.create_index(op.f("ix_goals_parent_id"), "goals", ["parent_id"], unique=False)
    op.create_index(op.f("ix_goals_period_id"), "goals", ["period_id"], unique=False)
    op.create_index(op.f("ix_goals_status"), "goals", ["status"], unique=False)
    op.create_index(
        "uq_goals_person",
        "goals",
        ["person_id", "metric_id", "period_id"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL AND withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_goals_team",
        "goals",
        ["team_id", "metric_id", "period_id"],
        unique=True,
        postgresql_where=sa.text("team_id IS NOT NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "imports",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "uploaded",
                "checking",
                "checked",
                "queued",
                "running",
                "done",
                "failed",
                "undone",
                name="importstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="uploaded",
            nullable=False,
        ),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("rows_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_imports_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(["undone_by_id"], ["people.id"], name=op.f("fk_imports_undone_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_created_by_id"), "imports", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_imports_status"), "imports", ["status"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_memberships_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id_people")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_memberships_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_person_id"), "memberships", ["person_id"], unique=False)
    op.create_index(op.f("ix_memberships_team_id"), "memberships", ["team_id"], unique=False)
    op.create_index(
        "uq_memberships_open",
        "memberships",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "notifications",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("needs_answer", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_notifications_event_id_events")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notifications_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("event_id", "person_id", name=op.f("uq_notifications_event_id_person_id")),
    )
    op.create_index(
        "ix_notifications_person_id_id",
        "notifications",
        ["person_id", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "reporting_lines",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("manager_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_reporting_lines_ends_after_start")
        ),
        sa.CheckConstraint("person_id <> manager_id", name=op.f("ck_reporting_lines_not_oneself")),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["people.id"], name=op.f("fk_reporting_lines_manager_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_reporting_lines_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_lines")),
    )
    op.create_index(op.f("ix_reporting_lines_manager_id"), "reporting_lines", ["manager_id"], unique=False)
    op.create_index(op.f("ix_reporting_lines_person_id"), "reporting_lines", ["person_id"], unique=False)
    op.create_index(
        "uq_reporting_lines_open",
        "reporting_lines",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "sales",
        sa.Column("source", sa.Text(), server_default="portal", nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("rep_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("lead_source_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "open", "won", "lost", name="stage", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("list_price", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=10), server_default="1", nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("lost_reason", sa.Text(), nullable=True),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("followed_up_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("satisfaction", sa.SmallInteger(), nullable=True),
        sa.Column("techniques", postgresql.ARRAY(sa.TEXT()), server_default="{}", nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(stage = 'open') = (closed_on IS NULL)", name=op.f("ck_sales_closed_when_decided")
        ),
        sa.CheckConstraint(
            "lost_reason IS NULL OR stage = 'lost'", name=op.f("ck_sales_reason_only_when_lost")
        ),
        sa.CheckConstraint("stage <> 'won' OR amount IS NOT NULL", name=op.f("ck_sales_won_has_amount")),
        sa.CheckConstraint(
            "stage = 'won' OR num_nonnulls(promised_on, delivered_on, followed_up_on, cancelled_on) = 0",
            name=op.f("ck_sales_process_only_when_won"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_sales_quantity_positive")),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name=op.f("ck_sales_satisfaction_range")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_sales_created_by_id_people")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_sales_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["lead_source_id"], ["lead_sources.id"], name=op.f("fk_sales_lead_source_id_lead_sources")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_sales_product_id_products")),
        sa.ForeignKeyConstraint(["rep_id"], ["people.id"], name=op.f("fk_sales_rep_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales")),
    )
    op.create_index("ix_sales_closed_on", "sales", ["closed_on"], unique=False)
    op.create_index("ix_sales_customer_id", "sales", ["customer_id"], unique=False)
    op.create_index(
        "ix_sales_import_id",
        "sales",
        ["import_id"],
        unique=False,
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    op.create_index("ix_sales_rep_id_closed_on", "sales", ["rep_id", "closed_on"], unique=False)
    op.create_index(
        "uq_sales_source_external_id",
        "sales",
        ["source", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("browser", sa.Text(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sign_in_sessions_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_sessions_person_id"), "sign_in_sessions", ["person_id"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_submissions_person_id_people")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submissions")),
    )
    op.create_table(
        "tv_links",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("boards", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("seconds", sa.Integer(), server_default="20", nullable=False),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_tv_links_created_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tv_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tv_links_token_hash")),
    )
    op.create_table(
        "activities",
        sa.Column(
            "kind",
            sa.Enum(
                "call",
                "meeting",
                "demo",
                name="activitykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("sale_id", sa.BigInteger(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_activities_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_activities_person_id_people")),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["sales.id"], name=op.f("fk_activities_sale_id_sales"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_activities_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    op.create_index(
        "ix_activities_person_id_happened_on", "activities", ["person_id", "happened_on"], unique=False
    )
    op.create_index(op.f("ix_activities_sale_id"), "activities", ["sale_id"], unique=False)
    op.create_table(
        "goal_revisions",
        sa.Column("goal_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("target_before", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("target", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "results",
                "economy",
                "competition",
                "territory",
                "other",
                name="revisionreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "applied",
                "refused",
                name="revisionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> author_id",
            name=op.f("ck_goal_revisions_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_goal_revisions_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_goal_revisions_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_goal_revisions_goal_id_goals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_revisions")),
        sa.UniqueConstraint("goal_id", "version", name=op.f("uq_goal_revisions_goal_id_version")),
    )
    op.create_table(
        "import_rejects",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("row", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_import_rejects_import_id_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rejects")),
    )
    op.create_index("ix_import_rejects_import_id_line", "import_rejects", ["import_id", "line"], unique=False)
    op.create_table(
        "imported_changes",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_imported_changes_import_id_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_changes")),
    )
    op.create_index("ix_imported_changes_import_id", "imported_changes", ["import_id"], unique=False)
    op.create_table(
        "sale_credits",
        sa.Column("sale_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.SmallInteger(), server_default="10000", nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("share BETWEEN 1 AND 10000", name=op.f("ck_sale_credits_share_range")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sale_credits_person_id_people")),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["sales.id"], name=op.f("fk_sale_credits_sale_id_sales"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_sale_credits_team_id_teams")),
        sa.PrimaryKeyConstraint("sale_id", "person_id", name=op.f("pk_sale_credits")),
    )
    op.create_index("ix_sale_credits_person_id", "sale_credits", ["person_id"], unique=False)
    op.create_index("ix_sale_credits_team_id", "sale_credits", ["team_id"], unique=False)
    op.create_table(
        "sale_versions",
        sa.Column("sale_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_sale_versions_by_id_people")),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["sales.id"], name=op.f("fk_sale_versions_sale_id_sales"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_versions")),
        sa.UniqueConstraint("sale_id", "version", name=op.f("uq_sale_versions_sale_id_version")),
    )
    op.create_table(
        "goal_acknowledgements",
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_goal_acknowledgements_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["goal_revisions.id"],
            name=op.f("fk_goal_acknowledgements_revision_id_goal_revisions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_acknowledgements")),
        sa.UniqueConstraint(
            "revision_id", "person_id", name=op.f("uq_goal_acknowledgements_revision_id_person_id")
        ),
    )
    op.create_index(
        op.f("ix_goal_acknowledgements_person_id"), "goal_acknowledgements", ["person_id"], unique=False
    )
    op.create_table(
        "goal_messages",
        sa.Column("goal_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "proposed",
                "questioned",
                "accepted",
                "comment",
                "revised",
                name="messagekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_goal_messages_author_id_people")),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_goal_messages_goal_id_goals")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["goal_revisions.id"], name=op.f("fk_goal_messages_revision_id_goal_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_messages")),
    )
    op.create_index(op.f("ix_goal_messages_goal_id"), "goal_messages", ["goal_id"], unique=False)
    # Tables that name each other: these keys come when both are there.
    op.create_foreign_key("fk_teams_lead_id_people", "teams", "people", ["lead_id"], ["id"])
    op.create_foreign_key(
        "fk_customers_first_sale_id_sales",
        "customers",
        "sales",
        ["first_sale_id"],
        ["id"],
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade() -> None:
    op.drop_constraint("fk_customers_first_sale_id_sales", "customers", type_="foreignkey")
    op.drop_constraint("fk_teams_lead_id_people", "teams", type_="foreignkey")
    op.drop_index(op.f("ix_goal_messages_goal_id"), table_name="goal_messages")
    op.drop_table("goal_messages")
    op.drop_index(op.f("ix_goal_acknowledgements_person_id"), table_name="goal_acknowledgements")
    op.drop_table("goal_acknowledgements")
    op.drop_table("sale_versions")
    op.drop_index("ix_sale_credits_team_id", table_name="sale_credits")
    op.drop_index("ix_sale_credits_person_id", table_name="sale_credits")
    op.drop_table("sale_credits")
    op.drop_index("ix_imported_changes_import_id", table_name="imported_changes")
    op.drop_table("imported_changes")
    op.drop_index("ix_import_rejects_import_id_line", table_name="import_rejects")
    op.drop_table("import_rejects")
    op.drop_table("goal_revisions")
    op.drop_index(op.f("ix_activities_sale_id"), table_name="activities")
    op.drop_index("ix_activities_person_id_happened_on", table_name="activities")
    op.drop_table("activities")
    op.drop_table("tv_links")
    op.drop_table("submissions")
    op.drop_index(op.f("ix_sign_in_sessions_person_id"), table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.drop_index(
        "uq_sales_source_external_id", table_name="sales", postgresql_where=sa.text("external_id IS NOT NULL")
    )
    op.drop_index("ix_sales_rep_id_closed_on", table_name="sales")
    op.drop_index("ix_sales_import_id", table_name="sales", postgresql_where=sa.text("import_id IS NOT NULL"))
    op.drop_index("ix_sales_customer_id", table_name="sales")
    op.drop_index("ix_sales_closed_on", table_name="sales")
    op.drop_table("sales")
    op.drop_index(
        "uq_reporting_lines_open", table_name="reporting_lines", postgresql_where=sa.text("ends_on IS NULL")
    )
    op.drop_index(op.f("ix_reporting_lines_person_id"), table_name="reporting_lines")
    op.drop_index(op.f("ix_reporting_lines_manager_id"), table_name="reporting_lines")
    op.drop_table("reporting_lines")
    op.drop_index(
        "ix_notifications_unread", table_name="notifications", postgresql_where=sa.text("read_at IS NULL")
    )
    op.drop_index("ix_notifications_person_id_id", table_name="notifications")
    op.drop_table("notifications")
    op.drop_index(
        "uq_memberships_open", table_name="memberships", postgresql_where=sa.text("ends_on IS NULL")
    )
    op.drop_index(op.f("ix_memberships_team_id"), table_name="memberships")
    op.drop_index(op.f("ix_memberships_person_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_imports_status"), table_name="imports")
    op.drop_index(op.f("ix_imports_created_by_id"), table_name="imports")
    op.drop_table("imports")
    op.drop_index(
        "uq_goals_team",
        table_name="goals",
        postgresql_where=sa.text("team_id IS NOT NULL AND withdrawn_at IS NULL"),
    )
    op.drop_index(
        "uq_goals_person",
        table_name="goals",
        postgresql_where=sa.text("person_id IS NOT NULL AND withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("ix_goals_status"), table_name="goals")
    op.drop_index(op.f("ix_goals_period_id"), table_name="goals")
    op.drop_index(op.f("ix_goals_parent_id"), table_name="goals")
    op.drop_index(op.f("ix_goals_metric_id"), table_name="goals")
    op.drop_table("goals")
    op.drop_index(op.f("ix_days_off_person_id"), table_name="days_off")
    op.drop_table("days_off")
    op.drop_index("ix_audit_entries_subject", table_name="audit_entries")
    op.drop_index("ix_audit_entries_at", table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_actor_id"), table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index(op.f("ix_access_links_person_id"), table_name="access_links")
    op.drop_table("access_links")
    op.drop_table("totals")
    op.drop_table("team_totals")
    op.drop_table("step_rules")
    op.drop_index("uq_people_email", table_name="people")
    op.drop_index(op.f("ix_people_team_id"), table_name="people")
    op.drop_index("ix_people_name", table_name="people")
    op.drop_index(op.f("ix_people_manager_id"), table_name="people")
    op.drop_table("people")
    op.drop_index("uq_teams_parent_id_name", table_name="teams")
    op.drop_index("uq_teams_one_company", table_name="teams", postgresql_where=sa.text("kind = 'company'"))
    op.drop_index("ix_teams_path", table_name="teams", postgresql_using="gin")
    op.drop_index(op.f("ix_teams_parent_id"), table_name="teams")
    op.drop_index(op.f("ix_teams_lead_id"), table_name="teams")
    op.drop_table("teams")
    op.drop_index("ix_sign_in_attempts_subject_at", table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_table("products")
    op.drop_table("periods")
    op.drop_table("outgoing_mails")
    op.drop_table("metrics")
    op.drop_index("uq_lead_sources_name", table_name="lead_sources")
    op.drop_table("lead_sources")
    op.drop_table("import_mappings")
    op.drop_table("exchange_rates")
    op.drop_table("events")
    op.drop_index("uq_customers_name", table_name="customers")
    op.drop_index(op.f("ix_customers_first_sale_id"), table_name="customers")
    op.drop_table("customers")
    op.drop_table("company_holidays")
    op.drop_table("company")
