"""The e-mail channel: screens out, nothing in. What people do with a mail they do on the pages behind its links."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.channels.email.carrier import Carrier
from bot.channels.email.mail import Letter, Letterhead, Mailbox
from bot.channels.email.render import draw
from bot.chat.channel import CannotReach, NoHistory, Sent
from bot.chat.screen import Screen
from bot.chat.words import DEFAULT_LANGUAGE, speaking
from bot.clock import Clock
from bot.domain.notices.notices import about
from bot.domain.people.addresses import EmailProblem, on_the_wire, parse_email
from bot.domain.people.people import Account, Platform, Unreachable
from bot.http_route import HttpRoute

UrlOf = Callable[[Account, str], str]
"""The URL at which the person of an account reaches an address of a screen."""

EndOf = Callable[[Account, Screen], str | None]
"""The URL that ends notices of the kind that a screen shows; None where they may not be ended."""

_NOT_OF_A_THREAD = re.compile(r"[^A-Za-z0-9.-]")


class EmailChannel:
    """Implements `bot.channels.port.ChatPlatform`. `head` tells who writes, as it is when a mail is drawn."""

    platform = Platform.EMAIL

    def __init__(
        self,
        carrier: Carrier,
        sender: Mailbox,
        url_of: UrlOf,
        head: Callable[[], Awaitable[Letterhead]],
        *,
        reply_to: Mailbox | None = None,
        end_of: EndOf = lambda _account, _screen: None,
    ) -> None:
        self.settings: tuple[str, ...] = carrier.settings
        self.limits = carrier.limits
        self._carrier = carrier
        self._sender = sender
        self._reply_to = reply_to
        self._url_of = url_of
        self._end_of = end_of
        self._head = head

    def routes(self) -> Sequence[HttpRoute]:
        """Nobody writes to us by mail; what became of mails is told to an inbox."""
        return ()

    async def start(self, *, receive: bool) -> None:
        """A carrier is first spoken to when a mail is to go."""

    async def close(self) -> None:
        await self._carrier.close()

    async def renew(self) -> None:
        """The settings of a carrier have no end."""

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        """The carrier's reference stands for the message; the address is kept nowhere else than on its account."""
        address = parse_email(to.address or "")
        if isinstance(address, EmailProblem):
            raise CannotReach(Unreachable.NOT_FOUND)
        head = await self._head()
        if not head.name.strip():  # a practice that has none yet
            head = replace(head, name=self._sender.name or self._sender.domain)
        letter = self._letter(to, on_the_wire(address), screen, key, head)
        return Sent(to.user_ref, await self._carrier.send(letter))

    async def edit(self, to: Account, sent: Sent, screen: Screen) -> None:
        """A mail that is out stays as it is."""

    async def find(self, to: Account, key: str, since: datetime) -> Sent | None:
        """Nobody can look into somebody's mailbox."""
        raise NoHistory

    async def answers(self) -> bool:
        return await self._carrier.answers()

    async def publish_home(self, to: Account, screen: Screen) -> None:
        """A mailbox has no home page."""

    async def check(self) -> str | None:
        return await self._carrier.check()

    def _letter(self, to: Account, address: str, screen: Screen, key: str, head: Letterhead) -> Letter:
        end_url = self._end_of(to, screen)
        with speaking(screen.language or DEFAULT_LANGUAGE):
            mail = draw(
                screen,
                lambda each: self._url_of(to, each),
                head,
                answered=self._reply_to is not None,
                end_url=end_url,
            )
        return Letter(
            mail=mail,
            to=address,
            sender=Mailbox(self._sender.address, self._sender.name or head.name),
            key=hashlib.sha256(f"{to.id} {key}".encode()).hexdigest()[:40],
            account_id=to.id,
            at=Clock.real(),
            reply_to=self._reply_to,
            thread=thread_of(screen),
            end_url=end_url,
        )


def thread_of(screen: Screen) -> str | None:
    """`booking-7`: what mails about the same have in common, so that a mailbox shows them together."""
    subject = about(screen.address) if screen.kept is None else screen.kept.subject
    return None if subject is None else _NOT_OF_A_THREAD.sub("-", str(subject))
