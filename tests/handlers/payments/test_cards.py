"""Kept cards as a client sees them: chosen before paying, offered beside the page, declined with a way on, removed."""

from bot.chat.screen import Kept, Link
from bot.domain.notices.notices import NoticeKind
from bot.domain.people.people import Platform, Profile
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_order_page import asked
from tests.services.cards.kept import keeps

IVA = Profile(Platform.TELEGRAM, "", "7002", "7002", "Iva", zone="Europe/Berlin", language="en")
ANOTHER = Profile(Platform.SLACK, "T0AAA", "U0MAX", "D0MAX", "Max", language="en")


async def holds(chat: BareChat, who: Profile = IVA) -> tuple[Somebody, int]:
    iva = Somebody(chat, who)
    at = await chat.next_start(True)
    booking = await chat.practice.hold(at, who)
    await chat.practice.page(booking)
    await iva.goes(f"hold/{booking.id}")
    return iva, booking.id


def link(somebody: Somebody) -> str:
    return " ".join(each.text for row in somebody.screen.buttons for each in row if isinstance(each, Link))


async def test_the_card_that_pays_is_kept_where_its_client_says_so(chat: BareChat) -> None:
    iva, number = await holds(chat)
    await iva.taps("Keep my card for next time")
    iva.sees("Keep your card for next time?", "Stripe keeps your card.", "never its number")
    await iva.taps("Keep it")
    iva.sees("The card that you pay with is kept for next time.", "[Do not keep my card]")
    await iva.taps("Do not keep my card")
    iva.sees("[Keep my card for next time]")
    assert "is kept for next time" not in iva.text
    await iva.taps("Keep my card for next time")
    await iva.taps("Keep it")
    booking = await chat.practice.found(number)
    await chat.practice.pays(await chat.practice.page(booking))
    await chat.practice.heard()
    await chat.practice.sweep(seconds=1)
    await iva.goes("settings")
    await iva.taps("Cards")
    iva.sees("Visa ···· 4242, good until 12/2034", "[Visa ··42]")


async def test_one_tap_on_a_kept_card_books(chat: BareChat) -> None:
    await keeps(chat.practice, who=IVA)
    iva, _number = await holds(chat)
    await iva.taps("Pay with Visa ··42")
    iva.sees("Booked: Single with Olga Owner")


async def test_a_declined_card_is_one_page_with_a_reason_a_link_and_a_deadline(chat: BareChat) -> None:
    card = await keeps(chat.practice, who=IVA)
    await chat.practice.control("card", payment_method=card.ref, says="insufficient_funds")
    iva, _number = await holds(chat)
    await iva.taps("Pay with Visa ··42")
    iva.sees("there is not enough money for Visa ··42", "Nothing was charged", "This time is held until")
    assert link(iva) == "Pay €45.00"
    await chat.practice.control("card", payment_method=card.ref, says="authentication_required")
    await iva.taps("Pay with Visa ··42")
    iva.sees("Your bank did not let Visa ··42 pay without a confirmation of yours.")


async def test_the_banks_question_is_a_link_and_another_way_stays_open(chat: BareChat) -> None:
    card = await keeps(chat.practice, who=IVA)
    await chat.practice.control("card", payment_method=card.ref, says="check")
    iva, _number = await holds(chat)
    await iva.taps("Pay with Visa ··42")
    iva.sees("Your bank asks you to confirm this on its own page", "Nothing was charged so far.")
    assert link(iva) == "Confirm at your bank"
    await iva.taps("Pay another way")
    assert link(iva) == "Pay €45.00"
    assert {each.status for each in chat.practice.sandbox.account.intents.values()} == {"canceled"}


async def test_an_order_is_paid_with_a_kept_card(chat: BareChat) -> None:
    await keeps(chat.practice, who=IVA)
    order = await asked(chat)
    iva = Somebody(chat, IVA)
    await chat.practice.payments.ready_order(order.id, chat.practice.now())
    await iva.goes(f"order/{order.id}")
    await iva.taps("Pay with Visa ··42")
    iva.sees("Paid: 5 sessions")
    assert iva.screen.kept == Kept(NoticeKind.ORDER_PAID, order.subject), "no other message says so once more"


async def test_cards_under_settings(chat: BareChat) -> None:
    iva, other = Somebody(chat, IVA), Somebody(chat, ANOTHER)
    await iva.goes("cards")
    iva.sees("No card is kept.")
    await iva.taps("Keep a card")
    iva.sees("Keep a card?", "Nothing is paid now.")
    await iva.taps("Keep a card")
    assert link(iva) == "Enter a card"
    card = await keeps(chat.practice, who=IVA)
    second = await keeps(chat.practice, "mastercard", who=IVA)
    kept = (await chat.practice.cards.of(card.person_id, chat.practice.now())).cards
    assert [each.brand for each in kept] == ["visa", "mastercard"], second
    await iva.goes("cards")
    iva.sees("Visa ···· 4242, good until 12/2034: I offer it first", "Mastercard ···· 4444")
    await iva.taps("Mastercard ··44")
    await iva.taps("Offer it first")
    iva.sees("I offer Mastercard ··44 first from now on.")
    await iva.taps("Visa ··42")
    await other.goes(f"card/{card.id}")
    assert "4242" not in other.text
    iva.sees("If you remove it, it cannot be charged any more.")
    await iva.taps("Remove it")
    iva.sees("Visa ··42 is not kept any more.")
    assert "[Visa" not in iva.text


async def test_a_message_says_that_a_card_is_kept_or_was_renewed(chat: BareChat) -> None:
    card = await keeps(chat.practice, who=IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"notice/card-kept/{card.id}")
    iva.sees("Your card is kept", "Visa ···· 4242, good until 12/2034")
    await chat.practice.control("renew", payment_method=card.ref, exp_month=3, exp_year=2037, last4="0007")
    await chat.practice.heard()
    await chat.practice.sweep(seconds=5)
    await iva.goes(f"notice/card-renewed/{card.id}")
    iva.sees("Your bank renewed your card", "Visa ···· 0007, good until 03/2037")
    max_ = Somebody(chat, ANOTHER)
    await max_.goes(f"notice/card-kept/{card.id}")
    max_.sees("no longer here")


async def test_a_message_says_that_a_card_ends_and_can_be_stopped(chat: BareChat) -> None:
    card = await keeps(chat.practice, who=IVA)
    iva = Somebody(chat, IVA)
    assert await chat.notice(IVA, f"notice/card-ending/{card.id}") is None, "it is good for years"
    await chat.practice.control("renew", payment_method=card.ref, exp_month=12, exp_year=2026)
    await chat.practice.heard()
    await chat.practice.sweep(days=5)
    await chat.practice.cards.warn(chat.practice.now())
    [(_who, told, _state)] = await chat.practice.notices("card-ending")
    await iva.goes(told)
    iva.sees("Your card ends soon: Visa ··42", "good until 12/2026", "[Keep a card]", "[Cards]", "[Stop these]")
    assert await chat.notice(ANOTHER, told) is None
    await iva.taps("Stop these")
    iva.sees("No more messages about cards that end.", "[Tell me when a card ends]")
    assert await chat.notice(IVA, told) is None
    await iva.taps("Tell me when a card ends")
    iva.sees("I will tell you before your card ends.")
