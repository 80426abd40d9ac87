"""One message of a chat has buttons that work, on a platform that no line of the product knows."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from bot.channels.reply import living
from bot.chat.channel import Incoming, Reply, Sent
from bot.chat.screen import Kept
from bot.chat.turn import Window, WindowKind
from bot.domain.notices.notices import NoticeKind
from bot.domain.people.people import Account, Profile, Unreachable
from bot.domain.subjects import Subject
from storage.engine import StorageAway
from tests.channels.reply.fake_platform import FakeChat, page, tap, typed

HERE = Window(WindowKind.MESSAGE, "chat")
HOLD = Kept(NoticeKind.HOLD, Subject("booking", 7))


@dataclass
class Listener:
    """A front that only listens. `about` is the message about a hold, as the outbox knows it."""

    living: str | None = None
    about: str | None = None
    away: bool = False
    stay: set[str] = field(default_factory=set)
    unseen_replies: list[tuple[str, float]] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    redrawn: list[str] = field(default_factory=list)
    gone_on: bool = False
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def turn(self, incoming: Incoming) -> Reply | None:
        raise NotImplementedError

    async def turned_away(self, incoming: Incoming) -> Reply | None: ...

    async def shown(self, account: Account, message_ref: str | None, key: str | None = None) -> None:
        if self.away:
            raise StorageAway("away")
        self.living = message_ref

    async def is_living(self, account: Account, message_ref: str) -> bool:
        self.again.append(message_ref)
        return not self.gone_on

    async def drawn_over(self, account: Account, message_ref: str) -> None:
        self.redrawn.append(message_ref)

    async def kept(self, account: Account, what: Kept, sent: Sent, key: str | None = None) -> str | None:
        before, self.about = self.about, sent.message_ref
        self.stay.add(sent.message_ref)
        return before

    def keeps(self, account: Account, message_ref: str) -> bool:
        return message_ref in self.stay

    async def unseen(self, reply: Reply, seconds: float) -> None:
        if self.away:
            raise StorageAway("away")
        self.unseen_replies.append((reply.screen.title, seconds))
        self.told.set()

    async def reachable(self, profile: Profile, why_not: Unreachable | None) -> None: ...

    async def profile_changed(self, profile: Profile) -> None: ...

    async def workspace_gone(self, workspace: str, at: object) -> None: ...

    def menu(self, language: str, roles: object) -> list[tuple[str, str]]:
        return []


@pytest.fixture
def front() -> Listener:
    return Listener()


@pytest.fixture
def chat() -> FakeChat:
    return FakeChat()


async def test_words_are_answered_below_and_what_was_above_loses_its_buttons(chat: FakeChat, front: Listener) -> None:
    await living.stand(front, chat, HERE, typed("first"))
    await living.stand(front, chat, HERE, typed("second", front.living))
    assert chat.seen == [("first", False), ("second", True)]
    assert front.living == "m1"


async def test_a_tap_changes_the_message_it_was_made_on(chat: FakeChat, front: Listener) -> None:
    await living.stand(front, chat, HERE, typed("first"))
    await living.stand(front, chat, *tap("m0", "on", "m0"))
    assert chat.seen == [("on", True)]


async def test_a_tap_on_an_older_message_is_answered_below(chat: FakeChat, front: Listener) -> None:
    """It may be the one about a booking by now, over which no page is written."""
    for title in ("old", "new"):
        await living.stand(front, chat, HERE, typed(title))
    await living.stand(front, chat, *tap("m0", "on", "m1"))
    assert (chat.seen, front.living) == ([("old", True), ("new", False), ("on", True)], "m2")


async def test_no_page_is_written_over_the_message_about_a_booking(chat: FakeChat, front: Listener) -> None:
    """Not by a turn either that began when it was the living one still."""
    await living.show(front, chat, HERE, typed("first"))
    window, held = tap("m0", "", "m0")
    await living.show(front, chat, window, replace(held, screen=replace(page("Held"), kept=HOLD)))
    await living.show(front, chat, *tap("m0", "a page", "m0"))
    assert chat.seen == [("Held", True), ("a page", True)]


async def test_what_comes_again_is_shown_where_it_stands(chat: FakeChat, front: Listener) -> None:
    await living.show(front, chat, HERE, typed("first"))
    window, reply = tap("gone", "on", "m0")
    await living.show(front, chat, window, replace(reply, again=True))
    assert (chat.seen, front.living) == ([("on", True)], "m0")
    assert front.again == ["m0"]  # another process may have made it a message about a booking meanwhile
    front.gone_on = True
    await living.show(front, chat, window, replace(reply, again=True))
    assert front.redrawn == ["m0"]


@pytest.mark.parametrize(("slow_s", "looks"), [(0.0, ["m0"]), (60.0, [])])
async def test_a_page_that_was_long_on_its_way_looks_whether_it_was_overtaken(
    chat: FakeChat, front: Listener, monkeypatch: pytest.MonkeyPatch, slow_s: float, looks: list[str]
) -> None:
    """The message may have become the confirmation at another process, and the page is drawn over that."""
    monkeypatch.setattr(living, "SLOW_S", slow_s)
    await living.show(front, chat, HERE, typed("first"))
    chat.meanwhile = lambda: asyncio.sleep(0.01)
    front.gone_on = True
    await living.show(front, chat, *tap("m0", "a page", "m0"))
    assert front.again == front.redrawn == looks


async def test_what_waited_is_not_shown_where_the_chat_has_gone_on(chat: FakeChat, front: Listener) -> None:
    """At another process, say, where the message became that about a booking meanwhile."""
    await living.show(front, chat, HERE, typed("first"))
    window, reply = tap("m0", "late", "m0")
    front.gone_on = True
    assert await living.show(front, chat, window, replace(reply, waited=True)) is None
    assert chat.seen == [("first", True)]
    front.gone_on = False
    await living.show(front, chat, window, replace(reply, waited=True))
    assert chat.seen == [("late", True)]


async def test_what_comes_again_after_a_message_about_a_booking_says_nothing(chat: FakeChat, front: Listener) -> None:
    held = replace(page("Held"), kept=HOLD)
    await living.show(front, chat, HERE, typed("", screen=held))
    window, reply = tap("m0", "", None)
    for again in (replace(reply, again=True), replace(reply, again=True, screen=held)):
        await living.show(front, chat, window, again)
    await living.show(front, chat, HERE, typed("help", None))
    await living.show(front, chat, window, replace(reply, again=True, screen=held, living_ref="m1"))
    assert chat.seen == [("Held", True), ("help", True)]


async def test_an_answer_from_nowhere_stands_in_the_living_message(chat: FakeChat, front: Listener) -> None:
    """As that to a form in a window of its own."""
    await living.stand(front, chat, HERE, typed("first"))
    await living.stand(front, chat, HERE, replace(typed("saved", "m0"), new=False))
    assert chat.seen == [("saved", True)]


async def test_a_notice_stays_as_it_is(chat: FakeChat, front: Listener) -> None:
    await chat.post(page("a reminder"), notice=True)
    await living.stand(front, chat, *tap("m0", "on", None, notice=True))
    assert chat.seen == [("a reminder", True), ("on", True)]


async def test_a_message_that_is_gone_gives_way_to_a_new_one(chat: FakeChat, front: Listener) -> None:
    await living.stand(front, chat, *tap("gone", "on", None))
    assert (chat.seen, front.living) == ([("on", True)], "m0")


async def test_where_nothing_can_be_changed_everything_comes_below(front: Listener) -> None:
    chat = FakeChat(fixed=True)
    await living.stand(front, chat, HERE, typed("first"))
    await living.stand(front, chat, *tap("m0", "second", "m0"))
    assert chat.seen == [("first", True), ("second", True)]
    assert front.living == "m1"


async def test_the_earlier_message_of_a_hold_leads_to_the_one_that_took_its_place(
    chat: FakeChat, front: Listener
) -> None:
    held = replace(page("Held"), kept=HOLD)
    await living.stand(front, chat, HERE, typed("", screen=held))
    await living.stand(front, chat, HERE, typed("", screen=held))
    assert chat.seen == [("This hold continues below.", False), ("Held", True)]
    assert chat.messages["m1"].notice
    await living.stand(front, chat, HERE, typed("", screen=replace(held, kept=replace(HOLD, kind=NoticeKind.BOOKED))))
    assert chat.seen[1:] == [("Held", False), ("Held", True)]


async def test_the_message_about_a_booking_is_never_the_living_one(chat: FakeChat, front: Listener) -> None:
    assert await living.show(front, chat, HERE, typed("", screen=replace(page("Held"), kept=HOLD))) is None
    assert await living.show(front, chat, HERE, typed("next")) == front.living == "m1"
    assert chat.seen == [("Held", True), ("next", True)]


async def test_what_fails_after_the_reply_stands_costs_only_tidiness(chat: FakeChat, front: Listener) -> None:
    await living.stand(front, chat, HERE, typed("first"))
    front.away = True

    async def no_more() -> None:
        chat.meanwhile = cannot_strip

    async def cannot_strip() -> None:
        chat.troubles = [ValueError("not today")]

    chat.meanwhile = no_more
    sent = await living.stand(front, chat, HERE, typed("second", "m0"))
    assert (sent.message_ref, chat.seen) == ("m1", [("first", True), ("second", True)])


def test_slow_work_is_told_of_where_the_answer_will_stand() -> None:
    window = Window(WindowKind.MESSAGE, "chat", "m0")
    assert living.tapped(window) == "m0"
    assert living.tapped(replace(window, notice=True)) is None
    assert living.tapped(replace(window, private=False)) is None
    assert living.tapped(HERE) is None
