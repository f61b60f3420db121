"""Sales by the million: what a file says, set against what is known, in a few statements.

`import_stage` holds the rows as the file tells them, one column for each of ours that it has. From it
`import_final` is made: each row as the sale would stand afterwards, with `why` it cannot be taken, and
whether it is new or changed. A column that the file does not have never touches a sale.
"""

from collections import defaultdict
from operator import itemgetter
from typing import Any

from app.imports.kinds import Job
from app.imports.problems import Bad
from app.imports.staging import STAGE, run
from app.sales.counted_days import Counted, told_by
from app.sales.recording import closed_among, guards

FINAL = "import_final"

# ours: the type in the stage
STAGED = {
    "external_id": "text",
    "rep": "bigint",
    "product": "bigint",
    "customer": "text",
    "stage": "text",
    "lead_source": "text",
    "opened_on": "date",
    "closed_on": "date",
    "quantity": "integer",
    "list_price": "bigint",
    "amount": "bigint",
    "currency": "text",
    "lost_reason": "text",
    "promised_on": "date",
    "delivered_on": "date",
    "followed_up_on": "date",
    "cancelled_on": "date",
    "satisfaction": "smallint",
    "techniques": "text[]",
    "credits": "bigint[]",
}
# the sales column: ours, and what the stage says of it
TOLD = {
    "rep_id": ("rep", "s.rep"),
    "product_id": ("product", "s.product"),
    "customer_id": ("customer", "c.id"),
    "lead_source_id": ("lead_source", "l.id"),
    **{
        name: (name, f"s.{name}")
        for name in STAGED
        if name not in {"external_id", "rep", "product", "customer", "lead_source", "credits"}
    },
}
AFTER_WIN = ("promised_on", "delivered_on", "followed_up_on", "cancelled_on", "satisfaction")
STEPS = AFTER_WIN[:4]
AFTERWARDS = {*AFTER_WIN, "techniques"} - {
    "cancelled_on"
}  # of which a change leaves the day of the win alone
HALF_EVEN = """CASE WHEN abs(x - trunc(x)) = 0.5 AND trunc(x) %% 2 = 0 THEN trunc(x) ELSE round(x) END"""

# A day of grace, for a CRM may count its days east of the company.
REASONS = """CASE
  WHEN known_id IS NULL AND rep_id IS NULL THEN 'new_needs rep'
  WHEN known_id IS NULL AND product_id IS NULL THEN 'new_needs product'
  WHEN known_id IS NULL AND stage IS NULL THEN 'new_needs stage'
  WHEN stage <> 'open' AND closed_on IS NULL THEN 'closed_needed closed_on'
  WHEN stage = 'won' AND amount IS NULL THEN 'amount_needed amount'
  WHEN stage = 'won' AND amount < 0 THEN 'negative amount'
  WHEN closed_on < opened_on THEN 'closed_before_opened closed_on'
  WHEN closed_on > %(today)s::date + 1 THEN 'not_yet closed_on'
  WHEN rate IS NULL THEN 'no_rate currency'
END"""


def reject_repeated(job: Job) -> int:
    """The same key twice in a file: the first row stands. Returns how many repeat it word for word."""
    twice = run(f"SELECT external_id FROM {STAGE} GROUP BY external_id HAVING count(*) > 1 LIMIT 1").first()
    if twice is None:
        return 0
    run("DROP TABLE IF EXISTS pg_temp.import_repeated")
    run(f"""
        CREATE TEMPORARY TABLE import_repeated ON COMMIT DROP AS
        SELECT line, first, said = first_said AS is_same FROM (
          SELECT line, to_jsonb(s) - 'line' AS said, first_value(line) OVER this AS first,
            first_value(to_jsonb(s) - 'line') OVER this AS first_said
          FROM {STAGE} AS s WINDOW this AS (PARTITION BY external_id ORDER BY line)
        ) AS numbered WHERE line <> first
    """)
    for line, first in run("SELECT line, first FROM import_repeated WHERE NOT is_same ORDER BY line"):
        job.rejects.add_late(line, Bad("twice_in_file", "external_id", first=first))
    run(f"DELETE FROM {STAGE} USING import_repeated AS r WHERE {STAGE}.line = r.line")
    return int(run("SELECT count(*) FROM import_repeated WHERE is_same").scalar_one())


def lock_known(job: Job) -> None:
    run(
        f"""SELECT id FROM sales
            WHERE source = %(source)s AND external_id IN (SELECT external_id FROM {STAGE})
            ORDER BY id FOR NO KEY UPDATE""",
        source=job.source,
    ).close()


def make_named(job: Job, has: set[str]) -> dict[str, int]:
    """Customers and lead sources that are new, by name whatever the capitals. Returns how many of each."""
    made: dict[str, int] = {}
    for ours, table, extra in (("customer", "customers", "import_id"), ("lead_source", "lead_sources", None)):
        if ours not in has:
            continue
        columns, values = ("name, import_id", f"name, {job.import_id}") if extra else ("name", "name")
        made[table] = run(f"""
            INSERT INTO {table} ({columns})
            SELECT {values} FROM (
              SELECT DISTINCT ON (lower(said)) said AS name FROM (
                SELECT {ours} AS said, min(line) AS line FROM {STAGE} WHERE {ours} IS NOT NULL GROUP BY 1
              ) AS named
              WHERE NOT EXISTS (SELECT 1 FROM {table} AS t WHERE lower(t.name) = lower(named.said))
              ORDER BY lower(said), line
            ) AS new
            ON CONFLICT DO NOTHING
        """).rowcount
        run(f"ANALYZE {table}")
    return made


def notes(has: set[str]) -> list[tuple[str, dict[str, Any]]]:
    """What rows say that cannot be, and that is left out rather than the row."""
    if "stage" not in has:
        return []
    asked = {
        "closed_while_open": ("closed_on", "stage = 'open' AND closed_on IS NOT NULL"),
        "amount_unknown": ("amount", "stage <> 'won' AND amount < 0"),
        "reason_not_lost": ("lost_reason", "stage <> 'lost' AND lost_reason IS NOT NULL"),
        "steps_not_won": (None, _steps_told(has)),
    }
    given = {k: c for k, (column, c) in asked.items() if c and (column is None or column in has)}
    if not given:
        return []
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in given.values())
    row = run(f"SELECT {counts} FROM {STAGE}").one()
    return [(key, {"num": count}) for key, count in zip(given, row, strict=True) if count]


def _steps_told(has: set[str]) -> str | None:
    told = [name for name in AFTER_WIN if name in has]
    return f"stage <> 'won' AND num_nonnulls({', '.join(told)}) > 0" if told else None


def finalise(job: Job, has: set[str]) -> None:
    """Make `import_final`: every accepted row as the sale would stand."""
    default = job.layout.mapping.defaults.get("currency", job.currency)
    fallback = {
        "quantity": "1",
        "currency": "%(default)s",
        "techniques": "'{}'::text[]",
        "list_price": """CASE WHEN p.currency = coalesce({currency}, e.currency, %(default)s)
            THEN p.list_price END""",
    }
    currency_told = "s.currency" if "currency" in has else "NULL"
    told = []
    for column, (ours, expression) in TOLD.items():
        parts = [expression if ours in has else f"e.{column}"]
        if column == "list_price" and ours in has:
            parts.append("e.list_price")
        if column in fallback:
            parts.append(fallback[column].replace("{currency}", currency_told))
        told.append(
            f"coalesce({', '.join(parts)}) AS {column}" if len(parts) > 1 else f"{parts[0]} AS {column}"
        )
    product_told = "coalesce(s.product, e.product_id)" if "product" in has else "e.product_id"
    compared = [column for column, (ours, _) in TOLD.items() if ours in has]
    same = " AND ".join(f"w.{column} IS NOT DISTINCT FROM e.{column}" for column in compared) or "true"
    is_worth_same = "w.amount IS NOT DISTINCT FROM e.amount AND w.currency = e.currency AND w.day = e.day"
    if "credits" in has:
        same += " AND w.credits_now IS NOT DISTINCT FROM w.credits_then"
    run(f"DROP TABLE IF EXISTS pg_temp.{FINAL}")
    run(
        f"""
        CREATE TEMPORARY TABLE {FINAL} ON COMMIT DROP AS
        WITH told AS (
          SELECT s.line, s.external_id, e.id AS known_id, {", ".join(told)},
            {_credits(has)}
          FROM {STAGE} AS s
          LEFT JOIN sales AS e ON e.source = %(source)s AND e.external_id = s.external_id
          LEFT JOIN products AS p ON p.id = {product_told}
          {_named("customers AS c", "customer", has)}
          {_named("lead_sources AS l", "lead_source", has)}
        ),
        sound AS (
          SELECT line, external_id, known_id, rep_id, product_id, customer_id, lead_source_id, stage,
            opened_on, CASE WHEN stage <> 'open' THEN closed_on END AS closed_on, quantity, list_price,
            CASE WHEN stage = 'won' OR amount >= 0 THEN amount END AS amount, currency,
            CASE WHEN stage = 'lost' THEN lost_reason END AS lost_reason,
            {", ".join(f"CASE WHEN stage = 'won' THEN {name} END AS {name}" for name in AFTER_WIN)},
            techniques, credits_now, credits_then
          FROM told
        ),
        worth AS (
          SELECT w.*, coalesce(w.closed_on, w.opened_on, %(today)s::date) AS day FROM sound AS w
        ),
        rated AS (
          SELECT w.*,
            CASE WHEN w.currency = %(company)s THEN 1
              WHEN e.id IS NOT NULL AND {is_worth_same} THEN e.rate
              ELSE (SELECT r.rate FROM exchange_rates AS r
                    WHERE r.currency = w.currency AND r.starts_on <= w.day
                    ORDER BY r.starts_on DESC LIMIT 1) END AS rate,
            e.version AS known_version,
            e.id IS NOT NULL AND NOT ({same}) AS is_changed
          FROM worth AS w
          LEFT JOIN (SELECT *, coalesce(closed_on, opened_on, %(today)s::date) AS day FROM sales) AS e
            ON e.id = w.known_id
        )
        SELECT coalesce(known_id, nextval(pg_get_serial_sequence('sales', 'id'))) AS sale_id,
          known_id IS NULL AS is_new, rated.*,
          CASE WHEN currency = %(company)s THEN amount
            ELSE (SELECT {HALF_EVEN}
                  FROM (SELECT amount * rate * power(10::numeric, %(places)s - {_places()})) AS v (x))
          END::bigint AS value,
          {REASONS} AS why
        FROM rated
        """,
        source=job.source,
        default=default,
        company=job.currency,
        today=job.today,
        places=_precision(job.currency),
    )
    run(f"ANALYZE {FINAL}")


def _named(table: str, ours: str, has: set[str]) -> str:
    return f"LEFT JOIN {table} ON lower({table[-1]}.name) = lower(s.{ours})" if ours in has else ""


def _credits(has: set[str]) -> str:
    if "credits" not in has:
        return "NULL::bigint[] AS credits_now, NULL::bigint[] AS credits_then"
    return """coalesce(s.credits, ARRAY[coalesce({rep}, e.rep_id), 10000]::bigint[]) AS credits_now,
      (SELECT array_agg(part ORDER BY sc.person_id, number) FROM sale_credits AS sc
       CROSS JOIN LATERAL unnest(ARRAY[sc.person_id, sc.share]::bigint[])
         WITH ORDINALITY AS pair (part, number)
       WHERE sc.sale_id = e.id) AS credits_then""".replace("{rep}", "s.rep" if "rep" in has else "NULL")


def _precision(currency: str) -> int:
    from app.core.money import precision

    return precision(currency)


def _places() -> str:
    """Decimals of a row's currency; those with two are the rule."""
    found = [row[0] for row in run(f"SELECT DISTINCT currency FROM {STAGE} WHERE currency IS NOT NULL")]
    odd = {code: _precision(code) for code in found if _precision(code) != 2}
    if not odd:
        return "2"
    return "CASE currency " + " ".join(f"WHEN '{code}' THEN {n}" for code, n in odd.items()) + " ELSE 2 END"


def reject_impossible(job: Job, has: set[str]) -> None:
    gone = run(f"DELETE FROM {FINAL} WHERE why IS NOT NULL RETURNING line, why, currency, closed_on").all()
    for line, why, currency, closed_on in sorted(gone, key=itemgetter(0)):
        reason, _, column = why.partition(" ")
        about = {"value": str(closed_on)} if reason == "not_yet" else {"currency": currency or job.currency}
        job.rejects.add_late(line, Bad(reason, column, **about))
    _reject_closed(job, has)


def _reject_closed(job: Job, has: set[str]) -> None:
    """Rows that would change the results of a closed period."""
    if not guards:
        return
    days = {row[0] for row in run(_days_of_new()) if row[0] is not None}
    told = _days_of_changed(has)
    days |= {row[0] for row in run(f"SELECT DISTINCT day FROM ({told}) AS told WHERE day IS NOT NULL")}
    closed = closed_among(days)
    bad = []
    if closed:
        told += f" UNION ALL SELECT line, closed_on FROM {FINAL} WHERE is_new"
        for column in STEPS:
            told += f" UNION ALL SELECT line, {column} FROM {FINAL} WHERE is_new"
        bad.append(f"SELECT line, day FROM ({told}) AS told WHERE day = ANY(%(closed)s)")
    judged = []
    if counted := _counted():
        by_metric: Counted = defaultdict(set)
        for metric_id, day in run(f"SELECT DISTINCT metric_id, day FROM ({counted}) AS counted"):
            by_metric[metric_id].add(day)
        for metric_id, found in by_metric.items():
            judged += [f"({metric_id}, DATE '{day}')" for day in closed_among((), {metric_id: found})]
    if judged:
        bad.append(
            f"SELECT line, day FROM ({counted}) AS counted WHERE (metric_id, day) IN ({', '.join(judged)})"
        )
    if not bad:
        return
    gone = run(
        f"""
        DELETE FROM {FINAL} AS f USING (
          SELECT line, min(day) AS day FROM ({" UNION ALL ".join(bad)}) AS told GROUP BY line
        ) AS bad WHERE bad.line = f.line RETURNING f.line, bad.day
        """,
        closed=closed,
    ).all()
    for line, day in sorted(gone):
        job.rejects.add_late(line, Bad("closed_period", "closed_on", day=day.isoformat()))


def _days_of_new() -> str:
    columns = ("closed_on", *STEPS)
    return " UNION ".join(f"SELECT DISTINCT {column} FROM {FINAL} WHERE is_new" for column in columns)


def _days_of_changed(has: set[str]) -> str:
    """line, day: of the win, before and after, where more changes than its aftermath; of changed steps."""
    deeper = [c for c, (ours, _) in TOLD.items() if ours in has and c not in AFTERWARDS]
    is_deep = " OR ".join(f"f.{c} IS DISTINCT FROM e.{c}" for c in deeper) or "false"
    if "credits" in has:
        is_deep += " OR f.credits_now IS DISTINCT FROM f.credits_then"
    days = [f"(CASE WHEN {is_deep} THEN f.closed_on END), (CASE WHEN {is_deep} THEN e.closed_on END)"]
    for c in STEPS:
        moved = f"f.{c} IS DISTINCT FROM e.{c}"
        days.append(f"(CASE WHEN {moved} THEN f.{c} END), (CASE WHEN {moved} THEN e.{c} END)")
    return f"""SELECT f.line, d.day FROM {FINAL} AS f JOIN sales AS e ON e.id = f.known_id
        CROSS JOIN LATERAL (VALUES {", ".join(days)}) AS d (day) WHERE f.is_changed AND d.day IS NOT NULL"""


def _counted() -> str:
    """line, metric_id, day: where rows count by other days, or by what comes after the win."""
    moved = {c: f"f.{c} IS DISTINCT FROM e.{c}" for c in [*TOLD, "value", "rate"]}
    moved["credits"] = f"f.credits_now IS DISTINCT FROM f.credits_then OR {moved['rep_id']}"
    parts = []
    for rows, told in (
        (f"{FINAL} AS f", told_by(None, was=None, now="f")),
        (f"{FINAL} AS f JOIN sales AS e ON e.id = f.known_id", told_by(moved, was="e", now="f")),
    ):
        if told is not None:
            which = "is_changed" if "JOIN" in rows else "is_new"
            parts.append(
                f"""SELECT f.line, d.metric_id, d.day FROM {rows}
                    CROSS JOIN LATERAL (VALUES {told}) AS d (metric_id, day)
                    WHERE f.{which} AND d.day IS NOT NULL"""
            )
    return " UNION ALL ".join(parts)
