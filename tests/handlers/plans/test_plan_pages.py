"""Several sessions planned in a chat: chosen in a few taps, seen all at once, changed one by one, booked together."""

from datetime import timedelta

from bot.chat.address import address
from bot.domain.calendar.spans import HoursChange
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.offers import Place, PlaceKind
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.services.bare_practice import OWNER, done
from tests.services.plans.planning_practice import Planning

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
MAX = Profile(Platform.TELEGRAM, "", "7003", "7003", "Max", language="de", zone="Europe/Berlin")
CALLS = Place(PlaceKind.PHONE_COACH_CALLS, "+43 1 5331234")


def wednesdays(chat: BareChat, number: int = 5) -> str:
    """At ten in Kyiv, which is nine in Berlin."""
    return f"plan/{chat.practice.paid.id}/{chat.practice.coach_id}/n{number}.3.600.1"


async def test_planned_on_credit_from_the_list_of_packages(chat: BareChat) -> None:
    planning, iva = Planning(chat.practice), Somebody(chat, IVA)
    grant_id = await planning.give(5, who=IVA)
    await iva.goes("packages")
    await iva.taps("Plan 5 sessions")
    iva.sees("Plan 5 sessions: which day?", "[Tuesday]", "[Wednesday]")
    await iva.taps("Wednesday")
    iva.sees("5 sessions, Wednesday: what time?", "[10:00]")
    await iva.taps("10:00")
    iva.sees(
        "5 sessions: Single with Olga Owner", "Wed 2 Dec, 10:00 (Kyiv) · 09:00 for Olga Owner (Berlin)",
        "Wed 30 Dec, 10:00 (Kyiv)", "Uses 5 of 5, valid to", "50 minutes each",
        "moving or cancelling one leaves the others", "after that the credit is used up.",
        "[Every two weeks]", "[Change dates]", "[Pay instead]",
    )  # fmt: skip
    assert iva.count == 3
    await iva.taps("Book 5 sessions")
    iva.sees("Booked: 5 sessions, Single with Olga Owner", "On credit: Five", "[Wed 9 Dec, 10:00]")
    assert await planning.holds(grant_id) == (0, 5)
    await iva.taps("Wed 9 Dec")
    iva.sees("Single with Olga Owner", "[Move session]", "[Cancel session]")
    told = await chat.notice(OWNER, "planned/1")
    assert told is not None
    assert "New bookings: 5 sessions, Single with Iva" in as_text(told)
    assert "Wed 2 Dec, 09:00 (Berlin) · 10:00 for Iva (Kyiv)" in as_text(told)


async def test_typed_as_a_whole(chat: BareChat) -> None:
    """Where only one offer is covered by credits, that is meant; else it is asked."""
    iva = Somebody(chat, IVA)
    await iva.goes("plan/n5.3.600.2")
    iva.sees("What would you like to plan?")
    await Planning(chat.practice).give(5, who=IVA)
    await iva.goes("plan/n5.3.600.2")
    iva.sees("Wed 2 Dec, 10:00 (Kyiv)", "Wed 16 Dec", "[Every week]")


async def test_back_leads_to_the_last_step_that_was_a_choice(chat: BareChat) -> None:
    iva, practice = Somebody(chat, IVA), chat.practice
    await iva.goes("plan")
    await iva.taps("Single")
    iva.sees("which day?")
    await iva.taps("Back")
    iva.sees("What would you like to plan?")
    done(
        await practice.offers.pause(await practice.act(OWNER, practice.now()), practice.free.id, practice.free.version)
    )
    await iva.goes("plan")
    iva.sees("which day?")
    await iva.taps("Back")
    assert "which day?" not in iva.text, "there was one offer with one coach: Back leads past both"


async def test_one_date_is_changed_and_one_left_out(chat: BareChat) -> None:
    planning, iva = Planning(chat.practice), Somebody(chat, IVA)
    await planning.give(5, who=IVA)
    await iva.goes(wednesdays(chat))
    await iva.taps("Change dates")
    iva.sees("[Wed 9 Dec, 10:00]", "[One more date]", "[Done]")
    await iva.taps("Wed 9 Dec")
    iva.sees("In place of Wed 9 Dec, 10:00", "[Leave it out]", "[Other days]")
    await iva.taps("Other days")
    await iva.taps("Thu 10 Dec")
    await iva.taps("10:00")
    iva.sees("[Thu 10 Dec, 10:00]")
    await iva.taps("Wed 30 Dec")
    await iva.taps("Leave it out")
    await iva.taps("One more date")
    iva.sees("[Wed 6 Jan, 10:00]")
    await iva.taps("Wed 6 Jan")
    await iva.taps("Leave it out")
    await iva.taps("Done")
    iva.sees("4 sessions: Single", "Uses 4 of 5")
    await iva.taps("Book 4 sessions")
    iva.sees("Booked: 4 sessions", "Thu 10 Dec, 10:00 (Kyiv)")


async def test_what_is_not_free_is_left_out_and_the_next_free_time_taken(chat: BareChat) -> None:
    planning, iva, practice = Planning(chat.practice), Somebody(chat, IVA), chat.practice
    await planning.give(5, who=IVA)
    second, third = planning.plan().starts[1:3]
    await practice.book(second, MAX, practice.now())
    coach = await practice.coach(practice.coach_id)
    off = HoursChange({}, {third.date(): ()})
    done(await practice.hours.save(await practice.act(OWNER, practice.now()), coach.id, coach.version, off))
    await iva.goes(wednesdays(chat))
    iva.sees("3 sessions: Single", "Left out: Wed 9 Dec, 10:00 (Kyiv) is taken. The next free time is Wed 9 Dec, 11:",
             "Left out: There are no hours on Wed 16 Dec. The next free time is Thu 17 Dec, 10:00")  # fmt: skip
    await iva.taps("Take the free times")
    iva.sees("5 sessions: Single", "Thu 17 Dec, 10:00")
    await iva.taps("Book 5 sessions")
    iva.sees("Booked: 5 sessions")


async def test_a_date_that_is_taken_before_the_tap_is_marked_and_nothing_is_booked(chat: BareChat) -> None:
    planning, iva = Planning(chat.practice), Somebody(chat, IVA)
    grant_id = await planning.give(5, who=IVA)
    await iva.goes(wednesdays(chat))
    await chat.practice.book(planning.plan().starts[3], MAX, chat.practice.now())
    await iva.taps("Book 5 sessions")
    iva.sees("nothing was booked", "Left out: Wed 23 Dec, 10:00 (Kyiv) is taken.", "[Book 4 sessions]")
    assert await planning.holds(grant_id) == (5, 0)


async def test_paid_with_one_payment_for_all(chat: BareChat) -> None:
    iva, practice = Somebody(chat, IVA), chat.practice
    await iva.goes(wednesdays(chat, 3))
    iva.sees("€135.00 in all, €45.00 each. One payment books them.")
    await iva.taps("Hold and pay €135.00")
    iva.sees("3 sessions: Single with Olga Owner", "€135.00 in all", "It can be paid until", "[Let it go]")
    assert [link.text for link in iva.links] == ["Pay €135.00"]
    order = int((iva.screen.address or "").split("/")[1])
    await iva.goes("plan")
    await iva.goes(wednesdays(chat, 2))
    iva.sees("You hold a time that is not paid yet.")
    await iva.taps("Pay, or let it go")
    iva.sees("It can be paid until")
    for at in Planning(practice).plan().starts[:2]:  # the first of them, and one that stands for none
        await iva.goes(address("review", practice.paid.id, practice.coach_id, at))
        iva.sees("Not free", "You hold this time with others that are paid together.")
        await iva.taps("Pay, or let it go")
        iva.sees("3 sessions: Single", "It can be paid until")
    page = await chat.desk.payments.ready_order(order, practice.now())
    assert page is not None
    await practice.pays(page)
    await practice.heard()
    await iva.goes(f"order/{order}")
    iva.sees("Paid: 3 sessions: Single with Olga Owner", "[My sessions]")
    told = await chat.notice(IVA, (await practice.notices("planned"))[0][1])
    assert told is not None
    assert "Booked: 3 sessions" in as_text(told)
    assert "Paid: €45.00 each" in as_text(told)


async def test_a_plan_that_is_let_go(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes(wednesdays(chat, 3))
    await iva.taps("Hold and pay")
    await iva.taps("Let it go")
    iva.sees("All times of the plan are free for others again.")
    await iva.goes(wednesdays(chat, 3))
    iva.sees("[Hold and pay €135.00]")


async def test_credits_that_do_not_reach_leave_the_choice(chat: BareChat) -> None:
    await Planning(chat.practice).give(3, who=IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(wednesdays(chat))
    iva.sees("Your credits cover 3 of these 5.", "you have no credit left for it", "[Pay for all]")
    await iva.taps("Only those covered")
    iva.sees("3 sessions: Single", "Uses 3 of 3", "[Book 3 sessions]")
    await iva.taps("Pay instead")
    iva.sees("[Hold and pay €135.00]", "[Use credits]")


async def test_the_number_is_asked_for_where_the_coach_calls(chat: BareChat) -> None:
    practice = chat.practice
    done(await chat.desk.coaches.set_place(await practice.act(OWNER, practice.now()), practice.coach_id, CALLS))
    planning, iva = Planning(practice), Somebody(chat, IVA)
    await planning.give(5, who=IVA)
    await iva.goes(wednesdays(chat))
    await iva.taps("Go on")
    iva.sees("Your number", "Wed 2 Dec, 10:00")
    await iva.fills(phone="+43 660 1234567")
    iva.sees("Booked: 5 sessions")
    assert {each.phone for each in await planning.of(1)} == {"+43 660 1234567"}


async def test_it_is_found_beside_booking_one(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes("book")
    await iva.taps("Plan several at once")
    iva.sees("What would you like to plan?")
    await iva.goes(f"days/{chat.practice.paid.id}/{chat.practice.coach_id}")
    await iva.taps("Plan several at once")
    iva.sees("Plan 5 sessions: which day?")
    await iva.taps("10")
    iva.sees("Plan 10 sessions: which day?")


async def test_a_plan_of_yesterday_and_somebody_elses(chat: BareChat) -> None:
    planning, iva, max_ = Planning(chat.practice), Somebody(chat, IVA), Somebody(chat, MAX)
    await planning.give(5, who=IVA)
    await iva.goes(wednesdays(chat))
    await iva.taps("Change dates")
    draft = iva.screen.address or ""
    await max_.goes(draft)
    assert "Nothing was booked by it" not in max_.text  # he reads German
    max_.sees("Neu planen")
    chat.practice.advance(minutes=61)
    await iva.goes(draft)
    iva.sees("This plan is too old", "[Plan again]")
    for odd in ("plan/n99", "plan/1/1/n5.9.600.1", f"plan/{chat.practice.paid.id}/99/n5.3.600.1", "plan/77/n5"):
        await iva.goes(odd)
        assert iva.screen.buttons


async def test_the_message_follows_what_becomes_of_each(chat: BareChat) -> None:
    planning, iva, practice = Planning(chat.practice), Somebody(chat, IVA), chat.practice
    await planning.give(5, who=IVA)
    await iva.goes(wednesdays(chat))
    await iva.taps("Book 5 sessions")
    mine = await planning.of(1)
    done(await practice.move(IVA, mine[1], mine[1].starts + timedelta(days=1), practice.now()))
    await practice.cancel(mine[2].id, IVA)
    told = await chat.notice(IVA, "planned/1")
    assert told is not None
    for words in (
        "Booked: 4 sessions",
        "Thu 10 Dec, 10:00",
        "Wed 16 Dec, 10:00 (Kyiv) · 09:00 for Olga Owner (Berlin): cancelled",
    ):
        assert words in as_text(told)


async def test_of_a_date_that_the_practice_cancels_before_it_is_paid_nobody_is_asked_the_price(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    await iva.goes(wednesdays(chat, 3))
    await iva.taps("Hold and pay €135.00")
    await chat.practice.cancel(2, OWNER)
    await iva.goes("order/1")
    iva.sees("2 sessions: Single with Olga Owner", "Wed 2 Dec", "Wed 16 Dec", "€90.00 in all", "It can be paid until")
    assert "Wed 9 Dec" not in iva.text
    await iva.goes("notice/order/1")
    iva.sees("This order continues below.")
    [(_who, told, _state)] = await chat.practice.notices("cancelled")
    await iva.goes(told)
    iva.sees("Cancelled: Single with Olga Owner", "Wed 9 Dec", "Nothing was charged.")
