"""What every stand-in has: a clock that processes share, a journal, faults on request."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from bot.sandbox.standin import SandboxClock, StandIn, serve


class Counter(StandIn):
    """Counts the work that was really done."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.done = 0
        self.app.router.add_post("/api/count", self._count)

    async def _count(self, request: web.Request) -> web.Response:
        self.done += 1
        return web.json_response({"done": self.done, "sent": sorted(await request.post())})


@pytest_asyncio.fixture
async def counter() -> AsyncIterator[tuple[Counter, str, aiohttp.ClientSession]]:
    stand_in = Counter()
    served = await serve(stand_in.app)
    async with aiohttp.ClientSession() as session:
        yield stand_in, served.url, session
    await served.close()


def test_a_moved_clock_is_seen_by_every_reader_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    here, there = SandboxClock(file), SandboxClock(file)
    assert there.offset() == 0.0
    here.advance(3600)
    here.advance(86400.5)
    assert there.offset() == pytest.approx(90000.5)
    assert there.now().timestamp() == pytest.approx(time.time() + 90000.5, abs=5)
    assert there.real_now().timestamp() == pytest.approx(time.time(), abs=5)
    assert there.now().utcoffset() is not None


@pytest.mark.parametrize(
    ("kind", "done", "status"),
    [
        ("timeout_before", 0, None),
        ("timeout_after", 1, None),
        ("cut", 0, None),
        ("cut_after", 1, None),
        ("status", 0, 503),
        ("rate_limit", 0, 429),
        ("slow", 1, 200),
    ],
)
async def test_a_fault_strikes_as_often_as_asked_and_no_longer(
    counter: tuple[Counter, str, aiohttp.ClientSession], kind: str, done: int, status: int | None
) -> None:
    stand_in, url, session = counter
    asked = {"match": "cou*", "kind": kind, "seconds": 0.05, "status": 503, "retry_after": 7}
    async with session.post(f"{url}/_sandbox/faults", json=asked) as answer:
        assert answer.status == 200
    if status is None:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.post(f"{url}/api/count")
    else:
        async with session.post(f"{url}/api/count") as answer:
            assert answer.status == status
            assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)
    assert stand_in.done == done
    async with session.post(f"{url}/api/count") as answer:
        assert (await answer.json())["done"] == done + 1


async def test_the_journal_keeps_what_was_sent_and_answered(
    counter: tuple[Counter, str, aiohttp.ClientSession],
) -> None:
    stand_in, url, session = counter
    form = aiohttp.FormData({"text": "hello"})
    form.add_field("photo", b"abc", filename="slip.png", content_type="image/png")
    async with session.post(f"{url}/api/count?chat=7", data=form) as answer:
        assert (await answer.json())["sent"] == ["photo", "text"]
    async with session.get(f"{url}/_sandbox/journal", params={"name": "count"}) as answer:
        [call] = (await answer.json())["calls"]
    photo = {"filename": "slip.png", "content_type": "image/png", "size": 3}
    assert call["params"] == {"chat": "7", "text": "hello", "photo": photo}
    assert (call["answer_status"], call["answer"]["done"]) == (200, 1)
    async with session.delete(f"{url}/_sandbox/journal") as answer:
        assert answer.status == 200
    assert stand_in.journal.calls() == []


@pytest.mark.parametrize("wrong", [{"match": "*", "kind": "flood"}, {"match": "*", "kind": "cut", "colour": 1}])
async def test_an_unknown_fault_is_refused(
    counter: tuple[Counter, str, aiohttp.ClientSession], wrong: dict[str, object]
) -> None:
    _, url, session = counter
    async with session.post(f"{url}/_sandbox/faults", json=wrong) as answer:
        assert answer.status == 400


async def test_an_app_that_finds_its_port_taken_is_closed_again() -> None:
    lives: list[str] = []

    async def life(_app: web.Application) -> AsyncIterator[None]:
        lives.append("open")
        yield
        lives.append("closed")

    app = web.Application()
    app.cleanup_ctx.append(life)
    first = await serve(web.Application())
    with pytest.raises(OSError):
        await serve(app, port=first.port)
    await first.close()
    assert lives == ["open", "closed"]
