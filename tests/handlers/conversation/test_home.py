"""App Home: what an owner has still to set up, the day of coach and practice, and the outcome of the last act there."""

from dataclasses import replace

from bot.chat.channel import Incoming, Reply
from bot.chat.screen import Button, Style
from bot.chat.turn import Window, WindowKind
from bot.domain.people.people import Profile
from bot.handlers.conversation.chat_front import ChatFront
from bot.services.people.people import People
from bot.services.practice.practice import PracticeService
from storage.engine import Storage
from storage.people import conversations, homes
from tests.handlers.bare_chat import GUARD, BareChat, Somebody, as_text
from tests.handlers.bookings.test_time_picker import IVA
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import CLIENT, OWNER, done


async def hears(chat: BareChat, who: Profile, address: str | None = None) -> Reply:
    """A tap on App Home; without an address, that it was opened."""
    front = ChatFront(chat.desk, chat.router, GUARD, chat.practice.now, wrote=lambda: None)
    window = Window(WindowKind.HOME)
    reply = await front.turn(Incoming(who, chat.key(), window, address=address, home=address is None))
    assert reply is not None
    return reply


def leads(reply: Reply, words: str) -> str:
    buttons = [each for row in reply.screen.buttons for each in row if isinstance(each, Button)]
    return next(each.to for each in buttons if each.text.startswith(words))


async def test_an_outcome_stays_on_home_until_the_next_tap(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    review = await hears(chat, IVA, f"move/{booking.id}")
    review = await hears(chat, IVA, leads(review, "1"))
    moved = await hears(chat, IVA, leads(review, "Move it"))
    assert "Moved, and" in as_text(moved.screen)
    for _look in range(2):
        again = await hears(chat, IVA)
        assert as_text(again.screen) == as_text(moved.screen)
    await hears(chat, IVA, "sessions")
    assert (await hears(chat, IVA)).screen.address == "home"


async def test_what_redraws_home_keeps_the_outcome(chat: BareChat) -> None:
    review = await hears(chat, IVA, f"review/{chat.practice.free.id}/0/{(await chat.next_start()):%Y%m%dT%H%MZ}")
    booked = await hears(chat, IVA, leads(review, "Book it"))
    assert booked.screen.address is not None
    assert (await hears(chat, IVA)).screen.address == booked.screen.address
    met = await chat.desk.people.meet(IVA, chat.practice.now())
    assert met is not None
    [page] = await chat.practice.storage.read(lambda tx: homes.open_pages(tx, [met.person.id]))
    assert page[1:] == (booked.screen.address, "")


async def test_an_older_process_that_turns_the_page_takes_the_outcome_with_it(chat: BareChat) -> None:
    review = await hears(chat, IVA, f"review/{chat.practice.free.id}/0/{(await chat.next_start()):%Y%m%dT%H%MZ}")
    await hears(chat, IVA, leads(review, "Book it"))
    met = await chat.desk.people.meet(IVA, chat.practice.now())
    assert met is not None
    await chat.practice.storage.write(lambda tx: conversations._set(tx, met.account.id, home_address="sessions"))
    assert (await hears(chat, IVA)).screen.address == "home"


async def test_an_owner_reads_what_is_missing_and_the_day_of_the_practice(chat: BareChat) -> None:
    await chat.booked(CLIENT)
    olga = Somebody(chat, OWNER)
    await olga.goes("home")
    olga.sees("Still to set up", "✗ Human contact: clients find none under Help", "[Human contact]", "[My hours]")
    assert "done" not in olga.text
    assert "Your week" not in olga.text
    done(await chat.desk.practice.set_contact(await chat.practice.act(OWNER), "desk@example.test"))
    await olga.goes("home")
    assert "Still to set up" not in olga.text
    assert not [button for button in olga.buttons if button.style is not Style.PLAIN]


async def test_an_owner_of_several_coaches_sees_the_day_of_the_others(chat: BareChat) -> None:
    await ana_coaches(chat)
    olga = Somebody(chat, OWNER)
    await olga.goes("home")
    olga.sees("The other coaches:")


async def test_before_it_is_open_an_owner_is_led_to_the_setup(chat: BareChat, empty: Storage) -> None:
    people = People(empty, [("telegram", "", OWNER.user_ref)])
    chat.use(replace(chat.desk, people=people, practice=PracticeService(empty, chat.desk.deployment)))
    olga = Somebody(chat, OWNER)
    await olga.goes("home")
    olga.sees("The practice is not set up yet", "[Set up the practice]")
    standing_out = [button.text for button in olga.buttons if button.style is Style.PRIMARY]
    assert standing_out == ["Set up the practice"]
