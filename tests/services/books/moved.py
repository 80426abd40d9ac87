"""Sessions that move to another offer: the difference is paid on a page or with a kept card, goes back to the card, or
is a part of what a client has a session for in place of the money."""

from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.payments.money import Money
from bot.domain.payments.payments import Payment
from bot.domain.people.people import Profile
from bot.domain.practice.offer_rules import OfferDraft
from bot.domain.practice.offers import Offer
from bot.domain.refusals import Done, Refusal
from bot.domain.subjects import Subject
from bot.services.exchanges.another_offer import OfferMoves, SwitchQuote
from bot.services.exchanges.as_credit import AsCredit, Instead
from bot.services.reactions import react
from tests.services.bare_practice import OWNER, PROVIDER, done, made
from tests.services.cards.kept import keeps
from tests.services.paid_practice import PaidPractice
from tests.services.selling_practice import guest

ON_PAGE, BY_CARD, BACK, AS_CREDIT = map(guest, range(40, 44))
DEARER = OfferDraft("Dearer", Money(8000, "EUR"), length_min=50)
CHEAPER = OfferDraft("Cheaper", Money(3000, "EUR"), length_min=50)
GOES_BACK = 1500
LATER = timedelta(days=8)
"""The week before is for the other stories."""

WHO = (ON_PAGE, BY_CARD, BACK, AS_CREDIT)


class Moved:
    def __init__(self, practice: PaidPractice) -> None:
        self._practice = practice

    async def begin(self) -> None:
        """While all is heard: four sessions are paid. One moved already, and is a credit in place of both payments."""
        practice = self._practice
        self._dearer, self._cheaper = [await self._offered(draft) for draft in (DEARER, CHEAPER)]
        starts = (await practice.starts(practice.paid, practice.now() + LATER))[::5]
        self._bought = {who: await self._buys(who, at) for who, at in zip(WHO, starts, strict=False)}
        self._card = await keeps(practice, who=BY_CARD)
        page = await self._asked(AS_CREDIT)
        await practice.pays(page)
        await practice.heard()
        self._difference = await practice.payment(page.id)
        booking, service = await practice.found(self._bought[AS_CREDIT].id), AsCredit(practice.storage)
        instead = await service.look(booking, practice.now())
        assert isinstance(instead, Instead)
        done(await service.give(await practice.act(OWNER, practice.now()), booking.id, instead, "Sorry"))

    async def goes_back(self) -> None:
        """To an offer that costs less: the refund is made by the next sweep."""
        made(await self._moves(BACK, self._cheaper))

    async def prepare(self) -> None:
        """As for `OtherWays`: the answer to the charge of the kept card is lost on its way."""
        practice = self._practice
        self._page = str((await self._asked(ON_PAGE)).checkout_ref)
        order = made(await self._moves(BY_CARD, self._dearer))
        person, subject = await practice.meet(BY_CARD, practice.now()), Subject("order", order)
        money = await practice.payments.ways_to_pay(subject, person.id, practice.now())
        act = await practice.act(BY_CARD, practice.now())
        made(await practice.payments.by_card.pay(act, subject, money.attempt, self._card.id))
        await practice.control("faults", match="POST /v1/payment_intents", kind="cut_after", times=3)
        await practice.payments.ready_order(order, practice.now())

    async def happen(self) -> None:
        practice, account = self._practice, self._practice.sandbox.account
        await practice.control("pay", session=self._page, card="success")
        charge = account.intents[account.session(self._page).payment_intent or ""].latest_charge
        await practice.control("refund", charge=charge, amount=500)
        [back] = [each.id for each in account.refunds.values() if each.amount == GOES_BACK]
        await practice.control("refund_outcome", refund=back, status="succeeded")
        dispute = await practice.control("dispute", charge=self._difference.charge_ref)
        await practice.control("dispute_outcome", dispute=dispute["id"], status="lost")

    async def _offered(self, draft: OfferDraft) -> Offer:
        practice = self._practice
        offer = await practice.offer(draft)
        if offer.state.value != "open":
            done(await practice.offers.open(await practice.act(OWNER, practice.now()), offer.id, offer.version))
        return offer

    async def _buys(self, who: Profile, at: datetime) -> Booking:
        booking = await self._practice.hold(at, who)
        await self._practice.pays(await self._practice.page(booking))
        await self._practice.heard()
        return booking

    async def _moves(self, who: Profile, to: Offer) -> Done | Refusal:
        """At the same time, which it keeps anyway."""
        practice, booking = self._practice, self._bought[who]
        service, person = OfferMoves(practice.storage, react, PROVIDER), await practice.meet(who, practice.now())
        told = await service.quote(person, booking.id, to.id, booking.starts, practice.now())
        assert isinstance(told, SwitchQuote), told
        act = await practice.act(who, practice.now())
        return await service.move(act, booking.id, to.id, booking.starts, told.switch.facts)

    async def _asked(self, who: Profile) -> Payment:
        order = made(await self._moves(who, self._dearer))
        page = await self._practice.payments.ready_order(order, self._practice.now())
        assert page is not None
        return page
