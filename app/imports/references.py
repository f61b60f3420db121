"""Who else refers to a row: asked of the database itself, so that rooms not yet built are not forgotten."""

from collections.abc import Collection

from app.imports.staging import run


def is_referred_to(table: str, key: str, besides: Collection[str]) -> str:
    """A condition in SQL: something refers to `key` of `table`, but for the columns named in `besides`
    ("table.column"). Foreign keys that cascade or are set to null count as well.
    """
    found = run(
        """
        SELECT k.conrelid::regclass::text, a.attname
        FROM pg_constraint AS k JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND k.confrelid = %(table)s::regclass AND array_length(k.conkey, 1) = 1
        ORDER BY 1, 2
        """,
        table=table,
    )
    conditions = [
        f'EXISTS (SELECT 1 FROM {other} AS other WHERE other."{column}" = {key})'
        for other, column in found
        if f"{other}.{column}" not in besides
    ]
    return f"({' OR '.join(conditions)})" if conditions else "false"
