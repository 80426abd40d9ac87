"""Whom the product connects to Postgres as, and what it says when that role may not do what is asked."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.promises.commands import rapport
from tests.support.servers.databases import as_role, execute
from tests.support.servers.postgres import ADMIN, BOT, OWNER
from tests.support.whole_product import WholeProduct

pytestmark = pytest.mark.postgres


async def test_doctor_says_whom_it_found(tmp_path: Path, direct_database_url: str) -> None:
    async with WholeProduct(tmp_path, direct_database_url) as product:
        for role, said in ((BOT, "the bot's own role"), (OWNER, "owner of the tables"), (ADMIN, "does not bind")):
            settings = {"DATABASE_URL": as_role(direct_database_url, role)}
            found = await rapport(product.environment() | settings, "doctor")
            (line,) = (line for line in found.out.splitlines() if line.split()[1] == "database")
            assert line.startswith("on ")
            assert said in line


async def test_doctor_sees_that_nothing_can_be_written(tmp_path: Path, direct_database_url: str) -> None:
    """The role reads alone, in this database: other tests use it elsewhere."""
    name = sa.make_url(direct_database_url).database
    where = f"ALTER ROLE {BOT} IN DATABASE {name}"
    async with WholeProduct(tmp_path, as_role(direct_database_url, BOT)) as product:
        execute(as_role(direct_database_url, ADMIN), f"{where} SET default_transaction_read_only = on")
        try:
            found = await rapport(product.environment(), "doctor")
        finally:
            execute(as_role(direct_database_url, ADMIN), f"{where} RESET default_transaction_read_only")
    (line,) = found.out.splitlines()
    assert (found.status, line.split()[:2]) == (1, ["broken", "database"])
    assert "nothing can be written to it: cannot execute INSERT in a read-only transaction" in line


@pytest.mark.parametrize("command", ["web", "worker", "migrate", "doctor"])
async def test_the_bot_cannot_make_tables_and_says_who_can(
    tmp_path: Path, empty_database_url: str, command: str
) -> None:
    if empty_database_url.startswith("sqlite"):
        pytest.skip("a file has no roles")
    async with WholeProduct(tmp_path, as_role(empty_database_url, BOT)) as product:
        found = await rapport(product.environment(), command)
    assert found.status != 0
    assert "rapport migrate" in found.out + found.err
    assert "Traceback" not in found.err
    if command != "doctor":
        assert len(found.err.splitlines()) == 1, found.err
        assert "owner" in found.err
