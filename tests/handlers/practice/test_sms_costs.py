"""The owner says what SMS cost and what a month may come to."""

from bot.chat.forms import read_form
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER


async def test_an_owner_sets_prices_and_a_ceiling(chat: BareChat) -> None:
    olga = Somebody(chat, OWNER)
    await olga.goes("setup/practice")
    await olga.taps("What SMS cost")
    olga.sees("No price is set", "This month: 0 EUR")
    await olga.taps("Change them")
    form = olga.screen.form
    assert form is not None
    _values, errors = read_form(form, {"prices": "AT 0.06, Germany", "ceiling": "much"})
    assert errors["prices"] == "“Germany” is no price. Write two letters and a number, such as AT 0.06."
    assert errors["ceiling"] == "Write a number, such as 20 or 19.50."
    await olga.fills(prices="at 0,06; * 0.09", ceiling="19.50")
    olga.sees("Saved.", "AT: 0.06 EUR", "All others: 0.09 EUR", "This month: 0 of 19.5 EUR at most")
    await olga.goes("audit")
    olga.sees("What SMS cost was changed", "most for SMS in a month: none → 19.5")
