"""The desk: every use case under one name each. Handlers get it, and nothing else, to act with."""

from dataclasses import dataclass

from bot.domain.practice.practice import Deployment
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
from bot.services.receipts.buyers import Buyers
from bot.services.reports.coach_day import Day
from bot.services.reports.money import MoneyReports
from bot.services.team.coaches import Coaches
from bot.services.team.invitations import Invitations


@dataclass(frozen=True)
class Desk:
    deployment: Deployment
    practice: PracticeService
    people: People
    addresses: Addresses
    preferences: NoticePreferences
    conversations: Conversations
    coaches: Coaches
    invitations: Invitations
    offers: Offers
    packages: Packages
    coupons: Coupons
    coupon_use: CouponUse
    package_sales: PackageSales
    balances: Balances
    hours: Hours
    drafts: Drafts
    times: Times
    feeds: Feeds
    calendar_files: CalendarFiles
    bookings: Bookings
    plans: Plans
    numbers: ClientNumbers
    moves: Moves
    day: Day
    money: MoneyReports
    taxes: Taxes
    sms_costs: SmsCosts
    absences: Absences
    messages: Messages
    letters: Letters
    waits: Waits
    replies: Replies
    credits: Credits
    client_credits: ClientCredits
    frozen_credits: FrozenCredits
    disputes: Disputes
    payments: Payments
    invoices: Invoices
    cards: Cards
    fees: SessionFees
    giving_back: GivingBack
    exchanges: Exchanges
    package_returns: PackageReturns
    gifts: Gifts
    owed_gifts: OwedGifts
    receipts: Receipts
    buyers: Buyers
    sharing: Sharing
    workspaces: Workspaces
    audit: Audit
    faults: Faults
    set_aside: RowsSetAside
