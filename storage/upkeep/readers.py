"""Every table whose rows are read each by itself, for whoever looks again at those that are set aside."""

from collections.abc import Mapping
from typing import Any

from storage.bookings import booking_rows, letters, messages, proposals, sessions
from storage.credits import entries, freezes, gifts, holdings
from storage.journal import audit, drafts, inbox
from storage.journal.set_aside import Reader
from storage.notices import outbox_rows
from storage.payments import disputes, fee_consents, orders, payments, refunds, transactions
from storage.payments.cards import cards, customers
from storage.payments.coupons import coupons, redemptions
from storage.payments.receipts import receipts
from storage.people import calendar_feeds, conversations, people, person_rows, sms_consents
from storage.practice import catalogue, catalogue_rows, invitations, schedules, workspaces
from storage.upkeep import canary

_ALL: tuple[Reader[Any], ...] = (
    outbox_rows.ROWS,
    inbox.EVENTS,
    orders.ORDERS,
    orders.LINES,
    payments.WHOLE,
    refunds.REFUNDS,
    customers.CUSTOMERS,
    cards.CARDS,
    fee_consents.CONSENTS,
    coupons.COUPONS,
    redemptions.REDEMPTIONS,
    transactions.MOVEMENTS,
    receipts.RECEIPTS,
    disputes.DISPUTES,
    freezes.FREEZES,
    holdings.GRANTS,
    entries.ENTRIES,
    gifts.GIFTS,
    people.ACCOUNTS,
    calendar_feeds.FEEDS,
    person_rows.WITH_NAME,
    conversations.CONVERSATIONS,
    sms_consents.CONSENTS,
    booking_rows.BOOKINGS,
    sessions.SESSIONS,
    proposals.PROPOSALS,
    messages.MESSAGES,
    letters.LETTERS,
    drafts.DRAFTS,
    audit.ENTRIES,
    catalogue.GENERATION,
    catalogue_rows.PRACTICE,
    catalogue_rows.OFFERS,
    catalogue_rows.COACHES,
    catalogue_rows.PACKAGES,
    schedules.VERSIONS,
    invitations.INVITATIONS,
    workspaces.WORKSPACES,
    canary.CANARY,
)

READERS: Mapping[str, Reader[Any]] = {reader.table: reader for reader in _ALL}
