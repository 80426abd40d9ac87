"""Money that goes back by hand: asked for with a form, told before the tap and after it, wherever it is spoken of."""

import pytest

from bot.chat.words import speaking
from bot.domain.bookings.bookings import Booking
from bot.handlers.payments.giving_back import give_back
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_money_told import IVA, paid
from tests.services.bare_practice import ANA, OWNER


async def reviews(
    chat: BareChat, booking: Booking, amount: str = "20", reason: str = "Sorry for the noise"
) -> Somebody:
    """To the page that says what happens."""
    olga = Somebody(chat, OWNER)
    await olga.goes(f"booking/{booking.id}")
    await olga.taps("Give money back")
    await olga.fills(amount=amount, reason=reason)
    return olga


async def test_a_part_with_a_reason(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    olga = await reviews(chat, booking)
    olga.sees(
        "Give €20.00 back?",
        "€20.00 goes back to Iva, to the card that was paid with.",
        "Then €25.00 is left of €45.00.",
        "The session stays booked.",
        "Iva reads your reason: Sorry for the noise",
    )
    assert not chat.practice.sandbox.account.refunds
    await olga.taps("Give it back")
    olga.sees("€20.00 goes back, and I am letting Iva know.", "Given back so far: €20.00.")
    await chat.practice.sweep(seconds=1)
    await chat.practice.heard()
    [(who, address, _state)] = await chat.practice.notices("refunded")
    assert who == booking.person_id
    told = await chat.reads(IVA, address)
    for words in ("€20.00 goes back to the card", "Olga Owner gives it back: “Sorry for the noise”"):
        assert words in told
    assert "Given back so far: €20.00." in await chat.reads(IVA, f"notice/booked/{booking.id}")


async def test_what_a_cancel_then_tells(chat: BareChat) -> None:
    """Both pages before the tap, and what is said after it, count what went back by hand."""
    booking, _intent = await paid(chat)
    olga = await reviews(chat, booking)
    await olga.taps("Give it back")
    await chat.practice.sweep(seconds=1)
    await olga.goes(f"coach-cancel/{booking.id}")
    await olga.fills(reason="I am ill")
    olga.sees("Iva gets back what is left: €25.00.")
    iva = Somebody(chat, IVA)
    await iva.goes(f"cancel/{booking.id}")
    iva.sees("you get €25.00 back")
    await iva.taps("Cancel session")
    iva.sees("€25.00 goes back to the card", "Given back so far: €20.00.")


async def test_all_of_it_leaves_nothing_to_give_or_to_cancel_for(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    olga = await reviews(chat, booking, "45")
    olga.sees("Then €0.00 is left of €45.00.")
    await olga.taps("Give it back")
    assert "Give money back" not in [button.text for button in olga.buttons]
    await olga.goes(f"give-back/{booking.id}")
    olga.sees("Money is on its way back already.")
    await chat.practice.sweep(seconds=1)
    await olga.goes(f"give-back/{booking.id}")
    olga.sees("All that was paid has gone back already.")
    await olga.goes(f"coach-cancel/{booking.id}")
    await olga.fills(reason="I am ill")
    olga.sees("All that was paid has gone back already.")
    iva = Somebody(chat, IVA)
    await iva.goes(f"cancel/{booking.id}")
    iva.sees("Cancelling costs nothing.")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("45.01", "At most €45.00 can go back."),
        ("0", "Write an amount of more than 0."),
        ("20 USD", "It was paid in EUR. Write an amount in EUR, such as 45.00."),
        ("-5", "It was paid in EUR."),
        ("some", "It was paid in EUR."),
        ("1.234", "could be"),
    ],
)
async def test_an_amount_that_cannot_go_back(chat: BareChat, typed: str, words: str) -> None:
    booking, _intent = await paid(chat)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"give-back/{booking.id}")
    assert olga.screen.form is not None
    amount = olga.screen.form.fields[0]
    assert (amount.name, amount.default) == ("amount", "45.00")
    with speaking("en"):
        refused = amount.read(typed)
    assert words in getattr(refused, "words", "")


async def test_facts_that_changed_since_give_nothing_back(chat: BareChat) -> None:
    booking, intent = await paid(chat)
    olga = await reviews(chat, booking, "30")
    yes = olga.button("Give it back").to
    await chat.practice.control("refund", payment_intent=intent, amount=2000)
    await chat.practice.heard()
    await olga.goes(yes)
    olga.sees("That is more than is left of what was paid. Nothing was given back.")
    assert [refund.amount for refund in chat.practice.sandbox.account.refunds.values()] == [2000]


async def test_nobody_else_gives_anything_back(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    for who in (IVA, ANA):
        somebody = Somebody(chat, who)
        for page in (f"give-back/{booking.id}", f"give-back/of/{booking.person_id}", f"give-back/{booking.id}/1"):
            await somebody.goes(page)
            somebody.sees("This is no longer here")


async def test_from_the_page_of_the_client(chat: BareChat, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _intent = await paid(chat)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"client/{first.person_id}")
    await olga.taps("Give money back")
    olga.sees("Give money back")
    assert olga.screen.form is not None, "of the one session that was paid"
    await paid(chat)
    await olga.goes(f"client/{first.person_id}")
    await olga.taps("Give money back")
    olga.sees("For which session?", "€45.00")
    assert len([button for button in olga.buttons if "€45.00" in button.text]) == 2
    monkeypatch.setattr(give_back, "SHOWN", 1)
    for act in ("give-back", "give-credit"):
        await olga.goes(f"{act}/of/{first.person_id}")
        [latest] = [button.text for button in olga.buttons if "€45.00" in button.text]
        await olga.taps("Earlier sessions")
        [earlier] = [button.text for button in olga.buttons if "€45.00" in button.text]
        assert earlier != latest


async def test_what_could_not_go_back_is_paid_another_way(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    chat.practice.sandbox.faults.add("POST /v1/refunds", "status", status=400)
    olga = await reviews(chat, booking)
    await olga.taps("Give it back")
    await chat.practice.sweep(seconds=1)
    await olga.goes(f"give-back/{booking.id}")
    olga.sees("€20.00 is owed to Iva: it could not go back.")
    await olga.fills(how="otherwise", amount="20", reason="By bank transfer")
    olga.sees("You paid €20.00 another way?", "nothing goes to the card")
    await olga.taps("I paid it")
    olga.sees("Written down, and I am letting Iva know.", "Given back so far: €20.00.")
    address = (await chat.practice.notices("refunded"))[-1][1]
    told = await chat.reads(IVA, address)
    assert "Olga Owner has paid you €20.00 back, past the card." in told
    assert "By bank transfer" in told
    assert not chat.practice.sandbox.account.refunds
    await olga.goes("audit")
    olga.sees(f"Money for booking {booking.id} was paid back another way", "why: it could not go back before")


async def test_a_no_show_that_was_none_is_cancelled_with_its_money(chat: BareChat) -> None:
    booking, _intent = await paid(chat)
    chat.practice.advance(seconds=(booking.ends - chat.practice.now()).total_seconds() + 60)
    olga = Somebody(chat, OWNER)
    await olga.goes(f"settling/{booking.id}")
    await olga.taps(next(button.text for button in olga.buttons if button.text.endswith("no-show")))
    olga.sees("Settled: no-show", "If it was not their fault, cancel it")
    await olga.taps("Cancel session")
    await olga.fills(reason="The link was wrong")
    olga.sees("Iva gets a full refund: €45.00.", "It then no longer counts as a no-show.")
    await olga.taps("Cancel session")
    told = await chat.reads(IVA, f"notice/cancelled/{booking.id}")
    assert "The link was wrong" in told
    assert "€45.00 goes back to the card" in told
