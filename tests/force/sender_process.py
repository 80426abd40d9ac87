"""A process that sends, as `rapport worker` does, to a platform of few words.

Its environment: DATABASE_URL, SECRET_KEYS, CLOCK_FILE, API_URL, NAME, and A_SECOND, how many messages it may send.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import aiohttp

from bot.chat.channel import NoHistory, PerhapsDelivered, Sent
from bot.chat.limits import Limit, Limits
from bot.chat.screen import Screen
from bot.clock import Clock
from bot.domain.people.people import Account, Platform
from bot.scheduling.deliveries import Deliveries
from bot.scheduling.pace import Pace
from bot.scheduling.sending import Sending
from storage.engine import Storage, StorageAway
from storage.sealing import Sealer

LOOK_S = 0.05


class Wire:
    platform = Platform.TELEGRAM
    limits = Limits()

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        try:
            async with self._session.post(self._url, json={"key": key}) as answer:
                return Sent(to.user_ref, str((await answer.json())["id"]))
        except aiohttp.ClientError as error:
            raise PerhapsDelivered from error

    async def edit(self, to: Account, sent: Sent, screen: Screen) -> None:
        raise AssertionError("nothing changes here")

    async def find(self, to: Account, key: str, since: datetime) -> Sent | None:
        raise NoHistory

    async def answers(self) -> bool:
        return True

    async def publish_home(self, to: Account, screen: Screen) -> None:
        raise AssertionError("nobody is at home")


async def visit(_person_id: int, _account: Account, address: str) -> Screen:
    return Screen(address)


async def sweep(deliveries: Deliveries, stop: asyncio.Event) -> None:
    while not stop.is_set():
        with contextlib.suppress(StorageAway):
            await deliveries.sweep()
        await asyncio.sleep(LOOK_S)


def main(_arguments: Sequence[str]) -> int:
    asyncio.run(send())
    return 0


async def send() -> None:
    env, stop = os.environ, asyncio.Event()
    storage = await Storage.open(env["DATABASE_URL"], Sealer([env["SECRET_KEYS"]]))
    a_second = int(env["A_SECOND"])
    limit = Limit(a_second, 1 / a_second, 1 / a_second)
    async with aiohttp.ClientSession() as session:
        wire, clock = Wire(session, f"{env['API_URL']}/{env['NAME']}"), Clock(Path(env["CLOCK_FILE"]))
        pace = Pace({wire.platform: Limits(limit)})
        deliveries = Deliveries(Sending(storage, {wire.platform: wire}, visit, clock.now, pace))
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        sweeping = asyncio.create_task(sweep(deliveries, stop))
        await stop.wait()
        await deliveries.close()
        await sweeping
    await storage.close()
