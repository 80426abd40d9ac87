"""What a client reads before credits are lost or forgotten, and how they stop it."""

from bot.chat.address import address
from bot.services.credits import warnings
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.credits.test_client_credits import IVA, given
from tests.handlers.credits.test_return_package import bought
from tests.services.bare_practice import OWNER


async def warned(chat: BareChat, **ahead: float) -> list[tuple[int, str]]:
    """Who has a message about credits after so long, sent or not."""
    chat.practice.advance(**ahead)
    await warnings.warn(chat.practice.storage, chat.practice.now())
    await warnings.warn(chat.practice.storage, chat.practice.now())
    return [(who, told) for who, told, _state in await chat.practice.notices("credit-warning")]


async def test_thirty_days_seven_and_one_before_the_end(chat: BareChat) -> None:
    await given(chat, "3 months")
    iva = (await chat.practice.meet(IVA)).id
    told = (iva, "credit-warning/1/ending")
    assert await warned(chat, days=10) == []
    assert await warned(chat, days=12) == [(iva, "credit-warning/1/idle")]
    for days, count in ((41, 1), (12, 1), (10, 2), (5, 3)):
        assert (await warned(chat, days=days)).count(told) == count, days
    seen = await chat.notice(IVA, told[1])
    assert seen is not None
    text = as_text(seen)
    for words in ("Your package ends soon: Single × 4", "4 sessions are left.", "[Book a session]", "[Stop these]"):
        assert words in text
    assert await chat.notice(OWNER, told[1]) is None


async def test_stop_these_stops_them_and_settings_bring_them_back(chat: BareChat) -> None:
    await given(chat, "3 months")
    assert len(await warned(chat, days=22)) == 1
    iva = Somebody(chat, IVA)
    await iva.goes("credit-warning/1/idle")
    iva.sees("Nothing is booked on your package: Single × 4")
    await iva.taps("Stop these")
    iva.sees("No more messages about what is left of a package.", "[Tell me of my packages again]")
    assert await chat.notice(IVA, "credit-warning/1/idle") is None
    assert len(await warned(chat, days=65)) == 1
    await iva.taps("Tell me of my packages again")
    assert len(await warned(chat, minutes=1)) == 2


async def test_the_last_one_offers_the_same_again(chat: BareChat) -> None:
    iva = await bought(chat)
    owner = Somebody(chat, OWNER)
    await owner.goes("grant/1/adjust")
    await owner.fills(by="-3", why="Agreed")
    at = await chat.next_start(True)
    await iva.goes(address("review", chat.practice.paid.id, chat.practice.coach_id, at))
    await iva.taps("Book it")
    [(_who, told)] = await warned(chat, minutes=20)
    await iva.goes(told)
    iva.sees("One session is left: Starter", "[Buy the same again]", "[Stop these]")
    await iva.taps("Buy the same again")
    iva.sees("[Buy it]")
