"""Coaching plans, sessions, commitments, notes and HR cases."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# How a one-to-one may go: key, minutes, names, what it goes through
SESSION_TEMPLATES = (
    (
        "regular",
        30,
        {"en": "Regular one-to-one", "es": "Conversación periódica"},
        (
            {"en": "How are you, and what was good since last time?", "es": "¿Cómo estás y qué salió bien desde la última vez?"},
            {"en": "What became of our commitments", "es": "Qué pasó con nuestros compromisos"},
            {"en": "The figures: where they come from, what they hide", "es": "Las cifras: de dónde salen y qué esconden"},
            {"en": "One sale in detail: what helped, what held it up", "es": "Una venta en detalle: qué ayudó y qué la frenó"},
            {"en": "What do you need from me or from others?", "es": "¿Qué necesitas de mí o de otras personas?"},
        ),
    ),
    (
        "after_miss",
        45,
        {"en": "After a missed goal", "es": "Después de una meta no alcanzada"},
        (
            {"en": "Your view first: what happened?", "es": "Primero tu versión: ¿qué pasó?"},
            {"en": "What the findings say, and what they do not", "es": "Qué dice el análisis y qué no dice"},
            {"en": "What was outside your hands, and who answers for it", "es": "Qué no dependía de ti y quién responde por ello"},
            {"en": "The plan: aims and steps, yours and mine", "es": "El plan: objetivos y pasos, tuyos y míos"},
        ),
    ),
    (
        "start",
        30,
        {"en": "First one-to-one", "es": "Primera conversación"},
        (
            {"en": "How you like to work and to get feedback", "es": "Cómo te gusta trabajar y recibir comentarios"},
            {"en": "What you want to be better at in three months", "es": "En qué quieres mejorar en tres meses"},
            {"en": "How often we meet, and what stays between us", "es": "Cada cuánto nos vemos y qué queda entre nosotros"},
        ),
    ),
)  # fmt: skip

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_templates",
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), server_default="30", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_session_templates_edited_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_templates")),
        sa.UniqueConstraint("key", name=op.f("uq_session_templates_key")),
    )
    for key, minutes, names, items in SESSION_TEMPLATES:
        op.get_bind().execute(
            sa.text(
                "INSERT INTO session_templates (key, minutes, names, items)"
                " VALUES (:key, :minutes, CAST(:names AS jsonb), CAST(:items AS jsonb))"
            ),
            {"key": key, "minutes": minutes, "names": json.dumps(names), "items": json.dumps(items)},
        )
    op.create_table(
        "coaching_rhythms",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("every_days", sa.SmallInteger(), nullable=False),
        sa.Column("template_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("set_by_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("every_days BETWEEN 1 AND 92", name=op.f("ck_coaching_rhythms_every_days_range")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_coaching_rhythms_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["people.id"], name=op.f("fk_coaching_rhythms_set_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["session_templates.id"],
            name=op.f("fk_coaching_rhythms_template_id_session_templates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_rhythms")),
    )
    op.create_index(
        "uq_coaching_rhythms_open",
        "coaching_rhythms",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_table(
        "hr_cases",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waits_for_reply",
                "waits_for_approval",
                "open",
                "decided",
                "withdrawn",
                name="hrcasestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="waits_for_reply",
            nullable=False,
        ),
        sa.Column("reply_until", sa.Date(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approver_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approval_note", sa.Text(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "more_support",
                "other_role",
                "other_territory",
                "improvement_agreement",
                "other",
                name="hroutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("outcome_text", sa.Text(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "approver_id IS NULL OR (approver_id <> opened_by_id AND approver_id <> person_id)",
            name=op.f("ck_hr_cases_second_person"),
        ),
        sa.CheckConstraint("char_length(reasons) >= 200", name=op.f("ck_hr_cases_reasons_said")),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name=op.f("fk_hr_cases_approver_id_people")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_hr_cases_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["people.id"], name=op.f("fk_hr_cases_opened_by_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hr_cases_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hr_cases")),
    )
    op.create_index(
        "uq_hr_cases_open",
        "hr_cases",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('decided', 'withdrawn')"),
    )
    op.create_table(
        "plans",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("metric_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "coaching", "support", name="plankind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "active",
                "completed",
                "ended",
                name="planstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="proposed",
            nullable=False,
        ),
        sa.Column(
            "gate",
            sa.Enum(
                "none",
                "waiting",
                "open",
                name="plangate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="none",
            nullable=False,
        ),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("coach_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("session_on", sa.Date(), nullable=True),
        sa.Column("is_edited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("agreed_by_coach_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_person_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(status = 'ended') = (end_reason IS NOT NULL)", name=op.f("ck_plans_ended_with_reason")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_plans_ends_after_start")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_plans_author_id_people")),
        sa.ForeignKeyConstraint(["coach_id"], ["people.id"], name=op.f("fk_plans_coach_id_people")),
        sa.ForeignKeyConstraint(["metric_id"], ["metrics.id"], name=op.f("fk_plans_metric_id_metrics")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_plans_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_person_id"), "plans", ["person_id"], unique=False)
    op.create_index(
        "uq_plans_open",
        "plans",
        ["person_id", "metric_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('proposed', 'active')"),
    )
    op.create_table(
        "step_templates",
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "course",
                "practice",
                "shadowing",
                "joint_visit",
                "pipeline_review",
                "support",
                "other",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("titles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("days", sa.SmallInteger(), server_default="14", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_step_templates_edited_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_templates")),
        sa.UniqueConstraint("key", name=op.f("uq_step_templates_key")),
    )
    op.create_table(
        "coaching_sessions",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("coach_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("template_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), server_default="30", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "held",
                "cancelled",
                name="sessionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="planned",
            nullable=False,
        ),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_why", sa.Text(), nullable=True),
        sa.Column("cancelled_why", sa.Text(), nullable=True),
        sa.Column("uid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_coaching_sessions_minutes_range")),
        sa.CheckConstraint(
            "(status = 'held') = (held_at IS NOT NULL)", name=op.f("ck_coaching_sessions_held_at_a_time")
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_why IS NOT NULL)",
            name=op.f("ck_coaching_sessions_cancelled_with_reason"),
        ),
        sa.CheckConstraint(
            "(moved_from IS NULL) = (moved_why IS NULL)",
            name=op.f("ck_coaching_sessions_moved_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["coach_id"], ["people.id"], name=op.f("fk_coaching_sessions_coach_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_coaching_sessions_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_coaching_sessions_person_id_people")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_coaching_sessions_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["session_templates.id"],
            name=op.f("fk_coaching_sessions_template_id_session_templates"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_sessions")),
    )
    op.create_index(op.f("ix_coaching_sessions_coach_id"), "coaching_sessions", ["coach_id"], unique=False)
    op.create_index(
        "ix_coaching_sessions_person_id_starts_at",
        "coaching_sessions",
        ["person_id", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_coaching_sessions_plan_id"), "coaching_sessions", ["plan_id"], unique=False)
    op.create_table(
        "plan_aims",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("measure", sa.Text(), server_default="metric", nullable=False),
        sa.Column("metric_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("aims_at", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=False),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(measure = 'metric') = (metric_id IS NOT NULL)", name=op.f("ck_plan_aims_what_counts")
        ),
        sa.ForeignKeyConstraint(["metric_id"], ["metrics.id"], name=op.f("fk_plan_aims_metric_id_metrics")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_aims_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_plan_aims_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_aims")),
    )
    op.create_index(op.f("ix_plan_aims_plan_id"), "plan_aims", ["plan_id"], unique=False)
    op.create_table(
        "plan_messages",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "proposed",
                "extended",
                "opened",
                "findings_changed",
                "changed",
                "comment",
                "agreed",
                "step_done",
                "step_reopened",
                "completed",
                "ended",
                name="planmessagekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_plan_messages_author_id_people")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_messages_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_messages")),
    )
    op.create_index(op.f("ix_plan_messages_plan_id"), "plan_messages", ["plan_id"], unique=False)
    op.create_table(
        "step_choices",
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("aspect", sa.Text(), nullable=True),
        sa.Column("least_share", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("template_id", sa.BigInteger(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("edited_by_id", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("least_share BETWEEN 0 AND 100", name=op.f("ck_step_choices_least_share_range")),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["people.id"], name=op.f("fk_step_choices_edited_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["step_templates.id"], name=op.f("fk_step_choices_template_id_step_templates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_choices")),
        sa.UniqueConstraint("key", name=op.f("uq_step_choices_key")),
    )
    op.create_table(
        "agenda_items",
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_agenda_items_author_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["coaching_sessions.id"],
            name=op.f("fk_agenda_items_session_id_coaching_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
    )
    op.create_index(op.f("ix_agenda_items_session_id"), "agenda_items", ["session_id"], unique=False)
    op.create_table(
        "commitments",
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "done",
                "dropped",
                name="commitmentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("dropped_why", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint(
            "(status = 'dropped') = (dropped_why IS NOT NULL)",
            name=op.f("ck_commitments_dropped_with_reason"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_commitments_owner_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_commitments_person_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["coaching_sessions.id"], name=op.f("fk_commitments_session_id_coaching_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["people.id"], name=op.f("fk_commitments_settled_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index(op.f("ix_commitments_person_id"), "commitments", ["person_id"], unique=False)
    op.create_index(op.f("ix_commitments_session_id"), "commitments", ["session_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "shared", name="notestatus", native_enum=False, create_constraint=True, length=40
            ),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_author_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_person_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_notes_author_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notes_person_id_people")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["coaching_sessions.id"], name=op.f("fk_notes_session_id_coaching_sessions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_notes_author_id_key")),
    )
    op.create_index(
        "ix_notes_person_id_id", "notes", ["person_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_index(op.f("ix_notes_session_id"), "notes", ["session_id"], unique=False)
    op.create_table(
        "plan_cases",
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("diagnosis_id", sa.BigInteger(), nullable=False),
        sa.Column("tried", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_plan_cases_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["diagnosis_id"], ["diagnoses.id"], name=op.f("fk_plan_cases_diagnosis_id_diagnoses")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_cases_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_cases")),
        sa.UniqueConstraint("case_id", name=op.f("uq_plan_cases_case_id")),
    )
    op.create_index(op.f("ix_plan_cases_plan_id"), "plan_cases", ["plan_id"], unique=False)
    op.create_table(
        "plan_steps",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "course",
                "practice",
                "shadowing",
                "joint_visit",
                "pipeline_review",
                "support",
                "other",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("titles", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("template_id", sa.BigInteger(), nullable=True),
        sa.Column("course_id", sa.BigInteger(), nullable=True),
        sa.Column("peer_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "done",
                "dropped",
                name="planstepstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("dropped_why", sa.Text(), nullable=True),
        sa.Column("choice_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name=op.f("ck_plan_steps_done_on_a_day")),
        sa.CheckConstraint(
            "(status = 'dropped') = (dropped_why IS NOT NULL)", name=op.f("ck_plan_steps_dropped_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["step_choices.id"], name=op.f("fk_plan_steps_choice_id_step_choices")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_plan_steps_course_id_courses")),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_plan_steps_done_by_id_people")),
        sa.ForeignKeyConstraint(["peer_id"], ["people.id"], name=op.f("fk_plan_steps_peer_id_people")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_steps_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_plan_steps_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["step_templates.id"], name=op.f("fk_plan_steps_template_id_step_templates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_steps")),
    )
    op.create_index(op.f("ix_plan_steps_course_id"), "plan_steps", ["course_id"], unique=False)
    op.create_index(op.f("ix_plan_steps_plan_id"), "plan_steps", ["plan_id"], unique=False)
    op.create_table(
        "note_additions",
        sa.Column("note_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_note_additions_author_id_people")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name=op.f("fk_note_additions_note_id_notes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_additions")),
    )
    op.create_index(op.f("ix_note_additions_note_id"), "note_additions", ["note_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_note_additions_note_id"), table_name="note_additions")
    op.drop_table("note_additions")
    op.drop_index(op.f("ix_plan_steps_plan_id"), table_name="plan_steps")
    op.drop_index(op.f("ix_plan_steps_course_id"), table_name="plan_steps")
    op.drop_table("plan_steps")
    op.drop_index(op.f("ix_plan_cases_plan_id"), table_name="plan_cases")
    op.drop_table("plan_cases")
    op.drop_index(op.f("ix_notes_session_id"), table_name="notes")
    op.drop_index("ix_notes_person_id_id", table_name="notes")
    op.drop_table("notes")
    op.drop_index(op.f("ix_commitments_session_id"), table_name="commitments")
    op.drop_index(op.f("ix_commitments_person_id"), table_name="commitments")
    op.drop_table("commitments")
    op.drop_index(op.f("ix_agenda_items_session_id"), table_name="agenda_items")
    op.drop_table("agenda_items")
    op.drop_table("step_choices")
    op.drop_index(op.f("ix_plan_messages_plan_id"), table_name="plan_messages")
    op.drop_table("plan_messages")
    op.drop_index(op.f("ix_plan_aims_plan_id"), table_name="plan_aims")
    op.drop_table("plan_aims")
    op.drop_index(op.f("ix_coaching_sessions_plan_id"), table_name="coaching_sessions")
    op.drop_index("ix_coaching_sessions_person_id_starts_at", table_name="coaching_sessions")
    op.drop_index(op.f("ix_coaching_sessions_coach_id"), table_name="coaching_sessions")
    op.drop_table("coaching_sessions")
    op.drop_table("step_templates")
    op.drop_index(
        "uq_plans_open", table_name="plans", postgresql_where=sa.text("status IN ('proposed', 'active')")
    )
    op.drop_index(op.f("ix_plans_person_id"), table_name="plans")
    op.drop_table("plans")
    op.drop_index(
        "uq_hr_cases_open",
        table_name="hr_cases",
        postgresql_where=sa.text("status NOT IN ('decided', 'withdrawn')"),
    )
    op.drop_table("hr_cases")
    op.drop_index(
        "uq_coaching_rhythms_open",
        table_name="coaching_rhythms",
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.drop_table("coaching_rhythms")
    op.drop_table("session_templates")
