"""`rapport demo`: runs the product with stand-ins of every outside service, and a page on which you act as people."""

import asyncio
import contextlib
import signal
import sys

from bot.sandbox import seed
from bot.sandbox.simulator.product import Died
from bot.sandbox.simulator.server import application
from bot.sandbox.simulator.stage import Stage
from bot.sandbox.simulator.standins import HOST
from bot.sandbox.standin import Served, serve

PORTS_TRIED = 50


async def run(port: int, empty: bool) -> int:
    """Serve until Ctrl-C, SIGTERM or the end of the terminal; the exit status. A taken port gives way to the next."""
    stopping = asyncio.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # Windows has no such handlers: there Ctrl-C arrives as KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError, AttributeError):
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), stopping.set)
    stage = Stage(seed.play)
    page: Served | None = None
    try:
        starting = asyncio.create_task(stage.start(empty=empty))
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            return 0
        await starting
        page = await _serve_page(stage, port)
        if stage.trouble:
            _say(stage.trouble)
        _say(f"Rapport is ready: {page.url}/")
        await stopped
        return 0
    except Died as died:
        _say(str(died))
        return 1
    finally:
        if page is not None:
            await page.close()
        await stage.stop()


async def _serve_page(stage: Stage, port: int) -> Served:
    for candidate in range(port, port + PORTS_TRIED):
        try:
            return await serve(application(stage), HOST, candidate)
        except OSError:
            continue
    return await serve(application(stage), HOST, 0)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
