"""A second vendor is a file of its own and one line: it is swept and heard beside the first."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.sandbox.standin import serve
from bot.scheduling.vendors import of_vendors
from bot.services.kit.vendor_work import VendorWork
from bot.web.server import application
from bot.web.vendor_webhook import VendorWebhook
from tests.services.bare_practice import NOW
from tests.services.kit.fake_meetings import SECRET, Meetings, meeting
from tests.services.paid_practice import running


@pytest.fixture
async def meetings(sqlite_url: str) -> AsyncIterator[Meetings]:
    async with meeting(sqlite_url) as opened:
        await opened.wish(NOW, 1)
        yield opened


async def test_all_vendors_are_swept(meetings: Meetings) -> None:
    woken: list[int] = []
    async with running(meetings.storage) as paid_practice:
        vendors = (paid_practice.payments.work, VendorWork(), meetings.work)
        sweeps = of_vendors(vendors, lambda: NOW, lambda: woken.append(1))
        assert [sweep.name for sweep in sweeps] == ["payments", "refunds", "stripe-events", "links", "fakemeet-events"]
        for sweep in sweeps:
            await sweep.run()
    assert (await meetings.states(), woken) == ([("made", 0)], [1])


async def test_each_vendor_has_its_own_webhook(meetings: Meetings) -> None:
    woken: list[int] = []
    webhook = VendorWebhook(meetings.inbox, lambda: NOW + timedelta(minutes=1), lambda: woken.append(1))
    assert webhook.route().guard == meetings.vendor.guard
    served = await serve(application([webhook.route()]))
    body = json.dumps({"id": "a", "kind": "came", "link": 1})
    async with aiohttp.ClientSession() as vendor:
        for secret, status in (("another", 400), (SECRET, 200), (SECRET, 200)):
            door = f"{served.url}/webhooks/fakemeet"
            async with vendor.post(door, data=body, headers={"x-fakemeet": secret}) as answer:
                assert answer.status == status
    await webhook.drain()
    await served.close()
    assert (await meetings.states(), woken) == ([("wished", 1)], [1])
