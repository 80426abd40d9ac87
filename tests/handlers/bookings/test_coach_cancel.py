"""What a coach does about a booking: cancel with a reason, propose another time."""

from bot.chat.address import address
from bot.domain.bookings.bookings import BookingState
from bot.domain.bookings.reasons import Reason, Usual
from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import OWNER

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")


async def test_the_coach_cancels_with_a_reason_and_everything_goes_back(chat: BareChat) -> None:
    olga, booking = Somebody(chat, OWNER), await chat.paid(IVA)
    await olga.goes(address("booking", booking.id))
    await olga.taps("Cancel session")
    await olga.fills(reason="I am ill")
    olga.sees("Cancel this session?", "full refund: €45.00", "Your reason: I am ill", "three other times")
    assert (await chat.practice.found(booking.id)).state is BookingState.CONFIRMED
    await olga.taps("Cancel session")
    olga.sees("Cancelled, and I am letting Iva know")
    after = await chat.practice.found(booking.id)
    assert (after.state, after.ended_by) == (BookingState.CANCELLED, "coach")
    assert after.end_reason == Reason("I am ill", Usual.ILL)
    told = await chat.notice(IVA, f"notice/cancelled/{booking.id}")
    assert told is not None
    assert "I am ill" in as_text(told)
    assert as_text(told).count("(Kyiv)") >= 4


async def test_a_cancel_whose_money_changed_is_shown_again(chat: BareChat) -> None:
    olga, booking = Somebody(chat, OWNER), await chat.booked(IVA)
    await olga.goes(address("coach-cancel", booking.id))
    await olga.fills(reason="I am ill")
    yes = olga.button("Cancel session").to
    times = [at for at in await chat.practice.starts(chat.practice.free, chat.practice.now()) if at != booking.starts]
    iva = Somebody(chat, IVA)
    await iva.goes(address("move", booking.id, times[-1]))
    await iva.taps("Move")
    await olga.goes(yes)
    olga.sees("Something has changed since I sent that")
    assert (await chat.practice.found(booking.id)).state is BookingState.CONFIRMED


async def test_a_proposal_is_made_and_accepted(chat: BareChat) -> None:
    olga, iva, booking = Somebody(chat, OWNER), Somebody(chat, IVA), await chat.paid(IVA)
    await olga.goes(address("propose", booking.id))
    olga.sees("Another time for Iva", "free]", "[Keep the time]")
    days = [button for button in olga.buttons if "free" in button.text]
    await olga.goes(days[-1].to)
    await olga.taps("10:00")
    olga.sees("Ask Iva?", "Now:", "Proposed:", "old time stands")
    await olga.taps("Ask")
    olga.sees("I am asking Iva")
    assert (await chat.practice.found(booking.id)).starts == booking.starts
    told = await chat.notice(IVA, "proposal/1")
    assert told is not None
    iva.screen = told
    await iva.taps("Accept")
    assert (await chat.practice.found(booking.id)).starts != booking.starts


async def test_days_without_a_free_time_say_so(chat: BareChat) -> None:
    olga, booking = Somebody(chat, OWNER), await chat.booked(IVA)
    await olga.goes("hours/line")
    await olga.fills(line="mon-sun off")
    await olga.taps("Save")
    await olga.goes(address("propose", booking.id))
    olga.sees("there are no hours", "[Keep the time]")


async def test_strangers_cannot_cancel_or_propose(chat: BareChat) -> None:
    booking = await chat.booked(IVA)
    for who in (THEO, IVA):
        somebody = Somebody(chat, who)
        for place in (("coach-cancel", booking.id), ("propose", booking.id), ("propose", booking.id, booking.starts)):
            await somebody.goes(address(*place))
            assert "Why do you cancel" not in somebody.text
            assert not [button for button in somebody.buttons if button.text in {"Ask", "Go on"}]
        olga = Somebody(chat, OWNER)
        await olga.goes(address("coach-cancel", booking.id))
        assert olga.screen.form is not None
        await somebody.goes(olga.screen.form.to, {"reason": "mine"})
    assert (await chat.practice.found(booking.id)).state is BookingState.CONFIRMED
