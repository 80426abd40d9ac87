"""The feed over HTTP: for who has its link, as it is now, and not once more what a calendar has."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp
import pytest
import vobject

from bot.sandbox.standin import serve
from bot.services.calendar.feeds import Feeds
from bot.web.calendar_feed import CalendarFeed
from bot.web.server import application
from storage.engine import Storage
from tests.services.bare_practice import CLIENT, NOW, done
from tests.services.calendar.test_feeds import cancel
from tests.services.selling_practice import SellingPractice
from tests.storage.support import new_sealer


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Subscriber:
    def __init__(self, practice: SellingPractice, session: aiohttp.ClientSession, url: str) -> None:
        self.practice = practice
        self.feeds = Feeds(practice.storage, url)
        self.session = session
        self.url = url

    async def link(self) -> str:
        done(await self.feeds.renew(await self.practice.act(CLIENT)))
        found = (await self.feeds.of(await self.practice.meet(CLIENT))).url
        assert found is not None
        return found

    async def gets(self, url: str, known: str | None = None, method: str = "GET") -> Got:
        headers = {} if known is None else {"If-None-Match": known}
        async with self.session.request(method, url, headers=headers) as answer:
            return Got(answer.status, answer.headers, await answer.read())


@pytest.fixture
async def subscriber(sqlite_url: str) -> AsyncIterator[Subscriber]:
    storage = await Storage.open(sqlite_url, new_sealer())
    practice = await SellingPractice(storage).open()
    feed = CalendarFeed(Feeds(storage, ""), lambda: "front_bot", lambda: NOW)
    served = await serve(application(feed.routes()))
    async with aiohttp.ClientSession() as session:
        yield Subscriber(practice, session, served.url)
    await served.close()
    await storage.close()


async def test_a_calendar_gets_the_sessions_and_not_again_what_it_has(subscriber: Subscriber) -> None:
    practice, link = subscriber.practice, await subscriber.link()
    empty = await subscriber.gets(link)
    assert empty.status == 200
    assert b"VEVENT" not in empty.body
    booking = await practice.book((await practice.starts())[0])
    first = await subscriber.gets(link, empty.headers["ETag"])
    assert (first.status, first.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert first.headers["Cache-Control"] == "private, no-cache"
    event = vobject.readOne(first.body.decode()).vevent
    assert event.dtstart.value == booking.starts
    assert "https://t.me/front_bot?start=session-" in event.description.value
    same = await subscriber.gets(link, first.headers["ETag"])
    assert (same.status, same.body, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    await cancel(practice, booking)
    gone = await subscriber.gets(link, first.headers["ETag"])
    assert gone.status == 200
    assert b"VEVENT" not in gone.body


async def test_nobody_reads_by_guessing(subscriber: Subscriber) -> None:
    link = await subscriber.link()
    token = link.rpartition("/")[2].removesuffix(".ics")
    for guess in (token[:-1], token.swapcase(), f"{token}0", "%00", "x" * 500, "../healthz", f"{token}.ics"):
        answer = await subscriber.gets(f"{subscriber.url}/calendar/{guess}.ics")
        assert answer.status == 404, guess
    assert (await subscriber.gets(link.removesuffix(".ics"))).status == 404
    assert (await subscriber.gets(link, method="POST")).status == 405
    head = await subscriber.gets(link, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    await subscriber.link()
    old = await subscriber.gets(link)
    assert old.status == 404
    assert "belongs to no calendar" in old.body.decode()
    assert old.headers["Cache-Control"] == "no-store"
