"""Gifts: bought by one person, taken by another, handed back while unused, taken back while nobody has them."""

from dataclasses import dataclass

from bot.domain.acts import Act
from bot.domain.credits.gifts import SESSION_MONTHS, Gift, GiftState, as_token
from bot.domain.credits.grants import Entry, EntryKind
from bot.domain.credits.packages import Package, as_sold, expires_at, sold
from bot.domain.notices.notices import Notice, NoticeKind, address_of
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.payments.money import Money
from bot.domain.payments.orders import LineKind, OrderChange, OrderLine, OrderPaid
from bot.domain.payments.payments import PACKAGE, Payment, RefundState
from bot.domain.people.people import Person
from bot.domain.practice.client_limits import Limit
from bot.domain.practice.offers import OfferState
from bot.domain.practice.practice import Deployment
from bot.domain.records import Cause
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.domain.tokens import GIFT
from bot.services.credits import freezing, gift_freezing, ledger
from bot.services.kit import limits
from bot.services.kit.audit_note import note
from bot.services.kit.drawn_letters import draw
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.kit.reaction import Reaction
from bot.services.payments import orders_tx
from bot.services.payments.packages import package_sales
from storage.credits import gifts, holdings
from storage.engine import Storage, Tx
from storage.journal import audit
from storage.notices import outbox
from storage.payments import disputes, payments, refunds
from storage.practice import catalogue, packages

LINK_DEAD = Refusal(Code.LINK_DEAD)


@dataclass(frozen=True)
class Left:
    """Of a gift that nobody has taken yet: `sessions` that can be used once it is taken, beside those that are
    `on_hold` since a part of its price went back past us; `back`: what its giver has if they take it back.
    """

    sessions: int
    on_hold: int
    back: Money


class Gifts:
    def __init__(self, storage: Storage, react: Reaction, deployment: Deployment) -> None:
        self._storage = storage
        self._react = react
        self._deployment = deployment

    async def buy_package(self, act: Act, package_id: int, version: int) -> Done | Refusal:
        """Ask for the price of a package that somebody else will have. `{id}` is the order. As `PackageSales.buy`."""

        def work(tx: Tx) -> int | Refusal:
            package = packages.find(tx, package_id)
            if package is None:
                return NOT_FOUND
            if package.version != version:
                return Refusal(Code.CHANGED)
            line = package_sales.line_of(tx, package, self._deployment, act.now)
            return line if isinstance(line, Refusal) else self._ask(tx, act, line)

        return await once(self._storage, act, work)

    async def buy_session(self, act: Act, offer_id: int, price: int) -> Done | Refusal:
        """As `buy_package`, one session of an offer with a price: CHANGED where that is another by now."""

        def work(tx: Tx) -> int | Refusal:
            offer = catalogue.snapshot(tx).offer.get(offer_id)
            if offer is None or offer.state is not OfferState.OPEN or not offer.price or offer.limited:
                return Refusal(Code.OFFER_CLOSED)
            if not self._deployment.payments_on:
                return Refusal(Code.PAYMENTS_OFF)
            if offer.price.amount != price:
                return Refusal(Code.CHANGED)
            one = Package(0, offer.name, 1, offer.price, (offer.id,), validity_months=SESSION_MONTHS)
            terms = as_sold(one, offer.price)
            return self._ask(
                tx, act, OrderLine(LineKind.GIFT, offer.price, Subject("offer", offer.id), offer.name, terms=terms)
            )

        return await once(self._storage, act, work)

    def _ask(self, tx: Tx, act: Act, line: OrderLine) -> int | Refusal:
        gift = OrderLine(LineKind.GIFT, line.amount, line.subject, line.name, terms=line.terms)
        order = orders_tx.open_order(tx, self._react, act.person.id, [gift], act.cause)
        if isinstance(order, Refusal):
            return order
        note(
            tx, act, "gift.asked", order.subject, after={"price": line.amount.amount, "currency": line.amount.currency}
        )
        return order.id

    async def given_by(self, person_id: int, offset: int, most: int) -> list[Gift]:
        """The newest first."""
        return await self._storage.read(lambda tx: gifts.given_by(tx, person_id, offset, most))

    async def find(self, gift_id: int) -> Gift | None:
        return await self._storage.read(lambda tx: gifts.find(tx, gift_id))

    async def of_order(self, order_id: int) -> Gift | None:
        return await self._storage.read(lambda tx: gifts.of_order(tx, order_id))

    async def to_hand_back(self, person: Person, grant_id: int) -> Gift | None:
        """The gift that this person took with this grant, while they may hand it back."""

        def work(tx: Tx) -> Gift | None:
            gift = gifts.of_grant(tx, grant_id)
            held = None if gift is None or gift.taken_by != person.id else holdings.find(tx, grant_id)
            return gift if gift is not None and held is not None and gift.can_be_handed_back(held) else None

        return await self._storage.read(work)

    async def left_of(self, gift: Gift) -> Left:
        def work(tx: Tx) -> Left:
            sessions, on_hold = gift_freezing.left_of(tx, gift)
            payment = payments.accepted_of(tx, Subject("order", gift.order_id))
            back = 0 if payment is None else payment.amount.amount - refunds.returned(tx, payment.id)
            return Left(sessions, on_hold, Money(max(0, back), gift.price.currency))

        return await self._storage.read(work)

    async def by_token(self, token: str) -> Gift | None:
        """In any state. Its 128 bits are guessed by nobody."""
        return await self._storage.read(lambda tx: gifts.of_token(tx, token))

    async def by_code(self, act: Act, typed: str) -> Gift | Refusal:
        """As typed. Each try counts before it is looked at: LIMIT after too many, LINK_DEAD where it is nobody's."""

        def work(tx: Tx) -> Gift | Refusal:
            counted = limits.refusal(tx, act, Limit.WRONG_CODES)
            if counted is not None:
                return counted
            token = as_token(typed)
            found = gifts.of_token(tx, token) if GIFT.fits(token) else None
            if found is None:
                return LINK_DEAD
            limits.clear(tx, act, Limit.WRONG_CODES)
            return found

        return await self._storage.write(work)

    async def take(self, act: Act, gift_id: int) -> Done | Refusal:
        """Its credits are this person's from now on. `{id}` is the grant. LINK_DEAD where it cannot be taken any more.

        Whoever calls this has seen its token.
        """

        def work(tx: Tx) -> int | Refusal:
            gift, payment = _locked(tx, gift_id)
            if gift is None or not gift.can_be_taken(act.now) or _money_is_away(tx, payment) is not None:
                return LINK_DEAD
            package, single = sold(0, gift.name, gift.price, gift.terms)
            new = ledger.NewGrant(
                person_id=act.person.id,
                name=gift.name,
                sessions=package.sessions,
                price=gift.price,
                single_price=single,
                offer_ids=package.offer_ids,
                expires_at=gift.expires_at,
                weekly_cap=package.weekly_cap,
                order_id=gift.order_id,
                bought_at=gift.bought_at,
            )
            grant = ledger.give(tx, new, act.cause)
            freezing.follow_gift(tx, gift.id, grant.id, act.cause)
            gifts.become(tx, gift, GiftState.TAKEN, taken_by=act.person.id, at=act.now, grant_id=grant.id)
            note(tx, act, "gift.taken", gift.subject)
            _tell(tx, gift, act)
            return grant.id

        return await once(self._storage, act, work)

    async def hand_back(self, act: Act, grant_id: int) -> Done | Refusal:
        """It was for somebody else: while nothing of it was used or booked, its code works again. CHANGED after."""

        def work(tx: Tx) -> int | Refusal:
            found = gifts.of_grant(tx, grant_id)
            gift = None if found is None else gifts.locked(tx, found.id)
            held = holdings.locked(tx, grant_id)
            if gift is None or held is None or gift.grant_id != grant_id or held.grant.person_id != act.person.id:
                return NOT_FOUND
            if not gift.can_be_handed_back(held):
                return Refusal(Code.CHANGED)
            change = Entry(
                grant_id, 0, EntryKind.ADJUSTED, -held.credits.available, 0, 0, act.now, order_id=gift.order_id
            )
            ledger.enter(tx, held, change, act.cause)
            gifts.become(tx, gift, GiftState.OPEN, at=act.now)
            note(tx, act, "gift.handed_back", gift.subject)
            _tell(tx, gift, act)
            return gift.id

        return await once(self._storage, act, work)

    async def take_back(self, act: Act, gift_id: int) -> Done | Refusal:
        """Its giver has all the money back, and nobody can take it any more. CHANGED where somebody did, or it is over;
        PAYMENTS_OFF where no refund can be made."""

        def work(tx: Tx) -> int | Refusal:
            tx.lock_client(act.person.id)
            gift, payment = _locked(tx, gift_id)
            if gift is None or gift.person_id != act.person.id:
                return NOT_FOUND
            if not gift.can_be_taken(act.now):
                return Refusal(Code.CHANGED)
            if not self._deployment.payments_on:
                return Refusal(Code.PAYMENTS_OFF)
            away = _money_is_away(tx, payment)
            if payment is None or away is not None:
                return Refusal(Code.UNRETURNABLE, away or Unreturnable.NEVER_PAID)
            refunds.intend(tx, payment, payment.amount, PACKAGE, act.now)
            made = refunds.of_payment(tx, payment.id)[-1:]
            if not made or made[0].state is not RefundState.INTENDED:
                return Refusal(Code.CHANGED)
            gifts.become(tx, gift, GiftState.RETURNED, at=act.now)
            amount = made[0].amount
            audit.write(
                tx, person_id=act.person.id, via=act.via, act="refund.intended", subject=payment.subject,
                after={"amount": amount.amount, "currency": amount.currency, "payment": payment.id}, why=PACKAGE,
                now=act.now,
            )  # fmt: skip
            note(tx, act, "gift.returned", gift.subject)
            outbox.ask_correction(tx, payment.subject, act.now)
            return gift.id

        return await once(self._storage, act, work)


def _locked(tx: Tx, gift_id: int) -> tuple[Gift | None, Payment | None]:
    """The gift and its payment, held until the transaction ends: the payment first, as by who hears of its money."""
    found = gifts.find(tx, gift_id)
    payment = None if found is None else payments.lock_accepted(tx, Subject("order", found.order_id))
    return gifts.locked(tx, gift_id), payment


def _money_is_away(tx: Tx, payment: Payment | None) -> Unreturnable | None:
    """Why nobody can take what was paid with it: a bank has the money for now, or all of it went back elsewhere. None:
    it is paid for."""
    if payment is None:
        return Unreturnable.NEVER_PAID
    if disputes.is_disputed(tx, payment.id):
        return Unreturnable.DISPUTED
    return Unreturnable.NOTHING_LEFT if refunds.returned(tx, payment.id) >= payment.amount.amount else None


def make_gifts(tx: Tx, change: OrderChange) -> None:
    """A paid order gives who paid it a code for each gift in it."""
    if not isinstance(change, OrderPaid):
        return
    for line in change.order.of_kind(LineKind.GIFT):
        if line.terms is None:
            continue
        package, _single = sold(0, line.name or "", line.amount, line.terms)
        zone = catalogue.snapshot(tx).practice.zone or "UTC"
        made = gifts.insert(
            tx,
            person_id=change.order.person_id,
            order_id=change.order.id,
            token=GIFT.prefix + draw(GIFT.length),
            name=package.name,
            price=line.amount,
            terms=line.terms,
            bought_at=change.cause.now,
            expires_at=expires_at(package, change.cause.now, zone),
        )
        cause = Cause(change.order.person_id, change.cause.via, change.cause.now)
        audit.write(
            tx,
            person_id=cause.person_id,
            via=cause.via,
            act="gift.bought",
            subject=Subject("gift", made),
            now=cause.now,
        )


def _tell(tx: Tx, gift: Gift, act: Act) -> None:
    """Its giver hears that somebody took it, or handed it back; of what becomes of it later they hear nothing."""
    if gift.person_id == act.person.id:
        return
    kind = NoticeKind.GIFT_TAKEN
    key = f"gift:{gift.id}:{gift.version}:{kind}"
    told = Notice(key, gift.person_id, kind, address_of(kind, gift.id), act.now, subject=gift.subject)
    outbox.put(tx, told, act.now)
    outbox.ask_correction(tx, gift.subject, act.now)
