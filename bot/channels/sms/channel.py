"""The SMS channel: messages out, by Twilio. What people write to the number comes by `bot.channels.sms.events`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.channels.sms.render import draw
from bot.channels.sms.twilio import Handed, TwilioApi, wrong_with
from bot.chat.address import address
from bot.chat.channel import (
    Away,
    CannotReach,
    FellOver,
    NoHistory,
    NotDelivered,
    PassedOver,
    PerhapsDelivered,
    Sent,
    TryLater,
)
from bot.chat.limits import ONE_A_SECOND, Limit, Limits
from bot.chat.screen import Screen
from bot.chat.words import DEFAULT_LANGUAGE, speaking
from bot.domain.people.people import Account, Platform, Unreachable
from bot.http_route import HttpRoute
from bot.services.reach.sms_sends import Booked, NoLeave, Quiet, SmsSends, digest

UrlOf = Callable[[Account, str], str]
"""The address in the web at which this account's person reaches a screen's."""

TRIAL = "Sent from your Twilio trial account - "
"""What Twilio puts before every text of an account that is not paid for."""

START = "start"


class SmsChannel:
    """Implements `bot.channels.port.ChatPlatform`.

    `ends_by_link`: whoever gets a message cannot answer it, so that each says where SMS are ended. `now` is the
    product's clock.
    """

    platform = Platform.SMS
    limits = Limits(Limit(10, 1 / 9.5, 1 / 9.5), ONE_A_SECOND)
    """Twilio queues for each sender; it asks to wait where more calls come at once than an account may make."""

    settings: tuple[str, ...] = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_URL")

    def __init__(
        self, api: TwilioApi, sends: SmsSends, url_of: UrlOf, now: Callable[[], datetime], *, ends_by_link: bool
    ) -> None:
        self._api = api
        self._sends = sends
        self._url_of = url_of
        self._now = now
        self._ends_by_link = ends_by_link

    def routes(self) -> Sequence[HttpRoute]:
        """What Twilio posts comes by the inbox of its events."""
        return []

    async def start(self, *, receive: bool = True) -> None:
        """Nothing runs beside the calls."""

    async def close(self) -> None:
        await self._api.aclose()

    async def renew(self) -> None:
        """An auth token has no end."""

    async def send(self, to: Account, screen: Screen, *, key: str) -> Sent:
        """Raises `CannotReach` where nobody agreed to SMS, `TryLater` until quiet hours are over, and `PassedOver`
        where the month has no room for what it costs."""
        if to.address is None:
            raise CannotReach(Unreachable.NOT_FOUND)
        text = self._drawn(to, screen)
        booked = await self._sends.book(to, key, text)
        if booked is NoLeave.CONSENT:
            raise CannotReach(Unreachable.OPTED_OUT)
        if isinstance(booked, NoLeave):
            raise PassedOver(booked.value)
        if isinstance(booked, Quiet):
            raise TryLater((booked.until - self._now()).total_seconds())
        try:
            handed = await self._api.create(to.address, text, self._valid_s(booked))
        except (FellOver, PerhapsDelivered):
            raise  # it may be out, so its cost counts
        except NotDelivered as refused:
            await self._sends.not_sent(booked)
            if isinstance(refused, CannotReach) and refused.why is Unreachable.OPTED_OUT:
                await self._sends.opted_out(to)
            raise
        await self._sends.handed_over(booked, handed.sid, handed.parts)
        return Sent("", handed.sid)

    async def edit(self, to: Account, sent: Sent, screen: Screen) -> None:
        """What was sent stays as it is; its link leads to what is so now."""

    async def find(self, to: Account, key: str, since: datetime) -> Sent | None:
        """By its number and its text: Twilio keeps nothing of ours with a message.

        Twilio is not asked for a day on which it was sent, since one that still waits there has none.
        """
        booked = await self._sends.of_notice(to.id, key)
        if booked is None or to.address is None:
            raise NoHistory
        if booked.sid is not None:
            return Sent("", booked.sid)
        alike = [each.sid for each in await self._api.sent_to(to.address) if _is_it(each, booked.digest, since)]
        left = await self._sends.unclaimed(alike)
        if not left:
            return None
        await self._sends.found(booked, left[-1])
        return Sent("", left[-1])

    async def answers(self) -> bool:
        try:
            await self._api.account()
        except (Away, PerhapsDelivered):
            return False
        except NotDelivered:
            return True
        return True

    async def publish_home(self, to: Account, screen: Screen) -> None:
        """SMS have no home page."""

    async def check(self) -> str | None:
        return await wrong_with(self._api)

    def _drawn(self, to: Account, screen: Screen) -> str:
        end = self._url_of(to, address("settings", "notify", "at", to.id)) if self._ends_by_link else None
        with speaking(screen.language or DEFAULT_LANGUAGE):
            return draw(screen, self._url_of(to, screen.address or START), end)

    def _valid_s(self, booked: Booked) -> int | None:
        return None if booked.expires is None else int((booked.expires - self._now()).total_seconds())


def _is_it(handed: Handed, wanted: str, since: datetime) -> bool:
    if handed.made_at is not None and handed.made_at < since:
        return False
    return digest(handed.body.removeprefix(TRIAL)) == wanted
