"""Sentences lead to where their person does what they said; labels, replies and misses."""

from datetime import timedelta

import sqlalchemy as sa

from bot.domain.people.people import Platform, Profile
from storage.instants import to_epoch
from storage.journal import drafts
from storage.tables import messages, outbox
from tests.handlers.bare_chat import BareChat
from tests.handlers.conversation.test_chat import Chat
from tests.services.bare_practice import OWNER, made

IVA = Profile(Platform.TELEGRAM, "", "7002", "7002", "Iva", language="en")


async def test_words_about_a_session_lead_to_it_and_keep_the_time(chat: BareChat) -> None:
    iva = Chat(chat, IVA)
    booking = await chat.booked(IVA)
    for words, at in {
        "Termin absagen": f"cancel/{booking.id}",
        "I can't make it": f"booking/{booking.id}",
        "verschieben": f"move/{booking.id}",
        "move my session to friday": f"move/{booking.id}/2026-12-04",
        "how much is it": "prices",
        "stop": "settings/reminders",
        "abmelden": "settings/reminders",
        "wo findet das statt?": "sessions",
        "thanks": "start",
        "talk to a human": "human",
        "can i book thursday at 10": "when/20261203T0900Z",
    }.items():
        await iva.orders("/sessions")
        await iva.says(words)
        assert (iva.screen.address or "").startswith(at), words
    await iva.says("cannot make it on sunday")
    iva.sees("You have no session on Sun", "Your sessions")
    await iva.says("I am running late")
    iva.sees("No session of yours begins in the next hours.")
    chat.practice.advance(seconds=(booking.starts - chat.practice.now() - timedelta(hours=1)).total_seconds())
    await iva.says("I am running late")
    iva.sees("How late will you be?")


async def test_a_command_keeps_the_time_typed_after_it(chat: BareChat) -> None:
    iva = Chat(chat, IVA)
    await iva._hears(command="/book", text="thursday 10am")
    assert iva.screen.address == "when/20261203T0900Z"
    iva.sees("What would you like to book?")
    await iva._hears(command="/book", text="purple")
    iva.sees("I could not read “purple”, so I left it out.")


async def test_words_of_a_coach_never_lead_to_pages_of_a_client(chat: BareChat) -> None:
    olga = Chat(chat, OWNER)
    for words, seen in {
        "who's next": "today",
        "cancel all of friday": "today/2026-12-04",
        "cancel friday": "today/2026-12-04",
        "block tomorrow afternoon": "hours",
        "morgen nachmittag sperren": "hours",
        "bitte freitag blockieren": "hours",
        "tomorrow off": "hours",
    }.items():
        await olga.says(words)
        assert (olga.screen.address or "").startswith(seen), (words, olga.screen.address, olga.text)
    olga.sees("This would change")


async def test_the_label_of_a_shown_button_works_as_it(chat: BareChat) -> None:
    iva = Chat(chat, IVA)
    await iva.orders("/sessions")
    await iva.says("past SESSIONS")
    iva.sees("You have no past sessions")
    await iva.says("zurück")
    assert iva.screen.address == "sessions"
    booking = await chat.booked(IVA)
    await iva.says("/start")
    await iva.orders("/sessions")
    await iva.presses("Cancel ")
    await iva.says("cancel session")
    iva.sees("Please tap the button for this", "[Cancel session]")
    await iva.says("keep it")
    assert (await chat.practice.found(booking.id)).ends > chat.practice.now()


async def test_a_miss_keeps_the_page_and_its_buttons(chat: BareChat) -> None:
    iva = Chat(chat, IVA)
    await iva.orders("/settings")
    await iva.presses("Language")
    await iva.says("purple elephants")
    iva.sees("I read “purple elephants”", "You can go on here:", "[Deutsch]")


async def test_an_answer_to_a_message_is_offered_as_a_reply(chat: BareChat) -> None:
    iva, till = Chat(chat, IVA), chat.practice
    booking = await chat.booked(IVA)
    sent = made(await chat.desk.messages.send(await till.act(OWNER, till.now()), booking.id, "Bring a pen."))
    row = await delivered(chat, sent)
    await iva.says("blue or black, which one do you mean")
    iva.sees("Send this to Olga Owner?", "blue or black, which one do you mean", "Bring a pen.")
    await iva.presses("Send as a reply")
    iva.sees("Sent to Olga Owner.")
    assert await till.count(messages) == 2
    till.advance(hours=3)
    await iva.says("one more thing")
    iva.sees("I read “one more thing”")
    await iva._hears(text="one more thing", replies_to=row)
    iva.sees("Send this to Olga Owner?", "one more thing")
    await iva.presses("Do not send")
    await iva._hears(text="one more thing", replies_to="999")
    iva.sees("I read “one more thing”")


async def test_an_answer_of_another_day_is_no_answer_that_was_sent_before(chat: BareChat) -> None:
    iva, till = Chat(chat, IVA), chat.practice
    booking = await chat.booked(IVA, timedelta(days=6))
    sent = made(await chat.desk.messages.send(await till.act(OWNER, till.now()), booking.id, "Hi"))
    row = await delivered(chat, sent)
    for words in ("blue it is", "no, green"):
        await iva._hears(text=words, replies_to=row)
        await iva.presses("Send as a reply")
        till.advance(days=2)
        await till.storage.write(lambda tx: drafts.forget(tx, till.now()))
    assert await till.count(messages) == 3


async def delivered(chat: BareChat, message: int) -> str:
    """As if it had gone out to this chat; its number there."""
    met = await chat.desk.people.meet(IVA, chat.practice.now())
    assert met is not None
    now = to_epoch(chat.practice.now())
    sent = {"state": "sent", "account_id": met.account.id, "message_ref": "77", "sent_at": now}
    row = sa.update(outbox).where(outbox.c.address == f"message/{message}").values(**sent)
    await chat.practice.storage.write(lambda tx: tx.execute(row).rowcount)
    return "77"
