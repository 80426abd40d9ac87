"""The schema. Instants are epoch seconds (UTC), money is integer minor units, ids are 64-bit integers.

Columns whose name ends in `_sealed` hold text encrypted by `storage.sealing` for their row, whose id is drawn before
(`Tx.next_id`); nothing else may hold a name, a token, a phone number, a link or the words of a message. JSON columns
hold what is never searched.
Append-only tables (`storage.append_only`) are guarded by triggers; overlap of one coach's sessions by a
constraint; both are created by `storage.upkeep.guards`, which every migration calls last.
What the bot's own role may do with a table on Postgres is said in `storage.upkeep.access`.
"""

import sqlalchemy as sa

from storage.columns import metadata as metadata
from storage.schema.bookings import bookings as bookings
from storage.schema.bookings import letters as letters
from storage.schema.bookings import messages as messages
from storage.schema.bookings import proposals as proposals
from storage.schema.bookings import sessions as sessions
from storage.schema.bookings import waits as waits
from storage.schema.calendars import calendar_feeds as calendar_feeds
from storage.schema.cards import cards as cards
from storage.schema.cards import customers as customers
from storage.schema.coupons import coupon_offers as coupon_offers
from storage.schema.coupons import coupon_packages as coupon_packages
from storage.schema.coupons import coupons as coupons
from storage.schema.coupons import redemptions as redemptions
from storage.schema.credits import credit_entries as credit_entries
from storage.schema.credits import grant_members as grant_members
from storage.schema.credits import grant_offers as grant_offers
from storage.schema.credits import grants as grants
from storage.schema.disputes import disputes as disputes
from storage.schema.disputes import freezes as freezes
from storage.schema.fees import fee_consents as fee_consents
from storage.schema.gifts import gifts as gifts
from storage.schema.money import order_lines as order_lines
from storage.schema.money import orders as orders
from storage.schema.money import payments as payments
from storage.schema.money import refunds as refunds
from storage.schema.money import transactions as transactions
from storage.schema.packages import package_offers as package_offers
from storage.schema.packages import packages as packages
from storage.schema.people import accounts as accounts
from storage.schema.people import coaches as coaches
from storage.schema.people import invitations as invitations
from storage.schema.people import offer_coaches as offer_coaches
from storage.schema.people import offers as offers
from storage.schema.people import persons as persons
from storage.schema.people import practice as practice
from storage.schema.people import roles as roles
from storage.schema.people import schedule_versions as schedule_versions
from storage.schema.receipts import receipt_counters as receipt_counters
from storage.schema.receipts import receipts as receipts
from storage.schema.sms import sms_consents as sms_consents
from storage.schema.sms import sms_messages as sms_messages
from storage.schema.traffic import acts as acts
from storage.schema.traffic import conversations as conversations
from storage.schema.traffic import drafts as drafts
from storage.schema.traffic import inbox as inbox
from storage.schema.traffic import meters as meters
from storage.schema.traffic import outbox as outbox
from storage.schema.upkeep import audit as audit
from storage.schema.upkeep import canary as canary
from storage.schema.upkeep import catalogue as catalogue
from storage.schema.upkeep import faults as faults
from storage.schema.upkeep import leases as leases
from storage.schema.upkeep import marks as marks
from storage.schema.upkeep import oauth_states as oauth_states
from storage.schema.upkeep import processes as processes
from storage.schema.upkeep import set_aside as set_aside
from storage.schema.upkeep import workspaces as workspaces

IN_THE_CATALOGUE: frozenset[sa.FromClause] = frozenset(
    (practice, offers, offer_coaches, packages, package_offers, coaches, persons)
)
"""What `storage.practice.catalogue` is made of."""
