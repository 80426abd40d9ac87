"""Sessions for which the coach calls: whose number is asked for, who sees it, and how it is mended."""

import sqlalchemy as sa

from bot.chat.screen import Wrong
from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import Platform, Profile
from bot.handlers.kit.typed import number_words
from storage.tables import bookings
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.conversation.crowded import CALLS, IVA
from tests.handlers.conversation.test_chat import Chat
from tests.services.bare_practice import ANA, OWNER, done

OTHER_OWNER = Profile(Platform.SLACK, "T0AAA", "U0OWN", "D0OWN", "Otto", language="en")
TYPED, NUMBER, OTHER = "050 123 45 67", "+380 50 123 4567", "+43 660 1234567"


async def calling(chat: BareChat) -> None:
    done(await chat.desk.coaches.set_place(await chat.practice.act(OWNER, chat.practice.now()), 1, CALLS))


async def at_the_review(chat: BareChat, *, paid: bool = False, who: Profile = IVA) -> Somebody:
    offer = chat.practice.paid if paid else chat.practice.free
    return await reviewing(Somebody(chat, who), offer.id, f"{await chat.next_start(paid):%Y%m%dT%H%MZ}")


async def reviewing(iva: Somebody, offer: int, at: str) -> Somebody:
    await iva.goes(f"review/{offer}/{iva.chat.practice.coach_id}/{at}")
    return iva


async def booked(chat: BareChat) -> tuple[Somebody, Booking]:
    iva = await at_the_review(chat)
    await iva.fills(phone=TYPED)
    [booking] = await chat.desk.bookings.upcoming((await iva.turn()).person, chat.practice.now())
    return iva, booking


async def test_who_is_called_gives_the_number_in_the_place_of_the_last_tap(chat: BareChat) -> None:
    await calling(chat)
    iva = await at_the_review(chat)
    iva.sees("Your number", "Intro with Olga Owner", "By phone: your coach calls you")
    assert iva.screen.form is not None
    [asked] = iva.screen.form.fields
    assert asked.label == "At which number can Olga Owner call you?"
    assert "such as +380" in (asked.hint or "")
    assert "With your answer it is booked." in (asked.hint or "")
    assert (iva.screen.form.submit, asked.default) == ("Book it", None)
    await iva.fills(phone=TYPED)
    iva.sees("Booked: Intro", f"Olga Owner calls you at {NUMBER}, from {CALLS.details}", "[Change your number]")


async def test_other_places_ask_for_nothing(chat: BareChat) -> None:
    iva = await at_the_review(chat)
    assert iva.screen.form is None
    await iva.taps("Book it")
    iva.sees("Booked: Intro")
    assert not [each for each in iva.buttons if "number" in each.text]


async def test_a_paid_session_keeps_the_number_from_the_hold_on(chat: BareChat) -> None:
    await calling(chat)
    iva = await at_the_review(chat, paid=True)
    await iva.fills(phone=TYPED)
    iva.sees("Held: Single", f"Olga Owner calls you at {NUMBER}", "[Pay €45.00]")
    assert CALLS.details not in iva.text
    held = await chat.desk.bookings.open_hold((await iva.turn()).person, chat.practice.now())
    assert held is not None
    await chat.practice.pays(await chat.practice.page(held))
    await chat.practice.heard()
    await iva.goes(f"booking/{held.id}")
    iva.sees(f"calls you at {NUMBER}, from {CALLS.details}")


async def test_a_button_of_before_asks_for_the_number_first(chat: BareChat) -> None:
    """Made when nobody was asked."""
    await calling(chat)
    iva = await at_the_review(chat)
    assert iva.screen.form is not None
    await iva.goes(iva.screen.form.to)
    assert iva.screen.form is not None
    assert await chat.desk.bookings.upcoming((await iva.turn()).person, chat.practice.now()) == []


async def test_the_coach_of_the_session_sees_it_and_no_other_owner(chat: BareChat) -> None:
    """On the page, in the news of it, in the reminder and on the day's page."""
    await calling(chat)
    _iva, booking = await booked(chat)
    olga = Somebody(chat, OWNER)
    for page in (f"booking/{booking.id}", f"notice/booked/{booking.id}", f"remind/{booking.id}/60"):
        await olga.goes(page)
        olga.sees(f"you call Iva at {NUMBER}, from {CALLS.details}")
    await olga.goes(f"today/{booking.starts.date()}")
    olga.sees(f"you call Iva at {NUMBER}")
    other = Somebody(chat, OTHER_OWNER)
    await other.goes(f"booking/{booking.id}")
    other.sees(f"Olga Owner calls Iva, from {CALLS.details}")
    assert NUMBER not in other.text


async def test_a_hold_tells_the_practice_no_number(chat: BareChat) -> None:
    await calling(chat)
    iva = await at_the_review(chat, paid=True)
    await iva.fills(phone=TYPED)
    held = await chat.desk.bookings.open_hold((await iva.turn()).person, chat.practice.now())
    assert held is not None
    olga = Somebody(chat, OWNER)
    await olga.goes(f"booking/{held.id}")
    olga.sees("Held, not paid yet")
    assert NUMBER not in olga.text


async def test_the_next_booking_proposes_it_for_a_tap(chat: BareChat) -> None:
    await calling(chat)
    iva, _booking = await booked(chat)
    iva = await at_the_review(chat, paid=True)
    assert iva.screen.form is not None
    [asked] = iva.screen.form.fields
    assert (asked.default, asked.keep) == (NUMBER, f"Hold and pay: {NUMBER}")


async def test_a_time_that_was_lost_does_not_lose_the_number(chat: BareChat) -> None:
    await calling(chat)
    iva = await at_the_review(chat)
    to = iva.screen.form.to if iva.screen.form else ""
    other = await at_the_review(chat, who=ANA)
    await other.fills(phone=OTHER)
    await iva.goes(to, {"phone": NUMBER})
    iva.sees("Not done", "Nearest free times")
    await iva.taps(iva.buttons[0].text)
    assert iva.screen.form is not None
    assert iva.screen.form.fields[0].default == NUMBER


async def test_the_number_is_changed_before_the_session(chat: BareChat) -> None:
    await calling(chat)
    iva, booking = await booked(chat)
    await iva.taps("Change your number")
    assert iva.screen.form is not None
    assert iva.screen.form.fields[0].default == NUMBER
    await iva.fills(phone=OTHER)
    iva.sees(f"Saved: Olga Owner calls you at {OTHER}.")
    olga = Somebody(chat, OWNER)
    await olga.goes(f"booking/{booking.id}")
    olga.sees(f"you call Iva at {OTHER}")
    await olga.goes(f"number/{booking.id}")
    assert OTHER not in olga.text
    assert olga.screen.form is None
    chat.practice.advance(days=8)
    await iva.goes(f"number/{booking.id}")
    assert iva.screen.form is None, "the session is over"


async def test_moved_it_keeps_its_number(chat: BareChat) -> None:
    await calling(chat)
    iva, booking = await booked(chat)
    later = (await chat.later(booking))[0]
    await iva.goes(f"move/{booking.id}/{later:%Y%m%dT%H%MZ}")
    await iva.taps("Move it")
    iva.sees(f"calls you at {NUMBER}")


async def test_a_booking_without_a_number_asks_for_one(chat: BareChat) -> None:
    """As processes of the version before leave it."""
    await calling(chat)
    iva, booking = await booked(chat)
    nothing = sa.update(bookings).values(phone_sealed=None)
    await chat.practice.storage.write(lambda tx: tx.execute(nothing).rowcount)
    await iva.goes(f"booking/{booking.id}")
    iva.sees("By phone: your coach calls you, from", "[Give your number]")
    olga = Somebody(chat, OWNER)
    await olga.goes(f"booking/{booking.id}")
    olga.sees("you call Iva, from +43 1 5331234; their number is not known")


async def test_it_is_proposed_only_to_who_gave_it(chat: BareChat) -> None:
    await calling(chat)
    await booked(chat)
    ana = await at_the_review(chat, who=ANA)
    assert ana.screen.form is not None
    assert ana.screen.form.fields[0].default is None


def test_what_is_wrong_with_a_number_is_said() -> None:
    read = number_words.reader(("Europe/Berlin", "Europe/Vienna"))
    several, costly, none = read("0172 1234567"), read("0900 123456"), read("later")
    assert isinstance(several, Wrong)
    assert several.instead == ("+49 172 1234567", "+43 1 721234567")
    assert isinstance(costly, Wrong)
    assert "costs extra" in costly.words
    assert isinstance(none, Wrong)
    assert "Write it like +49" in none.words


async def asked_in_a_chat(chat: BareChat, *, paid: bool = False) -> Chat:
    await calling(chat)
    iva, till = Chat(chat, IVA), chat.practice
    offer, at = till.paid if paid else till.free, await chat.next_start(paid)
    await iva.opens(f"times/{offer.id}/{till.coach_id}/{at.date()}")
    await iva.presses(next(each.text for each in iva.buttons if ":" in each.text))
    return iva


async def test_in_a_chat_the_number_is_typed_and_the_answer_books(chat: BareChat) -> None:
    iva = await asked_in_a_chat(chat)
    iva.sees("Your number", "Intro with Olga Owner", "At which number can Olga Owner call you?", "it is booked")
    await iva.says("tomorrow")
    iva.sees("That is no telephone number that I know", "At which number can Olga Owner call you?")
    key = chat.key()
    await iva.says(NUMBER, key)
    iva.sees("Booked: Intro", NUMBER)
    await iva.says(NUMBER, key)
    iva.sees("Booked: Intro", NUMBER)
    assert len(await chat.desk.bookings.upcoming((await iva.turn()).person, chat.practice.now())) == 1


async def test_in_a_chat_one_of_two_countries_is_tapped(chat: BareChat) -> None:
    iva = await asked_in_a_chat(chat)
    await iva.says("067 1234567")
    iva.sees("Which one is yours")
    iva.sees("[+380 67 123 4567]", "[+49 671 234567]")
    await iva.presses("+380")
    iva.sees("Booked: Intro", "+380 67 123 4567")


async def test_in_a_chat_a_known_client_holds_by_one_tap(chat: BareChat) -> None:
    iva = await asked_in_a_chat(chat)
    await iva.says(NUMBER)
    again = await asked_in_a_chat(chat, paid=True)
    again.sees(f"[Hold and pay: {NUMBER}]")
    assert "A tap holds the time" not in again.text
    await again.presses("Hold and pay")
    again.sees("Held: Single", NUMBER, "[Pay €45.00]")
