"""Puts the parts of SMS together: what calls Twilio, what it posts, and the channel that sends."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.channels.port import ChatPlatform
from bot.channels.sms.answers import Answers
from bot.channels.sms.channel import SmsChannel, UrlOf
from bot.channels.sms.events import PATH, TwilioEvents, read
from bot.channels.sms.twilio import TwilioApi, wrong_with
from bot.domain.practice.practice import Practice
from bot.services.kit.inbox import Inbox
from bot.services.kit.vendor_work import VendorWork
from bot.services.reach.sms_news import Answer, SmsNews
from bot.services.reach.sms_sends import SmsSends
from bot.sms_settings import Twilio
from storage.engine import Storage


class SmsOffice:
    """`work` applies what Twilio posts, whether or not anything is sent."""

    name = "sms"
    settings: tuple[str, ...] = SmsChannel.settings

    def __init__(
        self, settings: Twilio, public_url: str, storage: Storage, practice: Callable[[], Awaitable[Practice]]
    ) -> None:
        self._settings = settings
        self._storage = storage
        self.api = TwilioApi(settings, public_url.rstrip("/") + PATH)
        events, news = TwilioEvents(settings, public_url), SmsNews(storage, read)
        inbox: Inbox[Answer | None] = Inbox(storage, events, news.apply, Answers(self.api, practice).give)
        self.work = VendorWork(inboxes=(inbox,))

    def channel(self, url_of: UrlOf, now: Callable[[], datetime]) -> ChatPlatform:
        """What sends. `url_of`: where a person reaches a screen's address in the web."""
        sends = SmsSends(self._storage, now)
        return SmsChannel(self.api, sends, url_of, now, ends_by_link=not self._settings.is_answered)

    async def check(self) -> str | None:
        """What is wrong with the account or the way to it, for an operator."""
        return await wrong_with(self.api)

    async def aclose(self) -> None:
        await self.api.aclose()
