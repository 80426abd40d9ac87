"""Two things that one person does at the same moment, each at another process: none is lost, none happens twice."""

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.services.conversation.conversations import Conversations, Taken
from storage.engine import Storage
from storage.people import conversations
from storage.tables import accounts, bookings, offers, payments, persons, practice
from tests.force.instances import ANA, MIA, Instances, two_desks
from tests.promises.posting import encoded, pressed, update
from tests.storage.support import NOW, add_account, new_sealer
from tests.support.whole_product import MONDAY

SETUP = ("/start", "/setup", "Harbour Coaching", "EUR", "Vienna", "mon-fri 9-17")
FORM = {"at": "setup/name", "to": "setup/name/save/aaaaaaaa", "index": 0, "answers": {}}
NEXT = {**FORM, "index": 1, "answers": {"answer": "Harbour"}}
ROUNDS = 5


@pytest.fixture
async def product(tmp_path: Path, database_url: str) -> AsyncIterator[Instances]:
    async with two_desks(tmp_path, database_url) as opened:
        yield opened


class Words:
    """What one person writes and taps, straight to a process; every update has a number of its own."""

    numbers = count(900_000_001)

    def __init__(self, product: Instances, user: int) -> None:
        self._house = product
        self._user = user

    async def says(self, *texts: str, at: int = 0) -> None:
        for text in texts:
            await self._post(update(next(self.numbers), text, self._user), at)

    async def taps(self, data: str, at: int = 0) -> None:
        await self._post(pressed(next(self.numbers), data, self._user), at)

    async def _post(self, sent: dict[str, object], at: int) -> None:
        answer = await self._house.post(self._house.desks[at].poster.telegram(encoded(sent)), at)
        assert answer.status == 200

    def button(self, address: str) -> str:
        """What the newest button to such an address carries."""
        shown = self._house.telegram.world.chats[self._user].messages.values()
        carried = [str(found) for message in shown for found in re.findall(r"'callback_data': '([^']+)'", str(message))]
        return next(data for data in reversed(carried) if data.startswith(address))

    def sees(self) -> str:
        return "\n".join(
            message.content.words.text for message in self._house.telegram.world.chats[self._user].messages.values()
        )


async def rows(product: Instances, table: sa.Table) -> list[dict[str, object]]:
    return await product.desks[0].parts.storage.read(
        lambda tx: [dict(row) for row in tx.execute(table.select().order_by(*table.primary_key)).mappings()]
    )


async def test_of_two_answers_to_one_question_one_counts_and_the_other_is_told(database_url: str) -> None:
    opened = [await Storage.open(database_url, sealer) for sealer in [new_sealer()] * 2]
    account = await opened[0].write(add_account)
    desks = [Conversations(storage) for storage in opened]
    for round_ in range(ROUNDS):
        await desks[0].open_form(account, FORM, NOW)
        steps = await asyncio.gather(
            *(
                desk.step(account, f"telegram:{round_}{name}", FORM, NEXT, NOW)
                for desk, name in zip(desks, "ab", strict=True)
            )
        )
        assert sorted(step.taken.value for step in steps) == ["now", "overtaken"]
        kept = await opened[0].read(lambda tx: conversations.find(tx, account, NOW))
        assert kept.form == NEXT
    for storage in opened:
        await storage.close()


async def test_an_answer_delivered_again_answers_no_later_question(database_url: str) -> None:
    """Not to the next question, nor to another form that is open by then."""
    storage = await Storage.open(database_url, new_sealer())
    account, desk = await storage.write(add_account), Conversations(storage)
    await desk.open_form(account, FORM, NOW)
    assert (await desk.step(account, "slack:Ev1", FORM, NEXT, NOW)).taken is Taken.NOW
    other = {**FORM, "at": "write/7"}
    await desk.open_form(account, other, NOW)
    again = await desk.step(account, "slack:Ev1", other, {**other, "index": 1}, NOW)
    assert (again.taken, again.form) == (Taken.BEFORE, other)
    await storage.close()


async def test_two_answers_at_once_answer_two_questions(product: Instances) -> None:
    """As if one had come after the other: the second is read as the answer to the next question."""
    ana = Words(product, ANA)
    await ana.says("/start", "/setup")
    await asyncio.gather(ana.says("Harbour Coaching", at=0), ana.says("EUR", at=1))
    [kept] = await rows(product, practice)
    if kept["name"] == "EUR":  # it came first, and the other is no currency: that is asked for again
        await ana.says("EUR")
        [kept] = await rows(product, practice)
    assert kept["currency"] == "EUR"
    assert "Setup 3 of 6" in ana.sees()


async def test_a_question_asked_by_an_update_that_came_to_both_is_open_still(product: Instances) -> None:
    mia = Words(product, MIA)
    await mia.says("/start")
    asks = encoded(pressed(next(Words.numbers), "zone/type", MIA))
    for at in (0, 1):
        assert (await product.post(product.desks[at].poster.telegram(asks), at)).status == 200
    await mia.says("Kyiv")
    assert [row["zone"] for row in await rows(product, persons)] == ["Europe/Kyiv"]


async def test_of_two_last_answers_at_once_one_is_sent(product: Instances) -> None:
    ana = Words(product, ANA)
    await ana.says(*SETUP)
    await asyncio.gather(*(ana.says("First talk 30 min 0", at=at) for at in (0, 1, 0, 1)))
    assert len(await rows(product, offers)) == 1


async def test_an_answer_whose_process_died_is_sent_by_its_next_delivery(product: Instances) -> None:
    """What else is said meanwhile is no answer to a question that was answered, and waits for it a second at most."""
    ana, number = Words(product, ANA), next(Words.numbers)
    await ana.says(*SETUP)
    key, answer, storage = f"telegram:700001:{number}", "First talk 30 min 0", product.desks[0].parts.storage
    now = product.clock.now()
    [account] = [int(str(row["id"])) for row in await rows(product, accounts)]
    asked = (await storage.read(lambda tx: conversations.find(tx, account, now))).form
    assert asked is not None
    on_its_way = {**asked, "index": 1, "answers": {"answer": answer}, "sent_by": key}
    step = await product.desks[0].parts.desk.conversations.step(account, key, asked, on_its_way, now)
    assert step.taken is Taken.NOW
    await ana.says("hello", at=1)
    assert await rows(product, offers) == []
    again = product.desks[1].poster.telegram(encoded(update(number, answer, ANA)))
    assert (await product.post(again, 1)).status == 200
    assert [row["name"] for row in await rows(product, offers)] == ["First talk"]
    assert "Setup 6 of 6" in ana.sees()


async def reviewed(product: Instances, offer: str) -> tuple[Words, str]:
    """Mia before the button that holds or books, and what it carries."""
    ana, mia = Words(product, ANA), Words(product, MIA)
    await ana.says(*SETUP, offer, "https://meet.example/ana")
    await mia.says("/start", "/book", "Kyiv")
    if offer.endswith(" 0"):
        await mia.taps("review/1/1/20270203T0900Z")
    else:
        await mia.taps("times/1/1/2027-02-03")
    return mia, mia.button("hold/1/1/20270203T0900Z")


async def test_a_hold_tapped_at_once_and_again_is_one_hold(product: Instances) -> None:
    mia, hold = await reviewed(product, "Coaching 50 min 45")
    await asyncio.gather(*(mia.taps(hold, at=at) for at in (0, 1, 0, 1)))
    await mia.taps(hold)
    assert [row["state"] for row in await rows(product, bookings)] == ["held"]
    assert [row["state"] for row in await rows(product, payments)] == ["open"]
    assert len(product.stripe.account.sessions) == 1
    assert "Nothing was booked" not in mia.sees()


async def test_a_free_session_tapped_at_once_and_again_is_booked_once_and_said_so(product: Instances) -> None:
    mia, book = await reviewed(product, "First talk 30 min 0")
    await asyncio.gather(*(mia.taps(book, at=at) for at in (0, 1, 0, 1)))
    await mia.taps(book)
    assert [row["state"] for row in await rows(product, bookings)] == ["confirmed"]
    assert "Booked: First talk" in mia.sees()
    assert "Nothing was booked" not in mia.sees()


async def test_first_words_at_once_make_one_person(product: Instances) -> None:
    numbers = [next(Words.numbers) for _ in range(6)]
    posts = [product.desks[0].poster.telegram(encoded(update(number, "/start", MIA))) for number in numbers]
    answers = await product.together(posts, [0, 1] * 3)
    assert {answer.status for answer in answers} == {200}
    assert product.clock.now() > MONDAY
    tables = product.desks[0].parts.storage
    assert await tables.read(lambda tx: tx.execute(sa.text("SELECT count(*) FROM persons")).scalar_one()) == 1
    assert await tables.read(lambda tx: tx.execute(sa.text("SELECT count(*) FROM accounts")).scalar_one()) == 1
