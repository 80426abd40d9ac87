"""Fees as people see them: what cannot stand is refused, and what is agreed, owed and taken back is said."""

from dataclasses import replace
from datetime import timedelta

from bot.chat.forms import read_form
from bot.services.fees.fees import SessionFees
from bot.services.reactions import react
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.conversation.crowded import IVA
from tests.handlers.reports.test_tax_report import rows_of
from tests.services.bare_practice import OWNER, done
from tests.services.cards.kept import cards_of, keeps
from tests.services.fees.charging import asks, booked, cancels_late, charged, fee_of, misses


async def test_the_owner_sets_them_and_bad_answers_change_nothing(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes(f"offer/{chat.practice.paid.id}/edit/fees")
    olga.sees("A fee is asked only where a code makes the session free.")
    form = olga.screen.form
    assert form is not None
    assert set(read_form(form, {"late_cancel_fee": "much", "no_show_fee": "-3"})[1]) == {
        "late_cancel_fee", "no_show_fee",
    }  # fmt: skip
    await olga.fills(late_cancel_fee="20", no_show_fee="none")
    olga.sees("Saved.", "Fee for a late cancel: €20.00")
    assert "Fee for not coming" not in olga.text
    await olga.taps("Fees")
    await olga.fills(late_cancel_fee="none", no_show_fee="none")
    assert "Fee for" not in olga.text


async def test_owners_read_what_came_as_fees_and_that_it_has_no_tax(chat: BareChat) -> None:
    await chat.practice.control("tax", head_office={"country": "DE"}, registrations=["DE"])
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/tax")
    await olga.taps("On top of the prices")
    olga.sees("No tax is calculated on fees.")
    await olga.goes(f"offer/{chat.practice.free.id}/edit/fees")
    olga.sees("No tax is calculated on fees.")
    done(await asks(chat.practice))
    await keeps(chat.practice, who=IVA)
    await cancels_late(chat.practice, await booked(chat.practice, IVA), IVA)
    await chat.practice.sweep(seconds=10)
    await chat.practice.heard()
    await chat.practice.sweep(seconds=30)
    assert charged(chat.practice) == [2000]
    await olga.goes("report/money")
    olga.sees("Came in: €20.00", "Of it for late cancels and no-shows, without tax: €20.00")
    [row] = rows_of(await olga.taps("As a file (CSV)"))
    assert (row["offer"], row["late_cancel_and_no_show_fees"]) == ("Intro", "20.00"), "also what Stripe kept is Intro's"
    await olga.goes("report/tax")
    olga.sees("No country, fees, no tax calculated: €20.00 + €0.00 tax")
    [row] = rows_of(await olga.taps("As a file"))
    assert (row["reason"], row["gross"]) == ("fee", "20.00")


async def test_without_a_keeper_of_cards_they_are_off(chat: BareChat) -> None:
    done(await asks(chat.practice))
    chat.use(replace(chat.desk, fees=SessionFees(chat.practice.storage, react, None)))
    olga, iva = Somebody(chat, OWNER), Somebody(chat, IVA)
    await olga.goes(f"offer/{chat.practice.free.id}/edit/fees")
    olga.sees("Fees are charged to a kept card, so they are off")
    at = await chat.next_start()
    await iva.goes(f"review/{chat.practice.free.id}/{chat.practice.coach_id}/{at:%Y%m%dT%H%MZ}")
    iva.sees("[Book it]")
    assert "€20.00" not in iva.text


async def test_what_was_agreed_is_listed_and_taken_back(chat: BareChat) -> None:
    done(await asks(chat.practice))
    await keeps(chat.practice, who=IVA)
    booking = await booked(chat.practice, IVA)
    iva = Somebody(chat, IVA)
    await iva.goes(f"booking/{booking.id}")
    iva.sees("after that it costs €20.00.")
    await iva.goes("cards")
    await iva.taps("Fees that you agreed to")
    iva.sees("Intro, €30.00 at most")
    await iva.taps("Take it back")
    iva.sees("Taken back. What is booked keeps what was agreed for it.", "taken back")
    await iva.goes(f"cancel/{booking.id}")
    iva.sees("it costs €20.00.")


async def test_a_fee_that_the_bank_refuses_is_owed_and_can_be_paid(chat: BareChat) -> None:
    done(await asks(chat.practice))
    card = await keeps(chat.practice, who=IVA)
    booking = await booked(chat.practice, IVA)
    await chat.practice.control("card", payment_method=card.ref, says="insufficient_funds")
    await cancels_late(chat.practice, booking, IVA)
    await chat.practice.sweep(seconds=5)
    iva, olga = Somebody(chat, IVA), Somebody(chat, OWNER)
    await olga.goes(f"booking/{booking.id}")
    olga.sees("Fee for cancelling late: €20.00. Iva owes it.", "I try that card once more")
    await olga.goes("report/money")
    olga.sees("Fees not paid yet, as of today: €20.00, 1 fee")
    told = [to for _who, to, _state in await chat.practice.notices("fee-owed")]
    seen = await chat.notice(IVA, told[0])
    assert seen is not None
    assert seen.title == "A fee could not be charged"
    await iva.goes(f"booking/{booking.id}")
    await iva.taps("Pay the fee")
    iva.sees("[Pay with Visa ··42]")
    await iva.taps("Pay €20.00")
    [link] = [each for each in iva.links if each.text.startswith("Pay ")]
    assert link.url.startswith("http")
    await olga.goes(f"booking/{booking.id}")
    await olga.taps("The fee")
    await olga.taps("Let off the fee")
    olga.sees("It is not to be paid any more.")
    returned = await chat.notice(IVA, (await chat.practice.notices("fee-returned"))[0][1])
    assert returned is not None
    assert returned.title == "The fee is not due any more"


async def test_what_is_owed_is_paid_by_a_tap_on_a_kept_card(chat: BareChat) -> None:
    """Its client is there, so the bank can ask them; a question that they leave open keeps nothing from being paid."""
    done(await asks(chat.practice))
    card = await keeps(chat.practice, who=IVA)
    booking = await booked(chat.practice, IVA)
    await chat.practice.control("card", payment_method=card.ref, says="check")
    await cancels_late(chat.practice, booking, IVA)
    await chat.practice.sweep(seconds=5)
    told, iva = await chat.practice.notices("fee-owed"), Somebody(chat, IVA)
    await iva.goes(f"booking/{booking.id}")
    await iva.taps("Pay the fee")
    iva.sees("You owe it.", "The bank did not let me charge Visa ··42.", "[Pay €20.00]")
    await iva.taps("Pay with Visa ··42")
    iva.sees("You owe it.", "Your bank asks you to confirm this on its own page", "Nothing was charged so far.")
    assert [each.text for each in iva.links] == ["Confirm at your bank"]
    for _round in range(2):
        await chat.practice.sweep(minutes=46)
    assert {each.status for each in chat.practice.sandbox.account.intents.values()} == {"canceled"}
    await chat.practice.sweep(days=2)
    assert await chat.practice.notices("fee-owed") == told, "their own tap is no try of ours"
    await chat.practice.control("card", payment_method=card.ref, says="insufficient_funds")
    order = (await fee_of(chat.practice, booking)).order_id
    await iva.goes(f"fee/{order}")
    await iva.taps("Pay with Visa ··42")
    iva.sees("there is not enough money for Visa ··42")
    assert [each.text for each in iva.links] == ["Pay €20.00"]
    assert await chat.practice.notices("fee-owed") == told
    await chat.practice.control("card", payment_method=card.ref, says="approved")
    await iva.taps("Pay with Visa ··42")
    iva.sees("Paid: Fee for cancelling late: Intro", "Intro with Olga Owner", "[The session]")
    assert charged(chat.practice) == [2000]


async def test_who_removes_their_last_card_reads_of_which_sessions_a_fee_is_asked_on_a_page_then(
    chat: BareChat,
) -> None:
    done(await asks(chat.practice))
    card = await keeps(chat.practice, who=IVA)
    iva, warned = Somebody(chat, IVA), "No other card of yours is kept."
    await iva.goes(f"card/{card.id}")
    assert warned not in iva.text
    before = iva.button("Remove it").to
    booking = await booked(chat.practice, IVA)
    await iva.goes(before)
    iva.sees("[Remove it]", warned)  # what was told before is not what would happen now
    iva.sees("Intro with Olga Owner", "€30.00 at most")
    await keeps(chat.practice, "mastercard", IVA)
    await iva.goes(f"card/{card.id}")
    assert warned not in iva.text
    await iva.taps("Remove it")
    await iva.taps("Mastercard ··44")
    iva.sees(warned)
    await iva.taps("Remove it")
    iva.sees("No card is kept.")
    await cancels_late(chat.practice, booking, IVA)
    await iva.goes(f"booking/{booking.id}")
    iva.sees("You owe it.", "[Pay the fee]")


async def test_the_coach_chooses_whether_not_coming_costs_the_fee(chat: BareChat) -> None:
    done(await asks(chat.practice))
    await keeps(chat.practice, who=IVA)
    booking, olga = await booked(chat.practice, IVA), Somebody(chat, OWNER)
    chat.practice.advance(seconds=(booking.ends - chat.practice.now() + timedelta(minutes=1)).total_seconds())
    await olga.goes(f"settling/{booking.id}")
    await olga.taps(next(each.text for each in olga.buttons if each.text.endswith("no-show")))
    olga.sees("Iva agreed to pay €30.00 for not coming.", "[No-show, charge €30.00]", "[No-show, no charge]")
    await olga.taps("No-show, charge")
    olga.sees("Settled: no-show", "If you undo it, the fee of €30.00 is not due any more.")
    await olga.taps("Undo")
    assert (await chat.practice.found(booking.id)).fee is None
    [card] = await cards_of(chat.practice, IVA)
    act = await chat.practice.act(IVA, chat.practice.now())
    done(await chat.practice.cards.remove(act, card.id, card.version))
    await olga.goes(f"no-show/{booking.id}")
    olga.sees("No card is kept any more, so I send a page to pay it.")
    assert (await misses(chat.practice, booking, fee=None)).fee is None
