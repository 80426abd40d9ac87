"""All use cases of one process, each with what it needs."""

from bot.clock import Clock
from bot.config import Settings
from bot.domain.payments.provider import ProviderTerms
from bot.domain.practice.practice import Deployment
from bot.handlers.payments import order_words
from bot.integrations.payments.port import PaymentProvider
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
from bot.services.kit.set_aside import RowsSetAside
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
from bot.services.team.coaches import Coaches
from bot.services.team.invitations import Invitations
from storage.engine import Storage


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


def all_use_cases(settings: Settings, storage: Storage, provider: PaymentProvider | None, clock: Clock) -> Desk:
    """The desk of one process. Nothing is asked of the database or of a vendor yet."""
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
