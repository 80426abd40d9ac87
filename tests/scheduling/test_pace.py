"""Messages leave evenly, as many as a platform takes and not one more; the loop's own clock is moved by hand."""

import asyncio
import heapq
import selectors
from collections.abc import Awaitable, Callable, Iterator

import pytest

from bot.chat.limits import ONE_A_SECOND, Limit, Limits
from bot.domain.people.people import Account, Platform
from bot.scheduling.pace import Held, Pace

LIMITS = {
    Platform.TELEGRAM: Limits(Limit(30, 1 / 29.3, 1 / 20), ONE_A_SECOND),
    Platform.SLACK: Limits(Limit(1000, 0.001, 0.001), ONE_A_SECOND),
}


class _AtOnce(selectors.DefaultSelector):
    """Waits for nobody: the time that the loop would sleep passes at once on its clock."""

    passed = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.passed += max(0.0, timeout or 0.0)
        return super().select(0)


@pytest.fixture
def clock() -> _AtOnce:
    return _AtOnce()


@pytest.fixture
def run(clock: _AtOnce) -> Iterator[Callable[[Awaitable[None]], None]]:
    """Runs a story on a loop whose clock jumps to the next thing to do."""
    loop = asyncio.SelectorEventLoop(clock)
    loop.time = lambda: clock.passed  # type: ignore[method-assign]

    def runs(story: Awaitable[None]) -> None:
        loop.run_until_complete(asyncio.ensure_future(story, loop=loop))

    yield runs
    loop.close()


def chat(number: int, platform: Platform = Platform.TELEGRAM, workspace: str = "") -> Account:
    return Account(number, number, platform, workspace, str(number), str(number))


async def send(pace: Pace, to: Account, times: list[float]) -> None:
    async with pace.place(to, first=False):
        await pace.turn(to)
    times.append(asyncio.get_running_loop().time())


def most_in_a_second(times: list[float]) -> int:
    window: list[float] = []
    most = 0
    for each in sorted(times):
        heapq.heappush(window, each)
        while window[0] <= each - 1.0:
            heapq.heappop(window)
        most = max(most, len(window))
    return most


def test_a_limit_of_thirty_a_second_is_used_to_97_percent_and_never_passed(run: Callable[..., None]) -> None:
    times: list[float] = []

    async def story() -> None:
        pace = Pace(dict(LIMITS))
        await asyncio.gather(*(send(pace, chat(number), times) for number in range(600)))

    run(story())
    assert most_in_a_second(times) <= 30
    assert 599 / (times[-1] - times[0]) >= 0.97 * 30


def test_after_a_pause_nothing_is_made_up_for_beyond_the_limit(run: Callable[..., None], clock: _AtOnce) -> None:
    times: list[float] = []

    async def story() -> None:
        pace = Pace(dict(LIMITS))
        sending = [asyncio.create_task(send(pace, chat(number), times)) for number in range(200)]
        for _stall in range(4):
            await asyncio.sleep(0.7)
            clock.passed += 0.6
        await asyncio.gather(*sending)

    run(story())
    assert most_in_a_second(times) <= 30


def test_one_a_second_in_a_chat_and_chats_beside_each_other(run: Callable[..., None]) -> None:
    times: dict[int, list[float]] = {number: [] for number in range(50)}

    async def fill(pace: Pace, number: int) -> None:
        for _message in range(20):
            await send(pace, chat(number, Platform.SLACK, "T1"), times[number])

    async def story() -> None:
        pace = Pace(dict(LIMITS))
        await asyncio.gather(*(fill(pace, number) for number in times))

    run(story())
    for each in times.values():
        assert most_in_a_second(each) == 1
        assert 19 / (each[-1] - each[0]) >= 0.97


def test_while_people_are_answered_a_third_is_left_to_them(run: Callable[..., None]) -> None:
    times: list[float] = []

    async def story() -> None:
        pace = Pace(dict(LIMITS))
        pace.share()
        await asyncio.gather(*(send(pace, chat(number), times) for number in range(80)))
        await asyncio.sleep(10)
        for number in range(80, 140):
            await send(pace, chat(number), times)

    run(story())
    assert most_in_a_second(times[:80]) <= 21
    assert most_in_a_second(times[80:]) > 28


def test_a_refusal_holds_its_chat_and_a_second_one_the_whole_bot(run: Callable[..., None]) -> None:
    async def story() -> None:
        pace = Pace(dict(LIMITS))
        pace.refused(chat(1), 30.0)
        with pytest.raises(Held):
            await send(pace, chat(1), [])
        await send(pace, chat(2), [])
        pace.refused(chat(3), 30.0)
        with pytest.raises(Held) as held:
            await send(pace, chat(4), [])
        assert held.value.seconds == pytest.approx(30, abs=0.1)
        await send(pace, chat(5, Platform.SLACK, "T1"), [])
        await asyncio.sleep(31)
        await send(pace, chat(1), [])

    run(story())


def test_whoever_takes_over_begins_a_little_later(run: Callable[..., None]) -> None:
    times: list[float] = []

    async def story() -> None:
        pace = Pace({Platform.TELEGRAM: Limits(Limit(30, 0.5, 0.5))})
        began = asyncio.get_running_loop().time()
        pace.begin()
        await send(pace, chat(1), times)
        assert times[0] - began >= 0.5

    run(story())


def test_chats_that_are_quiet_are_not_remembered(run: Callable[..., None]) -> None:
    async def story() -> None:
        pace = Pace(dict(LIMITS))
        for number in range(3000):
            await send(pace, chat(number), [])
        assert len(pace._chats) < 1100

    run(story())
