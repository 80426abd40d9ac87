"""What owners read of a dispute, a warning and a refund made in the dashboard; and what the client reads meanwhile."""

from datetime import timedelta

import pytest

from bot.domain.payments.payments import Payment
from bot.domain.people.people import Platform, Profile
from bot.handlers.payments import disputes
from storage.payments import payments
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.payments.test_packages import for_sale, pays
from tests.handlers.receipts.test_receipt_links import paid as paid_session
from tests.services.bare_practice import CLIENT, OWNER
from tests.services.disputes import selling_packages

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")


async def bought(chat: BareChat) -> Payment:
    """Iva paid for five sessions."""
    package = await for_sale(chat)
    iva = Somebody(chat, IVA)
    await iva.goes(f"package/{package.id}")
    await iva.taps("Buy it")
    await pays(chat, iva)
    paid = await chat.practice.storage.read(lambda tx: payments.find(tx, 1))
    assert paid is not None
    return paid


async def told(chat: BareChat, kind: str) -> Somebody:
    owner = Somebody(chat, OWNER)
    *_before, (_person, address, _state) = await chat.practice.notices(kind)
    await owner.goes(address)
    return owner


async def test_an_owner_reads_until_when_to_answer_with_what_and_how_it_ended(chat: BareChat) -> None:
    paid = await bought(chat)
    made = await chat.practice.control("dispute", charge=paid.charge_ref)
    await chat.practice.heard()
    owner = await told(chat, "dispute")
    owner.sees(
        "A payment is disputed", "€202.50 from Iva: Starter", "The client's bank has taken €202.50 back",
        "The card holder says that they did not pay this.", "Answer in Stripe until", "the receipt R-00001",
        "5 unused sessions are on hold.", "Nothing can go back to the client meanwhile.", "[The client]",
    )  # fmt: skip
    iva = Somebody(chat, IVA)
    await iva.goes("packages")
    iva.sees("0 sessions left, 5 on hold", "What is on hold can be used once it is known whose the money for it is.")
    await chat.practice.control("dispute_outcome", dispute=made["id"], status="lost")
    await chat.practice.heard()
    owner = await told(chat, "dispute")
    owner.sees("The dispute is lost", "The client's bank keeps €202.50.", "5 unused sessions are lost with it.",
               "Stripe kept €15.00 for it.")  # fmt: skip
    await owner.goes("grant/1")
    owner.sees("lost, since the money for it is gone", "on hold, since its payment is in doubt")
    await iva.goes("notice/dispute/1")
    assert "Starter" not in as_text(iva.screen), "owners alone read of it"


async def test_of_more_sessions_than_are_named_the_rest_is_counted(
    chat: BareChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disputes, "MOST_NAMED", 1)
    paid, iva = await bought(chat), Somebody(chat, IVA)
    for after in (timedelta(days=3), timedelta(days=5)):
        at = await chat.next_start(True, after)
        await iva.goes(f"review/{chat.practice.paid.id}/{chat.practice.coach_id}/{at:%Y%m%dT%H%MZ}")
        await iva.taps("Book it")
    await chat.practice.control("dispute", charge=paid.charge_ref)
    await chat.practice.heard()
    owner = await told(chat, "dispute")
    owner.sees("Single", "And 1 more.", "[The client]")


async def test_of_a_session_on_a_disputed_package_both_sides_read_what_becomes_of_its_credit(chat: BareChat) -> None:
    """Nobody reads that it comes back while it does not."""
    practice = chat.practice
    package = await selling_packages.bought(practice)
    starts = await practice.starts(practice.paid)
    goes, other = [await selling_packages.books(practice, at) for at in starts[9:11]]
    ref = await selling_packages.disputed(practice, package.charge)
    clara, olga = Somebody(chat, CLIENT), Somebody(chat, OWNER)
    frozen, lost = "the credit stays on hold until that is decided.", "the credit is gone with the money."
    german = "Das Guthaben bleibt gesperrt, bis das entschieden ist."
    await clara.goes(f"cancel/{goes.id}")
    clara.sees("Eine Absage kostet nichts.", german)
    await clara.taps("Sitzung absagen")
    clara.sees(german)
    await olga.goes(f"booking/{goes.id}")
    olga.sees(frozen)
    await selling_packages.ends(practice, ref, "lost")
    await olga.goes(f"coach-cancel/{other.id}")
    await olga.fills(reason="Something came up")
    olga.sees(lost)
    await olga.taps("Cancel session")
    olga.sees(lost)
    await clara.goes(f"booking/{other.id}")
    clara.sees("Das Guthaben ist mit dem Geld weg.")


async def test_of_a_session_whose_payment_is_disputed_both_sides_read_that_its_money_waits(chat: BareChat) -> None:
    booking = await paid_session(chat)
    charge = (await chat.practice.payment(1)).charge_ref or ""
    ref = await selling_packages.disputed(chat.practice, charge)
    clara, olga = Somebody(chat, CLIENT), Somebody(chat, OWNER)
    german, english = "Die Bank hat dieses Geld", "the bank has this money"
    await clara.goes(f"cancel/{booking.id}")
    clara.sees(german)
    await olga.goes(f"coach-cancel/{booking.id}")
    await olga.fills(reason="Something came up")
    olga.sees(english)
    await olga.taps("Cancel session")
    olga.sees(english)
    await clara.goes(f"booking/{booking.id}")
    clara.sees(german)
    await selling_packages.ends(chat.practice, ref, "won")
    await clara.goes(f"booking/{booking.id}")
    assert german not in clara.text


async def test_nobody_reads_that_what_the_bank_has_is_kept(chat: BareChat) -> None:
    booking = await paid_session(chat)
    await selling_packages.disputed(chat.practice, (await chat.practice.payment(1)).charge_ref or "")
    chat.practice.advance(seconds=(booking.starts - chat.practice.now() - timedelta(hours=1)).total_seconds())
    clara, olga = Somebody(chat, CLIENT), Somebody(chat, OWNER)
    german, english = "Die Bank hat 45,00\xa0€ und entscheidet", "the bank has €45.00 and decides whose it is."
    await clara.goes(f"cancel/{booking.id}")
    clara.sees("Für eine Erstattung ist es zu spät.", german)
    await clara.taps("Sitzung absagen")
    clara.sees(german)
    await olga.goes(f"booking/{booking.id}")
    olga.sees(english)
    chat.practice.advance(days=1)
    await clara.goes("past")
    clara.sees(german)
    for kept in ("behält", "is kept"):
        assert kept not in clara.text + olga.text


async def test_a_warning_proposes_a_refund_and_says_what_is_lost_with_it(chat: BareChat) -> None:
    paid = await bought(chat)
    await chat.practice.control("fraud_warning", charge=paid.charge_ref)
    await chat.practice.heard()
    owner = await told(chat, "dispute")
    owner.sees("A payment may be fraud", "The card is thought to be stolen.", "What is unused of the package is lost",
               "[Give back €202.50]")  # fmt: skip
    await owner.taps("Give back €202.50")
    owner.sees("It goes back.")
    await chat.practice.sweep(seconds=1)
    await chat.practice.heard()
    owner = await told(chat, "dispute")
    owner.sees("A warning is settled")
    assert "[Give back" not in owner.text


async def test_of_a_part_that_went_back_in_the_dashboard_the_owner_decides(chat: BareChat) -> None:
    paid = await bought(chat)
    await chat.practice.control("refund", charge=paid.charge_ref, amount=9000)
    await chat.practice.heard()
    owner = await told(chat, "credits-frozen")
    owner.sees(
        "A part of a package went back", "€90.00 of €202.50 went back to Iva in Stripe.",
        "2 unused sessions are on hold until you decide.", "[Take 2 sessions away]", "[Let them be used]",
    )  # fmt: skip
    await owner.taps("Take 2 sessions away")
    owner.sees("2 unused sessions were taken away.")
    assert "[Let them be used]" not in owner.text
    iva = Somebody(chat, IVA)
    await iva.goes("packages")
    iva.sees("3 sessions left")
