"""The practice itself: the answers of `/setup`, and what is still missing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from bot.domain.acts import Act
from bot.domain.credits.packages import Package, PackageState
from bot.domain.payments.money import Money, decimals
from bot.domain.payments.provider import ChargeMistake, ProviderTerms, Uncharged, uncharged
from bot.domain.people.permissions import Permission, may
from bot.domain.people.zones import is_zone
from bot.domain.practice.client_limits import RANGES
from bot.domain.practice.offer_rules import NAME_LENGTH
from bot.domain.practice.offer_settings import Contradiction
from bot.domain.practice.offers import Offer, OfferState
from bot.domain.practice.practice import Deployment, Practice, Question
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from bot.services.kit.permissions import NOT_FOUND
from bot.services.offers import launch
from bot.services.team import joining
from storage.engine import BadRow, Storage, Tx
from storage.people import person_changes
from storage.practice import catalogue, coaches, offers, packages, practice

CONTACT_LENGTH = 200
ADDRESS_LENGTH, TAX_NUMBER_LENGTH = 400, 40
Sold = TypeVar("Sold", Offer, Package)


@dataclass(frozen=True)
class Checklist:
    """What stands. `hours`: of an active coach; `offer`: one is open; `place`: one that is open, or a draft that
    could be, has one; `payments`: they are on; `share`: clients can book, so links are worth giving away.
    """

    hours: bool
    offer: bool
    place: bool
    payments: bool
    share: bool


class PracticeService:
    def __init__(self, storage: Storage, deployment: Deployment) -> None:
        self._storage = storage
        self._deployment = deployment

    async def get(self, generation: int | None = None) -> Practice:
        """`generation` is that of the catalogue, where the turn knows it: see `catalogue.current`."""
        return (await catalogue.current(self._storage, generation)).practice

    async def unreadable(self) -> tuple[BadRow, ...]:
        """Of the practice, its offers and coaches: what cannot be read, and is left out everywhere."""
        return (await catalogue.current(self._storage)).bad_rows

    async def checklist(self) -> Checklist:
        def work(tx: Tx) -> Checklist:
            team = coaches.active(tx)
            everything, open_ones = offers.everything(tx), offers.open_for(tx)
            return Checklist(
                hours=any(coach.schedule.has_hours() for coach in team),
                offer=bool(open_ones),
                place=any(coach.can_do(offer) for coach in team for offer in everything),
                payments=self._deployment.payments_on,
                share=launch.is_bookable(team, open_ones),
            )

        return await self._storage.read(work)

    async def answer_name(self, act: Act, name: str) -> Done | Refusal:
        """The name that clients read. CONTRADICTION (`name`) when it is empty or longer than NAME_LENGTH."""

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SET_UP):
                return NOT_FOUND
            if not 0 < len(name.strip()) <= NAME_LENGTH:
                return Refusal(Code.CONTRADICTION, "name")
            practice.answered(tx, Question.NAME)
            practice.rename(tx, name.strip())
            note(tx, act, "practice.named", Subject("practice"))
            return 1

        return await once(self._storage, act, work)

    async def answer_currency(self, act: Act, code: str) -> Done | Refusal:
        """The currency (ISO 4217) of every price. Prices of offers and packages keep the number that was typed, and
        since that is another price now, those that can be bought are paused until an owner has seen it.

        CONTRADICTION with `charge` where nothing, or not the price of one of them, could be charged in it.
        CURRENCY_FIXED once money has moved, or may be moving.
        """

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SET_UP):
                return NOT_FOUND
            if re.fullmatch(r"[A-Z]{3}", code) is None:
                return Refusal(Code.CONTRADICTION, "currency")
            provider = self._deployment.provider
            if provider is not None and provider.limits(code) is None:
                charge = Uncharged(ChargeMistake.CURRENCY, Money(0, code), provider.name)
                return Refusal(Code.CONTRADICTION, Contradiction.CHARGE, charge=charge)
            before = practice.lock(tx)
            if before.currency not in (None, code):
                if practice.money_moved(tx):
                    return Refusal(Code.CURRENCY_FIXED, currency=before.currency)
                priced = [(each, _offer_in(each, code)) for each in offers.everything(tx)]
                of_packages = [(each, _priced_in(each, code)) for each in packages.everything(tx)]
                anew: list[Offer | Package] = [after for _before, after in priced]
                anew += [after for _before, after in of_packages]
                if refused := _any_uncharged(anew, provider):
                    return refused
                for offer, after in priced:
                    _reprice(tx, act, offer, after)
                for package, then in of_packages:
                    _reprice_package(tx, act, package, then)
            practice.answered(tx, Question.CURRENCY)
            practice.set_currency(tx, code)
            note(tx, act, "practice.currency", Subject("practice"), {"currency": before.currency}, {"currency": code})
            return 1

        return await once(self._storage, act, work)

    async def answer_zone(self, act: Act, zone: str) -> Done | Refusal:
        """The zone (IANA name) of the practice, and of an owner who has none yet."""

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SET_UP):
                return NOT_FOUND
            if not is_zone(zone):
                return Refusal(Code.CONTRADICTION, "zone")
            before = practice.lock(tx)
            practice.answered(tx, Question.ZONE)
            practice.set_zone(tx, zone)
            note(tx, act, "practice.zone", Subject("practice"), {"zone": before.zone}, {"zone": zone})
            if act.person.zone is None:
                person_changes.set_zone(tx, act.person.id, zone, "asked")
            return 1

        return await once(self._storage, act, work)

    async def become_coach(self, act: Act) -> Done | Refusal:
        """ "I am the coach": the owner coaches, in the zone of the practice. `{id}` is the coach."""

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.KEEP_TEAM):
                return NOT_FOUND
            zone = practice.get(tx).zone or act.person.zone
            if zone is None:
                return Refusal(Code.CONTRADICTION, "zone")
            coach_id = joining.make_coach(tx, act, zone)
            joining.take_up_offers(tx, coach_id)
            launch.open_if_ready(tx, act, self._deployment)
            return coach_id

        return await once(self._storage, act, work)

    async def set_contact(self, act: Act, text: str) -> Done | Refusal:
        """How to reach a human, as `/help` shows it; empty text removes it."""

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SET_UP):
                return NOT_FOUND
            if len(text.strip()) > CONTACT_LENGTH:
                return Refusal(Code.CONTRADICTION, "contact")
            practice.lock(tx)
            practice.set_contact(tx, text.strip() or None)
            note(tx, act, "practice.contact", Subject("practice"))
            return 1

        return await once(self._storage, act, work)

    async def set_on_receipts(self, act: Act, address: str, tax_number: str) -> Done | Refusal:
        """What receipts say of the practice beside its name, from the next one on; empty texts remove it.

        CONTRADICTION (`address`, `tax_number`) for one that is too long.
        """

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SET_UP):
                return NOT_FOUND
            if len(address.strip()) > ADDRESS_LENGTH:
                return Refusal(Code.CONTRADICTION, "address")
            if len(tax_number.strip()) > TAX_NUMBER_LENGTH:
                return Refusal(Code.CONTRADICTION, "tax_number")
            practice.lock(tx)
            practice.set_on_receipts(tx, address.strip() or None, tax_number.strip() or None)
            note(tx, act, "practice.on_receipts", Subject("practice"))
            return 1

        return await once(self._storage, act, work)

    async def set_limits(self, act: Act, version: int, changed: Mapping[str, int]) -> Done | Refusal:
        """Set some of the limits for a client. CONTRADICTION with the name of one that is out of its range, CHANGED
        when the practice is of another version by now.
        """

        def work(tx: Tx) -> int | Refusal:
            if not may(act.person, Permission.SET_UP):
                return NOT_FOUND
            for name, allowed in RANGES.items():
                if changed.get(name, allowed[0]) not in allowed:
                    return Refusal(Code.CONTRADICTION, name.value)
            before = practice.lock(tx)
            if before.version != version:
                return Refusal(Code.CHANGED)
            after = replace(before.limits, **changed)
            practice.set_limits(tx, after)
            note(tx, act, "practice.limits", Subject("practice"), asdict(before.limits), asdict(after))
            return 1

        return await once(self._storage, act, work)


def _any_uncharged(repriced: Iterable[Offer | Package], provider: ProviderTerms | None) -> Refusal | None:
    for each in repriced:
        charge = uncharged(each.price, provider)
        if charge is not None:
            named = replace(charge, offer=each.name)
            return Refusal(Code.CONTRADICTION, Contradiction.CHARGE, charge=named)
    return None


def _reprice(tx: Tx, act: Act, offer: Offer, after: Offer) -> None:
    if offer.price and offer.state is OfferState.OPEN:
        after = replace(after, state=OfferState.PAUSED)
        note(tx, act, "offer.paused", Subject("offer", offer.id), _price_facts(offer), _price_facts(after))
    offers.save(tx, after)


def _reprice_package(tx: Tx, act: Act, package: Package, after: Package) -> None:
    if package.state is PackageState.ACTIVE:
        after = replace(after, state=PackageState.PAUSED)
        facts = _price_facts(package), _price_facts(after)
        note(tx, act, "package.paused", Subject("package", package.id), *facts)
    packages.save(tx, after)


def _price_facts(sold: Offer | Package) -> dict[str, object]:
    return {"state": sold.state.value, "price": sold.price.amount, "currency": sold.price.currency}


def _priced_in(sold: Sold, currency: str) -> Sold:
    return replace(sold, price=_in(sold.price, currency))


def _offer_in(offer: Offer, currency: str) -> Offer:
    late, missed = (None if fee is None else _in(fee, currency) for fee in (offer.late_cancel_fee, offer.no_show_fee))
    return replace(_priced_in(offer, currency), late_cancel_fee=late, no_show_fee=missed)


def _in(money: Money, currency: str) -> Money:
    """The same number in another currency: 45.00 becomes 45 yen, rounded to whole units where it must be."""
    shift = decimals(currency) - decimals(money.currency)
    return Money(money.amount * 10**shift if shift >= 0 else round(money.amount / 10**-shift), currency)
