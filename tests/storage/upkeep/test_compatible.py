"""Every revision leaves room for the version before it: old processes go on while, and after, it is applied."""

from collections.abc import Collection, Iterator

import pytest
import sqlalchemy as sa

from storage.engine import Storage
from storage.upkeep.migrate import downgrade, migrate
from tests.storage.support import new_sealer, revisions

PARENT = "CREATE TABLE parent (id INTEGER PRIMARY KEY, note TEXT)"
CHILD = "CREATE TABLE child (id INTEGER PRIMARY KEY, must TEXT NOT NULL)"
REMEDY = "expand first, contract in a later release: see docs/decisions/0007"


class Schema:
    """What old code relies on, as the database tells it."""

    def __init__(self, connection: sa.Connection) -> None:
        seen = sa.inspect(connection)
        self.tables = {name: {c["name"]: c for c in seen.get_columns(name)} for name in seen.get_table_names()}
        self.rules = {name: dict(_rules(seen, name)) for name in self.tables}


def _rules(seen: sa.Inspector, table: str) -> Iterator[tuple[str, Collection[str | None]]]:
    """Whatever may refuse a row, with the columns of which it asks nothing where one of them is null."""
    for index in seen.get_indexes(table):
        if index["unique"]:
            yield f"unique {index['column_names']}", index["column_names"]
    for one in seen.get_unique_constraints(table):
        yield f"unique {one['column_names']}", one["column_names"]
    for reference in seen.get_foreign_keys(table):
        yield f"reference {reference['constrained_columns']}", reference["constrained_columns"]
    for check in seen.get_check_constraints(table):
        yield f"check {check['sqltext']}", ()


def breaks(before: Schema, after: Schema) -> list[str]:
    """What code written for `before` could no longer do with `after`."""
    found = [f"{table} is gone" for table in before.tables if table not in after.tables]
    for table, columns in before.tables.items():
        now = after.tables.get(table, {})
        if not now:
            continue
        found += [f"{table}.{name} is gone" for name in columns if name not in now]
        for name, column in now.items():
            optional = column["nullable"] or column["default"] is not None
            if name not in columns:
                found += [] if optional else [f"{table}.{name} is new, and old code leaves it out"]
            elif str(column["type"]) != str(columns[name]["type"]):
                found.append(f"{table}.{name} has another type")
            elif not optional and (columns[name]["nullable"] or columns[name]["default"] is not None):
                found.append(f"{table}.{name} must be given now")
        left_null = {name for name, column in now.items() if name not in columns and column["default"] is None}
        for rule, asks in after.rules[table].items():
            if rule not in before.rules[table] and left_null.isdisjoint(asks):
                found.append(f"{table} refuses more: {rule}")
    return sorted(found)


async def schema(url: str) -> Schema:
    opened = await Storage.open(url, new_sealer())
    try:
        return await opened.read(lambda tx: Schema(tx.connection))
    finally:
        await opened.close()


async def test_every_revision_expands_or_says_that_it_contracts(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    after = await schema(empty_database_url)
    for revision in revisions():
        await downgrade(empty_database_url)
        before = await schema(empty_database_url)
        broken = breaks(before, after)
        reason = getattr(revision.module, "contract", None)
        assert not broken or reason, f"{revision.revision}: {broken}; {REMEDY}"
        assert not reason or broken, f"{revision.revision} contracts nothing: leave `contract` out"
        after = before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DROP TABLE child", "child is gone"),
        ("ALTER TABLE parent DROP COLUMN note", "parent.note is gone"),
        ("ALTER TABLE parent RENAME COLUMN note TO remark", "parent.note is gone"),
        ("ALTER TABLE parent ADD COLUMN more TEXT NOT NULL DEFAULT ''", None),
        ("ALTER TABLE parent ADD COLUMN more TEXT", None),
        ("CREATE TABLE third (id INTEGER PRIMARY KEY, must TEXT NOT NULL)", None),
        ("CREATE INDEX quick ON parent (note)", None),
        ("CREATE UNIQUE INDEX once ON parent (note)", "parent refuses more: unique ['note']"),
        ("ALTER TABLE parent ADD COLUMN more TEXT; CREATE UNIQUE INDEX once ON parent (more)", None),
        (
            "ALTER TABLE parent ADD COLUMN more TEXT DEFAULT ''; CREATE UNIQUE INDEX once ON parent (more)",
            "parent refuses more: unique ['more']",
        ),
        (f"DROP TABLE child; {CHILD.replace('INTEGER', 'BIGINT')}", "child.id has another type"),
        (f"DROP TABLE child; {CHILD[:-1]}, more TEXT NOT NULL)", "child.more is new, and old code leaves it out"),
        (f"DROP TABLE parent; {PARENT[:-1]} NOT NULL)", "parent.note must be given now"),
    ],
)
def test_the_rule_sees_what_it_forbids(change: str, said: str | None) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql(PARENT)
        connection.exec_driver_sql(CHILD)
        before = Schema(connection)
        for statement in change.split(";"):
            connection.exec_driver_sql(statement)
        assert breaks(before, Schema(connection)) == ([] if said is None else [said])
    engine.dispose()
