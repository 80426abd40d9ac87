"""Where the browser comes back to from the payment page: what became of it, and the way back to the chat.

Public on purpose: `session_id` and `p` are unguessable, and the page names nobody.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlencode

from aiohttp import web

from bot.chat import tell
from bot.chat.screen import Line, Link, Row, Screen, Style, Tone
from bot.chat.words import _, speaking
from bot.domain.bookings.bookings import Booking
from bot.domain.payments.payments import AS_CREDIT, RefundState
from bot.domain.people.people import Account, Platform
from bot.http_route import HttpRoute
from bot.logs import begin_trail
from bot.pages import language
from bot.pages.draw import as_html
from bot.pages.headers import HEADERS
from bot.services.cards.cards import Cards
from bot.services.kit.references import References
from bot.services.payments.payment_status import PayOutcome, PayState
from bot.services.payments.payments import Payments
from bot.services.practice.sharing import Sharing
from storage.engine import StorageAway

GUARD = "public: the payment page's own unguessable id, or a sealed proof; names nobody"
LOOK_AGAIN_S = 2
MAX_PARAMETER = 512


class PayReturn:
    """`wake` is called when what the browser brought changed something that is told in the chat."""

    def __init__(
        self,
        payments: Payments,
        cards: Cards,
        sharing: Sharing,
        references: References,
        now: Callable[[], datetime],
        wake: Callable[[], None],
    ) -> None:
        self._payments = payments
        self._cards = cards
        self._references = references
        self._sharing = sharing
        self._now = now
        self._wake = wake

    def routes(self) -> list[HttpRoute]:
        return [
            HttpRoute("GET", "/pay/return", self.returned, GUARD, visited=True),
            HttpRoute("GET", "/pay/left", self.left, GUARD, visited=True),
        ]

    async def returned(self, request: web.Request) -> web.Response:
        """Coming back, reloading and going back only ever ask. From a bank's own page somebody comes with the id of
        the payment, from the page of a card with a proof of whose it is."""
        ref, proof = (
            _parameter(request, "session_id") or _parameter(request, "payment_intent"),
            _parameter(request, "p"),
        )
        if card := _parameter(request, "c"):
            return await self._answer(request, self._of_card(request, card))
        if not ref:
            return _nothing(request, 400)
        return await self._answer(request, self._paid(request, self._payments.record_return(ref, proof, self._now())))

    async def left(self, request: web.Request) -> web.Response:
        proof = _parameter(request, "p")
        if card := _parameter(request, "c"):
            return await self._answer(request, self._of_card(request, card))
        if not proof:
            return _nothing(request, 400)
        return await self._answer(request, self._paid(request, self._payments.mark_left(proof, self._now())))

    async def _paid(self, request: web.Request, asked: Awaitable[PayOutcome | None]) -> web.Response:
        return self._respond(request, await asked)

    async def _of_card(self, request: web.Request, proof: str) -> web.Response:
        outcome = await self._cards.returned(proof, self._now())
        if outcome is None:
            return _nothing(request, 404)
        self._wake()
        with speaking(outcome.language):
            title, words = _("Not kept yet"), _("No card is kept by this page so far. Nothing was charged.")
            if outcome.kept:
                title, words = _("Your card is kept"), _("The chat shows it. Nothing was charged.")
            back = chat_url(outcome.account, self._sharing.telegram_username)
            return _page(title, [words], (Link(_("Back to the chat"), back, Style.PRIMARY),) if back else ())

    async def _answer(self, request: web.Request, asked: Awaitable[web.Response]) -> web.Response:
        trail = begin_trail()
        try:
            try:
                return await asked
            except StorageAway:
                raise
            except Exception as error:  # noqa: BLE001 - whoever paid reads a page of ours, with a reference
                return _fault(request, await self._references.of(error, trail, self._now()))
        except StorageAway:
            return _away(request)

    def _respond(self, request: web.Request, outcome: PayOutcome | None) -> web.Response:
        if outcome is None:
            return _nothing(request, 404)
        self._wake()
        with speaking(outcome.language):
            title, lines = _words(outcome)
            links: Row = ()
            if outcome.state is PayState.HELD and outcome.payment.checkout_url:
                links += (Link(_("Pay now"), outcome.payment.checkout_url, Style.PRIMARY),)
            back = chat_url(outcome.account, self._sharing.telegram_username)
            if back:
                links += (Link(_("Back to the chat"), back, Style.PRIMARY),)
            return _page(title, lines, links, again=outcome.state is PayState.PENDING)


def chat_url(account: Account | None, telegram_username: str | None) -> str | None:
    """A link that opens the private chat with us in the client's app; None when there is no such link."""
    if account is None:
        return None
    if account.platform is Platform.TELEGRAM:
        return f"https://t.me/{telegram_username}" if telegram_username else None
    where = {"team": account.workspace, "channel": account.chat_ref}
    return f"https://slack.com/app_redirect?{urlencode({k: v for k, v in where.items() if v})}"


def _words(outcome: PayOutcome) -> tuple[str, list[str]]:
    booking = outcome.sale.alone
    return _of_order(outcome) if booking is None else _of_session(outcome, booking)


def _of_order(outcome: PayOutcome) -> tuple[str, list[str]]:
    """Of several things, or of one that is no session: the chat says what they are."""
    order = outcome.sale.order
    price = tell.amount(outcome.payment.amount)
    match outcome.state:
        case PayState.CONFIRMED:
            return _("Paid"), [_("{price} paid.", price=price), _("The chat has all about it.")]
        case PayState.HELD:
            return _("Not paid yet"), [_("{price} can still be paid. Nothing was charged.", price=price)]
        case PayState.PENDING:
            return _("One moment"), [_asking()]
        case PayState.LATE:
            return _("Paid too late"), [_came_late(price), *_not_accepted(outcome)]
        case PayState.TWICE:
            return _("Paid twice"), [_("This was paid already."), *_not_accepted(outcome)]
        case PayState.OTHERWISE:
            return _("Not accepted"), [_otherwise(tell.amount(order.amount), price), *_not_accepted(outcome)]
        case PayState.CANCELLED:
            return _("This was cancelled"), [_("The chat says what happened to your payment.")]
    return _("Not paid"), [_("This can no longer be paid, and nothing was charged.")]


def _asking() -> str:
    return _("We are asking whether the payment arrived. This page looks again by itself.")


def _came_late(price: str) -> str:
    return _("{price} came when this could not be had any more.", price=price)


def _otherwise(asked: str, came: str) -> str:
    return _("{asked} was asked for and {came} came.", asked=asked, came=came)


def _not_accepted(outcome: PayOutcome) -> list[str]:
    """What becomes of the money, and where to say what should."""
    price, back = tell.amount(outcome.payment.amount), outcome.back
    if outcome.chooses:
        words = _("In the chat you choose what becomes of {price}: sessions on credit, or all of it back.", price=price)
        return [words, _("If you choose nothing, it goes back to you in full.")]
    if back is not None and back.how == AS_CREDIT:
        return [_("In place of the money you have sessions on credit. The chat shows them.")]
    if back is not None and back.state is RefundState.FAILED:
        return [_("{price} could not go back to the card. It is still yours: the practice looks into it.", price=price)]
    return [_("{price} goes back to you in full.", price=price)]


def _of_session(outcome: PayOutcome, booking: Booking) -> tuple[str, list[str]]:
    zone, what = booking.client_zone, _order(booking)
    price = tell.amount(outcome.payment.amount)
    match outcome.state:
        case PayState.CONFIRMED:
            return _("Paid. Your session is confirmed"), [what, _("{price} paid.", price=price)]
        case PayState.HELD if booking.hold_ends is not None:
            until = tell.time(booking.hold_ends, zone)
            return _("Not paid yet"), [what, _("Your time is held until {time}. Nothing was charged.", time=until)]
        case PayState.PENDING:
            return _("One moment"), [what, _asking()]
        case PayState.LATE:
            apology = _("Sorry: your payment came after the hold had ended, and the time is taken.")
            return _("The time is gone"), [what, apology, *_not_accepted(outcome)]
        case PayState.TWICE:
            return _("Paid twice"), [what, _("This session was paid already."), *_not_accepted(outcome)]
        case PayState.OTHERWISE:
            asked = tell.amount(booking.terms.price)
            return _("Not accepted"), [what, _otherwise(asked, price), *_not_accepted(outcome)]
        case PayState.CANCELLED:
            return _("This session was cancelled"), [what, _("The chat says what happened to your payment.")]
    return _("Not paid"), [what, _("The hold has ended and nothing was charged. The chat has other times.")]


def _order(booking: Booking) -> str:
    when = tell.moment(booking.starts, booking.client_zone)
    return _("{offer}, {when}", offer=booking.terms.offer_name, when=when)


def _parameter(request: web.Request, name: str) -> str | None:
    found = request.query.get(name, "").strip()
    return found if 0 < len(found) <= MAX_PARAMETER and found.isascii() and found.isprintable() else None


def _nothing(request: web.Request, status: int) -> web.Response:
    with speaking(language.of_browser(request.headers)):
        lines = [_("This address belongs to no payment that we know of."), _("The chat has everything about it.")]
        return _page(_("Nothing here"), lines, status=status)


def _away(request: web.Request) -> web.Response:
    with speaking(language.of_browser(request.headers)):
        lines = [_("We cannot look right now. Nothing is lost: this page looks again by itself.")]
        return _page(_("One moment"), lines, status=503, again=True)


def _fault(request: web.Request, reference: str) -> web.Response:
    with speaking(language.of_browser(request.headers)):
        lines = [
            _("If you paid, that is not lost. Please do not pay again."),
            _("The chat tells you as soon as we know. Reference for the practice: {ref}", ref=reference),
        ]
        return _page(_("We cannot look right now"), lines, status=503)


def _page(title: str, lines: list[str], links: Row = (), *, status: int = 200, again: bool = False) -> web.Response:
    """The first line says what it is about; those below explain it."""
    body = tuple(Line(words, Tone.QUIET if at else Tone.NORMAL) for at, words in enumerate(lines))
    page = as_html(Screen(title, body, (links,) if links else ()), look_again_s=LOOK_AGAIN_S if again else None)
    return web.Response(text=page, status=status, content_type="text/html", headers=HEADERS)
