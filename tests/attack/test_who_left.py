"""A coach who was removed taps everything that ever stood in their chat, once what was kept for them is over."""

import re
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from tests.journeys.stories import FREE, PLACE, arrives, first_day
from tests.support.people.person import Person
from tests.support.people.telegram_hands import TelegramHands
from tests.support.whole_product import WholeProduct

CLIENT = "Mia Kovalenko"


@pytest.fixture
async def product(database_url: str, tmp_path: Path) -> AsyncIterator[WholeProduct]:
    async with WholeProduct(tmp_path, database_url) as opened:
        yield await opened.opens()


@pytest.mark.attack("Was removed as a coach, and taps every button and writes every command from before")
@pytest.mark.timeout(240)
async def test_who_was_removed_reads_nothing_of_clients(
    product: WholeProduct, record_property: Callable[[str, object], None]
) -> None:
    ana, ben = product.owner("slack"), product.person("telegram", "Ben Walker", "Vienna")
    await first_day(ana, FREE)
    await joins(ana, ben)
    mia = await arrives(product.person("telegram", CLIENT, "Vienna"))
    await mia.says("/book")
    await mia.taps("Ben Walker")
    await mia.taps("Wed 3 Feb")
    await mia.taps("18:00")
    await mia.taps("Book it")
    await ben.sees("New booking", CLIENT)
    await ben.says("/clients")
    await ben.sees(CLIENT)
    assert isinstance(ben.hands, TelegramHands)
    old = [
        (seen, key.label, await ben.hands.data(seen, key))
        for seen in await ben.hands.look()
        for key in seen.keys
        if key.url is None
    ]
    await removed(ana)
    await ben.sees("You no longer coach", within=30)
    await product.passes(days=3)  # until then the cancelled session is theirs to read about
    told = len(await ben.hands.look())
    for seen, label, data in old:
        await ben.does(f"taps [{label}] of before", partial(ben.hands.forge, seen, data))
    for command in ("/today", "/clients", "/availability", "/coach"):
        await ben.says(command)
    learnt = [seen.text for seen in (await ben.hands.look())[told:]]
    began = time.monotonic()
    await mia.says("/sessions")
    await mia.sees("Your sessions")
    record_property("outcome", f"{len(old)} old buttons and 4 commands: {len(learnt)} answers, none names a client")
    record_property("cost", f"a client's own page came within {time.monotonic() - began:.1f} s")
    assert len(old) >= 5
    assert not [text for text in learnt if CLIENT in text]


async def joins(owner: Person, coach: Person) -> None:
    await owner.says("/setup")
    await owner.taps("Coaches")
    await owner.taps("Invite a coach")
    await owner.taps("Make a link and a code")
    invitation = await owner.sees("works once", "/coach join")
    code = re.search(r"/coach join (\S+)", invitation.text)
    assert code is not None
    await coach.starts()
    await coach.says(f"/coach join {code[1]}")
    for answer in ("Vienna", "mon-fri 18-20", PLACE):
        await coach.fills(answer)
    await owner.taps("Offers", on="Ben Walker coaches here now")
    await owner.taps("First talk")
    await owner.taps("Who does it")
    await owner.taps("Add Ben Walker")
    await owner.sees("Coaches:", "Ben Walker")


async def removed(owner: Person) -> None:
    """What is booked is cancelled."""
    await owner.says("/setup")
    await owner.taps("Coaches")
    await owner.taps("Ben Walker")
    await owner.taps("Remove")
    await owner.fills("Cancel, refund in full")
    await owner.taps("Remove Ben Walker")
    await owner.sees("no longer coaches here")
