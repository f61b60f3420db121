"""HR cases are written by people alone: by HR, the person and the approver, each their own part; no job reaches
them. What plans changed is kept once it can be known, and summed up over the company without a name.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ME = "(SELECT coaching_reader())"
HR = "(SELECT coaching_reader_is_hr())"
WORKER = "(SELECT coaching_reader_is_worker())"
REPORTS = "person_id = ANY ((SELECT coaching_reports())::bigint[])"

CASES = f"""
ALTER TABLE hr_cases ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY hr_cases_read ON hr_cases FOR SELECT
    USING ({HR} OR person_id = {ME} OR approver_id = {ME} OR {REPORTS});
CREATE POLICY hr_cases_open ON hr_cases FOR INSERT
    WITH CHECK ({HR} AND opened_by_id = {ME} AND person_id <> {ME});
CREATE POLICY hr_cases_write ON hr_cases FOR UPDATE
    USING ({HR} OR person_id = {ME} OR approver_id = {ME})
    WITH CHECK (true);
"""

# Each part is written by whom it belongs to, and once.
STAND = """
CREATE FUNCTION hr_cases_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    me bigint := coaching_reader();
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an HR case is never deleted';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'waits_for_reply' OR NEW.reply IS NOT NULL OR NEW.approver_id IS NOT NULL
                OR NEW.approved_at IS NOT NULL OR NEW.outcome IS NOT NULL THEN
            RAISE EXCEPTION 'an HR case begins with its reasons alone';
        END IF;
        RETURN NEW;
    END IF;
    IF me IS NULL THEN
        RAISE EXCEPTION 'nobody but a person changes an HR case';
    END IF;
    IF (NEW.person_id, NEW.opened_by_id, NEW.reasons, NEW.evidence, NEW.reply_until, NEW.created_at)
            IS DISTINCT FROM
            (OLD.person_id, OLD.opened_by_id, OLD.reasons, OLD.evidence, OLD.reply_until, OLD.created_at) THEN
        RAISE EXCEPTION 'what an HR case was opened with stands';
    END IF;
    IF (NEW.reply, NEW.replied_at) IS DISTINCT FROM (OLD.reply, OLD.replied_at)
            AND (me <> OLD.person_id OR OLD.reply IS NOT NULL) THEN
        RAISE EXCEPTION 'the reply is the person''s, once';
    END IF;
    IF NEW.status IS DISTINCT FROM OLD.status AND me = OLD.person_id THEN
        RAISE EXCEPTION 'nobody moves their own HR case';
    END IF;
    IF (NEW.approved_at IS DISTINCT FROM OLD.approved_at)
            AND (OLD.approver_id IS NULL OR me <> OLD.approver_id OR OLD.approved_at IS NOT NULL) THEN
        RAISE EXCEPTION 'only the approver approves, once';
    END IF;
    IF NEW.status IN ('open', 'decided') AND NEW.approved_at IS NULL THEN
        RAISE EXCEPTION 'a second person approves first';
    END IF;
    IF NEW.approver_id IS DISTINCT FROM OLD.approver_id
            AND (OLD.approved_at IS NOT NULL OR NOT coaching_reader_is_hr()) THEN
        RAISE EXCEPTION 'HR asks an approver, before the approval';
    END IF;
    IF (NEW.outcome, NEW.outcome_text) IS DISTINCT FROM (OLD.outcome, OLD.outcome_text)
            AND (OLD.outcome IS NOT NULL OR NOT coaching_reader_is_hr()) THEN
        RAISE EXCEPTION 'HR writes the outcome, once';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER hr_cases_stand BEFORE INSERT OR UPDATE OR DELETE ON hr_cases
    FOR EACH ROW EXECUTE FUNCTION hr_cases_stand();
"""


def upgrade() -> None:
    op.execute(CASES)
    op.execute(STAND)
    op.create_table(
        "plan_effects",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("own", postgresql.JSONB(), nullable=True),
        sa.Column("peers", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("during", sa.Float(), nullable=True),
        sa.Column("level", sa.Float(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("too_few", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_effects_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_effects")),
        sa.UniqueConstraint("plan_id", name=op.f("uq_plan_effects_plan_id")),
    )
    op.create_table(
        "effect_summaries",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("too_few", sa.Text(), nullable=True),
        sa.Column("plans", sa.Integer(), nullable=False),
        sa.Column("is_claimed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect_summaries")),
    )
    op.execute("ALTER TABLE plan_effects ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY plan_effects_read ON plan_effects FOR SELECT"
        f" USING ({WORKER} OR EXISTS (SELECT FROM plans p WHERE p.id = plan_id))"
    )
    op.execute(f"CREATE POLICY plan_effects_make ON plan_effects FOR INSERT WITH CHECK ({WORKER})")
    op.execute(f"CREATE POLICY plan_effects_delete ON plan_effects FOR DELETE USING ({WORKER})")


def downgrade() -> None:
    op.drop_table("effect_summaries")
    op.drop_table("plan_effects")
    op.execute("DROP TRIGGER hr_cases_stand ON hr_cases")
    op.execute("DROP FUNCTION hr_cases_stand()")
    for name in ("read", "open", "write"):
        op.execute(f"DROP POLICY hr_cases_{name} ON hr_cases")
    op.execute("ALTER TABLE hr_cases NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
