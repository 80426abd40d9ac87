"""Addresses of mail and SMS that people add to their chat: proved by a code, and removed again."""

import hmac
from datetime import timedelta

from bot.domain.acts import Act
from bot.domain.notices.notices import Notice, NoticeKind, address_of, expiry_of
from bot.domain.people import addresses as rules
from bot.domain.people.addresses import CodeProblem, Unproved
from bot.domain.people.people import Account, Platform
from bot.domain.practice.practice import Deployment
from bot.domain.reach.sms_consents import ConsentBy
from bot.domain.refusals import Code, Done, Refusal
from bot.domain.subjects import Subject
from bot.services.kit.audit_note import note
from bot.services.kit.idempotent import once
from storage.engine import Storage, Tx
from storage.journal import meters
from storage.notices import outbox
from storage.people import addresses, people, sms_consents

NOT_FOUND = Refusal(Code.NOT_FOUND)
HOUR = timedelta(hours=1)
SENT_AGAIN = "another_code"


class Addresses:
    def __init__(self, storage: Storage, deployment: Deployment) -> None:
        self._storage = storage
        self._on = deployment.addresses

    async def of(self, person_id: int) -> list[Account]:
        """Those of this person, proved or not, the oldest first."""
        return await self._storage.read_one(lambda tx: addresses.of_person(tx, person_id))

    async def unproved(self, person_id: int, account_id: int) -> Unproved | None:
        """One of this person that waits for its code."""
        return await self._storage.read_one(lambda tx: addresses.unproved(tx, person_id, account_id))

    async def code(self, account: Account) -> str | None:
        """For the message to this very account, and for nobody else; None where no code is wanted any more."""
        return await self._storage.read(lambda tx: addresses.code(tx, account.id))

    async def add(self, act: Act, platform: Platform, address: str, agreed: str | None = None) -> Done | Refusal:
        """Send a code to an address, as `parse_email` or a telephone number in E.164 has it. `{id}` is its account.

        `agreed`: the words by which the person agrees to SMS there; to a number nothing goes without.

        UNPROVED with SOMEBODY_ELSES, YOURS, ENOUGH, TOO_SOON or TOO_MANY; NOT_FOUND where nothing is sent to such.
        """

        def work(tx: Tx) -> int | Refusal:
            if platform not in self._on:
                return NOT_FOUND
            people.lock(tx, act.person.id)
            known, theirs = addresses.find(tx, platform, address), addresses.of_person(tx, act.person.id)
            if known is not None and known.person_id != act.person.id:
                return _unproved(CodeProblem.SOMEBODY_ELSES)
            if known is not None and known.unreachable is None:
                return _unproved(CodeProblem.YOURS)
            if known is not None:  # it did not take anything any more, and is to be proved anew
                addresses.remove(tx, known.id)
            same = [each for each in theirs if each.platform is platform and each != known]
            waiting = next((each.id for each in same if not each.verified and each.address == address), None)
            if waiting is None and len(same) >= rules.MOST_OF_A_KIND:
                return _unproved(CodeProblem.ENOUGH)
            account_id = waiting or addresses.add(tx, act.person.id, platform, address, act.now)
            if agreed is not None:
                person = act.person
                sms_consents.give(tx, person.id, account_id, agreed, person.language, ConsentBy.PAGE, act.now)
            return _send_code(tx, act, account_id, platform, address) or account_id

        return await once(self._storage, act, work)

    async def send_again(self, act: Act, account_id: int) -> Done | Refusal:
        """Send another code, in the place of the one before. UNPROVED with TOO_SOON or TOO_MANY."""

        def work(tx: Tx) -> int | Refusal:
            found = addresses.unproved(tx, act.person.id, account_id)
            account = None if found is None else found.account
            if account is None or account.address is None or account.platform not in self._on:
                return NOT_FOUND
            return _send_code(tx, act, account_id, account.platform, account.address) or account_id

        return await once(self._storage, act, work)

    async def prove(self, act: Act, account_id: int, typed: str) -> Done | Refusal:
        """The address is theirs once its code was typed. UNPROVED with WRONG, LATE, TRIED_OUT or SOMEBODY_ELSES.

        Each code that is typed counts before it is looked at.
        """
        refused = await self._storage.write(lambda tx: _tried(tx, act, account_id, typed))
        if refused is not None:
            return refused

        def work(tx: Tx) -> int | Refusal:
            found = addresses.unproved(tx, act.person.id, account_id)
            if found is None:
                return NOT_FOUND
            if not addresses.verify(tx, found.account, act.now):
                return _unproved(CodeProblem.SOMEBODY_ELSES)
            note(tx, act, "person.address_proved", Subject("person", act.person.id), after={"account": account_id})
            return account_id

        return await once(self._storage, act, work)

    async def remove(self, act: Act, account_id: int) -> Done | Refusal:
        """Nothing is sent there any more, and the address is forgotten."""

        def work(tx: Tx) -> int | Refusal:
            if all(each.id != account_id for each in addresses.of_person(tx, act.person.id)):
                return NOT_FOUND
            addresses.remove(tx, account_id)
            sms_consents.end(tx, account_id, ConsentBy.PAGE, act.now)
            note(tx, act, "person.address_removed", Subject("person", act.person.id), after={"account": account_id})
            return account_id

        return await once(self._storage, act, work)


def _tried(tx: Tx, act: Act, account_id: int, typed: str) -> Refusal | None:
    """None where it is the code."""
    found = addresses.unproved(tx, act.person.id, account_id)
    if found is None:
        return NOT_FOUND
    problem, said = found.problem(act.now), "".join(each for each in typed if each.isascii() and each.isdigit())
    if problem is not None:
        return _unproved(problem)
    if len(said) != rules.CODE_DIGITS:
        return Refusal(Code.UNPROVED, CodeProblem.WRONG, has=found.tries, most=rules.CODE_TRIES)
    addresses.count_try(tx, account_id)
    code = addresses.code(tx, account_id)
    if code is not None and hmac.compare_digest(code, said):
        return None
    wrong = CodeProblem.WRONG if found.tries + 1 < rules.CODE_TRIES else CodeProblem.TRIED_OUT
    return Refusal(Code.UNPROVED, wrong, has=found.tries + 1, most=rules.CODE_TRIES)


def _send_code(tx: Tx, act: Act, account_id: int, platform: Platform, address: str) -> Refusal | None:
    person, to = act.person.id, addresses.number_of(tx, platform, address)
    if meters.spend(tx, "address_code", person, 1, rules.CODE_AGAIN, act.now) is not None:
        return _unproved(CodeProblem.TOO_SOON)
    counted = (("address_codes", person), ("address_codes_to", to))
    if any(meters.spend(tx, kind, whose, rules.CODES_AN_HOUR, HOUR, act.now) is not None for kind, whose in counted):
        return _unproved(CodeProblem.TOO_MANY)
    salt, kind = addresses.new_code(tx, account_id, act.now), NoticeKind.ADDRESS_CODE
    outbox.cancel(tx, person_id=person, kinds={kind}, note=SENT_AGAIN)
    key, address = f"{kind}:{account_id}:{salt}", address_of(kind, account_id)
    told = Notice(key, person, kind, address, act.now, expiry_of(kind, act.now), Subject("person", person))
    outbox.put(tx, told, act.now, account_id=account_id)
    return None


def _unproved(problem: CodeProblem) -> Refusal:
    return Refusal(Code.UNPROVED, problem.value)
