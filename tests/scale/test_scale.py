"""No statement of the product grows with the past: each is counted in a young practice and in an old one."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from bench import crowd
from storage.engine import Storage
from tests.conftest import server
from tests.handlers.bare_chat import BareChat
from tests.scale import bought
from tests.scale.story import tell
from tests.scale.watch import Watch, rows_looked_at
from tests.services.bare_practice import NOW
from tests.services.paid_practice import running
from tests.storage.support import new_sealer
from tests.support.servers.databases import as_role, execute
from tests.support.servers.postgres import OWNER

Count = Callable[[str, int, int], Awaitable[dict[str, int]]]

YOUNG = (600, 4800)
OLD = (3000, 12_000)
"""Clients and bookings. Both have the same sessions ahead and in the last days, and of each kind of row more than a
sweep removes at once.
"""

SLACK = 400
"""Steps or rows that say nothing yet: on a busy machine a sender finds a dozen messages due at once instead of one."""

GROWS = {
    "only_bought": "who comes next and who came last, of all that was ever booked; a page",
    "SELECT persons.id FROM persons WHERE persons.created_at <": "who never booked, once an hour: clients stay, and "
    "only a look at each tells who is none",
    "sum(transactions.amount) AS total": "the report of money, of all that moved in the year that is asked for; a page",
    "sum(orders.amount) AS total": "what clients owe as fees, of all orders; the report of money",
    "AS worth": "what is owed as unused credit, of all packages that are not used up; the report of money",
    "FROM order_lines, transactions": "which of that was for fees; the report of money",
    "FROM redemptions, orders": "how often a coupon counts, of all its uses; its page, and a code that is entered",
    "FROM transactions WHERE transactions.at >=": "the report of tax, of all that moved in its period; a page",
    "SET lease_until=(": "these tests themselves, which make leases end",
}
"""What may grow, by a part of the statement, and why."""


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Count:
    """Tells the story in a database and says what each statement cost: steps on SQLite, rows on Postgres."""

    async def count(database_url: str, clients: int, bookings: int) -> dict[str, int]:
        storage, watch = await Storage.open(database_url, new_sealer()), Watch()
        now = int(NOW.timestamp())
        async with running(storage) as till:
            sealed, owners = crowd.unbound(storage.sealer, "Somebody"), await _as_owner(database_url)
            for fill in (crowd.fill, bought.fill):
                past = partial(fill, clients=clients, bookings=bookings, now=now, sealed=sealed)
                await owners.write(lambda tx, past=past: past(tx.connection))  # type: ignore[misc]
            await owners.close()
            if not database_url.startswith("sqlite"):
                admin = server(request.config).url(database_url.rpartition("/")[2])
                await asyncio.to_thread(execute, admin, "ANALYZE")
            with watch():
                await tell(BareChat(till))
        found = watch.cost if database_url.startswith("sqlite") else await rows_looked_at(storage, watch)
        await storage.close()
        return found

    return count


async def _as_owner(database_url: str) -> Storage:
    return await Storage.open(as_role(database_url, OWNER), new_sealer())


async def test_no_statement_grows_with_the_past(two_databases: tuple[str, str], count: Count) -> None:
    young = await count(two_databases[0], *YOUNG)
    old = await count(two_databases[1], *OLD)

    in_both = young.keys() & old.keys()
    assert len(in_both) > 90
    grown = {
        f"{young[statement]} became {old[statement]}: {statement}"
        for statement in in_both
        if old[statement] > 1.25 * young[statement] + SLACK and not any(part in statement for part in GROWS)
    }
    assert not grown, "\n\n".join(grown)
