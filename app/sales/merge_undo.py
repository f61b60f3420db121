"""Take back an import of sales: those it made go, those it changed say again what they said."""

from collections.abc import Iterable

from sqlalchemy import select

from app.imports.kinds import Undone
from app.imports.references import is_referred_to
from app.imports.staging import run
from app.sales import first_sales, history
from app.sales.asking import undo_of
from app.sales.counted_days import DAYS, is_counted_by, of_rows
from app.sales.merge_write import CUSTOMERS, KEYS, add_others_first, fresh
from app.sales.recording import closed_among, recording

THEIR_OWN = ("sale_credits.sale_id", "sale_versions.sale_id", "customers.first_sale_id")


def undo(import_id: int, actor_id: int | None, *, only_open: bool = False) -> Undone:
    """What was changed since, or what something else speaks of, stays and is named.

    So does, with `only_open`, what counts in a closed period; else nothing is done: raises ClosedDay.
    """
    undone = Undone()
    _choose(import_id)
    for number, reason in run(
        """SELECT coalesce(s.external_id, s.id::text), u.kept
           FROM import_undo AS u JOIN sales AS s ON s.id = u.id
           WHERE u.kept IS NOT NULL ORDER BY s.id"""
    ):
        undone.kept.append((number, reason))
    run("DELETE FROM import_undo WHERE kept IS NOT NULL")
    _keep_closed(undone, import_id, only_open)
    run("ANALYZE import_undo")
    customers = """
        SELECT s.customer_id FROM import_undo AS u JOIN sales AS s ON s.id = u.id
        WHERE s.customer_id IS NOT NULL
        UNION SELECT (v.before ->> 'customer_id')::bigint FROM import_undo AS u
        JOIN sale_versions AS v ON v.id = u.version_id WHERE v.before ->> 'customer_id' IS NOT NULL
    """
    fresh(CUSTOMERS, customers)
    first_sales.lock(select(CUSTOMERS.c.id))
    if not fresh(KEYS, "SELECT id FROM import_undo"):
        _remove_customers(import_id)
        return undone
    run("DROP TABLE IF EXISTS pg_temp.import_final")
    run("""CREATE TEMPORARY TABLE import_final ON COMMIT DROP AS
           SELECT id AS sale_id, true AS is_changed FROM import_undo""")
    add_others_first(True)
    with recording(select(KEYS.c.id)):
        undone.restored = _restore(import_id, actor_id)
        undone.removed = _remove()
        first_sales.mark(select(CUSTOMERS.c.id))
    _remove_customers(import_id)
    return undone


def _choose(import_id: int) -> None:
    """`import_undo`: the sales that the import made or changed, and why one is kept as it is."""
    run("DROP TABLE IF EXISTS pg_temp.import_undo")
    in_use = is_referred_to("sales", "s.id", THEIR_OWN)
    run(
        f"""
        CREATE TEMPORARY TABLE import_undo ON COMMIT DROP AS
        SELECT s.id, true AS is_made, NULL::bigint AS version_id,
          CASE WHEN s.version > 1 THEN 'changed_since' WHEN {in_use} THEN 'in_use' END AS kept
        FROM sales AS s WHERE s.import_id = %(import_id)s
        UNION ALL
        SELECT s.id, false, v.id, CASE WHEN s.version <> v.version + 1 THEN 'changed_since' END
        FROM sale_versions AS v JOIN sales AS s ON s.id = v.sale_id
        WHERE v.import_id = %(import_id)s AND s.import_id IS DISTINCT FROM %(import_id)s
          AND v.reason IS DISTINCT FROM 'undo'
          AND NOT EXISTS (SELECT 1 FROM sale_versions AS u
            WHERE u.sale_id = v.sale_id AND u.import_id = v.import_id AND u.reason = 'undo')
        """,
        import_id=import_id,
    )
    run("SELECT id FROM sales WHERE id IN (SELECT id FROM import_undo) ORDER BY id FOR UPDATE").close()


ROWS = """import_undo AS u JOIN sales AS s ON s.id = u.id LEFT JOIN sale_versions AS v ON v.id = u.version_id
    LEFT JOIN LATERAL jsonb_populate_record(s, v.before) AS w ON v.id IS NOT NULL"""
"""`w`: what a sale says again when it is put back."""


def _keep_closed(undone: Undone, import_id: int, only_open: bool) -> None:
    """A closed period keeps its results, by whatever day a sale counts there."""
    days, every = _told(DAYS[1:]), _told(DAYS if is_counted_by(DAYS[0]) else DAYS[1:])
    known = [row[0] for row in run(f"SELECT DISTINCT unnest({days}) FROM {ROWS}")]
    closed = closed_among(known, of_rows(ROWS, None, was="w", now="s"))
    if not closed:
        return
    if not only_open:
        raise undo_of(import_id, closed)
    gone = run(
        f"""
        DELETE FROM import_undo USING (
          SELECT u.id, coalesce(s.external_id, s.id::text) AS number FROM {ROWS}
          WHERE {every} && %(closed)s::date[]
        ) AS bad WHERE bad.id = import_undo.id RETURNING bad.number
        """,
        closed=closed,
    )
    undone.kept += [(number, "period_closed") for (number,) in gone]


def _told(names: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(f'{alias}.{name}' for alias in 'sw' for name in names)}]"


def _restore(import_id: int, actor_id: int | None) -> int:
    said = "(jsonb_populate_record(NULL::sales, v.before))"
    columns = ", ".join(
        f"{c} = CASE WHEN v.before ? '{c}' THEN {said}.{c} ELSE t.{c} END" for c in history.COLUMNS
    )
    # The history tells of it too: the same version, the other way round.
    run(
        """
        INSERT INTO sale_versions (sale_id, version, before, after, reason, by_id, import_id)
        SELECT s.id, s.version, v.after, v.before, 'undo', %(actor)s, %(import_id)s
        FROM import_undo AS u JOIN sale_versions AS v ON v.id = u.version_id JOIN sales AS s ON s.id = u.id
        """,
        actor=actor_id,
        import_id=import_id,
    )
    restored = int(
        run(f"""
            UPDATE sales AS t SET {columns}, version = t.version + 1, updated_at = now()
            FROM import_undo AS u JOIN sale_versions AS v ON v.id = u.version_id WHERE t.id = u.id
        """).rowcount
    )
    run("""
        DELETE FROM sale_credits AS sc USING import_undo AS u, sale_versions AS v
        WHERE v.id = u.version_id AND sc.sale_id = u.id AND v.before ? 'credits'
    """)
    run("""
        INSERT INTO sale_credits (sale_id, person_id, team_id, share, value)
        SELECT u.id, c.person_id, c.team_id, c.share, c.value
        FROM import_undo AS u JOIN sale_versions AS v ON v.id = u.version_id
        CROSS JOIN LATERAL jsonb_to_recordset(v.before -> 'credits')
          AS c (person_id bigint, team_id bigint, share smallint, value bigint)
        WHERE v.before ? 'credits'
    """)
    return restored


def _remove() -> int:
    run("""
        UPDATE customers AS c SET first_sale_id = NULL FROM import_undo AS u
        WHERE u.is_made AND c.first_sale_id = u.id
    """)
    return int(run("DELETE FROM sales USING import_undo AS u WHERE u.is_made AND sales.id = u.id").rowcount)


def _remove_customers(import_id: int) -> None:
    in_use = is_referred_to("customers", "c.id", ())
    run(f"DELETE FROM customers AS c WHERE import_id = %(id)s AND NOT {in_use}", id=import_id)


__all__ = ["undo"]
