"""Who reads plans, sessions and notes is kept by the database as well: a query that forgets its scope finds
nothing, and what both signed stands.

The portal names the reader (`app/coaching/access.py` sets `cumbre.reader` for the transaction); whether they
are HR, and who reports to them now, is looked up here, at the time of reading. Owners are held to it too
(FORCE): the portal owns its tables. A superuser or a role with BYPASSRLS is not; the portal warns of that.

A later migration that changes rows of these tables first says
`SELECT set_config('cumbre.reader', 'worker', true)`.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Each is asked once a query, as `(SELECT ...)`, not once a row.
FUNCTIONS = """
CREATE FUNCTION coaching_reader() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT p.id FROM people p
    WHERE p.id = CASE WHEN current_setting('cumbre.reader', true) ~ '^[0-9]{1,18}$'
                      THEN current_setting('cumbre.reader', true)::bigint END
      AND p.is_active AND p.role <> 'admin'
$$;

CREATE FUNCTION coaching_reader_is_hr() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM people p WHERE p.id = coaching_reader() AND p.role = 'hr')
$$;

CREATE FUNCTION coaching_reader_is_worker() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('cumbre.reader', true) = 'worker', false)
$$;

CREATE FUNCTION coaching_reports() RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT p.id FROM people p WHERE p.manager_id = coaching_reader())
$$;
"""

ME = "(SELECT coaching_reader())"
HR = "(SELECT coaching_reader_is_hr())"
WORKER = "(SELECT coaching_reader_is_worker())"
# The person, or their manager now. The array in a subselect of its own, or it would be made once a row.
TWO = f"(person_id = {ME} OR person_id = ANY ((SELECT coaching_reports())::bigint[]))"
PLAN = "EXISTS (SELECT FROM plans p WHERE p.id = plan_id)"  # itself under these policies
WRITABLE_PLAN = (  # HR reads, and changes nothing
    "EXISTS (SELECT FROM plans p WHERE p.id = plan_id"
    f" AND (p.person_id = {ME} OR p.person_id = ANY ((SELECT coaching_reports())::bigint[])))"
)
SESSION = "EXISTS (SELECT FROM coaching_sessions s WHERE s.id = session_id)"
WRITABLE_SESSION = (
    "EXISTS (SELECT FROM coaching_sessions s WHERE s.id = session_id"
    f" AND (s.person_id = {ME} OR s.person_id = ANY ((SELECT coaching_reports())::bigint[])))"
)
NOTE = "EXISTS (SELECT FROM notes n WHERE n.id = note_id)"
NOTE_OF_ONES_OWN = (
    f"EXISTS (SELECT FROM notes n WHERE n.id = note_id AND (n.author_id = {ME} OR n.person_id = {ME}))"
)

# table -> who reads, who writes (None: the same), whether rows may be deleted
OPEN_TO = {
    "plans": (f"{WORKER} OR {HR} OR {TWO}", f"{WORKER} OR {TWO}", True),
    "plan_cases": (f"{WORKER} OR {PLAN}", f"{WORKER} OR {WRITABLE_PLAN}", True),
    "plan_aims": (f"{WORKER} OR {PLAN}", f"{WORKER} OR {WRITABLE_PLAN}", True),
    "plan_steps": (f"{WORKER} OR {PLAN}", f"{WORKER} OR {WRITABLE_PLAN}", True),
    "plan_messages": (f"{WORKER} OR {PLAN}", f"{WORKER} OR {WRITABLE_PLAN}", True),
    "coaching_sessions": (
        f"{WORKER} OR {HR} OR {TWO} OR (coach_id = {ME} AND status = 'held')",
        f"{WORKER} OR {TWO}",
        False,
    ),
    "agenda_items": (f"{WORKER} OR {SESSION}", f"{WORKER} OR {WRITABLE_SESSION}", True),
    "commitments": (f"{WORKER} OR {HR} OR {TWO} OR {SESSION}", f"{WORKER} OR {TWO}", False),
}

NOTES = f"""
ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_read ON notes FOR SELECT
    USING (author_id = {ME} OR (status = 'shared' AND ({HR} OR {TWO})));
CREATE POLICY notes_begin ON notes FOR INSERT
    WITH CHECK (author_id = {ME} AND person_id = ANY ((SELECT coaching_reports())::bigint[]));
CREATE POLICY notes_write ON notes FOR UPDATE
    USING (author_id = {ME} OR (status = 'shared' AND person_id = {ME}));

ALTER TABLE note_additions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY note_additions_read ON note_additions FOR SELECT USING ({NOTE});
CREATE POLICY note_additions_add ON note_additions FOR INSERT
    WITH CHECK (author_id = {ME} AND {NOTE_OF_ONES_OWN});
"""

STAND = """
CREATE FUNCTION notes_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    me bigint := coaching_reader();
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a note is never deleted';
    END IF;
    IF OLD.signed_by_author_at IS NOT NULL AND OLD.signed_by_person_at IS NOT NULL THEN
        RAISE EXCEPTION 'a note that both have signed is never changed';
    END IF;
    IF (NEW.id, NEW.key, NEW.person_id, NEW.author_id, NEW.created_at)
            IS DISTINCT FROM (OLD.id, OLD.key, OLD.person_id, OLD.author_id, OLD.created_at) THEN
        RAISE EXCEPTION 'whose note it is never changes';
    END IF;
    IF OLD.status = 'shared' AND (NEW.status <> 'shared' OR NEW.shared_at IS DISTINCT FROM OLD.shared_at) THEN
        RAISE EXCEPTION 'a shared note stays shared';
    END IF;
    IF NEW.status = 'draft' AND (NEW.signed_by_author_at IS NOT NULL OR NEW.signed_by_person_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a draft is signed by nobody';
    END IF;
    -- A signature is one of the text that it was put under.
    IF NEW.body <> OLD.body AND (
            (OLD.signed_by_author_at IS NOT NULL AND NEW.signed_by_author_at IS NOT NULL)
            OR (OLD.signed_by_person_at IS NOT NULL AND NEW.signed_by_person_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'a changed text is signed anew';
    END IF;
    IF me IS DISTINCT FROM OLD.author_id AND (
            NEW.body <> OLD.body OR NEW.status <> OLD.status OR NEW.revision <> OLD.revision
            OR NEW.session_id IS DISTINCT FROM OLD.session_id
            OR NEW.signed_by_author_at IS DISTINCT FROM OLD.signed_by_author_at) THEN
        RAISE EXCEPTION 'only its author changes a note';
    END IF;
    IF NEW.signed_by_person_at IS NOT NULL AND NEW.signed_by_person_at IS DISTINCT FROM OLD.signed_by_person_at
            AND me IS DISTINCT FROM OLD.person_id THEN
        RAISE EXCEPTION 'nobody signs for another';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER notes_stand BEFORE UPDATE OR DELETE ON notes FOR EACH ROW EXECUTE FUNCTION notes_stand();

CREATE FUNCTION note_additions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'what was added to a note is never changed or deleted';
    END IF;
    IF NOT EXISTS (SELECT FROM notes n WHERE n.id = NEW.note_id
                   AND n.signed_by_author_at IS NOT NULL AND n.signed_by_person_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a note is added to once both have signed it';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER note_additions_stand BEFORE INSERT OR UPDATE OR DELETE ON note_additions
    FOR EACH ROW EXECUTE FUNCTION note_additions_stand();
"""


def upgrade() -> None:
    op.execute(FUNCTIONS)
    for table, (read, restricted, may_delete) in OPEN_TO.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        write = restricted or read
        op.execute(f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({read})")
        op.execute(f"CREATE POLICY {table}_make ON {table} FOR INSERT WITH CHECK ({write})")
        op.execute(f"CREATE POLICY {table}_write ON {table} FOR UPDATE USING ({write})")
        if may_delete:
            op.execute(f"CREATE POLICY {table}_delete ON {table} FOR DELETE USING ({write})")
    op.execute(NOTES)
    op.execute(STAND)


def downgrade() -> None:
    op.execute("DROP TRIGGER note_additions_stand ON note_additions")
    op.execute("DROP FUNCTION note_additions_stand()")
    op.execute("DROP TRIGGER notes_stand ON notes")
    op.execute("DROP FUNCTION notes_stand()")
    for name, table in (
        ("read", "note_additions"),
        ("add", "note_additions"),
        ("read", "notes"),
        ("begin", "notes"),
        ("write", "notes"),
    ):
        op.execute(f"DROP POLICY {table}_{name} ON {table}")
    for table, (_, _, may_delete) in OPEN_TO.items():
        for name in ("read", "make", "write", *(("delete",) if may_delete else ())):
            op.execute(f"DROP POLICY {table}_{name} ON {table}")
    for table in ("notes", "note_additions", *OPEN_TO):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    for name in ("reports", "reader_is_worker", "reader_is_hr", "reader"):
        op.execute(f"DROP FUNCTION coaching_{name}()")
