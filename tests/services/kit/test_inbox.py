"""The runner of inboxes, with a vendor that knows nothing of it: late, doubled, lost, shuffled, of others."""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.integrations.vendor import NotAuthentic, VendorAway, VendorRefused
from bot.services.kit.inbox import FOREIGN_AFTER, PATIENCE
from bot.services.kit.intents import LEASE_S
from storage import tables
from storage.engine import StorageAway
from storage.journal import inbox
from tests.services.bare_practice import NOW
from tests.services.kit.fake_meetings import SECRET, Meetings, meeting
from tests.support.leases import time_passes


@pytest.fixture
async def meetings(sqlite_url: str) -> AsyncIterator[Meetings]:
    async with meeting(sqlite_url) as opened:
        await opened.wish(NOW, 1)
        yield opened


async def tell(meetings: Meetings, event: str, *, kind: str = "came", link: int = 1, secret: str = SECRET) -> bool:
    body = json.dumps({"id": event, "kind": kind, "link": link}).encode()
    return await meetings.inbox.hear(body, {"X-Fakemeet": secret}, NOW)


async def kept(meetings: Meetings) -> list[tuple[str, str | None]]:
    """(state, error) of every event of the vendor."""
    query = sa.select(tables.inbox).where(tables.inbox.c.provider == "fakemeet").order_by(tables.inbox.c.id)
    rows = await meetings.storage.read(lambda tx: tx.execute(query).all())
    return [(row.state, row.error) for row in rows]


async def test_an_event_that_is_told_twice_is_applied_once(meetings: Meetings) -> None:
    assert [await tell(meetings, "a"), await tell(meetings, "a")] == [True, False]
    assert [await meetings.inbox.apply_due(NOW), await meetings.inbox.apply_due(NOW)] == [1, 0]
    assert await tell(meetings, "a") is False
    assert await meetings.inbox.apply_due(NOW + timedelta(days=1)) == 0
    assert (await meetings.states(), meetings.outcomes, await kept(meetings)) == (
        [("wished", 1)], [1], [("applied", None)],
    )  # fmt: skip


async def test_what_is_not_signed_is_not_kept(meetings: Meetings) -> None:
    with pytest.raises(NotAuthentic):
        await tell(meetings, "a", secret="another")
    assert await kept(meetings) == []


async def test_what_is_of_no_concern_is_laid_aside(meetings: Meetings) -> None:
    await tell(meetings, "a", kind="opened")
    await meetings.inbox.apply_due(NOW)
    assert (await kept(meetings), meetings.outcomes) == ([("ignored", "no attendance")], [])


async def test_what_is_told_before_its_cause_waits_for_it(meetings: Meetings) -> None:
    """The transaction that found nothing leaves nothing behind, the mark of the event neither."""
    await tell(meetings, "a", link=2)
    await meetings.inbox.apply_due(NOW)
    assert await kept(meetings) == [("received", "Unknown")]
    await meetings.wish(NOW, 2)
    await meetings.inbox.apply_due(NOW + timedelta(minutes=1))
    assert (await meetings.states(), await kept(meetings)) == ([("wished", 0), ("wished", 1)], [("applied", None)])


async def test_what_stays_unknown_is_somebody_else_s(meetings: Meetings) -> None:
    await tell(meetings, "a", link=2)
    tries = await _tries(meetings)
    assert (tries, await kept(meetings)) == (FOREIGN_AFTER, [("ignored", "foreign")])


@pytest.mark.parametrize("trouble", [VendorAway("500"), VendorRefused("odd"), ZeroDivisionError()])
async def test_what_fails_is_tried_again_and_given_up_in_the_end(meetings: Meetings, trouble: Exception) -> None:
    meetings.vendor.script = [trouble]
    await tell(meetings, "a")
    await meetings.inbox.apply_due(NOW)
    assert await meetings.inbox.apply_due(NOW + timedelta(seconds=19)) == 0
    assert await meetings.inbox.apply_due(NOW + timedelta(seconds=20)) == 1
    assert await kept(meetings) == [("applied", None)]
    meetings.vendor.script = [trouble] * 99
    await tell(meetings, "b")
    assert await _tries(meetings) == PATIENCE.give_up_after
    assert (await kept(meetings))[1] == ("failed", type(trouble).__name__)


async def test_one_whose_process_died_comes_back_after_its_lease(meetings: Meetings) -> None:
    meetings.vendor.script = [StorageAway()]
    await tell(meetings, "a")
    with pytest.raises(StorageAway):
        await meetings.inbox.apply_due(NOW)
    assert await meetings.inbox.apply_due(NOW + timedelta(seconds=LEASE_S)) == 0
    await time_passes(meetings.storage, LEASE_S)
    assert await meetings.inbox.apply_due(NOW + timedelta(seconds=LEASE_S)) == 1
    assert await meetings.states() == [("wished", 1)]


async def test_the_events_of_another_vendor_are_left_alone(meetings: Meetings) -> None:
    await meetings.storage.write(lambda tx: inbox.put(tx, "stripe", "evt_1", "charge.refunded", {}, NOW))
    assert await meetings.inbox.apply_due(NOW) == 0
    assert len(await meetings.storage.write(lambda tx: inbox.claim(tx, NOW, 10, 60))) == 1


async def _tries(meetings: Meetings) -> int:
    """How often an event is looked at within two days, by a sweep each hour."""
    hours: list[datetime] = [NOW + timedelta(hours=hour) for hour in range(48)]
    return sum([await meetings.inbox.apply_due(hour) for hour in hours])
