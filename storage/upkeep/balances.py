"""Guards the ledger of credits: an entry is the next one of its grant, and its balance that of the one before with its
own amount.
"""

import sqlalchemy as sa

CONSTRAINT = "credit_entries_balance"
"""What the database calls its refusal."""

# In a guard, names mean the server's own functions and operators, whatever a session puts before them. It sees the
# entries that the same statement has written before.
_POSTGRES = """
CREATE OR REPLACE FUNCTION credit_entries_balance() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last record;
BEGIN
    SELECT number, balance INTO last FROM {schema}.credit_entries
    WHERE grant_id = NEW.grant_id ORDER BY number DESC LIMIT 1;
    IF NEW.number <> coalesce(last.number, 0) + 1 OR NEW.balance <> coalesce(last.balance, 0) + NEW.amount THEN
        RAISE EXCEPTION 'the balance of a grant is that of the entry before and the amount'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'credit_entries_balance';
    END IF;
    RETURN NEW;
END $$
"""
_LAST = "(SELECT {column} FROM credit_entries WHERE grant_id = NEW.grant_id ORDER BY number DESC LIMIT 1)"
_SQLITE = f"""
CREATE TRIGGER credit_entries_balance BEFORE INSERT ON credit_entries
WHEN NEW.number <> coalesce({_LAST.format(column="number")}, 0) + 1
    OR NEW.balance <> coalesce({_LAST.format(column="balance")}, 0) + NEW.amount
BEGIN
    SELECT RAISE(ABORT, '{CONSTRAINT}');
END
"""


def create(connection: sa.Connection) -> None:
    """Create the guard, or make it anew."""
    if connection.dialect.name != "postgresql":
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS credit_entries_balance")
        connection.exec_driver_sql(_SQLITE)
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    connection.exec_driver_sql(_POSTGRES.format(schema=schema))
    there = connection.exec_driver_sql(
        "SELECT tgenabled = 'D' FROM pg_trigger"
        " WHERE tgname = 'credit_entries_balance' AND tgrelid = 'credit_entries'::regclass"
    ).scalar()
    if there is None:
        connection.exec_driver_sql(
            "CREATE TRIGGER credit_entries_balance BEFORE INSERT ON credit_entries"
            " FOR EACH ROW EXECUTE FUNCTION credit_entries_balance()"
        )
    elif there:  # by whoever restored rows
        connection.exec_driver_sql("ALTER TABLE credit_entries ENABLE TRIGGER credit_entries_balance")


def drop(connection: sa.Connection) -> None:
    """Remove what would outlive the table."""
    connection.exec_driver_sql("DROP FUNCTION IF EXISTS credit_entries_balance() CASCADE")
