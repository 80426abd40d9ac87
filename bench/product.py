"""`python -m bench.product`: the web process as `rapport web` starts it, without sweeping and sending the outbox.

On Postgres the worker sends; here nobody does, so that the figures of a turn hold nothing of the deliveries.
ROUTES_MORE adds so many routes of no use, to see what they cost; LOOP=uvloop runs on that event loop instead of
asyncio's. With PROFILE_FILE the process looks at its own calls and statements between SIGUSR1 and SIGUSR2, and writes
what it saw when it ends.
"""

import asyncio
import cProfile
import importlib
import json
import os
import signal
import time
from collections import Counter
from pathlib import Path

import sqlalchemy as sa
from aiohttp import web

from bot.chat.router import Route, show
from bot.chat.screen import Screen
from bot.chat.turn import Turn
from bot.clock import use_pinned_zones
from bot.config import environment, load
from bot.garbage import everything_stays
from bot.handlers import routes
from bot.services.desk import Desk
from storage.upkeep import canary
from storage.upkeep.migrate import migrate


async def nothing(_turn: Turn, _desk: Desk, number: int) -> Screen:
    return Screen(f"Nothing {number}")


def of_no_use(count: int) -> tuple[Route, ...]:
    return tuple(show(f"nothing-{number}/{{number:id}}", nothing) for number in range(count))


routes.ROUTES = (*of_no_use(int(os.environ.get("ROUTES_MORE", "0"))), *routes.ROUTES)


async def main() -> None:
    # The routes are read when these are imported.
    from bot import logs  # noqa: PLC0415
    from bot.app import build  # noqa: PLC0415
    from bot.http_routes import http_routes  # noqa: PLC0415
    from bot.web.limits import Limits, raised_file_limit  # noqa: PLC0415
    from bot.web.server import Runner, application  # noqa: PLC0415

    use_pinned_zones()
    settings = load(environment())
    logs.set_up(settings.log_level)
    await migrate(settings.database_url)
    with everything_stays():
        app = await build(settings)
        app.storage.sealer.stage = await app.storage.write(canary.admit)
        await app.deliveries.close()
        runner = Runner(application(http_routes(app)), Limits().within(raised_file_limit()), shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, settings.host, settings.port).start()
        for channel in app.channels.values():
            await channel.start(receive=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    if file := os.environ.get("PROFILE_FILE"):
        await _looks_at_itself(stop, Path(file))
    else:
        await stop.wait()


async def _looks_at_itself(stop: asyncio.Event, file: Path) -> None:
    """The calls, timed in CPU time, and how often each statement was sent."""
    profile, statements, looking = cProfile.Profile(time.thread_time), Counter[str](), asyncio.Event()

    def sent(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if looking.is_set():
            statements[statement] += 1

    def begin() -> None:
        looking.set()
        profile.enable()

    def end() -> None:
        profile.disable()
        looking.clear()

    sa.event.listen(sa.Engine, "before_cursor_execute", sent)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, begin)
    loop.add_signal_handler(signal.SIGUSR2, end)
    await stop.wait()
    profile.dump_stats(file)
    file.with_suffix(".json").write_text(json.dumps(statements.most_common()))


if __name__ == "__main__":
    loop = importlib.import_module("uvloop").new_event_loop if os.environ.get("LOOP") == "uvloop" else None
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(main())
