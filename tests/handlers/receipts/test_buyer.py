"""What a client enters for receipts stands on the next one; those of before keep what they say."""

import sqlalchemy as sa

from bot.domain.payments.receipts import Party
from storage.tables import persons
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_packages import IVA, for_sale, pays
from tests.handlers.receipts.test_receipt_links import paid
from tests.services.bare_practice import CLIENT


async def test_a_client_has_another_name_and_an_address_on_receipts(chat: BareChat) -> None:
    await for_sale(chat)
    iva = Somebody(chat, IVA)
    await iva.goes("settings")
    await iva.taps("Your receipts")
    iva.sees("There are none yet.", "The next receipt is for: Iva")
    await iva.taps("Name and address")
    await iva.fills(name="Iva GmbH", address="Ring 1\n1010 Wien", tax_number="ATU1")
    iva.sees("Saved.", "The next receipt is for: Iva GmbH; Ring 1, 1010 Wien; tax number ATU1")
    await iva.goes("packages")
    await iva.taps("Starter")
    await iva.taps("Buy it")
    await pays(chat, iva)
    [first] = await chat.desk.receipts.of_person((await iva.turn()).person.id, 0, 5)
    assert first.receipt.buyer == Party("Iva GmbH", "Ring 1\n1010 Wien", "ATU1")
    await iva.goes("receipts/buyer")
    await iva.fills(name="", address="", tax_number="")
    iva.sees("The next receipt is for: Iva")
    [same] = await chat.desk.receipts.of_person((await iva.turn()).person.id, 0, 5)
    assert same.receipt == first.receipt


async def test_nothing_of_it_is_kept_in_the_open(chat: BareChat) -> None:
    clara = Somebody(chat, CLIENT)
    await clara.goes("receipts/buyer")
    await clara.fills(name="Secret & Co", address="Hidden Street 5", tax_number="ATU77")
    rows = await chat.practice.storage.read(lambda tx: tx.execute(sa.select(persons)).all())
    assert all(word not in str(rows) for word in ("Secret", "Hidden", "ATU77"))
    booking = await paid(chat)
    [link] = await chat.desk.receipts.of(booking.subject)
    assert link.receipt.buyer.name == "Secret & Co"


async def test_what_is_too_long_changes_nothing(chat: BareChat) -> None:
    clara = Somebody(chat, CLIENT)
    before = await chat.desk.buyers.of((await clara.turn()).person.id)
    act = await chat.practice.act(CLIENT, chat.practice.now())
    for texts in (("x" * 101, "", ""), ("", "x" * 401, ""), ("", "", "x" * 41)):
        assert getattr(await chat.desk.buyers.enter(act, *texts), "reason", None) in ("name", "address", "tax_number")
    assert await chat.desk.buyers.of((await clara.turn()).person.id) == before
