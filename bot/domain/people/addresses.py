"""E-mail addresses as people type them, and the codes by which they prove that an address is theirs."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.people.people import Account, Platform

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=15)
CODE_TRIES = 5
CODE_AGAIN = timedelta(minutes=1)
CODES_AN_HOUR = 10
"""Of one person, wherever they are sent, and to one address, whoever asks for them."""

FORGOTTEN = timedelta(days=1)
"""An address that nobody proved to be theirs by then."""

MOST_OF_A_KIND = 3
LONGEST_EMAIL = 254

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_WRAPPED = re.compile(r"<?(?:mailto:)?([^<>|\s]+?)(?:\|[^<>]*)?>?", re.IGNORECASE)


class EmailProblem(StrEnum):
    NO_ADDRESS = "no_address"
    TOO_LONG = "too_long"
    NAME = "name"  # letters before the @ that not every mail server takes


class CodeProblem(StrEnum):
    """Why a code, or a wish for one, led to nothing; the `reason` of a refusal with the code UNPROVED."""

    WRONG = "wrong"
    LATE = "late"
    TRIED_OUT = "tried_out"
    TOO_SOON = "too_soon"  # one was sent a moment ago
    TOO_MANY = "too_many"  # were sent within the hour
    SOMEBODY_ELSES = "somebody_elses"
    YOURS = "yours"  # it is theirs already
    ENOUGH = "enough"  # they have as many as one person can


@dataclass(frozen=True)
class Unproved:
    """An address that waits for its code: when that was sent, and how many wrong ones were typed since."""

    account: Account
    sent_at: datetime
    tries: int

    def problem(self, now: datetime) -> CodeProblem | None:
        """Why no code is taken any more."""
        if not self.sent_at <= now < self.sent_at + CODE_LASTS:
            return CodeProblem.LATE
        return CodeProblem.TRIED_OUT if self.tries >= CODE_TRIES else None


def parse_email(text: str) -> str | EmailProblem:
    """The address as it is kept: the domain in small letters and readable, what stands before the @ as it was typed.

    `text` may be what a chat makes of an address: `<mailto:ana@example.org|ana@example.org>`.
    """
    found = _WRAPPED.fullmatch(text.strip())
    local, at, domain = ("", "", "") if found is None else unicodedata.normalize("NFC", found[1]).rpartition("@")
    if not at or not local or "@" in local:
        return EmailProblem.NO_ADDRESS
    readable = _readable(domain)
    if readable is None:
        return EmailProblem.NO_ADDRESS
    if not _LOCAL.fullmatch(local):
        return EmailProblem.NO_ADDRESS if local.isascii() else EmailProblem.NAME
    whole = f"{local}@{readable}"
    return whole if len(local) <= 64 and len(on_the_wire(whole)) <= LONGEST_EMAIL else EmailProblem.TOO_LONG


def on_the_wire(email: str) -> str:
    """With its domain as mail servers are asked for it: `ana@xn--bcher-kva.example`."""
    local, _at, domain = email.rpartition("@")
    return f"{local}@{'.'.join(_encoded(label) for label in domain.split('.'))}"


def same_for(platform: Platform, address: str) -> str:
    """Equal for two ways to write one address: nobody keeps two mailboxes whose names differ in capitals alone."""
    return on_the_wire(address.lower()) if platform is Platform.EMAIL else address


def code_of(digest: str) -> str:
    """Six digits of a keyed hash in hexadecimal."""
    return f"{int(digest, 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _readable(domain: str) -> str | None:
    """None where it is none, or leads to no public one."""
    labels = domain.lower().removesuffix(".").split(".")
    if not all(label.isascii() or _is_plain(label) for label in labels):
        return None
    try:
        wire = [_encoded(label) for label in labels]
        read = [_decoded(label) for label in wire]
    except UnicodeError:
        return None
    good = len(wire) > 1 and all(_LABEL.fullmatch(label) for label in wire) and not wire[-1].isdigit()
    return ".".join(read) if good else None


def _encoded(label: str) -> str:
    """By punycode, without the mapping of 2003 that turns `straße` into `strasse`, which is another domain."""
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def _decoded(label: str) -> str:
    """Readable where it says in letters what it stands for; an encoded one that hides anything else stays as it is."""
    if not label.startswith("xn--"):
        return label
    read = label[4:].encode("ascii").decode("punycode")
    return read if _is_plain(read) and _encoded(read) == label else label


def _is_plain(label: str) -> bool:
    """Letters, numbers and hyphens that look like what they are, and are written in one way."""
    letters = all(each == "-" or unicodedata.category(each)[0] in "LMN" for each in label)
    return letters and label == unicodedata.normalize("NFKC", label).lower()
