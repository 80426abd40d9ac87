"""Instants inside of words. A platform that can draws them on the reader's own clock; everywhere else the words stand.

Words that tell instants are a `str` like any other, which also knows where in it they stand. Filling in and joining
keep them; anything else that makes a new `str` of it leaves plain words, which are as right. Parts that are to be
`left_alone`, and those that can be said `in_short`, are known in the same way.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from string import Formatter


class Shape(StrEnum):
    DAY_AND_TIME = "day-and-time"
    TIME = "time"
    COMING = "coming"  # a day and a time whose words say how far away it is, such as "Tomorrow: Tue 1 Dec, 15:00"


@dataclass(frozen=True)
class Moment:
    """An instant that is shown: its words are on a named clock, and say on which."""

    at: datetime
    shape: Shape


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    moment: Moment | None  # None: a part that is left alone, or has `short` words
    short: str | None = None


class Told(str):
    """Words with the moments that they tell, and the parts that are left alone."""

    __slots__ = ("spans",)
    spans: tuple[_Span, ...]

    def __new__(cls, words: str, spans: tuple[_Span, ...] = ()) -> "Told":
        told = super().__new__(cls, words)
        told.spans = spans
        return told


def told(moment: Moment, words: str) -> str:
    """The words that stand for this moment."""
    return Told(words, (_Span(0, len(words), moment),))


def left_alone(words: str) -> str:
    """The words, not to be changed by whoever draws them."""
    return Told(words, (_Span(0, len(words), None),))


def in_short(words: str, short: str) -> str:
    """Plain words, with those that do in their place where there is little room."""
    return Told(words, (_Span(0, len(words), None, short),))


def shortened(words: str) -> str:
    """The words with every part in short that can be, without any mark."""
    parts, at = [], 0
    for span in _spans(words):
        if span.short is not None:
            parts += [str(words[at : span.start]), span.short]
            at = span.end
    return "".join([*parts, str(words[at:])])


def joined(separator: str, parts: Iterable[str]) -> str:
    """As `separator.join(parts)`."""
    words, spans = "", []
    for number, part in enumerate(parts):
        before = separator if number else ""
        at = len(words) + len(before)
        words += before + part
        spans += [replace(each, start=each.start + at, end=each.end + at) for each in _spans(part)]
    return Told(words, tuple(spans)) if spans else words


def filled(message: str, values: Mapping[str, object]) -> str:
    """As `message.format_map(values)`."""
    if not any(_spans(each) for each in values.values()):
        return message.format_map(values)
    parts: list[str] = []
    for literal, name, _spec, _conversion in Formatter().parse(message):
        parts.append(literal)
        if name is not None:
            value = values[name]
            parts.append(value if isinstance(value, str) else str(value))
    return joined("", parts)


def segments(words: str) -> Iterator[tuple[str, Moment | None]]:
    """The words in parts, in order: those that stand for a moment, and those between."""
    at = 0
    for span in _marked(words):
        if span.start > at:
            yield words[at : span.start], None
        yield words[span.start : span.end], span.moment
        at = span.end
    if at < len(words):
        yield str(words[at:]), None


def segmented(words: str) -> Iterator[tuple[str, bool]]:
    """The words in parts, in order, each with its marks: True for a moment and for what is left alone."""
    at = 0
    for span in _marked(words):
        if span.start > at:
            yield str(words[at : span.start]), False
        yield Told(words[span.start : span.end], (_Span(0, span.end - span.start, span.moment),)), True
        at = span.end
    if at < len(words):
        yield str(words[at:]), False


def _marked(words: str) -> tuple[_Span, ...]:
    """Those that matter to whoever draws the words; what can be said in short is as any other part."""
    return tuple(each for each in _spans(words) if each.short is None)


def _spans(value: object) -> tuple[_Span, ...]:
    return value.spans if isinstance(value, Told) else ()
