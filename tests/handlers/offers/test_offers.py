"""Offers: added, edited a few settings at a time, opened, paused and archived."""

import pytest

from bot.chat.forms import read_field, read_form
from bot.chat.screen import Invalid, Wrong
from bot.domain.payments.money import Money
from bot.domain.practice.offers import OfferState, PlaceKind
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import CLIENT, OWNER


async def state(chat: BareChat, offer_id: int) -> OfferState:
    found = await chat.desk.offers.find(offer_id)
    assert found is not None
    return found.state


async def refuses(somebody: Somebody, **raw: str) -> dict[str, str]:
    """What is said about answers that cannot stand together."""
    form = somebody.screen.form
    assert form is not None
    values, errors = read_form(form, raw)
    assert not errors, errors
    answer = await somebody.chat.router.send(await somebody.turn(), form.to, values)
    assert isinstance(answer, Invalid), answer
    return dict(answer.errors)


async def test_a_template_is_one_tap(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("offers/new")
    await olga.taps("Free intro")
    olga.sees("Added", "20 minutes · free", "draft", "Coaches: Olga Owner")
    await olga.taps("Open for booking")
    olga.sees("Open: clients can book it", "[Share it]", "[Pause]")
    await olga.taps("Pause")
    olga.sees("Paused")


async def test_offers_with_long_names_are_told_apart(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    long = "Executive coaching for leaders in transition"
    for line in (f"{long}, first hour 60 min 90", f"{long}, second hour 60 min 120"):
        await olga.goes("offers/line")
        await olga.fills(answer=line)
        await olga.taps("Open for booking")
    clara = Somebody(chat, CLIENT)
    await clara.goes(f"with/{chat.practice.coach_id}")
    clara.sees(f"3 · {long}, first hour · 1 Stunde · 90,00", f"4 · {long}, second hour · 1 Stunde · 120,00")
    labels = [button.text for button in clara.buttons if button.to.startswith("days/")]
    assert labels == ["1 · Intro", "2 · Single", "3 · Executive coaching for…", "4 · Executive coaching for…"]
    await olga.goes("offers")
    olga.sees(f"4 · {long}, second hour · 1 hour · €120.00", "[4 · Executive coaching for…]")


async def test_a_session_with_its_price_and_one_of_a_line(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("offers/single")
    await olga.fills(answer="90")
    olga.sees("50 minutes · €90.00")
    await olga.goes("offers/line")
    await olga.fills(answer="Deep dive 2 h 150")
    olga.sees("Deep dive", "2 hours · €150.00")


async def test_every_group_of_settings_is_changed(chat: BareChat) -> None:
    olga, offer = Somebody(chat, OWNER), chat.practice.paid
    for group, raw in (
        ("basics", {"name": "Long one", "length_min": "1 h", "step_min": "15"}),
        ("price", {"price": "€1,000.50"}),
        ("place", {"place": "Hauptplatz 1, Graz"}),
        ("times", {"buffer_before_min": "5", "buffer_after_min": "15 min", "notice_min": "6", "horizon_days": "30"}),
        ("caps", {"daily_cap": "3", "weekly_cap": "10"}),
        ("cutoffs", {"cancel_cutoff_min": "2 d", "move_cutoff_min": "24", "max_moves": "1"}),
    ):
        await olga.goes(f"offer/{offer.id}/edit/{group}")
        await olga.fills(**raw)
        olga.sees("Saved.")
    found = await chat.desk.offers.find(offer.id)
    assert found is not None
    assert (found.name, found.length_min, found.step_min, found.price) == ("Long one", 60, 15, Money(100050, "EUR"))
    assert found.place is not None
    assert found.place.kind is PlaceKind.ADDRESS
    assert (found.buffer_before_min, found.buffer_after_min, found.notice_min, found.horizon_days) == (5, 15, 360, 30)
    assert (found.daily_cap, found.weekly_cap) == (3, 10)
    assert (found.cancel_cutoff_min, found.move_cutoff_min, found.max_moves) == (2880, 1440, 1)
    await olga.goes(f"offer/{offer.id}/edit/place")
    await olga.fills(place="own")
    await olga.goes(f"offer/{offer.id}/edit/caps")
    await olga.fills(daily_cap="none", weekly_cap="")
    found = await chat.desk.offers.find(offer.id)
    assert found is not None
    assert (found.place, found.daily_cap, found.weekly_cap) == (None, None, None)


async def test_a_form_that_is_sent_as_it_was_changes_nothing(chat: BareChat) -> None:
    """Every default reads back as the value that it stands for."""
    olga, before = Somebody(chat, OWNER), await chat.desk.offers.find(chat.practice.paid.id)
    assert before is not None
    for group in ("basics", "price", "times", "caps", "cutoffs"):
        await olga.goes(f"offer/{before.id}/edit/{group}")
        form = olga.screen.form
        assert form is not None
        await olga.fills(**{field.name: field.default or "" for field in form.fields})
    after = await chat.desk.offers.find(before.id)
    assert after is not None
    same = ("name", "length_min", "step_min", "price", "buffer_before_min", "notice_min", "horizon_days", "daily_cap")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


@pytest.mark.parametrize(
    ("group", "raw", "field", "words"),
    [
        ("times", {"notice_min": "60 d"}, "notice_min", "longer than booking is open ahead"),
        ("basics", {"length_min": "5 h"}, "length_min", "No stretch of the hours"),
        ("caps", {"daily_cap": "5", "weekly_cap": "2"}, "weekly_cap", "lower than the one for a day"),
    ],
)
async def test_contradictions_are_told_at_the_answer(
    chat: BareChat, group: str, raw: dict[str, str], field: str, words: str
) -> None:
    olga, offer = Somebody(chat, OWNER), chat.practice.paid
    await olga.goes(f"offer/{offer.id}/edit/{group}")
    form = olga.screen.form
    assert form is not None
    filled = {each.name: each.default or "" for each in form.fields} | raw
    errors = await refuses(olga, **filled)
    assert words in errors[field]
    assert await chat.desk.offers.find(offer.id) == offer


@pytest.mark.parametrize(
    ("group", "field", "raw", "words"),
    [
        ("basics", "length_min", "4", "between 5 and 480"),
        ("basics", "step_min", "3", "between 5 and 480"),
        ("price", "price", "95.555", "95.555 could be 95.56 or 95555."),
        ("times", "buffer_before_min", "2000", "A buffer is at most 4 hours"),
        ("times", "buffer_after_min", "1 d", "A buffer is at most 4 hours"),
        ("times", "notice_min", "800 d", "longer than booking is open ahead"),
        ("times", "horizon_days", "731", "between 1 and 730 days"),
        ("caps", "daily_cap", "0", "At least 1."),
        ("caps", "weekly_cap", "00", "At least 1."),
        ("cutoffs", "cancel_cutoff_min", "61 d", "nobody could ever cancel"),
        ("cutoffs", "move_cutoff_min", "61 d", "nobody could ever move"),
        ("cutoffs", "max_moves", "101", "between 0 and 100 times"),
    ],
)
async def test_a_value_that_can_never_stand_is_refused_at_its_own_question(
    chat: BareChat, group: str, field: str, raw: str, words: str
) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes(f"offer/{chat.practice.paid.id}/edit/{group}")
    form = olga.screen.form
    assert form is not None
    [asked] = [each for each in form.fields if each.name == field]
    told = read_field(asked, raw)
    assert isinstance(told, Wrong)
    assert words in told.words


async def test_nothing_is_said_to_end_zero_minutes_before(chat: BareChat) -> None:
    olga, offer = Somebody(chat, OWNER), chat.practice.paid
    await olga.goes(f"offer/{offer.id}/edit/cutoffs")
    await olga.fills(cancel_cutoff_min="0", move_cutoff_min="0", max_moves="3")
    olga.sees("Free to cancel until it starts.", "Can be moved until it starts, up to 3 times.")
    await olga.goes(f"offer/{offer.id}/edit/cutoffs")
    await olga.fills(cancel_cutoff_min="0", move_cutoff_min="0", max_moves="0")
    olga.sees("It cannot be moved.")
    await olga.goes(f"offer/{offer.id}/edit/times")
    await olga.fills(buffer_before_min="0", buffer_after_min="0", notice_min="0", horizon_days="30")
    olga.sees("Bookable until it starts, at most 30 days ahead.")


async def test_an_open_offer_keeps_a_coach(chat: BareChat) -> None:
    olga, offer = Somebody(chat, OWNER), chat.practice.free
    await olga.goes(f"offer/{offer.id}/coaches")
    await olga.taps("Take out Olga Owner")
    olga.sees("Nobody does this offer")


async def test_an_old_button_does_not_open_what_was_changed(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("offers/new")
    await olga.taps("Free intro")
    old, page = olga.button("Open for booking").to, olga.screen.address or ""
    await olga.goes(f"{page}/edit/price")
    await olga.fills(price="500")
    await olga.goes(old)
    olga.sees("Something has changed", "€500.00")
    assert await state(chat, int(page.split("/")[1])) is OfferState.DRAFT


async def test_archiving_asks_first(chat: BareChat) -> None:
    olga, offer = Somebody(chat, OWNER), chat.practice.free
    await olga.goes(f"offer/{offer.id}")
    await olga.taps("Archive")
    olga.sees("for good", "[Keep it]")
    await olga.taps("Archive offer")
    olga.sees("Archived")
    assert await state(chat, offer.id) is OfferState.ARCHIVED
    await olga.goes(f"offer/{offer.id}")
    olga.sees("This is no longer here")


async def test_wherever_a_price_or_a_currency_is_typed_its_limit_is_named(chat: BareChat) -> None:
    olga, priced = Somebody(chat, OWNER), chat.practice.paid.id
    low, high = "Stripe takes €0.50 at least; 0 is free.", "Stripe takes €999,999.99 at most."
    yen = "“Single” would cost JP¥45. Stripe takes JP¥50 at least; 0 is free."
    for page, answer, words in (
        ("offers/single", {"answer": "0.49"}, low),
        ("offers/line", {"answer": "Quick 20 min 0.49"}, low),
        ("setup/offer", {"answer": "Retreat 50 min 1000000"}, high),
        (f"offer/{priced}/edit/price", {"price": "0.49"}, low),
        ("setup/change/currency", {"answer": "JPY"}, yen),
        ("setup/change/currency", {"answer": "IRR"}, "Stripe takes no payments in IRR."),
    ):
        await olga.goes(page)
        [said] = (await refuses(olga, **answer)).values()
        assert said.startswith(words), page
    assert (await chat.desk.practice.get()).currency == "EUR"
    assert [offer.price.amount for offer in await chat.desk.offers.all()] == [0, 4500]
