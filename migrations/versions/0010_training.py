"""Courses, who must take them, and how far each person is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "courses",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("is_outside", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("pass_mark", sa.SmallInteger(), server_default="80", nullable=False),
        sa.Column("valid_months", sa.SmallInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("pass_mark BETWEEN 1 AND 100", name=op.f("ck_courses_pass_mark_range")),
        sa.CheckConstraint("valid_months > 0", name=op.f("ck_courses_valid_months_positive")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_courses_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_courses_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
    )
    op.create_index(op.f("ix_courses_product_id"), "courses", ["product_id"], unique=False)
    op.create_index("uq_courses_title", "courses", [sa.literal_column("lower(title)")], unique=True)
    op.create_table(
        "lessons",
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_lessons_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
    )
    op.create_index(op.f("ix_lessons_course_id"), "lessons", ["course_id"], unique=False)
    op.create_table(
        "questions",
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("explanation", sa.Text(), server_default="", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_questions_course_id_courses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_course_id"), "questions", ["course_id"], unique=False)
    op.create_table(
        "requirements",
        sa.Column("course_id", sa.BigInteger(), nullable=False),
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
            nullable=True,
        ),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("sells_product_id", sa.BigInteger(), nullable=True),
        sa.Column("sells_months", sa.SmallInteger(), server_default="12", nullable=False),
        sa.Column("due_days", sa.SmallInteger(), server_default="30", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("due_days BETWEEN 0 AND 730", name=op.f("ck_requirements_due_days_range")),
        sa.CheckConstraint("sells_months BETWEEN 1 AND 60", name=op.f("ck_requirements_sells_months_range")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_requirements_course_id_courses")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_requirements_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["sells_product_id"], ["products.id"], name=op.f("fk_requirements_sells_product_id_products")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_requirements_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirements")),
    )
    op.create_index(op.f("ix_requirements_course_id"), "requirements", ["course_id"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "requirement",
                "manager",
                "plan",
                "own",
                "import",
                name="assignmentorigin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("requirement_id", sa.BigInteger(), nullable=True),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column(
            "completion",
            sa.Enum(
                "learned",
                "recorded",
                "imported",
                name="completion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("course_title", sa.Text(), nullable=True),
        sa.Column("course_version", sa.Integer(), nullable=True),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_assignments_score_range")),
        sa.CheckConstraint(
            "(completed_on IS NULL) = (completion IS NULL)", name=op.f("ck_assignments_completed_somehow")
        ),
        sa.CheckConstraint(
            "completed_on IS NULL OR withdrawn_at IS NULL", name=op.f("ck_assignments_completed_or_withdrawn")
        ),
        sa.CheckConstraint("expires_on > completed_on", name=op.f("ck_assignments_expires_after_completed")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_assignments_course_id_courses")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_assignments_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_assignments_person_id_people")),
        sa.ForeignKeyConstraint(
            ["requirement_id"], ["requirements.id"], name=op.f("fk_assignments_requirement_id_requirements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("certificate", name=op.f("uq_assignments_certificate")),
    )
    op.create_index(
        "ix_assignments_course_id_completed_on", "assignments", ["course_id", "completed_on"], unique=False
    )
    op.create_index(op.f("ix_assignments_person_id"), "assignments", ["person_id"], unique=False)
    op.create_index(
        "ix_assignments_due_on",
        "assignments",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("completed_on IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_index(
        "ix_assignments_import_id",
        "assignments",
        ["import_id"],
        unique=False,
        postgresql_where=sa.text("import_id IS NOT NULL"),
    )
    op.create_index(
        "uq_assignments_open",
        "assignments",
        ["person_id", "course_id"],
        unique=True,
        postgresql_where=sa.text("completed_on IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "attempts",
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("pass_mark", sa.SmallInteger(), nullable=False),
        sa.Column("has_passed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_attempts_assignment_id_assignments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("assignment_id", "number", name=op.f("uq_attempts_assignment_id_number")),
    )
    op.create_table(
        "lesson_reads",
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("lesson_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_lesson_reads_assignment_id_assignments"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_reads_lesson_id_lessons")
        ),
        sa.PrimaryKeyConstraint("assignment_id", "lesson_id", name=op.f("pk_lesson_reads")),
    )


def downgrade() -> None:
    op.drop_table("lesson_reads")
    op.drop_table("attempts")
    op.drop_index(
        "uq_assignments_open",
        table_name="assignments",
        postgresql_where=sa.text("completed_on IS NULL AND withdrawn_at IS NULL"),
    )
    op.drop_index("ix_assignments_import_id", table_name="assignments")
    op.drop_index("ix_assignments_due_on", table_name="assignments")
    op.drop_index(op.f("ix_assignments_person_id"), table_name="assignments")
    op.drop_index("ix_assignments_course_id_completed_on", table_name="assignments")
    op.drop_table("assignments")
    op.drop_index(op.f("ix_requirements_course_id"), table_name="requirements")
    op.drop_table("requirements")
    op.drop_index(op.f("ix_questions_course_id"), table_name="questions")
    op.drop_table("questions")
    op.drop_index(op.f("ix_lessons_course_id"), table_name="lessons")
    op.drop_table("lessons")
    op.drop_index("uq_courses_title", table_name="courses")
    op.drop_index(op.f("ix_courses_product_id"), table_name="courses")
    op.drop_table("courses")
