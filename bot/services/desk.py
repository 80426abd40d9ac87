"""The desk: every use case under one name each. Handlers get it, and nothing else, to act with."""

from dataclasses import dataclass

from bot.domain.practice import Deployment
from bot.services.audit import Audit
from bot.services.bookings import Bookings
from bot.services.coaches import Coaches
from bot.services.conversations import Conversations
from bot.services.day import Day
from bot.services.drafts import Drafts
from bot.services.faults import Faults
from bot.services.hours import Hours
from bot.services.invitations import Invitations
from bot.services.messages import Messages
from bot.services.moves import Moves
from bot.services.offers import Offers
from bot.services.payments import Payments
from bot.services.people import People
from bot.services.practice import PracticeBook
from bot.services.sharing import Sharing
from bot.services.times import Times
from bot.services.workspaces import Workspaces


@dataclass(frozen=True)
class Desk:
    deployment: Deployment
    practice: PracticeBook
    people: People
    conversations: Conversations
    coaches: Coaches
    invitations: Invitations
    offers: Offers
    hours: Hours
    drafts: Drafts
    times: Times
    bookings: Bookings
    moves: Moves
    day: Day
    messages: Messages
    payments: Payments
    sharing: Sharing
    workspaces: Workspaces
    audit: Audit
    faults: Faults
