"""The tax of a client as an owner keeps it, and as its client and `/report tax` read it."""

from bot.domain.payments.tax import TaxBehavior, TaxChoice
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_money_told import IVA
from tests.handlers.reports.test_tax_report import rows_of
from tests.services.bare_practice import OWNER, done


async def reckons(chat: BareChat, behavior: TaxBehavior = TaxBehavior.INCLUSIVE) -> None:
    """Stripe reckons tax for a practice in Germany."""
    await chat.practice.control("tax", head_office={"country": "DE"}, registrations=["DE", "AT"])
    version = (await chat.desk.practice.get()).version
    act = await chat.practice.act(OWNER, chat.practice.now())
    done(await chat.desk.taxes.choose(act, version, TaxChoice(behavior)))


async def buys(chat: BareChat, region: str = "DE") -> int:
    """A session; the booking."""
    held = await chat.practice.hold(await chat.next_start(paid=True), IVA)
    page = await chat.practice.page(held)
    await chat.practice.control("pay", session=page.checkout_ref, card="success", region=region)
    await chat.practice.heard()
    return held.id


async def test_no_tax_is_taken_with_a_reason_and_taken_again(chat: BareChat) -> None:
    await reckons(chat)
    await buys(chat)
    client, olga = (await chat.practice.meet(IVA, chat.practice.now())).id, Somebody(chat, OWNER)
    await olga.goes(f"client/{client}")
    await olga.taps("Tax")
    olga.sees("Tax of Iva", "No tax number.", "Tax is taken.")
    await olga.taps("Take no tax")
    olga.sees("From the next order on, no tax is taken of Iva. The reason stands on the receipts.")
    stale = olga.screen.form
    await olga.fills(why="A school, by the law")
    olga.sees("Saved.", "No tax is taken. Since", "entered by Olga Owner.", "Reason: A school, by the law")
    assert stale is not None
    await olga.goes(stale.to, {"why": "Once more"})
    olga.sees("Reason: A school, by the law")
    await buys(chat)
    await olga.goes("report/tax")
    olga.sees("DE, 19 %: €37.82 + €7.18 tax", "DE, exempt client: €45.00 + €0.00 tax", "1 exempt sale, 1 with a reason")
    exempt = next(row for row in rows_of(await olga.taps("As a file (CSV)")) if row["exempt"] == "yes")
    assert (exempt["exempt_sales"], exempt["exempt_with_reason"], exempt["net"]) == ("1", "1", "45.00")
    await olga.goes(f"client-tax/{client}")
    await olga.taps("Take tax again")
    await olga.fills(why="It was sold")
    olga.sees("Saved.", "Tax is taken. Since", "Reason: It was sold", "[Take no tax]")
    await olga.goes("audit")
    olga.sees("No tax is taken of Iva any more", "Tax is taken of Iva again")
    iva = Somebody(chat, IVA)
    await iva.goes(f"client-tax/{client}")
    iva.sees("no longer here")


async def test_client_and_owner_read_what_the_state_says_to_a_number(chat: BareChat) -> None:
    await reckons(chat)
    iva, olga = Somebody(chat, IVA), Somebody(chat, OWNER)
    client = (await chat.practice.meet(IVA, chat.practice.now())).id
    for number, said, to_owner in (
        ("ATU222222222", "Your tax number is being checked.", "It is being checked."),
        ("ATU12345678", "Your tax number was checked: it is valid.", "It was checked: it is valid."),
        ("ATU111111111", "so tax is taken as if there were none", "so tax is taken as if there were none"),
        ("CHE123456789MWST", "Nobody can check a tax number of this kind.", "Nobody can check one of this kind."),
    ):
        await iva.goes("receipts/buyer")
        await iva.fills(name="", address="", tax_number=number)
        for _round in range(3):
            await chat.practice.heard()
            await chat.practice.sweep(seconds=1)
            await chat.practice.sandbox.tick()
        await iva.goes("receipts")
        iva.sees(f"tax number {number}", said)
        await olga.goes(f"client-tax/{client}")
        olga.sees(f"Tax number: {number}", to_owner)
        if number.startswith("ATU111"):
            await iva.goes("tax-number")
            iva.sees("Your tax number is not known", "It still stands on your receipts.", "[Name and address]")
    await iva.goes("tax-number")
    assert "not known" not in iva.text
