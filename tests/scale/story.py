"""Everything that people and sweeps ask of the database, in a practice with or without a long past."""

from collections import Counter
from datetime import datetime, timedelta

from bot.domain.bookings.bookings import Booking
from bot.domain.payments.orders import LineKind
from bot.domain.people.people import Platform
from bot.domain.subjects import Subject
from bot.scheduling import sweeps
from bot.services.bookings.reschedule import MoveQuote
from bot.services.reactions import react
from storage.journal import audit
from storage.notices import outbox
from storage.people import homes
from tests.handlers.bare_chat import BareChat, Somebody
from tests.scheduling.platform import Post, Wire
from tests.services.bare_practice import CLIENT, OWNER, made
from tests.services.disputes import selling_packages as packages
from tests.services.payments.till import Till
from tests.services.selling_practice import guest

ALIKE = 2


async def tell(chat: BareChat) -> None:
    till = chat.practice
    client, owner = Somebody(chat, CLIENT), Somebody(chat, OWNER)
    booking = await chat.booked()
    bought = await chat.paid(guest(1), timedelta(days=4))
    await till.hold(await chat.next_start(True, timedelta(days=5)), guest(2))
    await buy(chat)
    for somebody in (client, owner, Somebody(chat, guest(2))):
        await wander(somebody)
    await move(chat, booking, await chat.next_start(after=timedelta(days=6)))
    await till.cancel(bought.id, guest(1))
    made(await till.messages.send(await till.act(CLIENT, till.now()), booking.id, "I come by train"))
    made(await till.waits.wait(await till.act(CLIENT, till.now()), till.free.id, None))
    await sweep(chat, await send(chat, booking.id))


async def buy(chat: BareChat) -> None:
    """A package and a session on it, which is cancelled; a gift that somebody takes; a code for a held time."""
    till = chat.practice
    await packages.bought(till)
    booked = await packages.books(till, await chat.next_start(True, timedelta(days=2)))
    await till.cancel(booked.id)
    order = await packages.ordered(till, guest(3), LineKind.GIFT)
    page = await till.payments.ready_order(order, till.now())
    assert page is not None
    await till.pays(page)
    await till.heard()
    gift = await chat.desk.gifts.of_order(order)
    assert gift is not None
    made(await chat.desk.gifts.take(await till.act(guest(4), till.now()), gift.id))
    counter = Till(till)
    await counter.coupon()
    await counter.taken(await till.hold(await chat.next_start(True, timedelta(days=7)), guest(5)), guest(5))


async def move(chat: BareChat, booking: Booking, to: datetime) -> None:
    till = chat.practice
    quote = await till.moves.quote(await till.meet(CLIENT), booking.id, to, till.now())
    assert isinstance(quote, MoveQuote), quote
    made(await till.moves.move(await till.act(CLIENT, till.now()), booking.id, to, quote.facts))


async def wander(somebody: Somebody) -> None:
    """Every command, and what buttons lead to from there on, a few pages of each kind."""
    router = somebody.chat.router
    ahead = [route.pattern.text for route in router.commands.values() if "{" not in route.pattern.text]
    been, kinds = set[str](), Counter[str]()
    while ahead:
        to = ahead.pop(0)
        found = router.find(to)
        if found is None or to in been or not router.is_show(to) or kinds[found.route.pattern.text] >= ALIKE:
            continue
        been.add(to)
        kinds[found.route.pattern.text] += 1
        await somebody.goes(to)
        ahead += [button.to for button in somebody.buttons]


async def send(chat: BareChat, booking_id: int) -> Post:
    """Messages go out, and those about a booking are corrected."""
    post = Post(chat.practice.storage, Wire(), Wire(Platform.SLACK))
    post.now = chat.practice.now() + timedelta(hours=1)
    assert await post.sweep() > 0
    await post.storage.write(lambda tx: outbox.ask_correction(tx, Subject("booking", booking_id), post.now))
    assert await post.sweep() > 0
    return post


async def sweep(chat: BareChat, post: Post) -> None:
    """What is looked for again and again."""
    till = chat.practice
    await till.sweep(minutes=12)
    post.now = till.now()
    for each in sweeps.of_bookings(till.storage, react, post.deliveries, till.now):
        await each.run()
    entries = await till.storage.read(lambda tx: audit.since(tx, audit.newest_id(tx) - 20))
    await till.storage.read(lambda tx: homes.open_pages(tx, homes.concerned(tx, entries)))
    await till.sweep(minutes=40)
