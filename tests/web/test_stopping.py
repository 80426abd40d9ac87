"""A process that stops answers what was sent to it, and waits for nobody slow."""

import asyncio
from dataclasses import replace

from tests.web.doors import HELD, HELLO, PATIENT, Doors, post
from tests.web.raw import opened


async def test_a_process_that_stops_answers_what_is_whole_and_waits_for_nobody_slow(doors: Doors) -> None:
    async with opened(doors.routes(), replace(PATIENT, stop_s=0.1), shutdown_s=20.0) as served:
        working, slow, half = [await served.connect() for _ in range(3)]
        await working.send(HELD)
        await slow.send(post("/echo", b"half", said=8))
        await half.send(b"GET /hello HTTP/1.1\r\n")
        await doors.begun.get()
        stopping = asyncio.create_task(served.runner.cleanup())
        assert [await slow.closed(), await half.closed()] == [b"", b""]
        assert not stopping.done()
        doors.go.set()
        assert (await working.answer())[2] == b"held"
        await stopping


async def test_what_was_on_its_way_when_the_process_was_told_to_stop_is_answered(doors: Doors) -> None:
    async with opened(doors.routes(), PATIENT, shutdown_s=20.0) as served:
        idle, body, head = [await served.connect() for _ in range(3)]
        await idle.send(HELLO)
        await idle.answer()
        await body.send(post("/echo", b"half", said=8))
        await head.send(HELLO[:-4])
        stopping = asyncio.create_task(served.runner.cleanup())
        await asyncio.sleep(0)
        await body.send(b"half")
        await head.send(HELLO[-4:])
        for client, said in ((body, b"halfhalf"), (head, b"hello")):
            _status, headers, heard = await client.answer()
            assert (headers["connection"], heard) == ("close", said)
        assert [await each.closed() for each in (idle, body, head)] == [b"", b"", b""]
        await stopping
