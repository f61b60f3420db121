"""Many rows at once: PostgreSQL's COPY, on the session's own connection and in its transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import text

from app.core.models import Base
from app.extensions import db


def take_keys(table: type[Base], number: int) -> list[int]:
    """New integer keys of a table, for rows that refer to each other."""
    stmt = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :number)")
    return list(db.session.scalars(stmt, {"table": table.__tablename__, "number": number}))


def copy_rows(table: type[Base], columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows of these columns. Enumerations must be StrEnums: their text is what is kept."""
    db.session.flush()
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.__tablename__), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    connection: Any = db.session.connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row[column] for column in columns])
