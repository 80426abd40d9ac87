"""Storage has named functions and typed records: nobody above it names a column, seals a text or reads a row."""

import ast
import re
from collections.abc import Iterator

from storage.schema.sealed import sealed_columns
from tests.architecture.source import Source, dotted, imports, product

Function = ast.FunctionDef | ast.AsyncFunctionDef

SEALS_WHAT_IS_NO_COLUMN = ("bot/services/kit/signed_refs.py",)
"""Proofs in addresses, which storage does not know."""

AMBIENT = ("bot/chat/words.py", "bot/logs.py", "storage/tx.py")
"""The reader's language, the trail of a fault, and what of the database cannot be read."""

ROWS = "storage/ready.py"
"""What runs statements gives rows, which are read inside storage."""

FACTS = "storage.journal.audit"
"""Its entries hold facts as JSON, not columns."""


def test_a_public_function_of_storage_takes_named_values_and_gives_records() -> None:
    untyped = [
        f"{source.at(function)} {function.name}"
        for source in product()
        if source.path.startswith("storage/") and source.path != ROWS
        for function in _public(source.tree)
        if function.args.kwarg is not None or _is_untyped(function)
    ]
    assert not untyped, "\n".join(untyped)


def test_nobody_else_names_a_column_or_seals_a_text() -> None:
    naming = [
        f"{source.path}:{line} {why}"
        for source in product()
        if source.path.startswith("bot/") and source.path not in SEALS_WHAT_IS_NO_COLUMN
        for line, why in _columns(source)
    ]
    assert not naming, "\n".join(naming)


def test_what_is_sealed_is_bound_to_a_column_that_there_is() -> None:
    """The same name stands where it is sealed, where it is opened and where keys are rotated."""
    real = {f"{table.name}.{name}" for table, names in sealed_columns().items() for name in names}
    texts = [
        node.value
        for source in product()
        if source.path.startswith("storage/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant)
    ]
    named = {text for text in texts if isinstance(text, str) and re.fullmatch(r"\w+\.\w+_sealed", text)}
    assert named <= real
    assert real - named <= {"coaches.place_sealed", "offers.place_sealed"}, "see storage/practice/places.py"


def test_no_value_reaches_a_page_by_a_side_channel() -> None:
    """What an act gives to the page after it stands in their signatures."""
    hiding = [source.path for source in product() if "ContextVar" in source.text and source.path not in AMBIENT]
    assert not hiding


def test_the_rules_see_what_they_forbid() -> None:
    functions = """\
def change(tx, **values: Any) -> bool: ...
def rows(tx) -> list[dict[str, Any]]: ...
def row(tx) -> sa.Row[Any]: ...
def _inside(tx, **values: Any) -> Any: ...
def select() -> sa.Select[Any]: ...
def find(tx) -> Booking | None: ...
"""
    public = list(_public(ast.parse(functions)))
    seen = [function.name for function in public if function.args.kwarg is not None or _is_untyped(function)]
    assert seen == ["change", "rows", "row"]
    calls = """\
from storage.bookings import bookings
from storage.journal import audit
bookings.change(tx, booking, **values)
bookings.end(tx, booking, ended_at=to_epoch(now))
bookings.end(tx, {"ended_at": to_epoch(now)})
tx.sealer.seal(reason)
audit.write(tx, after={"starts": to_epoch(now)})
key = f"zone:{to_epoch(now)}"
"""
    assert [line for line, _why in _columns(Source("bot/x.py", calls, ast.parse(calls)))] == [3, 4, 5, 6]


def _public(tree: ast.Module) -> Iterator[Function]:
    """Functions of a module and methods of its classes, but those with an underscore."""
    for node in tree.body:
        for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(inner, Function) and not inner.name.startswith("_"):
                yield inner


def _is_untyped(function: Function) -> bool:
    """Whether it gives rows, or values of any kind. A query, and what comes of it inside storage, is not read yet."""
    given = "" if function.returns is None else ast.unparse(function.returns)
    named = {dotted(node).split(".")[-1] for node in ast.walk(ast.parse(given))}
    unread = given.startswith(("sa.Select", "sa.CursorResult", "Rows"))
    return not unread and not named.isdisjoint({"Any", "Row", "RowMapping"})


def _columns(source: Source) -> Iterator[tuple[int, str]]:
    from_storage = {name.rsplit(".", 1)[-1] for name, _node in imports(source) if name.startswith("storage.")}
    from_storage -= {name.rsplit(".", 1)[-1] for name, _node in imports(source) if name == FACTS}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        called = dotted(node.func)
        if called.endswith("sealer.seal"):
            yield node.lineno, "seals a text"
        elif "." in called and called.split(".")[0] in from_storage:
            if any(keyword.arg is None for keyword in node.keywords):
                yield node.lineno, f"gives {called} columns by a mapping"
            elif any(_is_an_epoch(part) for part in ast.walk(node)):
                yield node.lineno, f"gives {called} an instant as its column has it"


def _is_an_epoch(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "to_epoch"
