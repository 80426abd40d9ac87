"""Runs each `rapport` command, from the first check to the last open connection.

Modules that only some commands or databases need are imported where they are used: a process is ready sooner and
stays smaller without Alembic and APScheduler.
"""

import asyncio
import errno
import json
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web as http

from bot.app import App, build
from bot.config import Settings
from bot.garbage import everything_stays
from bot.http_routes import came_through, http_routes
from bot.tally import REFUSED
from bot.web.limits import Limits, raised_file_limit
from bot.web.server import Runner, application
from storage.engine import Storage, StorageAway
from storage.sealing import Sealer
from storage.upkeep import canary, revisions

log = logging.getLogger(__name__)

CANNOT_LISTEN = 1
WRONG_SETTINGS = 2
NO_DATABASE = 3
DRAIN_SECONDS = 10.0
BACKLOG = 1024
"""Connections that may wait to be taken: more than a burst, since what finds no place comes again a second later."""


class CannotListen(Exception):
    """Why the port stays closed, in one sentence for the operator."""


async def web(settings: Settings) -> int:
    """Answer chats and webhooks until SIGTERM; on SQLite also sweep."""
    return await _live(settings, "web", _serve)


async def worker(settings: Settings) -> int:
    """Send and sweep until SIGTERM."""
    return await _live(settings, "worker", _work)


async def _live(settings: Settings, kind: str, life: Callable[[App, AsyncExitStack], Awaitable[None]]) -> int:
    stop = _stop_event()  # first: a process told to stop while it starts closes what it opened
    async with AsyncExitStack() as stack:
        with everything_stays():
            refused = await _begun(settings, kind, life, stack)
        if refused is not None:
            return refused
        await stop.wait()
    return 0


async def _begun(
    settings: Settings, kind: str, life: Callable[[App, AsyncExitStack], Awaitable[None]], stack: AsyncExitStack
) -> int | None:
    """The exit status of a process that cannot live; None once it does. `stack` closes what was opened."""
    try:
        app = await build(settings)
        stack.push_async_callback(app.close)
        if not await _schema_fits(app.storage, settings):
            return NO_DATABASE
        if not await _keys_fit(app.storage):
            return WRONG_SETTINGS
        await _compare_owners(app)
        stack.push_async_callback(app.keys.leave)
        watching = asyncio.create_task(app.keys.run(kind))
        stack.callback(watching.cancel)
        await life(app, stack)
    except StorageAway as away:
        return _away(away)
    except CannotListen as refused:
        _say(str(refused))
        return CANNOT_LISTEN
    return None


async def _compare_owners(app: App) -> None:
    for change in await app.desk.people.compare_owners(app.clock.now()):
        said = "owner.named" if change.named else "owner.no_longer_named"
        log.warning(said, extra={"ids": {"person": change.person_id, "accounts": list(change.refs)}})


async def _serve(app: App, stack: AsyncExitStack) -> None:
    await app.probe.start()
    stack.callback(REFUSED.end)
    limits = Limits().within(raised_file_limit())
    runner = Runner(application(http_routes(app), came_through(app)), limits, shutdown_timeout=DRAIN_SECONDS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await _listen(runner, app.settings.host, app.settings.port)
    await _start_channels(app, receive=True)
    if app.settings.database_url.startswith("sqlite"):
        await _sweep(app, stack)
    log.info("listening", extra={"ids": {"port": app.settings.port}})


async def _listen(runner: http.AppRunner, host: str, port: int) -> None:
    try:
        await http.TCPSite(runner, host, port, backlog=BACKLOG).start()
    except OSError as error:
        why = {
            errno.EADDRINUSE: f"port {port} of {host} is taken: stop what listens there, or set PORT to another",
            errno.EACCES: f"port {port} needs more rights than this process has: set PORT to one above 1023",
        }.get(error.errno or 0, f"{host} is no address of this machine: set HOST to one, such as 127.0.0.1 or 0.0.0.0")
        raise CannotListen(f"Rapport cannot listen: {why}.") from error


async def _work(app: App, stack: AsyncExitStack) -> None:
    await app.probe.start()
    await _start_channels(app, receive=False)
    await _sweep(app, stack)


async def _start_channels(app: App, *, receive: bool) -> None:
    if not app.channels:
        _say("No chat is set up, so nobody can write to Rapport: `rapport doctor` says what Slack and Telegram need.")
    for channel in app.channels.values():
        await channel.start(receive=receive)


async def _sweep(app: App, stack: AsyncExitStack) -> None:
    from bot import sweeps
    from bot.scheduling.ticker import Ticker

    ticker = Ticker(sweeps.all_sweeps(app), app.clock.now)
    ticker.start()
    stack.push_async_callback(ticker.stop)
    stack.callback(app.deliveries.stop)  # before the ticker waits for what is under way: a long sweep ends early
    following = asyncio.create_task(ticker.follow_jumps())
    stack.callback(following.cancel)


async def _schema_fits(storage: Storage, settings: Settings) -> bool:
    """An empty database is migrated, under a lock; one of another version is refused in one sentence."""
    match await revisions.of(storage):
        case "empty":
            return await _migrated(settings)
        case "old":
            _say("The database has an older schema than this version: run `rapport migrate`, then start again.")
        case "newer":
            _say("The database has a newer schema than this version: start the newer version of Rapport.")
        case "closed":
            _say("The role of DATABASE_URL lacks a right on the tables: run `rapport migrate` as their owner.")
        case _:
            return True
    return False


async def _keys_fit(storage: Storage) -> bool:
    """Nothing is written with keys that do not open what is there."""
    try:
        storage.sealer.stage = await storage.write(canary.admit)
    except canary.WrongKeys as wrong:
        _say(str(wrong))
        return False
    return True


async def migrate(settings: Settings) -> int:
    try:
        if not await _migrated(settings):
            return NO_DATABASE
    except StorageAway as away:
        return _away(away)
    _say("The database has the newest schema.")
    return 0


async def _migrated(settings: Settings) -> bool:
    from storage.upkeep import migrate as migrations

    try:
        await migrations.migrate(settings.database_url)
    except migrations.CannotMigrate as refused:
        _say(str(refused))
        return False
    return True


def _away(away: StorageAway) -> int:
    _say(f"The database of DATABASE_URL does not answer: {away}")
    return NO_DATABASE


async def doctor(settings: Settings, vendor: str | None, days: int) -> int:
    """One line for the database and each integration, or for each difference of the books from those of a vendor;
    status 1 when one is broken."""
    from bot import doctor as checks

    lines = await (checks.all_lines(settings) if vendor is None else checks.books(settings, days))
    for line in lines:
        _print(f"{line.state:<7} {line.name:<9} {line.words}")
    return 1 if any(line.state == "broken" for line in lines) else 0


async def rotate_keys(settings: Settings) -> int:
    """Seal everything anew with the first of SECRET_KEYS."""
    from storage.journal import processes as running
    from storage.upkeep import rotation

    storage = await Storage.open(settings.database_url, Sealer(settings.secret_keys))
    try:
        if not await _schema_fits(storage, settings):
            return NO_DATABASE
        tables = await rotation.rotate(storage)
        late = await storage.read(rotation.sealing_otherwise)
    except rotation.CannotRotate as refused:
        _say(str(refused))
        return 1
    except canary.WrongKeys as wrong:
        _say(str(wrong))
        return WRONG_SETTINGS
    finally:
        await storage.close()
    for name, result in tables.items():
        _print(f"{name}: {_rotated(result.done, result.unreadable)}")
    if late:
        _say(
            f"{running.named(late)} {'seals' if len(late) == 1 else 'seal'} with another key: put the first of these "
            "SECRET_KEYS first there too, restart, and run this again."
        )
    return 1 if late or any(result.unreadable for result in tables.values()) else 0


def _rotated(done: int, unreadable: int) -> str:
    sealed = f"{done} value{'' if done == 1 else 's'} sealed anew" if done else "nothing had to be sealed anew"
    return f"{sealed}; left as they are, since no key of SECRET_KEYS opens them: {unreadable}" if unreadable else sealed


async def backup(settings: Settings, to: Path) -> int:
    """Copy the SQLite database beside the running product; status 1 when there is no copy."""
    from storage.backends.urls import parse
    from storage.upkeep import backup as backups

    database = parse(settings.database_url).file
    if database is None:
        _say("`rapport backup` copies SQLite. For Postgres: pg_dump --enable-row-security, as the owner of the tables.")
        return 1
    try:
        copied = await asyncio.to_thread(backups.copy, database, to, _copying)
    except backups.CannotBackUp as refused:
        _say(str(refused))
        return 1
    _print(f"{to}: {copied.rows} rows in {copied.tables} tables, {copied.bytes} bytes, schema {copied.revision}.")
    return 0


def _copying(left: int, whole: int) -> None:
    _say(f"{whole - left} of {whole} pages copied.")


async def trace(settings: Settings, reference: str) -> int:
    """The steps behind a reference, as JSON lines."""
    from storage.journal import faults

    storage = await Storage.open(settings.database_url, Sealer(settings.secret_keys))
    try:
        found = await storage.read(lambda tx: faults.find(tx, reference.strip().upper()))
    finally:
        await storage.close()
    if found is None:
        _say(f"There is no reference {reference} here.")
        return 1
    _print(f"{reference} at {found.at.isoformat()}")
    for step in found.trail:
        _print(json.dumps(step, default=str))
    return 0


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
