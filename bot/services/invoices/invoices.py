"""Money that a chat platform collects: the link to pay by, the question just before the money, and the money itself.

The order is what is paid, here as on the card page: the first money for it is accepted, any other goes back. What was
collected comes as an event, which is kept before the platform is answered.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.notices.incoming import InboxRow
from bot.domain.notices.notices import HOLDS
from bot.domain.payments.invoices import COLLECTED_IN_CHAT, Collected, Invoice, NotNow, Question, can_ask, order_of
from bot.domain.payments.payments import Payment
from bot.domain.records import Cause
from bot.domain.subjects import Subject
from bot.integrations.payments.invoices import InvoiceMaker
from bot.integrations.vendor import Event, VendorAway, VendorRefused
from bot.services.kit.inbox import Inbox, OfNoConcern, ToldOtherwise
from bot.services.kit.reaction import Reaction
from bot.services.kit.vendor_work import VendorWork
from bot.services.payments import sales
from bot.services.payments.checkout_pages import Describe
from bot.services.payments.collected import as_event, event_of, take
from bot.services.payments.sales import Sale
from storage.bookings import changing
from storage.engine import Storage, Tx
from storage.notices import outbox
from storage.payments import invoice_links, payments
from storage.people import people

log = logging.getLogger(__name__)

MAKE_S = 5.0
FIXED = timedelta(minutes=3)
"""Somebody who was let pay is waited for so long, though the hold would end before; never past the end of its order."""


class Invoices:
    """`on`: whether the installation wants it. `maker` is the platform, once that is there."""

    def __init__(self, storage: Storage, react: Reaction, describe: Describe, *, on: bool) -> None:
        self._storage = storage
        self._react = react
        self._describe = describe
        self._on = on
        self.maker: InvoiceMaker | None = None
        self._inbox: Inbox[Payment | None] = Inbox(storage, ToldOtherwise(COLLECTED_IN_CHAT), self._apply)
        self.work = VendorWork(told=(self._inbox,))
        """Also while it is off: money that was on its way is taken."""

    @property
    def on(self) -> bool:
        return self._on and self.maker is not None

    async def make(self, subject: Subject, now: datetime) -> None:
        """Make the link of something that can be paid, unless it is there. Where the platform makes none, or not
        now, there is none."""
        asked = await self._storage.read(lambda tx: self._wanted(tx, subject, now)) if self.on else None
        if asked is None or self.maker is None:
            return
        try:
            async with asyncio.timeout(MAKE_S):
                link = await self.maker.make_invoice(asked)
        except (VendorAway, VendorRefused, TimeoutError) as failed:
            ids = {"order": asked.order_id, "error": type(failed).__name__, "said": str(failed)}
            log.warning("invoice.not_made", extra={"ids": ids})
            return
        await self._storage.write(lambda tx: invoice_links.keep(tx, asked.order_id, link))

    async def link(self, subject: Subject) -> str | None:
        """Where something can be paid inside the chat; None while it is off, and where no link was made."""
        if not self.on:
            return None

        def work(tx: Tx) -> str | None:
            sale = sales.about(tx, subject)
            return None if sale is None else invoice_links.of(tx, sale.order.id)

        return await self._storage.read(work)

    async def ask(self, question: Question, person_id: int, now: datetime) -> NotNow | None:
        """Whether this person's money is to be taken; None: it is, and what is held stays so until it can be here."""
        return await self._storage.write(lambda tx: _answer(tx, question, person_id, now))

    async def came(self, money: Collected, now: datetime) -> None:
        """Keep what came, then apply it; what fails then is tried again. Raises `StorageAway`: nothing was kept."""
        await self._inbox.keep(as_event(money), now)
        await self._inbox.apply_due(now)

    def _wanted(self, tx: Tx, subject: Subject, now: datetime) -> Invoice | None:
        sale = sales.about(tx, subject)
        if sale is None or not sale.stands(now) or not can_ask(sale.order.amount) or _is_taxed(tx, sale):
            return None
        if sale.order.fee is not None:  # it is paid on its page, as long as it is owed
            return None
        client = people.find(tx, sale.person_id)
        if client is None or invoice_links.of(tx, sale.order.id) is not None:
            return None
        words = self._describe(sale, client)
        return Invoice(sale.order.id, words.name, words.description, sale.order.amount)

    async def _apply(self, row: InboxRow, now: datetime) -> Callable[[Tx], Payment | None]:
        money = event_of(Event(row.external_id, row.kind, row.payload))
        if money is None:
            raise OfNoConcern("unreadable")
        cause = Cause(None, COLLECTED_IN_CHAT, now)
        return lambda tx: take(tx, self._react, money, row, cause)


def _answer(tx: Tx, question: Question, person_id: int, now: datetime) -> NotNow | None:
    order_id = order_of(question.payload)
    subject = None if order_id is None else Subject("order", order_id)
    if subject is None or not sales.lock(tx, subject):
        return NotNow.OVER
    sale = sales.about(tx, subject)
    if sale is None or sale.order.fee is not None or not sale.stands(now):
        return NotNow.OVER
    if sale.person_id != person_id:
        return NotNow.ANOTHERS
    if sale.order.amount != question.amount:
        return NotNow.CHANGED
    if payments.accepted_of(tx, sale.order.about) is not None or _is_taxed(tx, sale):
        return NotNow.OVER
    _wait_for(tx, sale, now)
    return None


def _is_taxed(tx: Tx, sale: Sale) -> bool:
    """Whether tax is reckoned by an address, which is asked for on the card page alone."""
    asked = payments.live(tx, sale.order.about)
    return asked is not None and asked.tax is not None


def _wait_for(tx: Tx, sale: Sale, now: datetime) -> None:
    until = min(now + FIXED, sale.order.ends)
    for held in sale.holds:
        if held.hold_ends is not None and held.hold_ends < until:
            changing.wait_longer(tx, held, until)
            outbox.ask_correction(tx, held.subject, now, HOLDS)
