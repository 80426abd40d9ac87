"""Keeps a server waiting, from a process of its own: heads that never end, and bodies that never end.

`python -m tests.attack.slow_sender PORT HALF_OPEN BODIES` prints one line of JSON when all are connected: how many of
each there are. They are fewer where this machine gives a process too few files. Whoever is cut off comes again.
"""

import asyncio
import contextlib
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable

HEAD = b"GET /healthz HTTP/1.1\r\nHost: desk.example.org\r\nX-Slow: "
BODY_BYTES = 1024 * 1024
TRICKLE_S, AGAIN_S = 2.0, 5.0
OTHER_FILES = 50

Begin = Callable[[asyncio.StreamWriter], Awaitable[None]]


def within(half_open: int, bodies: int) -> tuple[int, int]:
    """As many of each as this process may have, once it has asked for all it may ask for."""
    wanted = half_open + bodies + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        part = min(1.0, (soft - OTHER_FILES) / (half_open + bodies))
        return int(half_open * part), int(bodies * part)
    return half_open, bodies


async def half_open(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    await writer.drain()


async def held_body(writer: asyncio.StreamWriter) -> None:
    """With headers that might be Slack's: only the whole body would show that they are not."""
    signature = "v0=" + "0" * 64
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: desk.example.org\r\nContent-Type: application/json\r\n"
        f"Content-Length: {BODY_BYTES}\r\nX-Slack-Request-Timestamp: {int(time.time())}\r\n"
        f"X-Slack-Signature: {signature}\r\n\r\n"
    )
    writer.write(head.encode() + b"x" * (BODY_BYTES - 1000))
    await writer.drain()


async def again_and_again(port: int, begin: Begin, begun: Callable[[], None]) -> None:
    first = True
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await begin(writer)
            if first:
                begun()
                first = False
            await trickle(reader, writer)
        if first:  # cut off before all was sent
            begun()
            first = False
        await asyncio.sleep(AGAIN_S)


async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A byte now and then, until the server has had enough."""
    ended = asyncio.create_task(reader.read())
    while not ended.done():
        await asyncio.wait([ended], timeout=TRICKLE_S)
        writer.write(b"x")
    writer.transport.abort()
    await ended


async def main(port: int, heads: int, bodies: int) -> None:
    heads, bodies = within(heads, bodies)
    waiting, all_begun = heads + bodies, asyncio.Event()

    def begun() -> None:
        nonlocal waiting
        waiting -= 1
        if not waiting:
            all_begun.set()

    senders = [*(half_open for _ in range(heads)), *(held_body for _ in range(bodies))]
    async with asyncio.TaskGroup() as group:
        for begin in senders:
            group.create_task(again_and_again(port, begin, begun))
        await all_begun.wait()
        sys.stdout.write(json.dumps({"half_open": heads, "bodies": bodies}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*(int(each) for each in sys.argv[1:4])))
