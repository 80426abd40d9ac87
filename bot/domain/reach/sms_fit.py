"""Which words of a message stand in its SMS, so that it is one or two parts long."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.reach.sms_parts import in_fewest_parts, parts_of

MOST_PARTS = 2
MORE = "..."
SHORTEST = 60


@dataclass(frozen=True, slots=True)
class SmsLine:
    """One line of an SMS.

    `without_clock` is it without the other side's clock, `without_name` also without the coach's name. `stays`: it has
    a time, a zone or a link that nobody may be left without.
    """

    text: str
    without_clock: str
    without_name: str
    stays: bool = False


def plain(text: str, *, stays: bool = False) -> SmsLine:
    """A line without anything to drop."""
    return SmsLine(text, text, text, stays)


def fitted(lines: Sequence[SmsLine], tail: Sequence[str]) -> str:
    """The text to send: these lines, and below them the links of `tail`, which are never shortened.

    What does not fit into two parts goes in this order: the other side's clock, the coach's name, the lines from the
    end that need not stay, words at the end of the first line that may lose some. Times and links stay even where
    they are more than two parts by themselves.
    """
    whole = [each for each in lines if each.text.strip()]
    for texts in _steps(whole):
        text = in_fewest_parts("\n".join([*texts, *tail]))
        if _fits(text):
            return text
    return _cut(whole, tail)


def _steps(lines: Sequence[SmsLine]) -> list[list[str]]:
    """The texts of the lines with ever fewer words; the last step has the first line and those that stay."""
    steps = [[each.text for each in lines], [each.without_clock for each in lines]]
    left = list(lines)
    steps.append([each.without_name for each in left])
    for at in range(len(lines) - 1, 0, -1):
        if not lines[at].stays:
            del left[at]
            steps.append([each.without_name for each in left])
    return steps


def _cut(lines: Sequence[SmsLine], tail: Sequence[str]) -> str:
    """The lines that stay, and as much of the first as fits; nothing of it where none does."""
    first, stay = (lines[0], [each for each in lines[1:] if each.stays]) if lines else (plain(""), [])
    below = [*(each.without_name for each in stay), *tail]
    if first.stays:
        return in_fewest_parts("\n".join([first.without_name, *below]))
    words = first.without_name.split(" ")
    ever_less = [" ".join(words[:count]) for count in range(len(words) - 1, 0, -1)]
    for begin in [*ever_less, words[0][:SHORTEST]]:
        text = in_fewest_parts("\n".join([begin + MORE, *below]))
        if _fits(text):
            return text
    return in_fewest_parts("\n".join(below))


def _fits(text: str) -> bool:
    return parts_of(text).count <= MOST_PARTS
