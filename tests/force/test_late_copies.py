"""What a person said or did before, coming again or for the first time after what they did next, at another process.

It answers no question that was asked later, closes none, and does not change where the chat stands.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage.people import conversations as conversations_kept
from storage.tables import accounts, bookings, conversations, persons, practice
from tests.force.instances import ANA, MIA, Instances, two_desks
from tests.force.test_conversations_at_once import SETUP, Words, reviewed, rows
from tests.promises.posting import encoded, pressed, update

Sent = dict[str, object]


@pytest.fixture
async def product(tmp_path: Path, database_url: str) -> AsyncIterator[Instances]:
    async with two_desks(tmp_path, database_url) as opened:
        yield opened


async def comes(product: Instances, *sent: Sent, at: int = 0) -> None:
    for one in sent:
        answer = await product.post(product.desks[at].poster.telegram(encoded(one)), at)
        assert answer.status == 200


def said(text: str, who: int) -> Sent:
    return update(next(Words.numbers), text, who)


def tapped(data: str, who: int = MIA) -> Sent:
    return pressed(next(Words.numbers), data, who)


async def kept(product: Instances, column: sa.Column[Any]) -> list[Any]:
    return [row[column.name] for row in await rows(product, column.table)]


async def test_words_said_before_a_question_are_no_answer_to_it(product: Instances) -> None:
    await comes(product, said("/start", ANA))
    words, never_came = said("Harbour", ANA), said("Mole", ANA)
    await comes(product, words, said("/setup", ANA))
    asked = Words(product, ANA).sees().count("Setup 1 of 6")
    await comes(product, words, at=1)  # was answered, and that stands
    assert Words(product, ANA).sees().count("Setup 1 of 6") == asked
    await comes(product, never_came, at=1)
    assert await rows(product, practice) == []
    assert Words(product, ANA).sees().count("Setup 1 of 6") == asked + 1
    await comes(product, said("Pier", ANA))
    assert await kept(product, practice.c.name) == ["Pier"]


async def test_an_answer_that_could_not_stand_is_none_to_the_next_question(product: Instances) -> None:
    await comes(product, said("/start", ANA), said("/setup", ANA), said("Harbour", ANA))
    wrong = said("Vienna", ANA)
    await comes(product, wrong, said("EUR", ANA))
    await comes(product, wrong, at=1)
    assert await kept(product, practice.c.zone) == [None]
    await comes(product, said("Kyiv", ANA))
    assert await kept(product, practice.c.zone) == ["Europe/Kyiv"]


@pytest.mark.parametrize("what", ["a page", "a command", "words", "Cancel"])
async def test_what_closed_an_earlier_question_closes_no_later_one(product: Instances, what: str) -> None:
    await comes(product, said("/start", MIA), tapped("zone/type"))
    closes = {
        "a page": lambda: tapped("settings"),
        "a command": lambda: said("/sessions", MIA),
        "words": lambda: said("cancel", MIA),
        "Cancel": lambda: tapped("form/cancel"),
    }[what]()
    await comes(product, closes, tapped("zone/type"))
    asked = await kept(product, conversations.c.form_sealed)
    await comes(product, closes, at=1)
    assert await kept(product, conversations.c.form_sealed) == asked != [None]
    await comes(product, said("Kyiv", MIA))
    assert await kept(product, persons.c.zone_from) == ["asked"]


async def test_words_said_elsewhere_are_no_answer_on_a_page_of_choices(product: Instances) -> None:
    await comes(product, said("/start", MIA))
    words = said("Vienna", MIA)
    await comes(product, words, tapped("zone"))
    await comes(product, words, at=1)
    assert await kept(product, persons.c.zone_from) == [None]
    await comes(product, said("Kyiv", MIA))
    assert await kept(product, persons.c.zone_from) == ["asked"]


async def test_the_page_shown_last_is_where_the_chat_stands(product: Instances) -> None:
    """Whichever came first."""
    await comes(product, said("/start", MIA))
    before, after = said("/sessions", MIA), tapped("zone")
    await comes(product, after)
    await comes(product, before, at=1)
    assert await kept(product, conversations.c.chat_address) == ["zone"]
    await comes(product, said("Kyiv", MIA))
    assert await kept(product, persons.c.zone_from) == ["asked"]


async def test_what_was_tapped_for_is_done_though_it_comes_late(product: Instances) -> None:
    """Once, and the question that was asked meanwhile is open still."""
    _mia, hold = await reviewed(product, "Coaching 50 min 45")
    act, after = tapped(hold), tapped("zone/type")
    await comes(product, after)
    asked = await kept(product, conversations.c.form_sealed)
    for at in (1, 0, 1):
        await comes(product, act, at=at)
    assert await kept(product, bookings.c.state) == ["held"]
    assert await kept(product, conversations.c.form_sealed) == asked
    await comes(product, said("Vienna", MIA))
    assert "Europe/Vienna" in await kept(product, persons.c.zone)


async def test_a_late_line_does_not_wait_for_ever_for_a_form_on_its_way(product: Instances) -> None:
    """Whose process died: after a second the form is taken for closed, as by anything else that is said."""
    line, ana, storage = said("/availability any time", ANA), Words(product, ANA), product.desks[0].parts.storage
    await ana.says(*SETUP)
    [account] = await kept(product, accounts.c.id)
    now = product.clock.now()
    asked = (await storage.read(lambda tx: conversations_kept.find(tx, account, now))).form
    assert asked is not None
    sent = {**asked, "index": 1, "answers": {"answer": "First talk 30 min 0"}, "sent_by": "telegram:1:1"}
    order = next(Words.numbers)
    await product.desks[0].parts.desk.conversations.step(account, "telegram:1:1", asked, sent, now, order)
    async with asyncio.timeout(20):
        await comes(product, line)
    assert (await storage.read(lambda tx: conversations_kept.find(tx, account, now))).form == sent


async def test_numbers_that_begin_anew_are_no_old_ones(product: Instances) -> None:
    """Telegram's do after a week without updates, and with another bot."""
    await comes(product, said("/start", MIA), tapped("zone/type"))
    await comes(product, update(17, "/sessions", MIA), pressed(18, "zone", MIA), update(19, "Kyiv", MIA))
    assert await kept(product, persons.c.zone_from) == ["asked"]
