"""What a person wants who writes a sentence: a small table of phrases in English and German.

A phrase is found by whole words anywhere in what was typed, a longer word also where it is nearly spelt like one of
them. One with a gap, "kann … nicht", stands at the end, around some words. The first row that is found counts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.calendar.near_words import nearly

MOST_WORDS = 14
"""Whoever writes more tells somebody something."""


@dataclass(frozen=True)
class Row:
    """`most`: of how many words it is found at most. `coach`: said by coaches alone."""

    intent: str
    phrases: tuple[str, ...]
    most: int = MOST_WORDS
    coach: bool = False


TABLE = (
    Row("next", ("whos next", "who is next", "who comes next", "wer ist der nächste", "wer kommt als nächstes",
                 "wer kommt als nächster", "wer ist als nächstes dran"), coach=True),
    Row("clear", ("cancel all", "cancel everything", "cancel everyone", "cancel everybody", "alles absagen",
                  "alle absagen", "allen absagen", "alle sitzungen absagen", "alle termine absagen",
                  "sag alles ab", "sage alles ab"), coach=True),
    Row("absent", ("cant make it", "cannot make it", "can not make it", "wont make it", "not make it", "cant come",
                   "cannot come", "can not come", "cant attend", "unable to attend", "cant do", "schaffe es nicht",
                   "schaffs nicht", "schaffe es … nicht", "kann … nicht", "nicht kommen", "bin verhindert", "bin krank",
                   "i am ill", "im ill", "i am sick", "im sick")),
    Row("late", ("running late", "be late", "im late", "i am late", "minutes late", "min late", "bit late",
                 "verspäte", "verspäten", "verspätung", "komme später", "komme zu spät", "komme etwas später",
                 "minuten später")),
    Row("move", ("move", "reschedule", "postpone", "another time", "different time", "verschieben", "verlegen",
                 "umbuchen", "andere zeit", "anderer termin")),
    Row("cancel", ("cancel", "cancellation", "call off", "absagen", "absage", "stornieren", "stornierung")),
    Row("price", ("how much", "price", "prices", "cost", "costs", "fee", "fees", "is it free", "was kostet",
                  "wie viel", "wieviel", "wie teuer", "preis", "preise", "kosten", "kostet")),
    Row("human", ("human", "real person", "talk to", "speak to", "speak with", "talk with", "mensch", "menschen",
                  "mit jemandem", "jemanden sprechen", "mitarbeiter"), most=8),
    Row("stop", ("stop", "unsubscribe", "stopp", "abbestellen", "abmelden", "keine nachrichten", "keine erinnerungen",
                 "no more messages", "no reminders"), most=4),
    Row("thanks", ("thanks", "thank you", "thx", "cheers", "danke", "vielen dank", "dankeschön"), most=5),
    Row("book", ("book", "can i come", "can i have", "i would like", "id like", "appointment", "buchen", "buche",
                 "kann ich am", "kann ich kommen", "einen termin", "ein termin"), most=10),
    Row("pay", ("pay", "payment", "refund", "invoice", "receipt", "bezahlen", "zahlen", "zahlung", "rechnung",
                "erstattung", "rückerstattung", "quittung"), most=8),
    Row("sessions", ("my session", "my sessions", "my next session", "next session", "my booking", "my bookings",
                     "the link", "where do we meet", "mein termin", "meine termine", "meine sitzung", "meine sitzungen",
                     "nächste sitzung", "nächster termin", "der link", "wo treffen wir uns", "wo findet"), most=8),
    Row("free", ("free", "available", "anything on", "openings", "slots", "frei", "freie", "freien", "haben sie"),
        most=10),
    Row("greet", ("good morning", "good afternoon", "good evening", "good day", "guten tag", "guten morgen",
                  "guten abend", "grüß gott", "moin", "servus"), most=5),
)  # fmt: skip

BLOCK = re.compile(
    r"(?:(?:please|bitte|i am|im|i'm|ich bin|ich habe)\s+)?(?:on\s+|im\s+)?"
    r"(?:block|close|sperre?|sperren|blockiere|blockieren|off|away|vacation|holiday|urlaub)\s+(?:me\s+)?(?:off\s+)?(.+)"
)
BLOCK_LAST = re.compile(
    r"(?:(?:bitte|ich möchte|ich will|i want|i need)\s+)*(?:on\s+|am\s+)?(.+?)\s+"
    r"(?:sperren|blockieren|schließen|freinehmen|frei\s+nehmen|freihalten|off)"
)
"""As BLOCK, in the order in which German says it: "morgen nachmittag blockieren"."""

TO = re.compile(r"(?P<before>.*)\b(?:to|until|auf|nach)\b(?P<after>.+)", re.DOTALL)
"""Where something is to go, behind what it is."""

GAP = "…"

_WORD = re.compile(r"[^\W_]+(?:[:.]\d+)?")


def find(text: str, *, coach: bool) -> str | None:
    """The intent that the words name, if any."""
    words = read_words(text)
    for row in TABLE:
        if (row.coach and not coach) or len(words) > row.most:
            continue
        if any(_within(phrase.split(), words) for phrase in row.phrases):
            return row.intent
    return None


def read_words(text: str) -> list[str]:
    """The words in small letters, with one that is nearly one of the table's set right; apostrophes are left out."""
    typed = _WORD.findall(re.sub(r"['’`]", "", text.casefold()))
    return [word if word in VOCABULARY else nearly(word, VOCABULARY) or word for word in typed]


def _within(phrase: list[str], words: list[str]) -> bool:
    if GAP in phrase:
        first, last = phrase[: phrase.index(GAP)], phrase[phrase.index(GAP) + 1 :]
        return words[-len(last) :] == last and _within(first, words[: -len(last)])
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


def _vocabulary(rows: Iterable[Row]) -> frozenset[str]:
    return frozenset(word for row in rows for phrase in row.phrases for word in phrase.split() if word != GAP)


VOCABULARY = _vocabulary(TABLE)
