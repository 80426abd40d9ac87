"""A span of time in a line of hours: "9-12", "9am-5pm", "14:30 bis 17 Uhr", or a part of the day."""

import re

from bot.domain.calendar.date_words import DASH, MIDDAYS, PARTS, TIME
from bot.domain.calendar.spans import DAY_MINUTES, HoursReason, Span
from bot.domain.calendar.unreadable import UnreadableHours

_UNTIL = TIME.pattern.replace("?P<", "?P<to_")
_SPAN = re.compile(rf"{TIME.pattern}(?P<to>{DASH}{_UNTIL})?")
_PART = re.compile(rf"(?:in\s+the\s+|am\s+)?(?P<part>{'|'.join(sorted(PARTS, key=len, reverse=True))})\b")


def span_at(clause: str, text: str, at: int) -> tuple[Span, int] | None:
    """The span that begins at `at`, and where it ends; None where no time begins. Raises `UnreadableHours`."""
    match = _SPAN.match(text, at)
    if match is None:
        return None
    fragment = clause[at : match.end()]
    if not match["to"]:
        raise UnreadableHours(fragment, HoursReason.NO_TIMES)
    starts = _readings(match, "", bool(match["to_half"]))
    ends = _readings(match, "to_", bool(match["half"]))
    if not starts or not ends:
        raise UnreadableHours(fragment, HoursReason.BAD_TIME)
    return _choose(fragment, match, starts, ends), match.end()


def part_at(text: str, at: int) -> tuple[Span, int] | None:
    match = _PART.match(text, at)
    return (PARTS[match["part"]], match.end()) if match else None


def print_span(span: Span) -> str:
    """As a line of hours has it, and so that it is read back to the same."""
    return f"{_print_time(span[0])}-{_print_time(span[1])}"


def _print_time(minutes: int) -> str:
    """Small hours get two digits: a bare "2-5" could be the afternoon."""
    hour, minute = divmod(minutes, 60)
    shown = f"{hour:02}" if hour < 6 else str(hour)
    return f"{shown}:{minute:02}" if minute else shown


def _readings(match: re.Match[str], prefix: str, halves: bool) -> list[int]:
    """The minutes that a time can mean: two where only the other end of its span says am or pm."""
    if word := match[prefix + "word"]:
        return [DAY_MINUTES if prefix and not MIDDAYS[word] else MIDDAYS[word]]
    hour, minute, half = int(match[prefix + "hour"]), int(match[prefix + "minute"] or 0), match[prefix + "half"]
    if minute > 59:
        return []
    if half or (halves and 1 <= hour <= 12):
        if not 1 <= hour <= 12:
            return []
        morning = hour % 12 * 60 + minute
        both = {"a": morning, "p": morning + 720}
        found = [both[half]] if half else list(both.values())
        return [DAY_MINUTES if prefix and not each else each for each in found]
    total = hour * 60 + minute
    return [total] if total < DAY_MINUTES or (prefix and total == DAY_MINUTES) else []


def _choose(fragment: str, match: re.Match[str], starts: list[int], ends: list[int]) -> Span:
    """The span that is meant: with am or pm at one end, the shortest that runs forward."""
    spans = [(start, end) for start in starts for end in ends if start < end]
    if _sounds_like_afternoon(match):
        raise UnreadableHours(fragment, HoursReason.AMBIGUOUS_TIME, (print_span(_by_day(starts[0], ends[0])),))
    if len(starts) > 1 and ends == [DAY_MINUTES]:
        raise UnreadableHours(fragment, HoursReason.AMBIGUOUS_TIME, (print_span((starts[0], 720)),))
    if not spans:
        raise UnreadableHours(fragment, HoursReason.BACKWARDS, _forwards(starts[0], ends[0]))
    return min(spans, key=lambda span: span[1] - span[0])


def _by_day(start: int, end: int) -> Span:
    """ "9-5" as an office has it, "2-5" in the afternoon."""
    start = start + 720 if start < 6 * 60 else start
    while end <= start:
        end += 720
    return start, min(end, DAY_MINUTES)


def _forwards(start: int, end: int) -> tuple[str, ...]:
    """Over midnight only this day's part is kept; otherwise the two ends were exchanged."""
    if end == start:
        return ()
    return (print_span((start, DAY_MINUTES) if end < 6 * 60 else (end, start)),)


def _sounds_like_afternoon(match: re.Match[str]) -> bool:
    """ "9-5" and "2-5": hours of a clock face. "02-05", "2am-5am" and "14-17" leave no doubt."""
    if not (match["hour"] and match["to_hour"]) or match["half"] or match["to_half"]:
        return False
    start, end = int(match["hour"]), int(match["to_hour"])
    face = 1 <= start <= 12 and 1 <= end <= 12 and not match["hour"].startswith("0")
    return face and (end < start or start < 6)
