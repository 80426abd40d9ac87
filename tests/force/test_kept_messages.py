"""Whatever comes again, wherever: the message that carries the card page or the confirmation stays what it is."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.force.instances import ANA, MIA, Instances, two_desks
from tests.force.test_conversations_at_once import SETUP, Words
from tests.promises.posting import encoded, pressed, update

Sent = dict[str, object]
PAID, FREE = "Coaching 50 min 45", "First talk 30 min 0"
BUTTON = re.compile(r"'(?:callback_data|url)': '([^']+)'")


@pytest.fixture
async def product(tmp_path: Path, database_url: str) -> AsyncIterator[Instances]:
    async with two_desks(tmp_path, database_url) as opened:
        yield await opened.opens_desks()


class Chat:
    """Mia's chat as Telegram shows it, and everything that she said and tapped in it."""

    def __init__(self, product: Instances) -> None:
        self._house = product
        self.came: list[Sent] = []

    def shows(self) -> dict[int, tuple[str, tuple[str, ...]]]:
        """What each message says, and what its buttons carry."""
        messages = self._house.telegram.world.chats[MIA].messages
        return {
            number: (message.content.words.text, tuple(BUTTON.findall(str(message.content.markup))))
            for number, message in messages.items()
        }

    async def says(self, text: str) -> None:
        await self._comes_first(update(next(Words.numbers), text, MIA))

    async def taps(self, address: str) -> None:
        """The newest button to such an address, in the message where it stands."""
        carried = [(data, number) for number, (_words, buttons) in self.shows().items() for data in buttons]
        data, number = next(found for found in reversed(carried) if found[0].lstrip("!").startswith(address))
        one = pressed(next(Words.numbers), data, MIA)
        one["callback_query"]["message"]["message_id"] = number
        await self._comes_first(one)

    async def _comes_first(self, one: Sent) -> None:
        self.came.append(one)
        await self.comes(one, 0)

    async def comes(self, one: Sent, at: int) -> None:
        answer = await self._house.post(self._house.desks[at].poster.telegram(encoded(one)), at)
        assert answer.status == 200
        await self._house.desks[at].quiet()


async def before_the_last_tap(product: Instances, offer: str) -> Chat:
    ana, mia = Words(product, ANA), Chat(product)
    await ana.says(*SETUP, offer, "https://meet.example/ana")
    for text in ("/start", "/book", "Kyiv"):
        await mia.says(text)
    for page in ("days/1/1", "times/1/1", *(["review/"] if offer == FREE else [])):
        await mia.taps(page)
    return mia


async def pays(product: Instances) -> None:
    for page in product.stripe.account.sessions.values():
        async with product.session.post(
            f"{product.served['stripe'].url}/_sandbox/pay", json={"session": page.id}
        ) as answer:
            assert answer.status == 200
    for event in product.stripe.account.events.all.values():
        await product.post(product.desks[0].poster.stripe(json.dumps(event).encode()))
    await product.sweeps()


@pytest.mark.parametrize("goes_on", ["", "/sessions", "/help", "hello there"])
@pytest.mark.parametrize("offer", [PAID, FREE])
async def test_a_late_copy_changes_no_message(product: Instances, offer: str, goes_on: str) -> None:
    mia = await before_the_last_tap(product, offer)
    await mia.taps("hold/")
    if goes_on:
        await mia.says(goes_on)
    stands = mia.shows()
    assert any(words.startswith(("Held:", "Booked:")) for words, _buttons in stands.values())
    for one in mia.came:
        await mia.comes(one, 1)
        assert mia.shows() == stands, one
    if offer == PAID:
        await pays(product)
        stands = mia.shows()
        assert any(words.startswith(("Confirmed:", "Booked:")) for words, _buttons in stands.values())
        for one in mia.came:
            await mia.comes(one, 2)
            assert mia.shows() == stands, one


@pytest.mark.parametrize("offer", [PAID, FREE])
async def test_a_copy_of_the_page_before_comes_while_the_time_is_taken(product: Instances, offer: str) -> None:
    mia = await before_the_last_tap(product, offer)
    await asyncio.gather(mia.taps("hold/"), mia.comes(mia.came[-1], 1), mia.comes(mia.came[-2], 2))
    await product.sweeps()  # what was drawn over meanwhile is drawn again
    kept = [words for words, _buttons in mia.shows().values() if words.startswith(("Held:", "Booked:"))]
    assert len(kept) == 1, mia.shows()


async def test_a_button_of_a_page_that_became_the_confirmation_is_answered_below(product: Instances) -> None:
    """Somebody tapped twice before the first answer was drawn."""
    mia = await before_the_last_tap(product, FREE)
    [place] = [number for number, (_words, buttons) in mia.shows().items() if any("hold/" in to for to in buttons)]
    await mia.taps("hold/")
    stands = mia.shows()
    other = pressed(next(Words.numbers), "days/1/1", MIA)
    other["callback_query"]["message"]["message_id"] = place
    await mia.comes(other, 1)
    assert mia.shows()[place] == stands[place]
    assert len(mia.shows()) == len(stands) + 1


@pytest.mark.parametrize("text", ["/start", "/sessions", "/help", "hello there", "book"])
async def test_a_word_that_reaches_two_processes_at_once_is_answered_once(product: Instances, text: str) -> None:
    mia = Chat(product)
    await mia.says("/start")
    before = len(mia.shows())
    word = update(next(Words.numbers), text, MIA)
    await asyncio.gather(*(mia.comes(word, at) for at in (0, 1, 2)))
    await mia.comes(word, 1)
    assert len(mia.shows()) == before + 1


async def test_a_word_whose_process_died_is_answered_by_its_next_delivery(product: Instances) -> None:
    """It had said that it answers, and nothing reached the chat."""
    mia, parts = Chat(product), product.desks[0].parts
    await mia.says("/start")
    before = len(mia.shows())
    word = update(number := next(Words.numbers), "/sessions", MIA)
    met = await parts.desk.conversations.answers(1, f"telegram:700001:{number}", "sessions", number)
    assert met is not None
    await mia.comes(word, 1)
    assert len(mia.shows()) == before + 1
    await mia.comes(word, 2)
    assert len(mia.shows()) == before + 1
