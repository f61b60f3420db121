"""The second half of a merge of sales: from `import_final` into the tables, counted as it goes."""

from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Table, select

from app.extensions import db
from app.imports.kinds import Job
from app.imports.staging import run
from app.people.queries import team_spans
from app.sales import credit, first_sales
from app.sales.merge import FINAL, TOLD
from app.sales.recording import recording

_tables = MetaData()
KEYS = Table("import_keys", _tables, Column("id", BigInteger))  # the sales that may count differently
CUSTOMERS = Table("import_customers", _tables, Column("id", BigInteger))
SHARED = Table(
    "import_shared", _tables, Column("id", BigInteger)
)  # whose credit is more than one row, or changes

BIG = 5_000


def fresh(table: Table, sql: str) -> int:
    run(f"DROP TABLE IF EXISTS pg_temp.{table.name}")
    run(f"CREATE TEMPORARY TABLE {table.name} (id bigint NOT NULL) ON COMMIT DROP")
    count = int(run(f"INSERT INTO {table.name} {sql}").rowcount)
    run(f"ANALYZE {table.name}")
    return count


def write(job: Job, has: set[str], created: int, updated: int) -> None:
    """Insert and update, with history, credits, marks and totals."""
    touched = f"""SELECT DISTINCT f.customer_id FROM {FINAL} AS f
        WHERE (is_new OR is_changed) AND customer_id IS NOT NULL"""
    if updated:
        touched += f"""
            UNION SELECT e.customer_id FROM {FINAL} AS f JOIN sales AS e ON e.id = f.known_id
            WHERE is_changed AND e.customer_id IS NOT NULL"""
    fresh(CUSTOMERS, touched)
    first_sales.lock(select(CUSTOMERS.c.id))
    fresh(KEYS, f"SELECT sale_id FROM {FINAL} WHERE is_changed")
    add_others_first(updated > 0)
    if job.is_dry:
        _write(job, has, created, updated)
        return
    with recording(select(KEYS.c.id)):
        _write(job, has, created, updated)


def add_others_first(has_changed: bool) -> None:
    """The same sales as `first_sales.others_first`, by joins that do not mind a million keys."""
    run("""
        INSERT INTO import_keys
        SELECT c.first_sale_id FROM customers AS c JOIN import_customers AS i ON i.id = c.id
        WHERE c.first_sale_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM import_keys AS k WHERE k.id = c.first_sale_id)
    """)
    if has_changed:  # a mark may leave a sale that changes for one that does not
        run("""
            INSERT INTO import_keys SELECT id FROM (
              SELECT DISTINCT ON (s.customer_id) s.id
              FROM import_customers AS i JOIN sales AS s ON s.customer_id = i.id
              WHERE s.stage = 'won' AND s.voided_at IS NULL AND s.cancelled_on IS NULL
                AND NOT EXISTS (
                  SELECT 1 FROM import_keys AS k WHERE k.id = s.id
                    AND k.id IN (SELECT sale_id FROM import_final WHERE is_changed))
              ORDER BY s.customer_id, s.closed_on, s.id
            ) AS earliest WHERE NOT EXISTS (SELECT 1 FROM import_keys AS k WHERE k.id = earliest.id)
        """)


def _write(job: Job, has: set[str], created: int, updated: int) -> None:
    if updated:
        _update(job, has)
    if created:
        _insert(job, has, created)
        # New sales have no before: the trackers find them afterwards only.
        run(f"INSERT INTO {KEYS.name} SELECT sale_id FROM {FINAL} WHERE is_new")
        run(f"ANALYZE {KEYS.name}")
    shared = f"SELECT sale_id FROM {FINAL} WHERE is_changed"
    if "credits" in has:
        shared += f" UNION ALL SELECT sale_id FROM {FINAL} WHERE is_new AND array_length(credits_now, 1) > 2"
    if (updated or "credits" in has) and fresh(SHARED, shared):
        credit.reallocate(select(SHARED.c.id))
    if updated:
        _complete_versions(job)
    first_sales.mark(select(CUSTOMERS.c.id))


def _insert(job: Job, has: set[str], created: int) -> None:
    columns = ", ".join(TOLD)
    run(
        f"""
        INSERT INTO sales (id, source, external_id, {columns}, rate, value, import_id, created_by_id)
        SELECT sale_id, %(source)s, external_id, {columns}, rate, value, %(import_id)s, %(actor)s
        FROM {FINAL} WHERE is_new
        """,
        source=job.source,
        import_id=job.import_id,
        actor=job.actor_id,
    )
    run("DROP TABLE IF EXISTS pg_temp.import_spans")
    spans = team_spans().compile(
        dialect=db.session.connection().dialect, compile_kwargs={"literal_binds": True}
    )
    run(f"CREATE TEMPORARY TABLE import_spans ON COMMIT DROP AS {spans}")
    run("ANALYZE import_spans")
    whole = "WHERE f.is_new"
    if "credits" in has:
        whole += " AND array_length(f.credits_now, 1) = 2"
        run(f"""
            INSERT INTO sale_credits (sale_id, person_id, share)
            SELECT f.sale_id, f.credits_now[n], f.credits_now[n + 1]
            FROM {FINAL} AS f CROSS JOIN LATERAL generate_series(1, array_length(f.credits_now, 1), 2) AS n
            WHERE f.is_new AND array_length(f.credits_now, 1) > 2
        """)
    person = "f.credits_now[1]" if "credits" in has else "f.rep_id"
    run(f"""
        INSERT INTO sale_credits (sale_id, person_id, team_id, share, value)
        SELECT f.sale_id, {person}, coalesce(t.team_id, p.team_id), 10000, f.value
        FROM {FINAL} AS f JOIN people AS p ON p.id = {person}
        LEFT JOIN import_spans AS t ON t.person_id = {person} AND f.day BETWEEN t.first AND t.last
        {whole}
    """)
    if created > BIG:
        run("ANALYZE sales")
        run("ANALYZE sale_credits")


CREDITS = """(SELECT jsonb_agg(jsonb_build_object('person_id', person_id, 'share', share, 'value', value,
    'team_id', team_id) ORDER BY share DESC, person_id) FROM sale_credits AS sc WHERE sc.sale_id = {sale})"""


def _update(job: Job, has: set[str]) -> None:
    compared = [column for column, (ours, _) in TOLD.items() if ours in has or column in _FOLLOWING]
    pairs = ", ".join(f"('{c}', to_jsonb(e.{c}), to_jsonb(f.{c}))" for c in compared)
    pairs += ", ('value', to_jsonb(e.value), to_jsonb(f.value))"
    pairs += ", ('rate', to_jsonb(trim_scale(e.rate)::text), to_jsonb(trim_scale(f.rate)::text))"
    run(
        f"""
        INSERT INTO sale_versions (sale_id, version, before, after, reason, by_id, import_id)
        SELECT e.id, e.version,
          coalesce(d.before, '{{}}') || jsonb_build_object('credits', {CREDITS.format(sale="e.id")}),
          coalesce(d.after, '{{}}'), NULL, %(actor)s, %(import_id)s
        FROM {FINAL} AS f JOIN sales AS e ON e.id = f.sale_id
        CROSS JOIN LATERAL (
          SELECT jsonb_object_agg(k, b) AS before, jsonb_object_agg(k, a) AS after
          FROM (VALUES {pairs}) AS v (k, b, a) WHERE b IS DISTINCT FROM a
        ) AS d
        WHERE f.is_changed
        """,
        actor=job.actor_id,
        import_id=job.import_id,
    )
    if "credits" in has:
        run(f"""
            DELETE FROM sale_credits AS sc USING {FINAL} AS f
            WHERE f.is_changed AND sc.sale_id = f.sale_id AND f.credits_now IS DISTINCT FROM f.credits_then
        """)
        run(f"""
            INSERT INTO sale_credits (sale_id, person_id, share)
            SELECT f.sale_id, f.credits_now[n], f.credits_now[n + 1]
            FROM {FINAL} AS f CROSS JOIN LATERAL generate_series(1, array_length(f.credits_now, 1), 2) AS n
            WHERE f.is_changed AND f.credits_now IS DISTINCT FROM f.credits_then
        """)
    elif "rep" in has:
        # A credit that was wholly the old rep's goes to the new one; one that was split by hand stays.
        run(f"""
            UPDATE sale_credits AS sc SET person_id = f.rep_id
            FROM {FINAL} AS f JOIN sales AS e ON e.id = f.sale_id
            WHERE f.is_changed AND f.rep_id <> e.rep_id AND sc.sale_id = e.id AND sc.person_id = e.rep_id
              AND sc.share = 10000
        """)
    columns = ", ".join(f"{c} = f.{c}" for c in [*TOLD, "rate", "value"])
    run(f"""
        UPDATE sales SET {columns}, version = sales.version + 1, updated_at = now()
        FROM {FINAL} AS f WHERE f.is_changed AND sales.id = f.sale_id
    """)


# Columns that a change of another can change.
_FOLLOWING = {
    "closed_on",
    "amount",
    "lost_reason",
    "promised_on",
    "delivered_on",
    "followed_up_on",
    "cancelled_on",
    "satisfaction",
}


def _complete_versions(job: Job) -> None:
    """Say in each version who has the credit now, where that has changed."""
    run(
        f"""
        UPDATE sale_versions AS v SET
          after = CASE WHEN v.before -> 'credits' IS DISTINCT FROM now.credits
            THEN v.after || jsonb_build_object('credits', now.credits) ELSE v.after END,
          before = CASE WHEN v.before -> 'credits' IS DISTINCT FROM now.credits
            THEN v.before ELSE v.before - 'credits' END
        FROM (
          SELECT f.sale_id, {CREDITS.format(sale="f.sale_id")} AS credits FROM {FINAL} AS f WHERE f.is_changed
        ) AS now
        WHERE v.import_id = %(import_id)s AND v.sale_id = now.sale_id
        """,
        import_id=job.import_id,
    )


def drop_unused(job: Job, made: dict[str, int], last_source: int) -> dict[str, int]:
    """Customers and lead sources that only rejected rows name are not made after all."""
    gone = {
        "customers": run(
            """DELETE FROM customers AS c WHERE import_id = %(import_id)s
               AND NOT EXISTS (SELECT 1 FROM sales WHERE customer_id = c.id)""",
            import_id=job.import_id,
        ).rowcount,
        "lead_sources": run(
            """DELETE FROM lead_sources AS l WHERE id > %(last)s
               AND NOT EXISTS (SELECT 1 FROM sales WHERE lead_source_id = l.id)""",
            last=last_source,
        ).rowcount,
    }
    return {table: count - gone[table] for table, count in made.items()}


def effects(job: Job) -> dict[str, Any]:
    """By how much what was won moves, by month and by person. Asked before anything is written."""
    won = """
        SELECT to_char(e.closed_on, 'YYYY-MM') AS month, e.rep_id, -e.value AS value
        FROM import_final AS f JOIN sales AS e ON e.id = f.known_id
        WHERE f.is_changed AND e.stage = 'won' AND e.voided_at IS NULL AND e.cancelled_on IS NULL
        UNION ALL
        SELECT to_char(f.closed_on, 'YYYY-MM'), f.rep_id, f.value FROM import_final AS f
        LEFT JOIN sales AS e ON e.id = f.known_id
        WHERE (f.is_new OR f.is_changed) AND f.stage = 'won' AND e.voided_at IS NULL
          AND f.cancelled_on IS NULL
    """
    rows = run(f"""
        SELECT month, rep_id, sum(value)::bigint FROM ({won}) AS w
        GROUP BY GROUPING SETS ((month), (rep_id)) HAVING sum(value) <> 0
    """).all()
    months = sorted((month, value) for month, rep_id, value in rows if rep_id is None)
    most = sorted((-abs(value), rep_id, value) for _, rep_id, value in rows if rep_id is not None)[:10]
    names = dict(
        run(
            "SELECT id, name FROM people WHERE id = ANY(%(ids)s)", ids=[rep_id for _, rep_id, _ in most]
        ).all()
    )
    people = [(names[rep_id], value) for _, rep_id, value in most]
    return {
        "currency": job.currency,
        "revenue": sum(value for _, value in months),
        "months": [[month, value] for month, value in months],
        "people": [[name, value] for name, value in people],
    }
