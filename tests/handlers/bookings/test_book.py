"""Booking by taps: how many, on which clock, and what is said when nothing is free."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.chat.address import address
from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.money import Money
from bot.domain.people.people import Platform, Profile
from bot.services.team.invitations import Invited
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import ANA, FREE, MORNINGS, OWNER, PAID, VIDEO, done, made
from tests.support.servers.statements import asked

STRANGER = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo Traveller", language="en")
IN_KYIV = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


@pytest.mark.parametrize("who", [STRANGER, IN_KYIV], ids=["telegram", "slack"])
async def test_six_acts_from_a_cold_start_to_the_card_page(chat: BareChat, who: Profile) -> None:
    """START, offer, coach, day, time, pay: two coaches, three offers, and on Telegram a clock that nobody knows."""
    ana = await second_coach(chat)
    till = chat.practice
    done(await chat.desk.offers.set_coaches(await till.act(OWNER, till.now()), till.paid.id, [till.coach_id, ana]))
    third = await till.offer(replace(PAID, name="Double", price=Money(8000, "EUR")))
    if third.state.value != "open":
        done(await chat.desk.offers.open(await till.act(OWNER), third.id, third.version))
    theo = Somebody(chat, who)
    await theo.goes("start")
    theo.count += 1
    await theo.taps("Single · 50 minutes · €45.00")
    await theo.taps("Ana María")
    theo.sees("Single: which day?")
    await theo.taps(next(button.text for button in theo.buttons if " free" in button.text))
    theo.sees("All times are", "A tap holds the time for you", "50 minutes · €45.00")
    another = theo.count
    await theo.taps(next(button.text for button in theo.buttons if button.to.startswith("times/")))
    assert theo.count == another + 1, "another day"
    theo.count -= 1
    await theo.taps(theo.buttons[1].text)
    theo.sees("Held: Single with Ana María", "€45.00", "Free to cancel until", "held until")
    assert theo.links[0].url.startswith("http")
    assert theo.count + 1 == 6


async def test_a_free_session_is_looked_over_before_it_stands(chat: BareChat) -> None:
    theo = Somebody(chat, STRANGER)
    await theo.goes("start")
    theo.count += 1
    await theo.taps("Intro")
    await theo.taps(next(button.text for button in theo.buttons if " free" in button.text))
    await theo.taps(theo.buttons[0].text)
    await theo.taps("Book it")
    theo.sees("Booked: Intro with Olga Owner", "I do not know your clock, so this is the one in Berlin.")
    assert theo.count == 5


async def test_a_known_client_has_the_same_again_in_three_acts(chat: BareChat) -> None:
    iva, till = Somebody(chat, IN_KYIV), chat.practice
    before = await chat.paid(IN_KYIV)
    till.advance(days=4)
    await iva.goes("start")
    iva.count += 1
    same = before.starts + timedelta(days=7)
    iva.sees("Last time: Single with Olga Owner · 50 minutes · €45.00", "Same as last time: ")
    await iva.taps("Same as last time")
    iva.sees("Held: Single with Olga Owner")
    *_others, held = await chat.desk.bookings.upcoming((await iva.turn()).person, till.now())
    assert held.starts == same
    assert iva.count + len(iva.links[:1]) == 3
    await iva.goes("start")
    iva.sees("Not paid yet: Single with Olga Owner", "[Pay, or let it go]")


async def test_the_same_again_is_the_nearest_time_where_it_is_taken(chat: BareChat) -> None:
    iva, till = Somebody(chat, IN_KYIV), chat.practice
    before = await chat.booked(IN_KYIV)
    till.advance(days=4)
    same = before.starts + timedelta(days=7)
    await till.book(same, STRANGER, till.now())
    await iva.goes("start")
    await iva.taps("Nearest to last time: ")
    iva.sees("Intro with Olga Owner", "[Book it]")
    assert abs(parse_instant(iva.screen.address or "") - same) <= timedelta(hours=2)
    found = await chat.desk.offers.find(till.free.id)
    assert found is not None
    done(await chat.desk.offers.pause(await till.act(OWNER, till.now()), found.id, found.version))
    await iva.goes("start")
    assert "last time" not in iva.text
    iva.sees("Single · 50 minutes · €45.00")


async def test_a_slack_profile_is_not_asked_for_its_clock(chat: BareChat) -> None:
    iva = Somebody(chat, IN_KYIV)
    await iva.goes("book")
    await iva.taps("Intro")
    iva.sees("which day?")
    await iva.taps(next(each.text for each in iva.buttons if "free" in each.text))
    iva.sees("All times are Kyiv time", "[Change zone]")
    await iva.taps(iva.buttons[0].text)
    iva.sees("(Kyiv) ·", "for Olga Owner (Berlin)", "You can cancel until it starts.")
    await iva.taps("Book it")
    iva.sees("Intro with Olga Owner", "[Move session]", "[Cancel session]")
    await iva.goes("sessions")
    iva.sees("Your sessions", "Intro with Olga Owner")


async def test_the_page_after_a_booking_is_made_of_what_was_written(chat: BareChat) -> None:
    """Neither the booking nor the catalogue is read again: the person, and the transaction, are all that is asked."""
    iva, free, at = Somebody(chat, IN_KYIV), chat.practice.free, await chat.next_start()
    await iva.goes(address("review", free.id, chat.practice.coach_id, at))
    with asked() as statements:
        await iva.taps("Book it")
    iva.sees("Booked: Intro with Olga Owner")
    read = [each for each in statements if each.startswith("SELECT")]
    assert not [each for each in read if "FROM bookings" in each and "bookings.id = ?" in each]
    assert not [each for each in read if each.startswith("SELECT catalogue.generation")], "along with something else"


async def test_another_clock_is_used_at_once(chat: BareChat) -> None:
    theo = Somebody(chat, STRANGER)
    await theo.goes(f"days/{chat.practice.free.id}/{chat.practice.coach_id}")
    theo.sees("Is it 10:00 where you are? I show Berlin time")
    await theo.taps("Change zone")
    await theo.taps("Another city or time")
    await theo.fills(where="Lisbon")
    theo.sees("All times are Lisbon time", "From now on I show times in Lisbon time")


async def test_every_time_of_a_day_can_be_reached(chat: BareChat) -> None:
    step = await chat.practice.offer(replace(FREE, name="Short", length_min=10, step_min=5, buffer_after_min=0))
    if step.state.value != "open":
        done(await chat.desk.offers.open(await chat.practice.act(OWNER), step.id, step.version))
    iva = Somebody(chat, IN_KYIV)
    start = await chat.next_start()
    await iva.goes(f"times/{step.id}/0/{start.date()}")
    found = [each.text for each in iva.buttons if ":" in each.text]
    while any(each.text == "Later times" for each in iva.buttons):
        await iva.taps("Later times")
        found += [each.text for each in iva.buttons if ":" in each.text]
    opened = await chat.desk.offers.find(step.id)
    assert opened is not None
    offered = await chat.desk.times.on_day(opened, None, start.date(), "Europe/Kyiv", chat.practice.now())
    assert len(found) == len(set(found)) == len(offered) > 20


async def test_what_cannot_be_booked_says_why_and_what_to_do(chat: BareChat) -> None:
    iva = Somebody(chat, IN_KYIV)
    offer = await chat.desk.offers.find(chat.practice.free.id)
    assert offer is not None
    done(await chat.desk.offers.pause(await chat.practice.act(OWNER), offer.id, offer.version))
    await iva.goes(f"days/{offer.id}/{chat.practice.coach_id}")
    iva.sees("This is paused at the moment", "[Tell me when]")
    await iva.taps("Tell me when")
    iva.sees("I will let you know")


async def test_a_stale_price_holds_nothing(chat: BareChat) -> None:
    iva = Somebody(chat, IN_KYIV)
    start = await chat.next_start(paid=True)
    await iva.goes(f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{start:%Y%m%dT%H%MZ}")
    button = iva.button("Hold and pay")
    offer = await chat.desk.offers.find(chat.practice.paid.id)
    assert offer is not None
    act = await chat.practice.act(OWNER)
    done(await chat.desk.offers.change(act, offer.id, offer.version, price=Money(9900, "EUR")))
    await iva.goes(button.to)
    iva.sees("Something has changed", "€99.00")
    assert await chat.desk.bookings.upcoming((await iva.turn()).person, chat.practice.now()) == []


async def test_a_hold_ticks_and_offers_its_time_again(chat: BareChat) -> None:
    theo = Somebody(chat, IN_KYIV)
    start = await chat.next_start(paid=True)
    await theo.goes(f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{start:%Y%m%dT%H%MZ}")
    await theo.taps("Hold and pay")
    theo.sees("held until", "(Kyiv)", "[Let it go]")
    at = theo.screen.address or ""
    chat.practice.advance(minutes=11)
    await theo.goes(at)
    theo.sees("left to pay")
    chat.practice.advance(minutes=5)
    await chat.practice.sweep()
    await theo.goes(at)
    theo.sees("The hold has ended", "Nothing was charged", "It is still free", "[Hold it again]")


async def test_letting_go_says_what_was_dropped(chat: BareChat) -> None:
    theo = Somebody(chat, IN_KYIV)
    start = await chat.next_start(paid=True)
    await theo.goes(f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{start:%Y%m%dT%H%MZ}")
    await theo.taps("Hold and pay")
    await theo.taps("Let it go")
    theo.sees("Nothing was booked and nothing was charged")


async def test_cancel_on_the_way_says_that_nothing_was_booked(chat: BareChat) -> None:
    iva = Somebody(chat, IN_KYIV)
    await iva.goes("book")
    await iva.taps("Intro")
    await iva.taps("Cancel")
    iva.sees("Nothing was booked and nothing was charged", "[Intro · 50 minutes · free]")


async def test_a_time_that_is_gone_offers_the_nearest_ones(chat: BareChat) -> None:
    start = await chat.next_start(after=timedelta(days=4))
    await chat.practice.book(start, STRANGER, chat.practice.now())
    iva = Somebody(chat, IN_KYIV)
    await iva.goes(f"review/{chat.practice.free.id}/{chat.practice.coach_id}/{start:%Y%m%dT%H%MZ}")
    iva.sees("is taken.", "Nearest free times:")
    await iva.taps(iva.buttons[0].text)
    iva.sees("[Book it]")


def parse_instant(at: str) -> datetime:
    return datetime.strptime(at.rpartition("/")[2], "%Y%m%dT%H%M%z")


async def second_coach(chat: BareChat) -> int:
    """Ana, who works the same hours as Olga and does the free offer, too."""
    till = chat.practice
    invited = await chat.desk.invitations.invite(await till.act(OWNER, till.now()))
    assert isinstance(invited, Invited)
    ana = made(await chat.desk.invitations.accept(await till.act(ANA, till.now()), invited.token))
    coach = await till.coach(ana)
    done(await chat.desk.hours.save(await till.act(ANA, till.now()), ana, coach.version, MORNINGS))
    done(await chat.desk.coaches.set_place(await till.act(ANA, till.now()), ana, VIDEO))
    act = await till.act(OWNER, till.now())
    done(await chat.desk.offers.set_coaches(act, till.free.id, [till.coach_id, ana]))
    return ana


async def test_any_free_coach_is_a_choice(chat: BareChat) -> None:
    ana = await second_coach(chat)
    start = await chat.next_start()
    await chat.practice.book(start, STRANGER, chat.practice.now())
    iva = Somebody(chat, IN_KYIV)
    await iva.goes("book")
    await iva.taps("Intro")
    iva.sees("Who would you like to meet?", "[Anyone who is free]", "[Olga Owner]", "[Ana María]")
    await iva.taps("Anyone who is free")
    await iva.goes(f"review/{chat.practice.free.id}/0/{start:%Y%m%dT%H%MZ}")
    iva.sees("Intro with Ana María")
    await iva.taps("Book it")
    iva.sees("Intro with Ana María")
    [booking] = await chat.desk.bookings.upcoming((await iva.turn()).person, chat.practice.now())
    assert booking.coach_id == ana


async def test_a_link_to_a_coach_with_one_offer_skips_the_choice(chat: BareChat) -> None:
    ana = await second_coach(chat)
    iva = Somebody(chat, IN_KYIV)
    await iva.goes(f"with/{ana}")
    iva.sees("Intro: which day?")
    assert iva.button("Back").to == f"offer-of/{chat.practice.free.id}"
    act = await chat.practice.act(ANA, chat.practice.now())
    done(await chat.desk.coaches.pause(act, ana))
    await iva.goes(f"days/{chat.practice.free.id}/{ana}")
    iva.sees("This is paused at the moment", "[Anyone else]")


async def test_a_second_session_at_the_same_time_is_told_and_may_be_had(chat: BareChat) -> None:
    ana, iva = await second_coach(chat), Somebody(chat, IN_KYIV)
    first = await chat.booked(IN_KYIV)
    await iva.goes(f"review/{chat.practice.free.id}/{ana}/{first.starts + timedelta(minutes=30):%Y%m%dT%H%MZ}")
    iva.sees("Careful: you already have Intro with Olga Owner at that time", "[Book it]")
    await iva.taps("Book it")
    iva.sees("Booked: Intro with Ana María")
    await iva.goes(f"review/{chat.practice.free.id}/{ana}/{first.starts + timedelta(minutes=90):%Y%m%dT%H%MZ}")
    assert "at that time" not in iva.text


async def test_who_holds_a_time_reads_that_another_takes_its_place(chat: BareChat) -> None:
    iva, start = Somebody(chat, IN_KYIV), await chat.next_start(paid=True)
    held = await chat.practice.hold(start, IN_KYIV)
    await iva.goes(f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{start + timedelta(hours=1):%Y%m%dT%H%MZ}")
    iva.sees("You are holding Single with Olga Owner on", "choosing this time gives that one up")
    await iva.taps("Hold and pay")
    assert (await chat.practice.found(held.id)).state is BookingState.CANCELLED
