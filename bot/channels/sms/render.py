"""A screen as an SMS: its facts in one or two parts, and one link to the page with its buttons."""

from collections.abc import Iterator

from bot.chat.links import JOINER, harmless
from bot.chat.moments import segmented, segments, shortened
from bot.chat.screen import Screen, Tone
from bot.chat.words import _
from bot.domain.reach.sms_fit import SmsLine, fitted

OTHER_CLOCK = " · "
"""Between the reader's own time and the other side's: see `bot.chat.tell.both_clocks`."""

_FOOTNOTES = (Tone.QUIET, Tone.TERMS)


def draw(screen: Screen, link: str, end: str | None) -> str:
    """`link` leads to the page, `end` to where SMS are ended, where nobody can answer with a word for it.

    Footnotes are left to the page. Nothing that is not a link of ours or a coach's becomes one: a space breaks it.
    """
    screen = harmless(screen)
    tail = [link] if end is None else [link, _("End SMS: {link}", link=end)]
    return fitted(list(_lines(screen)), tail)


def _lines(screen: Screen) -> Iterator[SmsLine]:
    if screen.note:
        yield _line(screen.note, stays=False)
    yield _line(screen.title, stays=_tells_time(screen.title))
    told = _tells_time(screen.title)
    for line in screen.body:
        if line.tone in _FOOTNOTES:
            continue
        stays = _has_link(line.text) or (_tells_time(line.text) and (not told or line.tone is Tone.STRONG))
        told = told or _tells_time(line.text)
        yield _line(line.text, stays=stays)


def _line(text: str, *, stays: bool) -> SmsLine:
    without = _without_other_clock(text)
    nameless = shortened(text) if without == text else without
    return SmsLine(_plain(text), _plain(without), _plain(nameless), stays)


def _plain(text: str) -> str:
    """One line, with a space where a mark that SMS do not know kept words from being a link."""
    return " ".join(str(text).replace(JOINER, " ").split())


def _without_other_clock(text: str) -> str:
    """The words up to the other side's clock, which follows a moment."""
    kept: list[str] = []
    after_moment = False
    for words, moment in segments(text):
        if after_moment and moment is None and words.startswith(OTHER_CLOCK):
            return "".join(kept)
        kept.append(words)
        after_moment = moment is not None
    return text


def _tells_time(text: str) -> bool:
    return any(moment is not None for _words, moment in segments(text))


def _has_link(text: str) -> bool:
    return any(marked and "://" in words for words, marked in segmented(text))
