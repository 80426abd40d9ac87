"""The page after a payment: tells the truth within seconds, charges nobody twice, names nobody."""

import asyncio
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.bookings.bookings import BookingState
from bot.domain.payments.payments import Payment
from bot.domain.people.people import Account, Platform
from bot.domain.subjects import Subject
from bot.pages.headers import HEADERS
from bot.services.exchanges.late_money import LateMoney
from bot.web.pay_return import chat_url
from storage import tables
from tests.services.bare_practice import CLIENT, OWNER, done
from tests.services.exchanges.test_late_money import late_plan
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest


@pytest.fixture
async def paid_practice(paid_practice: PaidPractice) -> PaidPractice:
    """Beside a Stripe that tells nothing by itself."""
    await paid_practice.silence()
    return paid_practice


def back(paid_practice: PaidPractice, payment: Payment, name: str = "success_url") -> str:
    """The address that Stripe was given, at the product's own port."""
    asked = paid_practice.sandbox.account.sessions[payment.checkout_ref or ""].asked
    parts = urlsplit(asked[name].replace("{CHECKOUT_SESSION_ID}", payment.checkout_ref))
    return f"{paid_practice.url}{parts.path}?{parts.query}"


def is_anonymous(page: str) -> bool:
    return not any(name in page for name in ("Clara", "Client", "Olga", CLIENT.user_ref, OWNER.user_ref))


async def test_paid_and_back(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0], guest(1))
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    for _reload in range(3):
        status, text = await paid_practice.get(back(paid_practice, page))
        assert (status, "Paid. Your session is confirmed" in text) == (200, True)
        assert is_anonymous(text)
        assert 'href="https://t.me/front_bot"' in text
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED
    assert len(paid_practice.sandbox.account.charges) == 1
    assert await paid_practice.states(tables.payments) == ["accepted"]


async def test_the_session_alone_is_enough(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    status, _text = await paid_practice.get(f"{paid_practice.url}/pay/return?session_id={page.checkout_ref}")
    assert (status, (await paid_practice.found(booking.id)).state) == (200, BookingState.CONFIRMED)


async def test_back_without_paying(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0], guest(1))
    page = await paid_practice.page(booking)
    status, text = await paid_practice.get(back(paid_practice, page, "cancel_url"))
    assert (status, "Not paid yet" in text, "held until 10:15 (" in text) == (200, True, True)
    assert unescape(page.checkout_url or "?") in unescape(text)
    assert (await paid_practice.payment(page.id)).left
    status, text = await paid_practice.get(back(paid_practice, page))
    assert (status, "Not paid yet" in text) == (200, True)
    assert (await paid_practice.found(booking.id)).state is BookingState.HELD


async def test_back_when_the_hold_is_over(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0], guest(1))
    page = await paid_practice.page(booking)
    await paid_practice.sweep(minutes=16)
    for name in ("success_url", "cancel_url"):
        status, text = await paid_practice.get(back(paid_practice, page, name))
        assert (status, "nothing was charged" in text) == (200, True)


async def test_back_with_late_money(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0], guest(1))
    page = await paid_practice.page(booking)
    paid_practice.sandbox.faults.add("/v1/*", "status", status=503, times=1000)
    await paid_practice.sweep(minutes=15, seconds=1)
    await paid_practice.sweep(minutes=2)
    paid_practice.sandbox.faults.clear()
    await paid_practice.book(booking.starts, guest(2), paid_practice.now())
    await paid_practice.pays(page)
    status, text = await paid_practice.get(back(paid_practice, page))
    assert (status, "goes back to you in full" in text) == (200, True)
    assert await paid_practice.states(tables.refunds) == ["intended"], "its client may keep it as a credit"


async def test_late_money_of_several_sessions_is_chosen_about_in_the_chat(paid_practice: PaidPractice) -> None:
    order, _bookings, number = await late_plan(paid_practice, slice(2))
    page = back(paid_practice, await paid_practice.payment(number))
    _status, text = await paid_practice.get(page)
    assert "Im Chat entscheiden Sie" in text
    act, about = await paid_practice.act(CLIENT, paid_practice.now()), Subject("order", order)
    late = LateMoney(paid_practice.storage)
    choice = await late.choice(about, number, paid_practice.now())
    assert choice is not None
    done(await late.take_credit(act, about, number, choice.instead))
    _status, text = await paid_practice.get(page)
    assert "Statt des Geldes haben Sie Sitzungen als Guthaben." in text
    assert "vollständig zurück" not in text


async def test_while_stripe_is_away_the_page_looks_again(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0], guest(1))
    page = await paid_practice.page(booking)
    await paid_practice.pays(page)
    paid_practice.sandbox.faults.add("/v1/*", "status", status=500, times=100)
    status, text = await paid_practice.get(back(paid_practice, page))
    assert (status, 'http-equiv="refresh"' in text) == (200, True)
    paid_practice.sandbox.faults.clear()
    paid_practice.advance(seconds=2)
    status, text = await paid_practice.get(back(paid_practice, page))
    assert (status, 'http-equiv="refresh"' in text) == (200, False)
    assert (await paid_practice.found(booking.id)).state is BookingState.CONFIRMED


def _questions(paid_practice: PaidPractice) -> int:
    """How often Stripe was asked about a page."""
    return sum(call.method == "GET" for call in paid_practice.sandbox.journal.calls(None))


async def test_however_often_it_is_opened_stripe_is_asked_once_in_two_seconds(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0], guest(1))
    page = await paid_practice.page(booking)
    opened = [paid_practice.get(back(paid_practice, page)) for _each in range(12)]
    before = _questions(paid_practice)
    pages = [text for _status, text in await asyncio.gather(*opened)]
    assert _questions(paid_practice) == before + 1
    assert sum('http-equiv="refresh"' in text for text in pages) == 11
    paid_practice.advance(seconds=2)
    _status, text = await paid_practice.get(back(paid_practice, page))
    assert _questions(paid_practice) == before + 2
    assert "Not paid yet" in text


async def test_a_page_whose_making_never_reached_us(paid_practice: PaidPractice) -> None:
    """The sealed proof in the address vouches for it."""
    paid_practice.sandbox.faults.add("POST /v1/checkout/sessions", "cut_after", times=3)
    booking = await paid_practice.hold((await paid_practice.starts())[0])
    assert await paid_practice.payments.ready(booking.id, paid_practice.now()) is None
    [session] = paid_practice.sandbox.account.sessions.values()
    await paid_practice.control("pay", session=session.id)
    proof = parse_qs(urlsplit(session.asked["success_url"]).query)["p"][0]
    status, _text = await paid_practice.get(f"{paid_practice.url}/pay/return?session_id={session.id}&p={proof}")
    assert (status, (await paid_practice.found(booking.id)).state) == (200, BookingState.CONFIRMED)


@pytest.mark.parametrize("query", ["return?session_id=cs_test_unknown", "left?p=forged", "return"])
async def test_a_browser_keeps_nothing_of_it_tells_nobody_and_runs_nothing(
    paid_practice: PaidPractice, query: str
) -> None:
    async with paid_practice.browser.get(f"{paid_practice.url}/pay/{query}") as answer:
        headers = answer.headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert "unsafe-inline" not in headers["Content-Security-Policy"]


async def test_the_language_of_the_page_is_its_client_s(paid_practice: PaidPractice) -> None:
    booking = await paid_practice.hold((await paid_practice.starts())[0], CLIENT)
    _status, text = await paid_practice.get(back(paid_practice, await paid_practice.page(booking)))
    assert '<html lang="de">' in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("return", 400),
        ("return?session_id=", 400),
        ("return?session_id=cs_test_unknown", 404),
        ("return?session_id=cs_test_unknown&p=forged", 404),
        ("return?session_id=%00", 400),
        ("return?session_id=" + "x" * 600, 400),
        ("left", 400),
        ("left?p=forged", 404),
        ("left?p=%F0%9F%98%80", 400),
    ],
)
async def test_what_is_not_there_is_said_in_words(paid_practice: PaidPractice, query: str, status: int) -> None:
    before = len(paid_practice.sandbox.journal.calls())
    found, text = await paid_practice.get(f"{paid_practice.url}/pay/{query}")
    assert (found, "Nothing here" in text) == (status, True)
    assert len(paid_practice.sandbox.journal.calls()) == before


def test_the_way_back_leads_into_the_chat_that_booked() -> None:
    slack = Account(1, 1, Platform.SLACK, "T0AAA", "U0ANA", "D0ANA")
    telegram = Account(2, 2, Platform.TELEGRAM, "", "2002", "2002")
    assert chat_url(slack, "front_bot") == "https://slack.com/app_redirect?team=T0AAA&channel=D0ANA"
    assert chat_url(telegram, "front_bot") == "https://t.me/front_bot"
    assert chat_url(telegram, None) is None
    assert chat_url(None, "front_bot") is None
