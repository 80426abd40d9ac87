"""An owner's first day: the bot over a database in which nobody has done anything yet."""

from dataclasses import replace

from bot.services.bookings.bookings import Bookings
from bot.services.bookings.client_numbers import ClientNumbers
from bot.services.calendar.hours import Hours
from bot.services.calendar.times import Times
from bot.services.conversation.conversations import Conversations
from bot.services.credits.balances import Balances
from bot.services.kit.drafts import Drafts
from bot.services.offers.offers import Offers
from bot.services.offers.packages import Packages
from bot.services.payments.packages.package_sales import PackageSales
from bot.services.payments.redeem_coupon import CouponUse
from bot.services.people.people import People
from bot.services.practice.audit import Audit
from bot.services.practice.practice import PracticeService
from bot.services.practice.sharing import Sharing
from bot.services.practice.workspaces import Workspaces
from bot.services.pricing.coupons import Coupons
from bot.services.reactions import react
from bot.services.reports.coach_day import Day
from bot.services.team.coaches import Coaches
from bot.services.team.invitations import Invitations
from storage.engine import Storage
from tests.handlers.bare_chat import BareChat
from tests.services.bare_practice import DEPLOYMENT


def move_into(chat: BareChat, storage: Storage, *, payments_on: bool) -> None:
    """From here on the bot works over this storage."""
    deployment = replace(DEPLOYMENT, payments_on=payments_on)
    chat.use(
        replace(
            chat.desk,
            deployment=deployment,
            people=People(storage, [("telegram", "", "1001")]),
            practice=PracticeService(storage, deployment),
            conversations=Conversations(storage),
            coaches=Coaches(storage, deployment, react),
            invitations=Invitations(storage, deployment),
            offers=Offers(storage, deployment),
            packages=Packages(storage, deployment),
            coupons=Coupons(storage),
            coupon_use=CouponUse(storage, react, deployment.provider),
            package_sales=PackageSales(storage, react, deployment),
            balances=Balances(storage),
            hours=Hours(storage, deployment),
            drafts=Drafts(storage),
            times=Times(storage),
            bookings=Bookings(storage, react, payments_on=payments_on),
            numbers=ClientNumbers(storage),
            day=Day(storage, react),
            sharing=Sharing(storage, deployment, "front_bot"),
            workspaces=Workspaces(storage, deployment),
            audit=Audit(storage),
        )
    )
