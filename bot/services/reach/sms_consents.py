"""Agreeing to SMS at a number and ending them, where it comes by SMS or from the provider: a record without which none
goes there. What people tap is in `bot.services.people.addresses`.
"""

from datetime import datetime

from bot.domain.people.people import Account, Platform, Unreachable
from bot.domain.reach.sms_consents import ConsentBy
from bot.domain.subjects import Subject
from storage.engine import Tx
from storage.journal import audit
from storage.people import person_changes, sms_consents

AGREED, ENDED = "person.sms_agreed", "person.sms_ended"


def open_again(tx: Tx, account: Account, words: str, language: str, by: ConsentBy, now: datetime) -> None:
    """Keep the agreement, and let the account take what is sent."""
    sms_consents.give(tx, account.person_id, account.id, words, language, by, now)
    if account.unreachable is not None:
        person_changes.set_unreachable(tx, account.id, None)


def opted_out(tx: Tx, account: Account, by: ConsentBy, now: datetime) -> bool:
    """Nothing goes to this number any more until its person agrees anew, whoever told of it and however often. Whether
    they had agreed."""
    if account.unreachable is not Unreachable.OPTED_OUT:
        person_changes.set_unreachable(tx, account.id, Unreachable.OPTED_OUT)
    ended = sms_consents.end(tx, account.id, by, now)
    if ended:
        trail(tx, account, ENDED, now)
    return ended


def trail(tx: Tx, account: Account, what: str, now: datetime) -> None:
    """An entry for what came by SMS, where nobody taps."""
    about = Subject("person", account.person_id)
    audit.write(tx, person_id=account.person_id, via=Platform.SMS.value, act=what, subject=about, now=now)
