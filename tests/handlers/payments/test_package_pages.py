"""The owner's packages: proposed from a price, typed in a line, changed a few settings at a time, sold and archived."""

import pytest

from bot.chat.forms import read_form
from bot.chat.screen import Invalid
from bot.domain.credits.packages import Package, PackageState
from bot.domain.payments.money import Money
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER


async def the_only(chat: BareChat) -> Package:
    [package] = await chat.desk.packages.all()
    return package


async def refuses(somebody: Somebody, **raw: str) -> dict[str, str]:
    """What is said about answers that cannot stand, by field."""
    form = somebody.screen.form
    assert form is not None
    filled = {each.name: each.default or "" for each in form.fields} | raw
    values, errors = read_form(form, filled)
    if errors:
        return dict(errors)
    answer = await somebody.chat.router.send(await somebody.turn(), form.to, values)
    assert isinstance(answer, Invalid), answer
    return dict(answer.errors)


async def with_package(chat: BareChat) -> Somebody:
    """The owner, on the page of five sessions at the proposed price."""
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/packages/new")
    await olga.taps("5 sessions")
    return olga


async def test_three_are_proposed_and_one_tap_adds_one(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/packages")
    olga.sees("You have no such package yet.")
    await olga.taps("Add a package")
    olga.sees(
        "From €45.00 for one session of Single:",
        "5 sessions: €202.50, 10% less, valid for 6 months",
        "10 sessions: €382.50, 15% less, valid for 9 months",
        "20 sessions: €720.00, 20% less, valid for 12 months",
    )
    await olga.taps("10 sessions")
    olga.sees(
        "Added.", "not for sale", "10 × Single: 10 sessions, €382.50",
        "€38.25 a session, €67.50 (15%) less than one by one", "For: Single", "Valid for 9 months from the purchase.",
    )  # fmt: skip
    await olga.taps("Sell it")
    olga.sees("For sale: clients can buy it.")
    assert [each.name for each in await chat.desk.packages.for_sale(chat.practice.now())] == ["10 × Single"]
    await olga.taps("Stop selling it")
    olga.sees("not for sale", "What was bought stays.")
    await olga.taps("Archive")
    await olga.taps("Archive package")
    olga.sees("Archived.", "You have no such package yet.")


async def test_with_several_prices_the_offer_is_chosen_first(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("offers/line")
    await olga.fills(answer="Double 100 min 80")
    await olga.goes("setup/packages/new")
    olga.sees("Which sessions is it for?", "[Single]", "[Double]")
    await olga.taps("Double")
    await olga.taps("5 sessions")
    await olga.taps("What it is for")
    await olga.taps("Add Single")
    olga.sees("For: Single, Double")
    await olga.taps("Back")
    olga.sees("€72.00 a session", "For: Single, Double")
    await olga.taps("What it is for")
    await olga.taps("Take out Double")
    olga.sees("It costs more than as many single sessions.")
    assert len((await the_only(chat)).offer_ids) == 2


async def test_one_of_a_line_and_what_no_line_says(chat: BareChat) -> None:
    olga, offer = Somebody(chat, OWNER), chat.practice.paid
    await olga.goes(f"setup/packages/of/{offer.id}")
    await olga.taps("Something else")
    assert (await refuses(olga, answer="Starter 200"))["answer"].startswith("Write a number of sessions and a price")
    assert "could be" in (await refuses(olga, answer="5 sessions 95.555"))["answer"]
    assert "costs more" in (await refuses(olga, answer="5 sessions 500"))["answer"]
    assert "Stripe takes €0.50 at least." in (await refuses(olga, answer="5 sessions 0.49"))["answer"]
    await olga.fills(answer="Starter 3 sessions 100")
    olga.sees("Starter: 3 sessions, €100.00", "about €33.33 a session", "Valid for 6 months")


async def test_every_group_of_settings_is_changed(chat: BareChat) -> None:
    olga = await with_package(chat)
    for button, raw, words in (
        ("Name and sessions", {"name": "Eight", "sessions": "8"}, "Eight: 8 sessions"),
        ("Price", {"price": "300"}, "€37.50 a session"),
        ("How long it is valid", {"validity": "1 year"}, "Valid for 12 months"),
        ("How long it is valid", {"validity": "30 June 2027"}, "Valid until Wednesday, 30 June 2027."),
        ("How long it is valid", {"validity": "none"}, "Valid without an end."),
        ("Most a week", {"weekly_cap": "2"}, "At most 2 of these sessions a week."),
    ):
        await olga.taps(button)
        await olga.fills(**raw)
        olga.sees("Saved.", words)
    found = await the_only(chat)
    assert (found.sessions, found.price, found.weekly_cap) == (8, Money(30000, "EUR"), 2)
    for button in ("Name and sessions", "Price", "How long it is valid", "Most a week"):
        await olga.taps(button)
        form = olga.screen.form
        assert form is not None
        await olga.fills(**{field.name: field.default or "" for field in form.fields})
    after = await the_only(chat)
    assert after == Package(**{**vars(found), "version": after.version}), "a form that is sent as it was"


@pytest.mark.parametrize(
    ("button", "raw", "field", "words"),
    [
        ("Name and sessions", {"sessions": "1"}, "sessions", "between 2 and 100 sessions"),
        ("Name and sessions", {"sessions": "3"}, "sessions", "costs more than as many single sessions"),
        ("Price", {"price": "0"}, "price", "A package has a price"),
        ("Price", {"price": "500"}, "price", "costs more than as many single sessions"),
        ("How long it is valid", {"validity": "61"}, "validity", "valid for 1 to 60 months"),
        ("How long it is valid", {"validity": "yesterday"}, "validity", "a day to come"),
        ("Most a week", {"weekly_cap": "0"}, "weekly_cap", "At least 1."),
    ],
)
async def test_what_cannot_stand_is_told_at_its_question(
    chat: BareChat, button: str, raw: dict[str, str], field: str, words: str
) -> None:
    olga = await with_package(chat)
    before = await the_only(chat)
    await olga.taps(button)
    assert words in (await refuses(olga, **raw))[field]
    assert await the_only(chat) == before


async def test_a_weekly_limit_and_a_validity_that_exclude_each_other(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/packages/new")
    await olga.taps("20 sessions")
    await olga.taps("Most a week")
    await olga.fills(weekly_cap="1")
    await olga.taps("How long it is valid")
    told = (await refuses(olga, validity="3 months"))["validity"]
    assert told.startswith("With so few sessions a week nobody could use up the package before it ends.")


async def test_an_old_button_does_not_sell_what_was_changed(chat: BareChat) -> None:
    olga = await with_package(chat)
    old = olga.button("Sell it").to
    await olga.taps("Price")
    await olga.fills(price="150")
    await olga.goes(old)
    olga.sees("Something has changed", "€150.00")
    assert (await the_only(chat)).state is PackageState.PAUSED


async def test_its_page_says_why_nobody_can_buy_it(chat: BareChat) -> None:
    olga = await with_package(chat)
    await olga.taps("Sell it")
    await olga.goes(f"offer/{chat.practice.paid.id}")
    await olga.taps("Pause")
    await olga.goes("setup/packages")
    await olga.taps("5 × Single")
    olga.sees("for sale", "Nobody can buy it now: none of its offers is open.")
