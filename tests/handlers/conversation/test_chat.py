"""A client's private chat as a whole: links, words, questions asked one by one, and words that fit nothing."""

from datetime import timedelta

from bot.chat.channel import Incoming, Reply
from bot.chat.turn import Window, WindowKind
from bot.domain.notices.notices import NoticeKind
from bot.domain.people.people import Platform, Profile
from bot.handlers.conversation.chat_front import ChatFront
from storage.notices import outbox
from tests.handlers.bare_chat import GUARD, BareChat, Somebody
from tests.services.bare_practice import OWNER, done

THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")


class Chat(Somebody):
    """`reply` is the last answer; taps go to it as a platform would send them."""

    reply: Reply

    async def _hears(self, key: str | None = None, **said: str) -> None:
        front = ChatFront(self.chat.desk, self.chat.router, GUARD, self.chat.practice.now, wrote=lambda: None)
        window = Window(WindowKind.MESSAGE, chat_ref="1", message_ref="2")
        incoming = Incoming(self.profile, key or self.chat.key(), window, **said)  # type: ignore[arg-type]
        reply = await front.turn(incoming)
        assert reply is not None
        self.reply, self.screen = reply, reply.screen

    async def says(self, words: str, key: str | None = None) -> None:
        await self._hears(key, text=words)

    async def orders(self, command: str) -> None:
        await self._hears(command=command)

    async def follows(self, payload: str) -> None:
        await self._hears(payload=payload)

    async def opens(self, address: str) -> None:
        await self._hears(address=address)

    async def presses(self, words: str) -> None:
        await self.opens(self.button(words).to)


async def test_a_link_leads_straight_to_its_task_after_one_line(chat: BareChat) -> None:
    theo = Chat(chat, THEO)
    await theo.follows(f"offer-{chat.practice.free.id}")
    theo.sees("Hello, I am the booking assistant of Olga's practice, a bot.", "where you are?")
    coach = await chat.practice.coach(chat.practice.coach_id)
    await theo.follows(f"coach-{coach.short_name}")
    theo.sees("What would you like with Olga Owner?")
    assert "Hello" not in theo.text
    await theo.follows("coach-nobody")
    theo.sees("That link was used, withdrawn or is too old")


async def test_a_city_is_typed_where_there_is_no_modal(chat: BareChat) -> None:
    theo = Chat(chat, THEO)
    await theo.follows(f"offer-{chat.practice.free.id}")
    await theo.presses("Change zone")
    await theo.presses("Another city or time")
    theo.sees("Your city, or the time on your clock now", "[Cancel]")
    await theo.says("Nowhereville")
    theo.sees("I do not know “Nowhereville”")
    await theo.says("Kyiv")
    theo.sees("All times are Kyiv time", "[Change zone]")


async def test_a_command_wins_over_an_open_question_and_says_so(chat: BareChat) -> None:
    theo = Chat(chat, THEO)
    await theo.orders("/settings")
    await theo.presses("Change zone")
    await theo.presses("Another city or time")
    await theo.orders("/sessions")
    theo.sees("The question before this one was put aside", "You have nothing booked")


async def test_words_that_fit_nothing_are_repeated_and_then_a_human_is_named(chat: BareChat) -> None:
    done(await chat.desk.practice.set_contact(await chat.practice.act(OWNER), "desk@example.test"))
    theo = Chat(chat, THEO)
    await theo.says("my dog ate $1,000.50 <b>")
    theo.sees("I read “my dog ate $1,000.50 <b>”", "[Intro · 50 minutes · free]")
    await theo.says("really")
    theo.sees("desk@example.test")
    await theo.says("book")
    theo.sees("[Intro · 50 minutes · free]")


async def test_without_a_contact_one_writes_to_the_practice_and_an_owner_is_told_to_set_one(chat: BareChat) -> None:
    theo, olga = Chat(chat, THEO), Chat(chat, OWNER)
    for person in (theo, olga):
        await person.says("purple monkeys")
        await person.says("still purple")
    theo.sees("For a human, type: human. You can go on here:")
    assert "For a human" not in olga.text
    assert "your coach" not in theo.text + olga.text
    await theo.says("Mensch!")
    theo.sees("Talk to a human", "[Write to the practice]", "the answer comes here")
    assert "your sessions" not in theo.text
    await theo.says("help")
    theo.sees("To reach a human, tap “Talk to a human”", "[Talk to a human]")
    await olga.says("Hilfe")
    olga.sees("Clients find no human contact here yet")


async def test_a_chosen_language_is_the_answers_own(chat: BareChat) -> None:
    theo = Chat(chat, THEO)
    await theo.orders("/settings")
    await theo.presses("Language")
    await theo.presses("Deutsch")
    assert theo.reply.language == "de"


async def test_a_city_typed_at_the_question_for_the_clock_is_its_answer(chat: BareChat) -> None:
    theo = Chat(chat, THEO)
    await theo.orders("/book")
    await theo.presses("Intro")
    theo.sees("where you are?")
    await theo.says("Sydney")
    theo.sees("times in Sydney time")


async def test_a_command_of_another_role_is_named_as_such(chat: BareChat) -> None:
    theo = Chat(chat, THEO)
    await theo.orders("/today")
    theo.sees("/today is for coaches", "[Help]")
    await theo.orders("/setup")
    theo.sees("/setup is for the owner of the practice")


class SlackChat(Chat):
    """A chat with modals, and a Home beside it."""

    async def does(self, kind: WindowKind = WindowKind.MESSAGE, *, private: bool = True, **said: object) -> None:
        front = ChatFront(self.chat.desk, self.chat.router, GUARD, self.chat.practice.now, wrote=lambda: None)
        window = Window(kind, chat_ref="D1", message_ref="1.2", private=private)
        said.setdefault("modals", True)
        reply = await front.turn(Incoming(self.profile, self.chat.key(), window, **said))  # type: ignore[arg-type]
        assert reply is not None
        self.reply, self.screen = reply, reply.screen


IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


async def test_help_names_the_page_of_the_chat_and_none_that_is_open_elsewhere(chat: BareChat) -> None:
    booking, iva = await chat.booked(IVA), SlackChat(chat, IVA)
    await iva.does(command="/sessions")
    await iva.does(address=f"write/{booking.id}")
    assert iva.screen.form is not None
    await iva.does(command="/help")
    iva.sees("You are looking at your sessions.")

    await iva.does(WindowKind.HOME, address="settings")
    await iva.does(WindowKind.HOME, address="zone/type")
    assert iva.screen.form is not None
    to = iva.screen.form.to
    await iva.does(WindowKind.HOME, address="help")
    iva.sees("You are in your settings.")
    await iva.does(command="/help")
    iva.sees("You are looking at your sessions.")

    await iva.does(WindowKind.HOME, answers={"where": "Lisbon"}, form_at="zone/type", form_to=to)
    await iva.does(command="/help")
    iva.sees("You are looking at your sessions.")
    await iva.does(WindowKind.MODAL, answers={"text": "Hello"}, form_at=f"write/{booking.id}",
                   form_to=(await iva.turn()).do("write", booking.id, "send"))  # fmt: skip
    await iva.does(command="/help")
    iva.sees("You are looking at one session.")
    await iva.does(WindowKind.EPHEMERAL, private=False, command="/help")
    iva.sees("You are at the start.")


async def test_a_form_that_is_sent_twice_counts_once_and_leads_to_the_same_page(chat: BareChat) -> None:
    """A window whose button was pressed twice is one and the same window."""
    booking, iva = await chat.booked(IVA), SlackChat(chat, IVA)
    to = (await iva.turn()).do("write", booking.id, "send")
    sent = Incoming(IVA, "slack:V1:1", Window(WindowKind.MODAL), answers={"text": "Hello"},
                    form_at=f"write/{booking.id}", form_to=to, modals=True)  # fmt: skip
    said = []
    for _press in range(2):
        front = ChatFront(chat.desk, chat.router, GUARD, chat.practice.now, wrote=lambda: None)
        reply = await front.turn(sent)
        assert reply is not None
        said.append(reply.screen.address)
    assert said == [f"booking/{booking.id}"] * 2
    assert len(await chat.practice.notices("message")) == 1


async def test_a_hold_that_is_taken_in_home_is_told_in_the_chat_at_once(chat: BareChat) -> None:
    """Home keeps no messages; in the chat the answer itself becomes the one about the hold."""
    iva, start = SlackChat(chat, IVA), await chat.next_start(paid=True)
    review = f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{start:%Y%m%dT%H%MZ}"
    await iva.does(address=review)
    await iva.does(address=iva.button("Hold and pay").to)
    assert await due_in(chat, iva) > 0
    later = f"{start + timedelta(minutes=30):%Y%m%dT%H%MZ}"
    await iva.does(WindowKind.HOME, address=f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{later}")
    await iva.does(WindowKind.HOME, address=iva.button("Hold and pay").to)
    iva.sees("Held: Single with Olga Owner")
    assert await due_in(chat, iva) <= 0


async def due_in(chat: BareChat, who: Somebody) -> float:
    """Seconds until the newest message about a hold is sent."""
    held = await chat.practice.bookings.open_hold((await who.turn()).person, chat.practice.now())
    assert held is not None
    rows = await chat.practice.storage.read(lambda tx: outbox.of_subjects(tx, [held.subject]))
    [row] = [row for row in rows if row.notice.kind is NoticeKind.HOLD]
    return (row.notice.due - chat.practice.now()).total_seconds()
