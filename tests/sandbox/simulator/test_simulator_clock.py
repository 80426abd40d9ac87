"""Moving the sandbox's clock: what falls due on the way comes in order and at its time."""

import aiohttp
import pytest

from tests.support.quiet_product import quiet_stage

HOUR, DAY = 3600.0, 86_400.0


async def _arrivals(url: str) -> list[tuple[int, int]]:
    """When each message was due, and what the clock showed when it came."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}/_sandbox/telegram/chats/1001") as answer:
        messages = [message for message in (await answer.json())["messages"] if message["from_bot"]]
    return [(int(message["text"].split()[1]), message["date"]) for message in messages]


@pytest.mark.parametrize(("tells", "late"), [(True, 5), (False, 16 * 60)])
async def test_a_day_passes_thing_by_thing(tells: bool, late: int) -> None:
    async with quiet_stage() as (stage, product, url):
        product.tells = tells
        stage.standins.telegram.world.chats[1001].started = True
        now = stage.standins.clock.now().timestamp()
        hours = (7.0, 0.5, 2.9) if tells else (1.2, 0.5, 2.9)
        product.due += [now + hour * HOUR for hour in hours] + [now + 9 * DAY]
        moved = await stage.clockwork.advance(DAY if tells else 1.5 * HOUR)
        came = await _arrivals(url)
        assert moved.arrived == len(came) == (3 if tells else 2)
        assert [due for due, _ in came] == sorted(due for due, _ in came)
        assert all(0 <= at - due <= late for due, at in came)


async def test_to_the_next_thing_due_stops_when_it_came() -> None:
    async with quiet_stage() as (stage, product, url):
        stage.standins.telegram.world.chats[1001].started = True
        now = stage.standins.clock.now().timestamp()
        product.due += [now + 30 * HOUR, now + 40 * HOUR]
        assert (await stage.clockwork.to_next()).arrived == 1
        assert stage.standins.clock.offset() == pytest.approx(30 * HOUR, abs=60)
        assert len(await _arrivals(url)) == 1


async def test_nothing_due_ends_after_a_week() -> None:
    async with quiet_stage() as (stage, _product, _url):
        moved = await stage.clockwork.to_next()
        assert (moved.arrived, moved.seconds) == (0, 7 * DAY)
