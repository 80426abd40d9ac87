"""Counts the statements that a block of a test sends to its databases."""

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


@contextmanager
def asked_twice() -> Iterator[list[str]]:
    """The questions that a transaction of the block asked again: the same SELECT with the same parameters."""
    twice: list[str] = []
    questions: dict[int, set[tuple[str, str]]] = {}

    def begun(connection: sa.Connection) -> None:
        questions[id(connection)] = set()

    def sent(connection: sa.Connection, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        question, those = (statement, repr(parameters)), questions.setdefault(id(connection), set())
        if statement.startswith("SELECT") and "advisory" not in statement:
            if question in those:
                twice.append(" ".join(question))
            those.add(question)

    sa.event.listen(sa.Engine, "begin", begun)
    sa.event.listen(sa.Engine, "before_cursor_execute", sent)
    try:
        yield twice
    finally:
        sa.event.remove(sa.Engine, "begin", begun)
        sa.event.remove(sa.Engine, "before_cursor_execute", sent)
