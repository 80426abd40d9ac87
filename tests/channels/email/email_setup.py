"""Mails on their way to a stand-in, and screens as they are sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bot.channels.email.carrier import Carrier
from bot.channels.email.channel import EmailChannel
from bot.channels.email.mail import Letterhead, Mailbox
from bot.channels.email.resend import ResendCarrier
from bot.channels.email.smtp import SmtpCarrier
from bot.channels.port import ChatPlatform
from bot.chat.links import tappable
from bot.chat.moments import joined
from bot.chat.screen import Button, Line, Link, Screen, Style, Tone
from bot.domain.people.people import Account, Platform
from bot.mail_settings import SmtpServer
from bot.sandbox.mail.server import MailStandIn
from bot.sandbox.resend.server import ResendStandIn
from bot.sandbox.standin import serve

ANA = Account(7, 3, Platform.EMAIL, "", "hash-of-ana", None, address="ana@example.org")
SENDER = Mailbox("desk@harbour.example", "Harbour Coaching")
HEAD = Letterhead("Harbour Coaching", "12 Quay Street\n1010 Vienna")

REMINDER = Screen(
    "Tomorrow: Coaching with Ana María",
    (
        Line("Wed 2 Dec, 15:00 – 15:50 (Vienna), 14:00 in London", Tone.STRONG),
        Line(joined("", ("By video: ", tappable("https://meet.example/harbour-coaching/ana-maria?room=4711")))),
        Line("You can cancel free of charge until Tue 1 Dec, 15:00.", Tone.TERMS),
        Line("You can move it until Wed 2 Dec, 03:00.", Tone.QUIET),
    ),
    (
        (Button("Move", "move/7"), Button("Cancel session", "cancel/7", Style.DANGER)),
        (Button("No more reminders a day before", "stop/7/aaaa", label="Get no more reminders a day before"),),
    ),
    address="remind/7/1440",
)
CANCELLED = Screen(
    "Cancelled: Coaching with Ana María",
    (
        Line("Wed 2 Dec, 15:00 (Vienna)", Tone.STRONG),
        Line("Ana María cancelled it: “I am ill, I am so sorry.\nWe will find another time soon.”"),
        Line("€45.00 go back to your card, which takes up to ten days."),
    ),
    ((Button("Book another time", "book", Style.PRIMARY), Button("My sessions", "sessions")),),
    note="You need do nothing.",
    address="notice/cancelled/7",
)
RECEIPT = Screen(
    "Paid: €45.00",
    (
        Line("Coaching with Ana María, Wed 2 Dec, 15:00 (Vienna)", Tone.STRONG),
        Line("Receipt 2026-00017 of 1 December 2026"),
        Line("€37.50 and 20 % VAT €7.50"),
        Line(
            "Bundesministerium für Wissenschaft und Donaudampfschifffahrtsgesellschaftskapitänsausbildung", Tone.QUIET
        ),
    ),
    ((Link("Open the receipt", "https://desk.example/receipts/" + "a1B2" * 12, Style.PRIMARY),),),
    address="notice/order-paid/4",
)


def url_of(account: Account, address: str) -> str:
    return f"https://desk.example/go/{account.id}-{address.replace('/', '-')}"


def end_of(account: Account, screen: Screen) -> str | None:
    return f"https://desk.example/unsubscribe/{account.id}/{'t0ken' * 12}" if screen is REMINDER else None


async def head() -> Letterhead:
    return HEAD


def channel(carrier: Carrier, *, answered: bool = True) -> ChatPlatform:
    replies = Mailbox("olga@harbour.example", "Olga") if answered else None
    return EmailChannel(carrier, SENDER, url_of, head, reply_to=replies, end_of=end_of)


@dataclass
class PostOffice:
    """A mail server, and the channel that sends by it."""

    server: MailStandIn
    url: str
    carrier: SmtpCarrier
    channel: ChatPlatform


@dataclass
class ResendOffice:
    """Resend, and the channel that sends by it."""

    server: ResendStandIn
    carrier: ResendCarrier
    channel: ChatPlatform


@asynccontextmanager
async def post_office(user: str | None = None, password: str | None = None) -> AsyncIterator[PostOffice]:
    """The product knows `user` and `password`, and the server takes nobody else."""
    standin = MailStandIn(user=user, password=password)
    served = await serve(standin.app)
    carrier = SmtpCarrier(SmtpServer("127.0.0.1", standin.port, False, True, user, password), "harbour.example")
    office = PostOffice(standin, served.url, carrier, channel(carrier))
    try:
        yield office
    finally:
        await office.channel.close()
        await served.close()


@asynccontextmanager
async def resend_office() -> AsyncIterator[ResendOffice]:
    standin = ResendStandIn()
    served = await serve(standin.app)
    carrier = ResendCarrier(standin.api_key, served.url)
    office = ResendOffice(standin, carrier, channel(carrier))
    try:
        yield office
    finally:
        await office.channel.close()
        await served.close()


@dataclass
class Page(HTMLParser):
    """What a mail program makes of it: tags with their attributes, and the text that is read."""

    html: str
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._unread = 0
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._unread += tag in ("style", "title")
        self.text += "\n" if tag == "br" else ""

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.text += data

    def found(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def links(self) -> list[str | None]:
        return [each.get("href") for each in self.found("a")]
