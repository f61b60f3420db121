from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, event


@pytest.fixture
def count_queries() -> Callable[[], AbstractContextManager[SimpleNamespace]]:
    """`with count_queries() as counted: ...`, then `counted.number`; savepoints are not counted."""

    @contextmanager
    def counting() -> Iterator[SimpleNamespace]:
        counted = SimpleNamespace(number=0, statements=[])

        def note(connection, cursor, statement, *rest) -> None:
            if statement.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
                counted.number += 1
                counted.statements.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting
