"""A package given back: what the page tells is what the tap does, for the client, the practice and the money."""

from datetime import timedelta

import pytest

from bot.chat.address import address
from bot.domain.bookings.bookings import Booking, BookingState
from bot.domain.people.people import Profile
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.payments.test_packages import IVA, MAX, for_sale, pays
from tests.services.bare_practice import OWNER


async def bought(chat: BareChat, who: Profile = IVA) -> Somebody:
    """Iva, who has a package of five for €202.50 (one by one €225.00); its grant is the first."""
    package = await for_sale(chat)
    iva = Somebody(chat, who)
    await iva.goes(f"package/{package.id}")
    await iva.taps("Buy it")
    await pays(chat, iva)
    return iva


async def books(chat: BareChat, iva: Somebody, after: timedelta) -> Booking:
    """On credit, some time ahead."""
    at = await chat.next_start(True, after)
    await iva.goes(address("review", chat.practice.paid.id, chat.practice.coach_id, at))
    await iva.taps("Book it")
    found = await chat.desk.bookings.upcoming((await iva.turn()).person, chat.practice.now())
    return next(each for each in found if each.starts == at)


async def back(chat: BareChat) -> list[int]:
    """What the provider gave back."""
    await chat.practice.sweep(seconds=1)
    await chat.practice.heard()
    return [each.amount for each in chat.practice.sandbox.account.refunds.values()]


async def test_undone_while_nothing_is_used(chat: BareChat) -> None:
    iva = await bought(chat)
    await iva.goes("credit/1")
    await iva.taps("Give it back")
    iva.sees(
        "Give Starter back?", "€202.50 goes back to the card", "Nothing of it is used", "The 5 sessions that are left"
    )
    assert not chat.practice.sandbox.account.refunds
    await iva.taps("Give it back")
    iva.sees("€202.50 goes back to the card", "0 sessions left", "Given back: €202.50.", "given back. 0 left.")
    assert "[Give it back]" not in iva.text
    assert await back(chat) == [20250]
    owner = next(told for _who, told, _state in await chat.practice.notices("package-returned"))
    seen = await chat.notice(OWNER, owner)
    assert seen is not None
    assert "Iva gave a package back: Starter" in as_text(seen)
    trail = await chat.practice.trail()
    assert [each for each in trail if each in ("credit.adjusted", "refund.intended", "refund.succeeded")] == [
        "credit.adjusted", "refund.intended", "refund.succeeded",
    ]  # fmt: skip


async def test_bundle_refund(chat: BareChat) -> None:
    """Within 14 days at the package's price. Reserved sessions are named and end in the same act; one past its free
    cancelling counts as used."""
    iva = await bought(chat)
    late = await books(chat, iva, timedelta(hours=1))
    free = await books(chat, iva, timedelta(days=8))
    await iva.goes("credit/1/return")
    iva.sees(
        "€162.00 goes back", "1 session counts as used, at the price of the package: €40.50 stays",
        "The 4 sessions that are left end.", "These booked sessions are cancelled:",
        "It is too late to cancel it free of charge, so it counts as used.", "less goes back",
    )  # fmt: skip
    await iva.taps("Give it back")
    assert await back(chat) == [16200]
    for booking, words in ((late, "The credit is used up"), (free, "Its credit went back with its package.")):
        assert (await chat.practice.found(booking.id)).state is BookingState.CANCELLED
        await iva.goes(f"booking/{booking.id}")
        iva.sees(words)
    assert len(await chat.practice.notices("cancelled")) == 2
    [mine] = await chat.desk.balances.of_person(late.person_id)
    assert (mine.holding.credits.available, mine.holding.credits.reserved, mine.used) == (0, 0, 1)


async def test_bundle_refund_by_the_practice_after_14_days(chat: BareChat) -> None:
    """At the single price of the purchase day, with a reason, and never by the client alone."""
    iva = await bought(chat)
    await books(chat, iva, timedelta(days=1))
    chat.practice.advance(days=20)
    await iva.goes("credit/1")
    assert "[Give it back]" not in iva.text
    await iva.goes("credit/1/return")
    iva.sees("This is no longer here")
    owner = Somebody(chat, OWNER)
    await owner.goes("grant/1")
    await owner.taps("Give money back")
    owner.sees("€157.50 goes back to Iva", "at the single price of €45.00: €45.00 stays with the practice")
    await owner.fills(reason="Moves away")
    owner.sees("Give €157.50 back?", "Iva reads your reason: Moves away")
    await owner.taps("Give it back")
    owner.sees("€157.50 goes back, and I am letting Iva know.", "given back (Moves away). 0 left.")
    assert await back(chat) == [15750]
    told = next(told for who, told, _state in await chat.practice.notices("package-returned"))
    await iva.goes(told)
    iva.sees("Your package was given back: Starter", "€157.50 goes back to the card", "Reason: Moves away")


async def test_bundle_refund_fails(chat: BareChat) -> None:
    """It is owed, the credits stay taken, and it is paid by hand with a reason."""
    iva = await bought(chat)
    chat.practice.sandbox.faults.add("POST /v1/refunds", "status", status=400)
    await iva.goes("credit/1/return")
    await iva.taps("Give it back")
    assert await back(chat) == []
    await iva.goes("credit/1")
    iva.sees("0 sessions left", "€202.50 could not go back to the card. It is still yours")
    failed = [(who, told) for who, told, _state in await chat.practice.notices("order-refund-failed")]
    assert len(failed) == 2
    owner = Somebody(chat, OWNER)
    await owner.goes(failed[0][1])
    await owner.taps("Credits")
    owner.sees("€202.50 is owed to Iva: it could not go back.")
    await owner.taps("Give money back")
    owner.sees("€202.50 is owed to Iva: it could not go back.")
    await owner.fills(how="otherwise", reason="By transfer")
    owner.sees("You paid €202.50 another way?", "nothing goes to the card")
    await owner.taps("I paid it")
    owner.sees(
        "Written down, and I am letting Iva know.", "the money for it was settled (By transfer)", "Given back: €202.50."
    )
    assert await back(chat) == []
    told = [told for _who, told, _state in await chat.practice.notices("package-returned")][-1]
    await iva.goes(told)
    iva.sees("The practice has paid you €202.50 back, past the card.", "Reason: By transfer")
    await owner.goes("grant/1/return")
    owner.sees("All that was paid has gone back already.")


async def test_what_changed_since_gives_nothing_back(chat: BareChat) -> None:
    iva = await bought(chat)
    await iva.goes("credit/1/return")
    old = iva.button("Give it back").to
    await books(chat, iva, timedelta(days=8))
    await iva.goes(old)
    iva.sees("Something has changed")
    assert await back(chat) == []
    await iva.taps("Give it back")
    await iva.goes(old)
    assert await back(chat) == [20250]


@pytest.mark.parametrize("page", ["credit/1/return", "grant/1/return", "grant/1/return/1", "package-returned/1/1/1"])
async def test_nobody_else_gives_it_back(chat: BareChat, page: str) -> None:
    await bought(chat)
    other = Somebody(chat, MAX)
    await other.goes(page)
    other.sees("This is no longer here")


async def test_a_gift_of_the_practice_has_no_money_that_could_go_back(chat: BareChat) -> None:
    iva, owner = await chat.practice.meet(IVA), Somebody(chat, OWNER)
    await owner.goes(address("client-credits", iva.id, "give"))
    await owner.fills(offer=str(chat.practice.paid.id), sessions="4", validity="", why="Welcome")
    assert "[Give money back]" not in owner.text
    await owner.goes("grant/1/return")
    owner.sees("Nothing was paid here")


async def test_who_bought_and_never_booked_is_a_client(chat: BareChat) -> None:
    """In the owner's lists, with a page that leads to the credits."""
    iva = await bought(chat)
    owner = Somebody(chat, OWNER)
    for page in ("clients", "clients/all"):
        await owner.goes(page)
        owner.sees("Iva", "has a package, booked nothing yet")
    await owner.taps("Iva")
    owner.sees("has a package, booked nothing yet", "[Credits]")
    await owner.taps("Credits")
    owner.sees("Starter", "5 sessions left")
    booking = await books(chat, iva, timedelta(days=2))
    await owner.goes("clients/all")
    assert owner.text.count("About Iva") + owner.text.count("[Iva]") == 1
    owner.sees("next:")
    await owner.goes(f"client/{booking.person_id}")
    owner.sees("[Next session]")
