"""The schema. Instants are epoch seconds (UTC), money is integer minor units, ids are 64-bit integers.

Columns whose name ends in `_sealed` hold text encrypted by `storage.sealing`; nothing else may hold a name,
a token, a phone number, a link or the words of a message. JSON columns hold what is never searched.
Append-only tables (`audit`, `transactions`) are guarded by triggers; overlap of one coach's sessions by a
constraint; both are created by `storage.upkeep.guards`, which every migration calls last.
What the bot's own role may do with a table on Postgres is said in `storage.upkeep.access`.
"""

import sqlalchemy as sa

from storage.columns import metadata as metadata
from storage.schema.schema_bookings import bookings as bookings
from storage.schema.schema_bookings import messages as messages
from storage.schema.schema_bookings import proposals as proposals
from storage.schema.schema_bookings import sessions as sessions
from storage.schema.schema_bookings import waits as waits
from storage.schema.schema_money import payments as payments
from storage.schema.schema_money import refunds as refunds
from storage.schema.schema_money import transactions as transactions
from storage.schema.schema_people import accounts as accounts
from storage.schema.schema_people import coaches as coaches
from storage.schema.schema_people import invitations as invitations
from storage.schema.schema_people import offer_coaches as offer_coaches
from storage.schema.schema_people import offers as offers
from storage.schema.schema_people import persons as persons
from storage.schema.schema_people import practice as practice
from storage.schema.schema_people import roles as roles
from storage.schema.schema_people import schedule_versions as schedule_versions
from storage.schema.schema_traffic import acts as acts
from storage.schema.schema_traffic import conversations as conversations
from storage.schema.schema_traffic import drafts as drafts
from storage.schema.schema_traffic import inbox as inbox
from storage.schema.schema_traffic import outbox as outbox
from storage.schema.schema_upkeep import audit as audit
from storage.schema.schema_upkeep import catalogue as catalogue
from storage.schema.schema_upkeep import faults as faults
from storage.schema.schema_upkeep import leases as leases
from storage.schema.schema_upkeep import oauth_states as oauth_states
from storage.schema.schema_upkeep import workspaces as workspaces

IN_THE_CATALOGUE: frozenset[sa.FromClause] = frozenset((practice, offers, offer_coaches, coaches, persons))
"""What `storage.practice.catalogue` is made of."""
