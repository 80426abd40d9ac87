"""Builds all parts of one process from its settings.

A platform or vendor that is off is not imported: its SDK costs tens of milliseconds and megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

from bot.channels.email.carrier import Carrier
from bot.channels.port import ChatPlatform
from bot.chat.router import Router
from bot.chat.turn import Guard
from bot.clock import Clock
from bot.config import Settings
from bot.domain.payments.provider import ProviderTerms
from bot.domain.people.people import Platform
from bot.domain.practice.practice import Deployment
from bot.handlers.conversation.chat_front import ChatFront
from bot.handlers.conversation.notice_screens import Visitor
from bot.handlers.kit import failures
from bot.handlers.payments import order_words
from bot.handlers.payments.chat_till import ChatTill
from bot.handlers.routes import ROUTES
from bot.integrations.payments.port import PaymentProvider
from bot.scheduling.deliveries import Deliveries
from bot.scheduling.homes import Homes
from bot.scheduling.pace import Pace
from bot.scheduling.sending import Sending
from bot.services.bookings.absences import Absences
from bot.services.bookings.bookings import Bookings
from bot.services.bookings.client_messages import Messages
from bot.services.bookings.client_numbers import ClientNumbers
from bot.services.bookings.letters import Letters
from bot.services.bookings.reschedule import Moves
from bot.services.bookings.waits import Waits
from bot.services.calendar.feeds import Feeds
from bot.services.calendar.files import CalendarFiles
from bot.services.calendar.hours import Hours
from bot.services.calendar.times import Times
from bot.services.cards.cards import Cards
from bot.services.conversation.conversations import Conversations
from bot.services.conversation.polling import PollingLease
from bot.services.conversation.replies import Replies
from bot.services.credits.balances import Balances
from bot.services.credits.choosing import Credits
from bot.services.credits.client_credits import ClientCredits
from bot.services.credits.frozen import FrozenCredits
from bot.services.desk import Desk
from bot.services.disputes.disputes import Disputes
from bot.services.exchanges.exchanges import Exchanges
from bot.services.fees.fees import SessionFees
from bot.services.gifts.gifts import Gifts
from bot.services.gifts.owed_gifts import OwedGifts
from bot.services.invoices.invoices import Invoices
from bot.services.kit.drafts import Drafts
from bot.services.kit.faults import Faults
from bot.services.kit.inbox import Inbox
from bot.services.kit.key_watch import KeyWatch
from bot.services.kit.set_aside import RowsSetAside
from bot.services.kit.vendor_work import VendorWork
from bot.services.offers.offers import Offers
from bot.services.offers.packages import Packages
from bot.services.payments.packages.package_sales import PackageSales
from bot.services.payments.packages.return_package import PackageReturns
from bot.services.payments.payments import Payments
from bot.services.payments.receipts.receipts import Receipts
from bot.services.payments.redeem_coupon import CouponUse
from bot.services.payments.refunds.giving_back import GivingBack
from bot.services.people.addresses import Addresses
from bot.services.people.people import People
from bot.services.people.preferences import NoticePreferences
from bot.services.plans.plans import Plans
from bot.services.practice.audit import Audit
from bot.services.practice.practice import PracticeService
from bot.services.practice.sharing import Sharing
from bot.services.practice.taxes import Taxes
from bot.services.practice.workspaces import Workspaces
from bot.services.pricing.coupons import Coupons
from bot.services.reach.sms_costs import SmsCosts
from bot.services.reactions import react
from bot.services.receipts.buyers import Buyers
from bot.services.reports.coach_day import Day
from bot.services.reports.money import MoneyReports
from bot.services.reports.probe import Probe
from bot.services.team.coaches import Coaches
from bot.services.team.invitations import Invitations
from storage.engine import Storage
from storage.journal import acts
from storage.sealing import Sealer

if TYPE_CHECKING:
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
    desk = _desk(settings, storage, provider, clock)
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


def _deployment(settings: Settings, provider: PaymentProvider | None) -> Deployment:
    return Deployment(
        public_url=settings.public_url,
        payments_on=provider is not None,
        has_owner=bool(settings.owners),
        slack_install=bool(settings.slack.on and settings.slack.client_id),
        slack_on=settings.slack.on,
        telegram_on=settings.telegram.on,
        provider=None if provider is None else ProviderTerms(provider.name, provider.title, provider.limits),
    )


def _owners(settings: Settings) -> list[tuple[str, str | None, str]]:
    return [(owner.platform, owner.workspace, owner.user_ref) for owner in settings.owners]


def _desk(settings: Settings, storage: Storage, provider: PaymentProvider | None, clock: Clock) -> Desk:
    deployment, fees = _deployment(settings, provider), SessionFees(storage, react, provider)
    return Desk(
        deployment=deployment,
        practice=PracticeService(storage, deployment),
        people=People(storage, _owners(settings)),
        addresses=Addresses(storage, deployment), preferences=NoticePreferences(storage),
        conversations=Conversations(storage),
        coaches=Coaches(storage, deployment, react),
        invitations=Invitations(storage, deployment),
        offers=Offers(storage, deployment), packages=Packages(storage, deployment), coupons=Coupons(storage),
        coupon_use=CouponUse(storage, react, deployment.provider, fees_on=fees.on),
        package_sales=PackageSales(storage, react, deployment),
        balances=Balances(storage), drafts=Drafts(storage),
        hours=Hours(storage, deployment), times=Times(storage),
        feeds=Feeds(storage, settings.public_url), calendar_files=CalendarFiles(storage),
        bookings=Bookings(storage, react, settings.hold_minutes, payments_on=deployment.payments_on, fees_on=fees.on),
        plans=Plans(storage, react, settings.hold_minutes, payments_on=deployment.payments_on),
        numbers=ClientNumbers(storage), moves=Moves(storage, react), day=Day(storage, react),
        money=MoneyReports(storage), taxes=Taxes(storage, provider), sms_costs=SmsCosts(storage),
        absences=Absences(storage, react),
        messages=Messages(storage), letters=Letters(storage), waits=Waits(storage), replies=Replies(storage),
        credits=Credits(storage), client_credits=ClientCredits(storage), frozen_credits=FrozenCredits(storage),
        disputes=Disputes(storage),
        payments=Payments(storage, react, provider, order_words.describe, settings.public_url),
        invoices=Invoices(storage, react, order_words.describe, on=_telegram_pays(settings, provider)),
        cards=Cards(storage, provider, settings.public_url), fees=fees,
        giving_back=GivingBack(storage, can_pay_out=provider is not None),
        exchanges=Exchanges(storage, react, deployment.provider),
        gifts=Gifts(storage, react, deployment),
        owed_gifts=OwedGifts(storage, can_pay_out=provider is not None),
        package_returns=PackageReturns(storage, react, can_pay_out=provider is not None),
        receipts=Receipts(storage, settings.public_url),
        buyers=Buyers(storage, provider), sharing=Sharing(storage, deployment),
        workspaces=Workspaces(storage, deployment, settings.slack.bot_token),
        audit=Audit(storage), faults=Faults(storage), set_aside=RowsSetAside(storage, clock.now),
    )  # fmt: skip


def _telegram_pays(settings: Settings, provider: PaymentProvider | None) -> bool:
    return provider is not None and settings.telegram.payment_provider_token is not None


def _router(desk: Desk, storage: Storage) -> Router[Desk]:
    async def seen(key: str) -> str | None:
        return await storage.read_one(lambda tx: acts.led_to(tx, key))

    return Router(ROUTES, desk, seen=seen, person=desk.people.find, missing=lambda _turn: failures.missing())
