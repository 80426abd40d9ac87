"""Builds all parts of one process from its settings.

A platform or vendor that is off is not imported: its SDK costs tens of milliseconds and megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

from bot.channels.port import ChatPlatform
from bot.chat.router import Router
from bot.chat.turn import Guard
from bot.clock import Clock
from bot.config import Settings
from bot.domain.people.people import Platform
from bot.handlers.conversation.chat_front import ChatFront
from bot.handlers.conversation.notice_screens import Visitor
from bot.handlers.kit import failures
from bot.handlers.payments.chat_till import ChatTill
from bot.handlers.routes import ROUTES
from bot.integrations.payments.port import PaymentProvider
from bot.scheduling.deliveries import Deliveries
from bot.scheduling.homes import Homes
from bot.scheduling.pace import Pace
from bot.scheduling.sending import Sending
from bot.services.conversation.polling import PollingLease
from bot.services.desk import Desk
from bot.services.kit.inbox import Inbox
from bot.services.kit.key_watch import KeyWatch
from bot.services.kit.vendor_work import VendorWork
from bot.services.reports.probe import Probe
from bot.use_cases import all_use_cases
from storage.engine import Storage
from storage.journal import acts
from storage.sealing import Sealer

if TYPE_CHECKING:
    from bot.channels.email.carrier import Carrier
    from bot.channels.sms.office import SmsOffice


@dataclass
class App:
    settings: Settings
    clock: Clock
    storage: Storage
    keys: KeyWatch
    session: aiohttp.ClientSession
    desk: Desk
    front: ChatFront
    channels: Mapping[Platform, ChatPlatform]
    payment_provider: PaymentProvider | None
    deliveries: Deliveries
    homes: Homes
    probe: Probe
    mail: VendorWork
    sms: SmsOffice | None

    @property
    def vendors(self) -> tuple[VendorWork, ...]:
        """All vendors that do something for us or tell us something, for the sweeps and the webhooks."""
        sms = VendorWork() if self.sms is None else self.sms.work
        return (self.desk.payments.work, self.desk.invoices.work, self.desk.cards.work, self.mail, sms)

    async def close(self) -> None:
        """Finish the deliveries under way, then close channels, payment provider and database."""
        await self.probe.close()
        await self.deliveries.close()  # before the channels: a sender waits for the platform's answer
        for channel in self.channels.values():
            await channel.close()
        if self.payment_provider is not None:
            await self.payment_provider.aclose()
        if self.sms is not None:
            await self.sms.aclose()
        await self.session.close()
        await self.desk.set_aside.close()
        await self.storage.close()


async def build(settings: Settings) -> App:
    """Open the database and build every part without a call to any vendor. Raises `StorageAway`."""
    clock = Clock(settings.clock_file)
    storage = await Storage.open(settings.database_url, Sealer(settings.secret_keys))
    session = aiohttp.ClientSession()
    provider = _payment_provider(settings)
    desk = all_use_cases(settings, storage, provider, clock)
    storage.on_bad_rows = desk.set_aside.heard
    guard = Guard(settings.secret_keys)
    router = _router(desk, storage)
    channels: dict[Platform, ChatPlatform] = {}
    pace = Pace()
    sending = Sending(storage, channels, Visitor(desk, router, guard, clock.now).visit, clock.now, pace)
    deliveries = Deliveries(sending)
    front = ChatFront(
        desk, router, guard, clock.now, deliveries.answered, deliveries.answering, monotonic=clock.monotonic
    )
    if settings.slack.on:
        channels[Platform.SLACK] = _slack(settings, session, desk, clock, front)
    if settings.telegram.on:
        till = ChatTill(desk, clock.now, deliveries.wake)
        channels[Platform.TELEGRAM] = _telegram(settings, storage, desk, front, till)
    homes = Homes(sending, channels)
    pace.keep_to(channels.values())
    probe = Probe(storage, clock.now, clock.monotonic, deliveries.wake)
    keys = KeyWatch(storage)
    mail, sms = _mail_work(settings, storage), _sms(settings, storage, desk)
    return App(
        settings, clock, storage, keys, session, desk, front, channels, provider, deliveries, homes, probe, mail, sms
    )


def _payment_provider(settings: Settings) -> PaymentProvider | None:
    """The provider that the settings name: a practice has one at most."""
    if settings.stripe.on:
        return _stripe(settings)
    return None


def _stripe(settings: Settings) -> PaymentProvider:
    from bot.integrations.payments.stripe.checkout import StripeCheckout

    assert settings.stripe.secret_key is not None
    assert settings.stripe.webhook_secret is not None
    return StripeCheckout(settings.stripe.secret_key, settings.stripe.webhook_secret, settings.stripe.api_url)


def _slack(
    settings: Settings, session: aiohttp.ClientSession, desk: Desk, clock: Clock, front: ChatFront
) -> ChatPlatform:
    from bot.channels.slack.channel import SlackChannel

    slack = SlackChannel(settings.slack, settings.public_url, session, desk.workspaces, clock)
    slack.attach(front)
    return slack


def _telegram(settings: Settings, storage: Storage, desk: Desk, front: ChatFront, till: ChatTill) -> ChatPlatform:
    from bot.channels.telegram.channel import TelegramChannel

    def named(username: str) -> None:
        desk.sharing.telegram_username = username

    lease = PollingLease(storage, "telegram")
    telegram = TelegramChannel(settings.telegram, settings.public_url, front, named=named, lease=lease, till=till)
    desk.invoices.maker = telegram.invoices
    return telegram


def mail_carrier(settings: Settings) -> Carrier | None:
    """Who sends mails, not spoken to yet; None while they are off."""
    if not settings.mail.on:
        return None
    from bot.channels.email.carriers import carrier_of

    return carrier_of(settings.mail)


def _mail_work(settings: Settings, storage: Storage) -> VendorWork:
    """What is told of mails that are out."""
    if not settings.mail.on or settings.mail.resend.webhook_secret is None:
        return VendorWork()
    from bot.channels.email.carriers import events_of
    from bot.channels.email.resend_events import read
    from bot.services.notices.apply_delivery_news import applying

    events = events_of(settings.mail)
    return VendorWork() if events is None else VendorWork(inboxes=(Inbox(storage, events, applying(read)),))


def _sms(settings: Settings, storage: Storage, desk: Desk) -> SmsOffice | None:
    """Hears what becomes of SMS, and what people write; nothing is sent before there are pages for its links."""
    if not settings.twilio.on:
        return None
    from bot.channels.sms.office import SmsOffice

    return SmsOffice(settings.twilio, settings.public_url, storage, desk.practice.get)


def _router(desk: Desk, storage: Storage) -> Router[Desk]:
    async def seen(key: str) -> str | None:
        return await storage.read_one(lambda tx: acts.led_to(tx, key))

    return Router(ROUTES, desk, seen=seen, person=desk.people.find, missing=lambda _turn: failures.missing())
