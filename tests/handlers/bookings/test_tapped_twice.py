"""Whatever is tapped how often: an act is done once, said once, and a second tap shows that it is done."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.chat.address import address
from bot.chat.forms import read_form
from bot.domain.people.people import Platform, Profile
from storage import tables
from storage.engine import Tx
from tests.handlers.bare_chat import BareChat, Somebody, as_text
from tests.handlers.reports.test_practice_day import OWEN
from tests.handlers.team.test_leaving import ana_coaches
from tests.services.bare_practice import OWNER, made

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
CHANGED = "Something has changed"


async def cancels(chat: BareChat) -> tuple[Somebody, str]:
    iva = Somebody(chat, IVA)
    await iva.goes(address("cancel", (await chat.paid(IVA)).id))
    return iva, "Cancel session"


async def coach_cancels(chat: BareChat) -> tuple[Somebody, str]:
    olga = Somebody(chat, OWNER)
    await olga.goes(address("coach-cancel", (await chat.booked(IVA)).id))
    await olga.fills(reason="A cold")
    return olga, "Cancel session"


async def moves(chat: BareChat) -> tuple[Somebody, str]:
    iva, booking = Somebody(chat, IVA), await chat.paid(IVA)
    await iva.goes(address("move", booking.id, (await chat.later(booking))[0]))
    return iva, "Move it"


async def accepts(chat: BareChat) -> tuple[Somebody, str]:
    iva, booking = Somebody(chat, IVA), await chat.paid(IVA)
    await iva.goes(f"proposal/{await chat.proposed(booking, (await chat.later(booking))[0])}")
    return iva, "Accept"


async def declines(chat: BareChat) -> tuple[Somebody, str]:
    iva, booking = Somebody(chat, IVA), await chat.paid(IVA)
    await iva.goes(f"proposal/{await chat.proposed(booking, (await chat.later(booking))[0])}/decline")
    return iva, "Cancel session"


async def lets_go(chat: BareChat) -> tuple[Somebody, str]:
    iva = Somebody(chat, IVA)
    await iva.goes(address("hold", (await chat.practice.hold(await chat.next_start(True), IVA)).id))
    return iva, "Let it go"


async def holds(chat: BareChat) -> tuple[Somebody, str]:
    iva = Somebody(chat, IVA)
    await iva.goes(address("review", chat.practice.paid.id, chat.practice.coach_id, await chat.next_start(True)))
    return iva, "Hold and pay"


async def is_late(chat: BareChat) -> tuple[Somebody, str]:
    booking = await chat.booked(IVA)
    chat.practice.advance(seconds=(booking.starts - chat.practice.now()).total_seconds() - 600)
    iva = Somebody(chat, IVA)
    await iva.goes(address("late", booking.id))
    return iva, iva.buttons[0].text


async def archives(chat: BareChat) -> tuple[Somebody, str]:
    olga = Somebody(chat, OWNER)
    await olga.goes(f"offer/{chat.practice.free.id}/archive")
    return olga, olga.buttons[0].text


async def closes_days(chat: BareChat) -> tuple[Somebody, str]:
    olga = Somebody(chat, OWNER)
    await olga.goes("hours/off")
    await olga.fills(days="28-30 dec")
    return olga, "Save"


async def adds_an_offer(chat: BareChat) -> tuple[Somebody, str]:
    olga = Somebody(chat, OWNER)
    await olga.goes("offers/new")
    return olga, "Free intro"


async def removes_a_coach(chat: BareChat) -> tuple[Somebody, str]:
    coach = await ana_coaches(chat)
    booking, owen = await chat.paid(IVA, timedelta(days=6)), Somebody(chat, OWEN)
    await owen.goes(f"team/{coach}/remove")
    await owen.fills(**{f"booking-{booking.id}": "Ask for Olga Owner"})
    return owen, "Remove Ana María"


MEANT_ANEW = (holds, is_late, adds_an_offer)
"""An hour later these can be wished for once more."""


@pytest.mark.parametrize(
    "final",
    [
        cancels, coach_cancels, moves, accepts, declines, lets_go, holds, is_late, archives, closes_days,
        adds_an_offer, removes_a_coach,
    ],
)  # fmt: skip
async def test_a_second_tap_shows_that_it_is_done(
    chat: BareChat, final: Callable[[BareChat], Awaitable[tuple[Somebody, str]]]
) -> None:
    somebody, words = await final(chat)
    button = somebody.button(words).to
    chat.practice.advance(seconds=2)  # what was set up before is another act
    await somebody.goes(button)
    first = somebody.screen
    counts = await rows(chat)
    later = () if final in MEANT_ANEW else (3600,)
    for seconds in (1, *later):
        chat.practice.advance(seconds=seconds)
        await somebody.goes(button)
        assert somebody.screen.title == first.title, as_text(somebody.screen)
        assert CHANGED not in somebody.text
        assert await rows(chat) == counts


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("write/{booking}", "I bring the papers."),
        ("coach-cancel/{booking}", "A cold"),
        ("offers/line", "Deep dive 90 min 120 EUR"),
        ("coach/place", "Herrengasse 1, Wien"),
        ("hours/off", "28-30 dec"),
        ("setup/change/name", "Coaching am Ring"),
    ],
)
async def test_a_form_that_arrives_twice_is_done_once(chat: BareChat, at: str, answer: str) -> None:
    booking = await chat.booked(IVA)
    somebody = Somebody(chat, IVA if at.startswith("write") else OWNER)
    await somebody.goes(at.format(booking=booking.id))
    form = somebody.screen.form
    assert form is not None
    values, errors = read_form(form, {form.fields[0].name: answer})
    assert not errors
    chat.practice.advance(seconds=2)
    await somebody.goes(form.to, values, key="room:sent")
    first, counts = somebody.screen, await rows(chat)
    await somebody.goes(form.to, values, key="room:sent")
    assert somebody.screen.title == first.title
    assert CHANGED not in somebody.text
    assert await rows(chat) == counts


async def rows(chat: BareChat) -> dict[str, int]:
    """How much was told, booked, offered and given back."""
    counted = (tables.outbox, tables.bookings, tables.offers, tables.refunds, tables.messages, tables.audit)

    def count(tx: Tx) -> dict[str, int]:
        return {each.name: tx.execute(sa.select(sa.func.count()).select_from(each)).scalar_one() for each in counted}

    return await chat.practice.storage.read(count)


async def test_after_paying_one_message_says_so(chat: BareChat) -> None:
    booking = await chat.paid(IVA)
    said = [await chat.notice(IVA, f"notice/{kind}/{booking.id}") for kind in ("hold", "booked")]
    texts = [as_text(each) for each in said if each is not None]
    assert [sum(word in text for text in texts) for word in ("Single with Olga Owner", "€45.00", "paid")] == [1, 1, 1]
    assert "[The session]" in texts[0]


async def test_letting_go_is_said_by_the_answer_alone(chat: BareChat) -> None:
    iva = Somebody(chat, IVA)
    held = made(await chat.practice.try_hold(IVA, chat.practice.paid, await chat.next_start(True), chat.practice.now()))
    await iva.goes(address("hold", held))
    await iva.taps("Let it go")
    iva.sees("Let go: Single with Olga Owner", "Nothing was booked")
    seen = await chat.notice(IVA, f"notice/hold/{held}")
    assert seen is not None
    assert seen.over
    assert "Let go" not in as_text(seen)
    assert "Nothing was booked" not in as_text(seen)
