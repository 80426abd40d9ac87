"""The words by which somebody ends SMS, begins them again or asks what they are: the provider's, and those of our
languages.

The provider answers its own words itself, and holds back what is sent after STOP. Words of other languages it does not
know: what they change stands with us alone.
"""

from enum import StrEnum

ANSWERED_BY_PROVIDER = frozenset(
    {
        "stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel",
        "start", "yes", "unstop",
        "help", "info",
    }
)  # fmt: skip


class SmsWord(StrEnum):
    """What a whole message means; the values are those of the provider's own flag, `OptOutType`."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


_MEANINGS = {
    SmsWord.STOP: (
        "stop", "unsubscribe", "end", "quit", "stopall", "stop all", "revoke", "optout", "opt out", "cancel",
        "stopp", "ende", "abmelden", "abbestellen", "beenden", "aufhören", "aufhoeren",
    ),
    SmsWord.START: ("start", "yes", "unstop", "anmelden"),
    SmsWord.HELP: ("help", "info", "hilfe"),
}  # fmt: skip
_WORDS = {word: meaning for meaning, words in _MEANINGS.items() for word in words}
_AROUND = " \t\r\n.,;:!?¡¿\"'“”„‘’«»()[]*_-"


def word_of(text: str) -> SmsWord | None:
    """What a message means as a whole, in any case of letters and with any marks around it; None: it says something
    else."""
    return _WORDS.get(_plain(text))


def provider_answers(text: str) -> bool:
    """Whether the provider answers this message by itself."""
    return _plain(text) in ANSWERED_BY_PROVIDER


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(_AROUND)
