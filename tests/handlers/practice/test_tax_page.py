"""An owner switches tax on, says how prices are meant, and what is sold; clients read whether it comes on top."""

from bot.domain.payments.tax import TaxBehavior, TaxChoice
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_money_told import IVA, paid
from tests.handlers.payments.test_packages import for_sale
from tests.services.bare_practice import OWNER
from tests.services.exchanges.switching import LONG, offered


async def test_tax_is_switched_on_changed_and_off_again(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/practice")
    olga.sees("No tax is calculated.")
    await olga.taps("Tax")
    await olga.taps("In the prices")
    olga.sees("Not switched on", "Stripe does not know where you are registered for tax.")
    await chat.practice.control("tax", head_office={"country": "DE"}, registrations=["DE"])
    await olga.taps("Back")
    await olga.taps("In the prices")
    olga.sees("Saved.", "Tax is in the prices.", "as Stripe's settings have it")
    await olga.taps("What you sell")
    await olga.fills(code="TXCD_20030000")
    olga.sees("txcd_20030000")
    await olga.taps("On top of the prices")
    assert (await chat.desk.practice.get()).tax == TaxChoice(TaxBehavior.EXCLUSIVE, "txcd_20030000")
    iva = Somebody(chat, IVA)
    offer, at = chat.practice.paid, await chat.next_start(paid=True)
    await iva.goes(f"review/{offer.id}/{chat.practice.coach_id}/{at:%Y%m%dT%H%MZ}")
    iva.sees("€45.00", "+ tax by your address")
    await iva.taps("Hold and pay")
    iva.sees("+ tax by your address")
    await olga.goes("setup/tax")
    await olga.taps("No tax")
    assert (await chat.desk.practice.get()).tax is None
    await olga.goes("audit")
    olga.sees("How tax is calculated was changed")


async def test_a_stale_button_and_a_word_that_is_none_change_nothing(chat: BareChat) -> None:
    await chat.practice.control("tax", head_office={"country": "DE"}, registrations=["DE"])
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/tax")
    stale = olga.button("In the prices").to
    await olga.taps("On top of the prices")
    await olga.goes(stale)
    assert (await chat.desk.practice.get()).tax == TaxChoice(TaxBehavior.EXCLUSIVE)
    await olga.goes("setup/tax/none/abcdefgh")
    assert (await chat.desk.practice.get()).tax == TaxChoice(TaxBehavior.EXCLUSIVE)


async def test_tax_on_top_is_told_wherever_something_is_bought(chat: BareChat) -> None:
    """Before anything is agreed to: with a held time, for somebody else, for several dates, and for a move."""
    await chat.practice.control("tax", head_office={"country": "DE"}, registrations=["DE"])
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    package, offer, coach = await for_sale(chat), chat.practice.paid.id, chat.practice.coach_id
    longer = await offered(chat.practice, LONG)
    booking, _intent = await paid(chat)
    await olga.goes("setup/tax")
    await olga.taps("On top of the prices")
    at = await chat.next_start(paid=True)
    for page in (
        f"give/package/{package.id}",
        f"give/session/{offer}",
        f"plan/{offer}/{coach}/n3.3.600.1",
        f"to/{booking.id}/{longer.id}/{booking.starts:%Y%m%dT%H%MZ}",
    ):
        await iva.goes(page)
        iva.sees("€", "+ tax by your address")
    await iva.goes(f"review/{offer}/{coach}/{at:%Y%m%dT%H%MZ}")
    await iva.taps("Hold and pay")
    await iva.taps("5 sessions, €202.50")
    iva.sees("Starter: 5 sessions, €202.50", "+ tax by your address")
