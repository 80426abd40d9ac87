"""A practice for tests of services: the services over one database, people who act, and views of what they left."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import sqlalchemy as sa

from bot.domain.acts import Act
from bot.domain.calendar.spans import HoursChange
from bot.domain.payments.money import Money
from bot.domain.payments.provider import ProviderTerms
from bot.domain.people.people import Person, Platform, Profile
from bot.domain.practice.coaches import Coach
from bot.domain.practice.offer_rules import OfferDraft
from bot.domain.practice.offers import Offer, Place, PlaceKind
from bot.domain.practice.practice import Deployment
from bot.domain.refusals import Code, Done, Refusal
from bot.integrations.payments.stripe.amounts import limits
from bot.services.calendar.hours import Hours
from bot.services.offers.offers import Offers
from bot.services.offers.packages import Packages
from bot.services.people.people import People
from bot.services.practice.audit import Audit
from bot.services.practice.practice import PracticeService
from bot.services.practice.sharing import Sharing
from bot.services.practice.workspaces import Workspaces
from bot.services.reactions import react
from bot.services.team.coaches import Coaches
from bot.services.team.invitations import Invitations, Invited
from storage import tables
from storage.engine import Storage, Tx

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
OWNER = Profile(Platform.TELEGRAM, "", "1001", "1001", "Olga Owner", language="en")
CLIENT = Profile(Platform.TELEGRAM, "", "2002", "2002", "Clara Client", language="de")
ANA = Profile(Platform.SLACK, "T0AAA", "U0ANA", "D0ANA", "Ana María", zone="Europe/Madrid")
DEPLOYMENT = Deployment("https://example.test/", payments_on=False, has_owner=True, slack_install=True)
PROVIDER = ProviderTerms("stripe", "Stripe", limits)
VIDEO = Place(PlaceKind.VIDEO, "https://meet.example/olga")
MORNINGS = HoursChange(dict.fromkeys(range(5), ((540, 720),)), {})
FREE = OfferDraft("Intro", Money(0, "EUR"), length_min=50)
PAID = OfferDraft("Single", Money(4500, "EUR"), length_min=50)


class BarePractice:
    def __init__(self, storage: Storage, *, payments_on: bool = False) -> None:
        deployment = replace(DEPLOYMENT, payments_on=payments_on, provider=PROVIDER if payments_on else None)
        self.storage = storage
        self.people = People(storage, [("telegram", "", "1001"), ("slack", None, "U0OWN")])
        self.practice = PracticeService(storage, deployment)
        self.coaches = Coaches(storage, deployment, react)
        self.invitations = Invitations(storage, deployment)
        self.offers = Offers(storage, deployment)
        self.packages = Packages(storage, deployment)
        self.hours = Hours(storage, deployment)
        self.workspaces = Workspaces(storage, deployment)
        self.sharing = Sharing(storage, deployment, "front_bot")
        self.audit = Audit(storage)
        self._keys = count()

    async def meet(self, profile: Profile, now: datetime = NOW) -> Person:
        met = await self.people.meet(profile, now)
        assert met is not None
        return met.person

    async def meet_quietly(self, profile: Profile) -> int:
        """The id of a person who was met before, without a word from them."""
        account = tables.accounts
        query = sa.select(account.c.person_id).where(account.c.user_ref == profile.user_ref)
        return int(await self.storage.read(lambda tx: tx.execute(query).scalar_one()))

    async def act(self, profile: Profile, now: datetime = NOW, following: str = "{id}") -> Act:
        """Something that this person does now, as who they are by now. Acts are spread over time: no limit is met."""
        person = await self.meet(profile, now)
        number = next(self._keys)
        return Act(f"test:{number}", person, profile.platform.value, now, following)

    async def set_up(self) -> int:
        """The six answers of a solo owner; the coach's id."""
        done(await self.practice.answer_name(await self.act(OWNER), "Olga's practice"))
        done(await self.practice.answer_currency(await self.act(OWNER), "EUR"))
        done(await self.practice.answer_zone(await self.act(OWNER), "Europe/Berlin"))
        done(await self.practice.become_coach(await self.act(OWNER)))
        coach = await self.coaches.of(await self.meet(OWNER))
        assert coach is not None
        done(await self.hours.save(await self.act(OWNER), coach.id, coach.version, MORNINGS))
        done(await self.offers.create(await self.act(OWNER), FREE))
        done(await self.coaches.set_place(await self.act(OWNER), coach.id, VIDEO))
        return coach.id

    async def offer(self, draft: OfferDraft) -> Offer:
        offer_id = made(await self.offers.create(await self.act(OWNER), draft))
        found = await self.offers.find(offer_id)
        assert found is not None
        return found

    async def invite(self, account_id: int | None = None) -> Invited:
        invited = await self.invitations.invite(await self.act(OWNER), account_id)
        assert isinstance(invited, Invited), invited
        return invited

    async def coach(self, coach_id: int) -> Coach:
        found = await self.coaches.find(coach_id)
        assert found is not None
        return found

    async def notices(self, kind: str) -> list[tuple[int, str, str]]:
        """(person, address, state) of every outbox row of that kind."""

        def work(tx: Tx) -> list[tuple[int, str, str]]:
            rows = tx.execute(sa.select(tables.outbox).where(tables.outbox.c.kind == kind).order_by(tables.outbox.c.id))
            return [(row.person_id, row.address, row.state) for row in rows]

        return await self.storage.read(work)

    async def trail(self) -> list[str]:
        """What was done, oldest first."""
        return [line.entry.act for line in reversed(await self.audit.recent(limit=100))]

    async def count(self, table: sa.Table) -> int:
        query = sa.select(sa.func.count()).select_from(table)
        return int(await self.storage.read(lambda tx: tx.execute(query).scalar_one()))


def done(answer: object) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def made(answer: object) -> int:
    """The id of what an act made, which `BarePractice.act` asks to be shown next."""
    return int(done(answer).next)


def refused(answer: object, code: Code) -> Refusal:
    assert isinstance(answer, Refusal), answer
    assert answer.code is code
    return answer


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)
