"""A person in a chat without a platform: screens are visited, buttons tapped by their words, forms filled."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from bot.chat.forms import read_form
from bot.chat.router import Route, Router
from bot.chat.screen import Button, Invalid, Link, Screen
from bot.chat.turn import Guard, Turn
from bot.chat.words import speaking
from bot.domain.bookings.bookings import Booking
from bot.domain.people.people import ADDRESSES, Profile
from bot.handlers.conversation.notice_screens import Visitor
from bot.handlers.kit import clock, failures
from bot.handlers.payments import order_words
from bot.handlers.routes import ROUTES
from bot.services.bookings.letters import Letters
from bot.services.calendar.feeds import Feeds
from bot.services.calendar.files import CalendarFiles
from bot.services.conversation.conversations import Conversations
from bot.services.credits.balances import Balances
from bot.services.credits.choosing import Credits
from bot.services.credits.client_credits import ClientCredits
from bot.services.credits.frozen import FrozenCredits
from bot.services.desk import Desk
from bot.services.disputes.disputes import Disputes
from bot.services.exchanges.exchanges import Exchanges
from bot.services.gifts.gifts import Gifts
from bot.services.gifts.owed_gifts import OwedGifts
from bot.services.invoices.invoices import Invoices
from bot.services.kit.drafts import Drafts
from bot.services.kit.faults import Faults
from bot.services.kit.set_aside import RowsSetAside
from bot.services.payments.packages.package_sales import PackageSales
from bot.services.payments.packages.return_package import PackageReturns
from bot.services.payments.receipts.receipts import Receipts
from bot.services.payments.redeem_coupon import CouponUse
from bot.services.payments.refunds.giving_back import GivingBack
from bot.services.people.addresses import Addresses
from bot.services.people.preferences import NoticePreferences
from bot.services.practice.audit import Audit
from bot.services.practice.taxes import Taxes
from bot.services.pricing.coupons import Coupons
from bot.services.reach.sms_costs import SmsCosts
from bot.services.reactions import react
from bot.services.receipts.buyers import Buyers
from bot.services.reports.money import MoneyReports
from bot.services.team.invitations import Invitations
from storage.journal import acts
from tests.services.bare_practice import CLIENT, DEPLOYMENT, NOW, OWNER, PROVIDER, made
from tests.services.paid_practice import PaidPractice

GUARD = Guard(["a key of these tests"])


class BareChat:
    """The bot over a real practice: SQLite, real services, the Stripe stand-in. `later` is added to its clock."""

    def __init__(self, paid_practice: PaidPractice) -> None:
        self.practice = paid_practice
        storage = paid_practice.storage
        deployment = replace(DEPLOYMENT, payments_on=True, provider=PROVIDER, slack_on=True, addresses=ADDRESSES)
        self.desk = Desk(
            deployment=deployment,
            practice=paid_practice.practice,
            people=paid_practice.people,
            addresses=Addresses(storage, deployment),
            preferences=NoticePreferences(storage),
            conversations=Conversations(storage),
            coaches=paid_practice.coaches,
            invitations=Invitations(storage, deployment),
            offers=paid_practice.offers,
            packages=paid_practice.packages,
            coupons=Coupons(storage),
            coupon_use=CouponUse(storage, react, PROVIDER, fees_on=True),
            package_sales=PackageSales(storage, react, deployment),
            balances=Balances(storage),
            hours=paid_practice.hours,
            drafts=Drafts(storage),
            times=paid_practice.times,
            feeds=Feeds(storage, "http://127.0.0.1:1"),
            calendar_files=CalendarFiles(storage),
            bookings=paid_practice.bookings,
            plans=paid_practice.plans,
            numbers=paid_practice.numbers,
            moves=paid_practice.moves,
            day=paid_practice.day,
            money=MoneyReports(storage),
            taxes=Taxes(storage, paid_practice.provider),
            sms_costs=SmsCosts(storage),
            absences=paid_practice.absences,
            messages=paid_practice.messages,
            letters=Letters(storage),
            waits=paid_practice.waits,
            replies=paid_practice.replies,
            credits=Credits(storage),
            client_credits=ClientCredits(storage),
            frozen_credits=FrozenCredits(storage),
            disputes=Disputes(storage),
            receipts=Receipts(storage, "http://127.0.0.1:1"),
            buyers=Buyers(storage, paid_practice.provider),
            payments=paid_practice.payments,
            invoices=Invoices(storage, react, order_words.describe, on=True),
            cards=paid_practice.cards,
            fees=paid_practice.fees,
            giving_back=GivingBack(storage),
            exchanges=Exchanges(storage, react, PROVIDER),
            gifts=Gifts(storage, react, deployment),
            owed_gifts=OwedGifts(storage),
            package_returns=PackageReturns(storage, react),
            sharing=paid_practice.sharing,
            workspaces=paid_practice.workspaces,
            set_aside=RowsSetAside(storage, lambda: NOW),
            audit=Audit(storage),
            faults=Faults(storage),
        )
        self._keys = count()
        self.use(self.desk)

    def use(self, desk: Desk, routes: Sequence[Route] = ROUTES) -> None:
        """From here on the bot works with this desk, and has these pages."""
        self.desk = desk
        self.router = Router(
            routes, desk, seen=self._seen, person=desk.people.find, missing=lambda _turn: failures.missing()
        )
        self.visitor = Visitor(desk, self.router, GUARD, self.practice.now)

    async def _seen(self, key: str) -> str | None:
        return await self.practice.storage.read(lambda tx: acts.led_to(tx, key))

    def key(self) -> str:
        return f"room:{next(self._keys)}"

    async def notice(self, profile: Profile, address: str) -> Screen | None:
        """What a message at this address says to this person."""
        met = await self.desk.people.meet(profile, self.practice.now())
        assert met is not None
        return await self.visitor.visit(met.person.id, met.account, address)

    async def told(self, profile: Profile, address: str) -> Screen:
        """As `notice`, of one that there is."""
        seen = await self.notice(profile, address)
        assert seen is not None, address
        return seen

    async def reads(self, profile: Profile, address: str) -> str:
        return as_text(await self.told(profile, address))

    async def next_start(self, paid: bool = False, after: timedelta = timedelta(days=3)) -> datetime:
        offer = self.practice.paid if paid else self.practice.free
        return (await self.practice.starts(offer, self.practice.now() + after))[0]

    async def booked(self, who: Profile = CLIENT, after: timedelta = timedelta(days=3)) -> Booking:
        """A confirmed free booking, some days ahead."""
        return await self.practice.book(await self.next_start(after=after), who, self.practice.now())

    async def proposed(self, booking: Booking, to: datetime) -> int:
        """Another time, which the coach asks for; the number of the proposal."""
        act = await self.practice.act(OWNER, self.practice.now())
        return made(await self.desk.moves.propose(act, booking.id, booking.version, to))

    async def later(self, booking: Booking) -> list[datetime]:
        """Free starts of the paid offer after a session, in order."""
        return [at for at in await self.practice.starts(self.practice.paid, booking.starts) if at > booking.ends]

    async def paid(self, who: Profile = CLIENT, after: timedelta = timedelta(days=3)) -> Booking:
        return await self.practice.buy(await self.next_start(True, after), who, self.practice.now())


class Somebody:
    """`screen` is what they see now; `count` how many taps it took."""

    def __init__(self, chat: BareChat, profile: Profile = CLIENT) -> None:
        self.chat = chat
        self.profile = profile
        self.count = 0
        self.screen = Screen("")

    async def turn(self, key: str | None = None) -> Turn:
        key, now = key or self.chat.key(), self.chat.practice.now()
        met = await self.chat.desk.people.meet(self.profile, now, key)
        assert met is not None
        turn = Turn(
            met.person, met.account, now, key, GUARD, self.profile.platform.value,
            led_to=met.led_to, generation=met.generation,
        )  # fmt: skip
        return await clock.with_practice_zone(turn, self.chat.desk)

    async def goes(self, address: str, values: dict[str, object] | None = None, key: str | None = None) -> Screen:
        turn = await self.turn(key)
        with speaking(turn.person.language):
            answer = await self.chat.router.send(turn, address, values or {})
        assert not isinstance(answer, Invalid), answer.errors
        self.screen = answer
        return answer

    async def taps(self, words: str) -> Screen:
        """The button that says this, or begins with it."""
        self.count += 1
        return await self.goes(self.button(words).to)

    async def fills(self, **raw: str) -> Screen:
        form = self.screen.form
        assert form is not None, self.text
        values, errors = read_form(form, raw)
        assert not errors, errors
        return await self.goes(form.to, values)

    def button(self, words: str) -> Button:
        buttons = self.buttons
        found = [button for button in buttons if button.text == words] or [
            button for button in buttons if button.text.startswith(words)
        ]
        assert found, f"no button {words!r} on:\n{self.text}"
        return found[0]

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.screen.buttons for button in row if isinstance(button, Button)]

    @property
    def links(self) -> list[Link]:
        return [link for row in self.screen.buttons for link in row if isinstance(link, Link)]

    @property
    def text(self) -> str:
        return as_text(self.screen)

    def sees(self, *words: str) -> None:
        for each in words:
            assert each in self.text, f"{each!r} is not on:\n{self.text}"


def as_text(screen: Screen) -> str:
    lines = [screen.note or "", screen.title, *(line.text for line in screen.body)]
    rows = [" ".join(f"[{button.text}]" for button in row) for row in screen.buttons]
    return "\n".join([*lines, *rows])
