"""Runs the revisions inside the transaction that `storage.upkeep.migrate` opened, without the guards, which are made
again then, and grants who may what."""

import sqlalchemy as sa
from alembic import context

from storage.tables import metadata
from storage.upkeep import access, generations, guards

connection = context.config.attributes.get("connection")
assert isinstance(connection, sa.Connection), "run `rapport migrate`: it opens the database and takes the lock"
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
guards.lift(connection)
with context.begin_transaction():
    context.run_migrations()
guards.create(connection)
generations.create(connection)
access.create(connection)
