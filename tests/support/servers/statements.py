"""What a block asks its databases."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements of the block, beside those that begin and end transactions."""
    statements: list[str] = []

    def sent(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "SET")):
            statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", sent)
    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", sent)
