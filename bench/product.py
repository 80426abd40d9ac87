"""`python -m bench.product`: the web process as `rapport web` starts it, without sweeping and sending the outbox.

On Postgres the worker sends; here nobody does, so that the figures of a turn hold nothing of the deliveries.
ROUTES_MORE adds so many routes of no use, to see what they cost.
"""

import asyncio
import os

from aiohttp import web

from bot.chat.router import Route, show
from bot.chat.screen import Screen
from bot.chat.turn import Turn
from bot.config import environment, load
from bot.handlers import routes
from bot.services.desk import Desk
from storage.migrate import migrate


async def nothing(_turn: Turn, _desk: Desk, number: int) -> Screen:
    return Screen(f"Nothing {number}")


def of_no_use(count: int) -> tuple[Route, ...]:
    return tuple(show(f"nothing-{number}/{{number:id}}", nothing) for number in range(count))


routes.ROUTES = (*of_no_use(int(os.environ.get("ROUTES_MORE", "0"))), *routes.ROUTES)


async def main() -> None:
    # The routes are read when these are imported.
    from bot import logs  # noqa: PLC0415
    from bot.doors import doors  # noqa: PLC0415
    from bot.house import build  # noqa: PLC0415
    from bot.web.server import application  # noqa: PLC0415

    settings = load(environment())
    logs.set_up(settings.log_level)
    await migrate(settings.database_url)
    house = await build(settings)
    await house.deliveries.close()
    runner = web.AppRunner(application(doors(house)), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, settings.host, settings.port).start()
    for channel in (house.slack, house.telegram):
        if channel is not None:
            await channel.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
