"""A database that can be read and not written to: pages are shown, and what would change something says so."""

import pytest

from storage.engine import StorageAway
from tests.handlers.bare_chat import BareChat
from tests.handlers.conversation.test_chat import THEO, Chat
from tests.support.unwritable import fills_up, has_room_again

SQLITE = "sqlite"


async def test_pages_are_shown_and_nothing_is_done(chat: BareChat) -> None:
    theo = Chat(chat, THEO)
    await theo.follows(f"offer-{chat.practice.free.id}")
    storage = chat.practice.storage
    await fills_up(storage, SQLITE)
    await theo.orders("/sessions")
    theo.sees("nothing booked")
    await theo.orders("/book")
    theo.sees("Intro")
    with pytest.raises(StorageAway):
        await chat.booked(THEO)
    await has_room_again(storage, SQLITE)
    await chat.booked(THEO)
    await theo.orders("/sessions")
    theo.sees("Intro")


async def test_who_was_not_seen_for_days_is_shown_them_too(chat: BareChat) -> None:
    theo = Chat(chat, THEO)
    await theo.orders("/sessions")
    chat.practice.advance(days=3)
    await fills_up(chat.practice.storage, SQLITE)
    await theo.orders("/sessions")
    theo.sees("nothing booked")
