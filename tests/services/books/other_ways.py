"""Other ways to sell, each by clients of its own: by a kept card, with tax or a coupon, as a gift, in a chat; a fee."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.payments.invoices import COLLECTED_IN_CHAT, Collected
from bot.domain.payments.orders import LineKind
from bot.domain.payments.tax import TaxBehavior, TaxChoice
from bot.sandbox.stripe import charging
from bot.services.gifts.gifts import Gifts
from bot.services.payments.collected import as_event
from bot.services.reactions import react
from storage.credits import gifts
from storage.practice import practice as practice_row
from tests.services.bare_practice import DEPLOYMENT, done, made
from tests.services.cards.kept import keeps, keeps_while_paying, pays_by
from tests.services.disputes.selling_packages import ordered
from tests.services.fees.charging import LATE, asks, booked, goes_to
from tests.services.paid_practice import PaidPractice
from tests.services.payments.till import Till
from tests.services.selling_practice import guest

BY_CARD, KEEPER, TAXED, GIVER, TAKER, GIVER_TOO, WITH_CODE, IN_CHAT, TOO_LATE = map(guest, range(20, 29))


class OtherWays:
    def __init__(self, practice: PaidPractice) -> None:
        self._practice = practice
        self._pages: list[str] = []

    async def begin(self) -> None:
        """While all is heard, over some days: fees are agreed to, a card is kept, a gift is paid and taken."""
        practice = self._practice
        done(await asks(practice))
        await keeps(practice, who=TOO_LATE)
        self._late = await booked(practice, TOO_LATE)
        await goes_to(practice, self._late, hours=-1)
        self._card = await keeps(practice, who=BY_CARD)
        given = await ordered(practice, GIVER, LineKind.GIFT)
        page = await practice.payments.ready_order(given, practice.now())
        assert page is not None
        await practice.pays(page)
        await practice.heard()
        self._given = await practice.payment(page.id)
        gift = await practice.storage.read(lambda tx: gifts.of_order(tx, given))
        assert gift is not None
        act = await practice.act(TAKER, practice.now())
        made(await Gifts(practice.storage, react, DEPLOYMENT).take(act, gift.id))

    async def prepare(self, times: Sequence[datetime]) -> None:
        """All that we know before it happens; the answers to the charges of kept cards are lost on their way.

        `times`: one for each of the sessions.
        """
        practice, till, when = self._practice, Till(self._practice), iter(times)
        await practice.control("faults", match="POST /v1/payment_intents", kind="cut_after", times=2)
        await practice.cancel(self._late.id, TOO_LATE)
        await practice.sweep(seconds=6)
        made(await pays_by(practice, await practice.hold(next(when), BY_CARD), self._card, BY_CARD))
        [*_before, self._fee, self._by_card] = practice.sandbox.account.charges
        assert practice.sandbox.account.charges[self._fee].amount == LATE.amount
        kept = await practice.hold(next(when), KEEPER)
        self._pages.append(str((await keeps_while_paying(practice, kept, KEEPER)).checkout_ref))
        gift = await practice.payments.ready_order(await ordered(practice, GIVER_TOO, LineKind.GIFT), practice.now())
        assert gift is not None
        self._pages.append(str(gift.checkout_ref))
        await till.coupon()
        coupon = await till.taken(await practice.hold(next(when), WITH_CODE), WITH_CODE)
        self._pages.append(str((await practice.page(coupon)).checkout_ref))
        self._in_chat = await practice.hold(next(when), IN_CHAT)
        await practice.page(self._in_chat)
        await practice.control("tax", head_office={"country": "DE"}, registrations=["DE"])
        await practice.storage.write(lambda tx: practice_row.set_tax(tx, TaxChoice(TaxBehavior.EXCLUSIVE)))
        self._taxed = str((await practice.page(await practice.hold(next(when), TAXED))).checkout_ref)
        await practice.storage.write(lambda tx: practice_row.set_tax(tx, None))

    async def happen(self) -> Mapping[str, Any]:
        """At Stripe; what the chat tells of its own payment, as an event of it."""
        practice, account = self._practice, self._practice.sandbox.account
        for page in self._pages:
            await practice.control("pay", session=page, card="success")
        await practice.control("pay", session=self._taxed, card="success", region="DE")
        collected = charging.collect(account, 4500, "eur")
        dispute = await practice.control("dispute", charge=self._given.charge_ref)
        await practice.control("dispute_outcome", dispute=dispute["id"], status="lost")
        _kept, gift, coupon = (self._charge(page) for page in self._pages)
        for charge, amount in (
            (self._by_card, 1500), (self._fee, 500), (gift, None), (coupon, 600), (collected, 500),
            (self._charge(self._taxed), 2000),
        ):  # fmt: skip
            await practice.control("refund", charge=charge, **({} if amount is None else {"amount": amount}))
        price = self._in_chat.terms.price
        told = as_event(Collected(f"order:{self._in_chat.order_id}", price, "tg1", collected))
        return {"provider": COLLECTED_IN_CHAT, "id": told.id, "type": told.kind, "data": {"object": dict(told.body)}}

    def _charge(self, page: str) -> str:
        account = self._practice.sandbox.account
        return str(account.intents[account.session(page).payment_intent or ""].latest_charge)
