"""The kinds of columns that the schema is made of, and its one `metadata`."""

from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

SCHEMA = max(int(file.name.partition("_")[0]) for file in Path(__file__).parent.glob("migrations/versions/[0-9]*_*.py"))
"""The number of this version's schema."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


ABOUT = sa.text("subject IS NOT NULL")
UNCARRIED = sa.text("subject IS NULL AND booking_id IS NOT NULL")
UNORDERED = sa.text("order_id IS NULL AND booking_id IS NOT NULL")
NO_ORDER = sa.text("order_id IS NULL")
"""Rows that say what they are about, and rows of the version before, which says it in `booking_id` alone: see
`storage.subjects`. An index for each, so that neither look-up goes through the rows that are about nothing. And
payments and refunds from before there were orders: see `storage.payments.carried_orders`.
"""

SEALED_ROW = "sealed row"
"""In a table's `info`: the columns that name a row to whatever is sealed in it, where that is not the primary key."""

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def columns_of(connection: sa.Connection, table: str) -> list[str]:
    """The names of the columns that a table has in this database, in their order."""
    return [column["name"] for column in sa.inspect(connection).get_columns(table)]


def id_column() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True, autoincrement=True)


def ref_column(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(f"{target}.id"), nullable=False)


def optional_ref_column(name: str, target: str) -> sa.Column[int]:
    return sa.Column(name, Id, sa.ForeignKey(f"{target}.id"), nullable=True)


def text_column(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable, server_default=default)


def number_column(name: str, default: int | None = None, *, nullable: bool = False) -> sa.Column[int]:
    server_default = None if default is None else sa.text(str(default))
    return sa.Column(name, sa.BigInteger, nullable=nullable, server_default=server_default)


def json_column(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=nullable)


def writer_column() -> sa.Column[int]:
    """Which schema the writer of a row knew, where another process acts on it; 0 in rows from before it was kept."""
    return number_column("writer", 0)


def literal(words: Iterable[str]) -> list[sa.ColumnElement[str]]:
    """Words of ours written out in a statement: it stays the same each time, and a partial index is seen to fit."""
    return [sa.literal_column(f"'{word}'") for word in words]
