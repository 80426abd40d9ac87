import asyncio
import base64
from datetime import timedelta

import aiohttp

from bot.app import App, build
from bot.config import load
from bot.domain.notices.notices import Notice, NoticeKind
from bot.domain.notices.outgoing import Delivery
from bot.domain.people.people import Platform, Profile
from bot.sandbox.standin import serve
from bot.sandbox.telegram.flood import UNLIMITED
from bot.sandbox.telegram.standin import TelegramStandIn
from bot.sandbox.telegram.state import User
from storage.engine import Storage
from storage.notices import outbox
from tests.storage.support import new_sealer

MIA = Profile(Platform.TELEGRAM, "", "2002", "2002", "Mia Kovalenko")


async def test_what_is_on_its_way_at_the_end_is_heard_of(sqlite_url: str) -> None:
    telegram = TelegramStandIn(limits=UNLIMITED)
    telegram.world.add_user(User(2002, "Mia"))
    served = await serve(telegram.app)
    try:
        async with aiohttp.ClientSession() as session:
            await session.post(f"{served.url}/_sandbox/telegram/start", json={"user": 2002, "payload": ""})
        house = await build(load(settings(served.url, sqlite_url)))
        row_id = await due_now(house)
        telegram.faults.add("sendMessage", "slow", seconds=1.0)
        house.deliveries.wake()
        for _moment in range(500):
            if await state_of(house.storage, row_id) is Delivery.SENDING:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        await house.close()
    finally:
        await served.close()
    storage = await Storage.open(sqlite_url, new_sealer())
    assert await state_of(storage, row_id) is Delivery.SENT
    await storage.close()


def settings(telegram_url: str, database_url: str) -> dict[str, str]:
    return {
        "PUBLIC_URL": "http://127.0.0.1:1",
        "DATABASE_URL": database_url,
        "SECRET_KEYS": base64.urlsafe_b64encode(b"k" * 32).decode(),
        "OWNERS": "telegram:1001",
        "TELEGRAM_BOT_TOKEN": "700001:AAsandbox-sandbox-sandbox-sandbox-0",
        "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-webhook",
        "TELEGRAM_API_URL": telegram_url,
    }


async def due_now(house: App) -> int:
    now = house.clock.now()
    met = await house.desk.people.meet(MIA, now)
    assert met is not None
    notice = Notice("k", met.person.id, NoticeKind.OPENED, "help", now - timedelta(seconds=1))
    row_id = await house.storage.write(lambda tx: outbox.put(tx, notice, now))
    assert row_id is not None
    return row_id


async def state_of(storage: Storage, row_id: int) -> Delivery:
    found = await storage.read(lambda tx: outbox.find(tx, row_id))
    assert found is not None
    return found.state
