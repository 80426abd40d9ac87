"""Before a price or a rule is changed its owner reads what that changes, and what it leaves alone."""

from bot.domain.records import Cause
from bot.services.credits import ledger
from tests.handlers.bare_chat import BareChat, Somebody
from tests.handlers.payments.test_packages import for_sale
from tests.services.bare_practice import ANA, CLIENT, OWNER


async def test_what_a_new_price_and_new_rules_would_change(chat: BareChat) -> None:
    """Currency or price change: credits stay good, what is booked and held keeps what was told."""
    olga, offer = Somebody(chat, OWNER), chat.practice.paid.id
    await olga.goes(f"offer/{offer}/edit/price")
    olga.sees("It counts for what is booked from now on.")
    assert "ahead" not in olga.text
    await chat.paid()
    await chat.practice.hold((await chat.practice.starts(chat.practice.paid))[0], ANA)
    await for_sale(chat)
    person = await chat.practice.meet(CLIENT)
    price = chat.practice.paid.price
    new = ledger.NewGrant(person.id, "Five", 3, price, price, [offer])
    await chat.practice.storage.write(lambda tx: ledger.give(tx, new, Cause(None, "cli", chat.practice.now())))
    await olga.goes(f"offer/{offer}/edit/price")
    olga.sees(
        "1 session ahead keeps its price and its rules.", "1 time is held at this moment",
        "3 credits of your clients stay good", "stays at €202.50. Below €40.50 a session here",
    )  # fmt: skip
    await olga.goes(f"offer/{offer}/edit/cutoffs")
    olga.sees("1 session ahead keeps", "1 time is held")
    assert "credits" not in olga.text
