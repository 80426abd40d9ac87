"""A practice in which everything has happened, and the people of it."""

from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.credits.packages import Package
from bot.domain.payments.fees import Fees
from bot.domain.payments.money import Money
from bot.domain.people.people import Platform, Profile
from bot.domain.practice.offers import Place, PlaceKind
from bot.domain.pricing.coupons import Coupon
from bot.domain.pricing.discounts import Discount
from bot.handlers.conversation.typed import typed_replies
from tests.handlers.bare_chat import BareChat, Somebody
from tests.services.bare_practice import OWNER, VIDEO, done, made
from tests.services.cards.kept import keeps

IVA = Profile(Platform.SLACK, "T0AAA", "U0IVA", "D0IVA", "Iva", language="en", zone="Europe/Kyiv")
THEO = Profile(Platform.TELEGRAM, "", "7001", "7001", "Theo", language="en")
CALLS = Place(PlaceKind.PHONE_COACH_CALLS, "+43 1 5331234")
KINDS = ("booked", "moved", "cancelled", "hold", "undeliverable", "unsure", "settle", "thanks", "paid-late",
         "paid-twice", "refunded", "refund-failed")  # fmt: skip
OF_EVENTS = ("paid-late", "paid-twice", "paid-otherwise", "page-refused", "refunded", "refund-failed")
"""They tell of one payment or refund; before, those of `KINDS` told of the booking alone."""


async def crowded(chat: BareChat) -> list[str]:
    """A practice in which everything has happened; addresses that no button leads to."""
    till = chat.practice
    await till.allows(free=10)
    past = await chat.booked(IVA, timedelta(days=1))
    till.advance(days=4)
    coming, paid = await chat.booked(IVA), await chat.paid(IVA, timedelta(days=4))
    dropped, unanswered = await chat.paid(IVA, timedelta(days=5)), await chat.booked(IVA, timedelta(days=6))
    await till.cancel(dropped.id, IVA)
    called, cards = await _called(chat), await _card(chat)
    fees, packages = await _fee(chat), await _bought(chat)
    plans, gifts = await _planned(chat), await _given(chat)
    held = made(await till.try_hold(IVA, till.paid, await chat.next_start(True), till.now()))
    times = [at for at in await till.starts(till.free, till.now()) if at != unanswered.starts]
    proposals = await _proposed(chat, unanswered, times[-1])
    written = await _written(chat, coming, paid)
    calendars = await _in_calendars(chat, coming)
    every = (past.id, coming.id, paid.id, dropped.id, held, unanswered.id, called.id)
    return [
        *_of_bookings(every), *_of_dropped(dropped.id), *_on_hold(held), *proposals, *written, *cards, *fees,
        *packages, *plans, *gifts, *_of_times(chat, coming, times[-1]), *_of_practice(chat, coming, times[-1]),
        f"number/{called.id}", f"late/{coming.id}", f"remind/{coming.id}/moved", *calendars,
    ]  # fmt: skip


async def _in_calendars(chat: BareChat, coming: Booking) -> list[str]:
    """Of a session that its client has as a file, beside their feed."""
    till = chat.practice
    done(await chat.desk.calendar_files.take(await till.act(IVA, till.now()), coming.id))
    done(await chat.desk.feeds.renew(await till.act(IVA, till.now())))
    told = f"notice/calendar-file/{coming.id}"
    return [
        f"calendar-file/{coming.id}", f"calendar-plan/{coming.id}", f"{told}/{int(coming.starts.timestamp())}",
        f"{told}/1",
    ]  # fmt: skip


def _of_bookings(every: tuple[int, ...]) -> list[str]:
    return [
        address
        for booking in every
        for address in (
            f"booking/{booking}", f"hold/{booking}", f"remind/{booking}/60", f"no-show/{booking}",
            *(f"notice/{kind}/{booking}" for kind in KINDS),
        )
    ]  # fmt: skip


def _of_dropped(dropped: int) -> list[str]:
    """Of a session that was paid and cancelled."""
    return [
        *(f"notice/{kind}/{dropped}/1" for kind in OF_EVENTS), f"let-go/{dropped}",
        f"notice/hold-ending/{dropped}", f"notice/hold-ended/{dropped}", f"notice/hold-ended/{dropped}/before",
    ]  # fmt: skip


def _on_hold(held: int) -> list[str]:
    return [f"hold/{held}/{step}" for step in ("keep", "paying", "fees", "code", "package/1")]


def _of_times(chat: BareChat, coming: Booking, last: datetime) -> list[str]:
    """A day and a time, to be booked, to be moved to, and as they are typed."""
    till, day, at = chat.practice, last.date(), f"{last:%Y%m%dT%H%MZ}"
    free, paid, coach = till.free.id, till.paid.id, till.coach_id
    return [
        f"typed/book/{at}", f"typed/move/{day}", f"typed/absent/{day}", f"typed/free/{day}", "typed/pay",
        "typed/sessions", f"move-to/{day}", f"move-to/{at}", f"move-to/{day}/of/{day}", f"move-to/{at}/of/{day}",
        *(f"typed/{what}" for what in ("cancel", "absent", "move", "late", "price", "human", "stop", "thanks", "book")),
        f"times/{free}/0/{day}/1", f"move/{coming.id}/{day}/1", f"free/{free}", f"to/{coming.id}/{paid}/{day}/1",
        f"clock/{free}/0", f"soonest/{free}/0", f"offer-of/{paid}", f"with/{coach}", "with/0",
        f"when/{day}", f"when/from/{day}", f"when/{at}", f"past/{till.now():%Y%m%dT%H%MZ}",
        f"review/{paid}/{coach}/{at}/credit", f"review/{paid}/{coach}/{at}/pay",
    ]  # fmt: skip


def _of_practice(chat: BareChat, coming: Booking, last: datetime) -> list[str]:
    """What is said of the practice and of its people, and pages that nothing has to happen for."""
    coach, day, at = chat.practice.coach_id, last.date(), f"{last:%Y%m%dT%H%MZ}"
    return [
        "told", "sessions/0", "start/dead", "opened", "gone", "zone-follow", "owners", "invited/1", f"removed/{coach}",
        "receipts/0", "notice/receipt-replaced/1", "notice/stray-money/1", "notice/key-refused", "notice/dispute/1",
        "notice/sms-ceiling",
        f"notice/database-back/5/{at}", f"notice/day-closed/{coach}/{day}/{coming.coach_person_id}",
    ]  # fmt: skip


async def _proposed(chat: BareChat, booking: Booking, at: datetime) -> list[str]:
    proposal = await chat.proposed(booking, at)
    return [f"{head}/{proposal}" for head in ("proposal", "proposal-answered", "proposal-withdrawn")]


async def _written(chat: BareChat, coming: Booking, paid: Booking) -> list[str]:
    """A message and an answer to it, a letter to the practice, money that is to go back, and a coupon."""
    till = chat.practice
    message = made(await chat.desk.messages.send(await till.act(IVA, till.now()), coming.id, "Hello"))
    wish = {"booking": paid.id, "amount": 100, "currency": "EUR", "another_way": False, "reason": "Sorry"}
    act = await till.act(OWNER, till.now(), f"give-back/{paid.id}/{{id}}")
    gives = done(await chat.desk.drafts.keep(act, "giving-back", wish))
    coupon = Coupon(code="SPRING", discount=Discount(percent=20))
    made(await chat.desk.coupons.create(await till.act(OWNER, till.now()), coupon))
    letter = made(await chat.desk.letters.ask(await till.act(IVA, till.now()), "Hello"))
    reply = {"message": message, "text": "Hello to you"}
    adds = await till.act(IVA, till.now())
    mail = made(await chat.desk.addresses.add(adds, Platform.EMAIL, "iva@example.org"))
    answer = done(await chat.desk.drafts.keep(await till.act(IVA, till.now(), "reply/{id}"), typed_replies.KIND, reply))
    return [
        f"message/{message}", answer.next, f"letter/{letter}", f"answer-letter/{letter}", gives.next, "code/spring",
        f"notice/address-code/{mail}",
    ]  # fmt: skip


async def _card(chat: BareChat) -> list[str]:
    card = await keeps(chat.practice, who=IVA)
    return [
        f"card/{card.id}", *(f"notice/{kind}/{card.id}" for kind in ("card-kept", "card-renewed", "card-ending")),
        "tax-number",
    ]  # fmt: skip


async def _fee(chat: BareChat) -> list[str]:
    """Pages of a fee for a late cancel; the offer asks for none afterwards."""
    till = chat.practice

    async def asks(**changed: object) -> None:
        offer = await till.offers.find(till.free.id)
        assert offer is not None
        done(await till.offers.change(await till.act(OWNER, till.now()), offer.id, offer.version, **changed))

    fees = Fees(Money(2000, "EUR"), Money(3000, "EUR"))
    await asks(late_cancel_fee=fees.late_cancel, no_show_fee=fees.no_show, cancel_cutoff_min=50 * 1440)
    held = await till.found(made(await till.try_hold(IVA, till.free, await chat.next_start(), till.now())))
    done(await chat.desk.fees.agree(await till.act(IVA, till.now()), held.id, held.version, fees, "I agree."))
    await till.cancel(held.id, IVA)
    await asks(late_cancel_fee=None, no_show_fee=None, cancel_cutoff_min=1440)
    charged = await chat.desk.fees.of_booking(await till.found(held.id))
    assert charged is not None
    fee = charged.order_id
    return [f"fee/{fee}", f"notice/fee-owed/{fee}/1", f"notice/fee-returned/{fee}"]


async def _bought(chat: BareChat) -> list[str]:
    """Pages of a package that is for sale, of the order with which one was bought and paid, and of its credits."""
    till = chat.practice
    starter = Package(0, "Starter", 5, Money(20250, "EUR"), (till.paid.id,), validity_months=6, weekly_cap=2)
    package = made(await chat.desk.packages.create(await till.act(OWNER, till.now()), starter))
    done(await chat.desk.packages.open(await till.act(OWNER, till.now()), package, 1))
    order = made(await chat.desk.package_sales.buy(await till.act(IVA, till.now()), package, 2))
    page = await chat.desk.payments.ready_order(order, till.now())
    assert page is not None
    await till.pays(page)
    await till.heard()
    return [
        f"package/{package}", "packages/0", f"order/{order}", f"order/{order}/code", f"order/{order}/keep",
        f"order/{order}/paying", f"notice/order/{order}", f"notice/order-paid/{order}", f"notice/order-money/{order}/1",
        f"notice/order-refund/{order}/1", f"notice/order-refund-failed/{order}/1",
        "credit/1", "credit/1/2", "credit/1/return", "credit-warning/1/ending", "package-returned/1/1/1",
        "credits-changed/1/1", "notice/credits-frozen/1",
    ]  # fmt: skip


async def _planned(chat: BareChat) -> list[str]:
    """Every page of a plan, before and after it was booked."""
    till, iva = chat.practice, Somebody(chat, IVA)
    head = f"plan/{till.paid.id}/{till.coach_id}"
    await iva.goes(f"{head}/n2.5.660.2")
    await iva.taps("Change dates")
    draft = (iva.screen.address or "").removesuffix("/edit")
    await iva.goes(f"{head}/n2.5.690.1")
    await iva.taps("Book 2 sessions")
    day = f"{till.now():%Y-%m-%d}"
    return [
        "plan/n5", f"plan/{till.paid.id}", f"plan/{till.paid.id}/n5", f"{head}/n", f"{head}/n5", f"{head}/n5.5",
        f"{head}/n5.5.660.1", f"{head}/p5.5.660.1", f"{head}/n20.1.545.2",
        draft, f"{draft}/edit", f"{draft}/ask", f"{draft}/0", f"{draft}/0/{day}", f"{draft}/0/from/{day}",
        iva.screen.address or "",
    ]  # fmt: skip


async def _given(chat: BareChat) -> list[str]:
    """Pages of two gifts: one that nobody took, and one that its giver took."""
    till = chat.practice
    for _each in range(2):
        asked = await chat.desk.gifts.buy_session(await till.act(IVA, till.now()), till.paid.id, till.paid.price.amount)
        page = await chat.desk.payments.ready_order(made(asked), till.now())
        assert page is not None
        await till.pays(page)
        await till.heard()
    waits, taken = await chat.desk.gifts.find(1), made(await chat.desk.gifts.take(await till.act(IVA, till.now()), 2))
    assert waits is not None
    shown = await Somebody(chat, IVA).goes(f"gift-open/{waits.token}")
    assert shown.address is not None
    return [
        "gifts/0", "gift/1", "gift/1/back", "gift-taken/2", "gift-ending/1", f"gift-open/{waits.token}", shown.address,
        f"credit/{taken}/hand-back", "give/package/1", f"give/session/{till.paid.id}",
    ]  # fmt: skip


async def _called(chat: BareChat) -> Booking:
    """A session for which the coach calls; all others are by video."""
    till = chat.practice
    done(await chat.desk.coaches.set_place(await till.act(OWNER, till.now()), till.coach_id, CALLS))
    called = await chat.booked(IVA, timedelta(days=8))
    done(await chat.desk.coaches.set_place(await till.act(OWNER, till.now()), till.coach_id, VIDEO))
    return called
