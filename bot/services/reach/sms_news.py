"""Applies what the provider of SMS tells: how far a message came, and what people write to the number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.notices.delivery_news import Stage
from bot.domain.notices.incoming import InboxRow
from bot.domain.people.people import Account, Platform, Unreachable
from bot.domain.reach.sms_consents import ConsentBy
from bot.domain.reach.sms_words import SmsWord, provider_answers, word_of
from bot.services.kit.inbox import OfNoConcern, Unknown
from bot.services.reach import sms_consents as consenting
from storage.engine import Storage, Tx
from storage.journal import meters
from storage.notices import sms_messages
from storage.people import addresses, people, person_changes, sms_consents

HOUR = timedelta(hours=1)
LONGEST_KEPT = 40
"""Of what somebody wrote to agree again: a word."""


@dataclass(frozen=True)
class SmsStatus:
    """How far the message `sid` came, by the provider. `closes`: why its number takes no more, where that is so."""

    sid: str
    stage: Stage
    why: str | None = None
    closes: Unreachable | None = None


@dataclass(frozen=True)
class SmsText:
    """What somebody wrote. `flag`: what the provider itself says that it means, which it has answered then."""

    number: str
    text: str
    flag: SmsWord | None = None


News = SmsStatus | SmsText
Read = Callable[[str, Mapping[str, object]], News | None]
"""What an event of this kind, with this body, tells; None: nothing that matters. Raises `VendorRefused`."""


class Reply(StrEnum):
    """What is said to whoever wrote."""

    HELP = "help"  # who this is, and how it ends
    ENDED = "ended"  # where the provider does not say it itself
    ELSEWHERE = "elsewhere"  # nobody reads what is written to the number


@dataclass(frozen=True)
class Answer:
    account: Account
    reply: Reply
    language: str


class SmsNews:
    """What an inbox of the provider's events applies."""

    def __init__(self, storage: Storage, read: Read) -> None:
        self._storage = storage
        self._read = read

    async def apply(self, row: InboxRow, now: datetime) -> Callable[[Tx], Answer | None]:
        news = self._read(row.kind, row.payload)
        if news is None:
            raise OfNoConcern("kind")
        if isinstance(news, SmsStatus):
            return lambda tx: _came_so_far(tx, news, now)
        return lambda tx: _written(tx, news, now)


def _came_so_far(tx: Tx, news: SmsStatus, now: datetime) -> Answer | None:
    """It may be told before the answer to its sending was written down."""
    if not sms_messages.told(tx, news.sid, news.stage, news.why):
        raise Unknown
    message = sms_messages.by_sid(tx, news.sid)
    account = None if message is None else people.find_account(tx, message.account_id)
    if account is None or news.closes is None:
        return None
    if news.closes is Unreachable.OPTED_OUT:
        consenting.opted_out(tx, account, ConsentBy.PROVIDER, now)
    elif account.unreachable is None:
        person_changes.set_unreachable(tx, account.id, news.closes)
    return None


def _written(tx: Tx, news: SmsText, now: datetime) -> Answer | None:
    account = addresses.find(tx, Platform.SMS, news.number)
    person = None if account is None else people.find(tx, account.person_id)
    if account is None or person is None:
        raise OfNoConcern("number")
    meant = news.flag or word_of(news.text)
    answered = news.flag is not None or provider_answers(news.text)
    if meant is SmsWord.STOP:
        ended = consenting.opted_out(tx, account, ConsentBy.SMS, now)
        return Answer(account, Reply.ENDED, person.language) if ended and not answered else None
    if meant is SmsWord.START:
        if account.unreachable is not None or sms_consents.standing(tx, account.id) is None:
            words = news.text.strip()[:LONGEST_KEPT]
            consenting.open_again(tx, account, words, person.language, ConsentBy.SMS, now)
            consenting.trail(tx, account, consenting.AGREED, now)
        return None
    if account.unreachable is not None:
        return None  # nothing goes there, not even this
    if meant is SmsWord.HELP:
        told = answered or meters.spend(tx, "sms_help", account.id, 1, HOUR, now) is not None
        return None if told else Answer(account, Reply.HELP, person.language)
    first = sms_consents.answer_once(tx, account.id, now)
    return Answer(account, Reply.ELSEWHERE, person.language) if first else None
