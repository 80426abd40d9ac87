"""Processes forked from one that has loaded the product already: ready in a tenth of the second that imports take.

Each is a process of its own, with its own environment, log and signals; only what Python reads when it starts
(`PYTHON*`, `sys.argv[0]`) is that of the process it was forked from.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOADED = (
    "bot.__main__", "bot.logs", "bot.processes", "bot.doctor", "bot.sweeps", "bot.scheduling.ticker",
    "bot.channels.slack.channel", "bot.channels.telegram.channel", "bot.integrations.payments.stripe.checkout",
    "storage.backends.sqlite", "storage.backends.postgres", "storage.upkeep.migrate", "storage.upkeep.rotation",
    "httpcore", "anyio._backends._asyncio", "stripe._stripe_client", "slack_bolt.listener_matcher.async_builtins",
    "apscheduler.triggers.interval", "apscheduler.executors.asyncio",
)  # fmt: skip
"""With what only some commands, platforms and databases load, and what libraries load when they are first used."""

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([*LOADED, __name__])


class WarmProcess:
    """`module` has a `main` that takes the arguments and returns the exit status, as `bot.__main__` does."""

    def __init__(self, module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._given = module, tuple(arguments), dict(environment)
        self._process: ForkServerProcess | None = None
        self._ended: asyncio.Future[int] | None = None

    async def start(self, out: Path, err: Path | None = None) -> None:
        """What it prints goes to the end of `out`, and its errors to `err` if they are wanted apart."""
        process = _CONTEXT.Process(target=_run, args=(*self._given, str(out), str(err or out)), daemon=True)
        await asyncio.to_thread(process.start)
        loop = asyncio.get_running_loop()
        self._process, self._ended = process, loop.create_future()
        loop.add_reader(process.sentinel, self._end)

    def _end(self) -> None:
        assert self._process is not None
        assert self._ended is not None
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        status = self._process.exitcode
        self._ended.set_result(-signal.SIGKILL if status is None else status)

    @property
    def pid(self) -> int:
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it runs; minus the signal that ended it."""
        return self._ended.result() if self._ended is not None and self._ended.done() else None

    async def wait(self) -> int:
        assert self._ended is not None
        return await asyncio.shield(self._ended)

    def send_signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


def _run(module: str, arguments: Sequence[str], environment: Mapping[str, str], out: str, err: str) -> None:
    for number, path in ((1, out), (2, err)):
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(log, number)
        os.close(log)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    threading.Thread(target=_end_with_the_test, daemon=True).start()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.exit(import_module(module).main(arguments))


def _end_with_the_test() -> None:
    """A run that was killed leaves no process behind."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGKILL)
