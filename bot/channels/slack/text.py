"""Converts text: what people typed comes in as plain words, what we say goes out escaped for Slack."""

import re

from bot.chat.clean import clean
from bot.chat.links import ADDRESS
from bot.chat.moments import Moment, Shape, segments

_DAY_AND_TIME = "{date_long_pretty}, {time}"
DATES = {Shape.DAY_AND_TIME: _DAY_AND_TIME, Shape.TIME: "{time}", Shape.COMING: _DAY_AND_TIME}
"""As each reader's Slack writes them: on their own clock, `Tomorrow` for as long as it is so."""

_MARKED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
# A pair of marks that Slack would take for bold, italic, strike or code; or a quote at the start of a line.
_STYLED = re.compile(r"(?<!\w)([*_~`])(?=\S).*?(?<=\S)\1(?!\w)|^\s*(>|&gt;)", re.DOTALL | re.MULTILINE)


def escape(text: str) -> str:
    """For mrkdwn: a client named `<!channel>` stays a name."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> str:
    """Escaped, with moments as dates of Slack's and addresses as links: with `verbatim` Slack finds none by itself,
    and no `@channel` either. Of what is drawn, only what was marked as a link still reads as an address."""
    return "".join(_linked(words) if at is None else _date(at, words) for words, at in segments(text))


def _date(moment: Moment, words: str) -> str:
    return f"<!date^{int(moment.at.timestamp())}^{DATES[moment.shape]}|{escape(words)}>"


def _linked(text: str) -> str:
    parts: list[str] = []
    at = 0
    for found in ADDRESS.finditer(text):
        words = escape(found[0])
        parts += [escape(text[at : found.start()]), f"<mailto:{words}|{words}>" if found["email"] else f"<{words}>"]
        at = found.end()
    return "".join([*parts, escape(text[at:])])


def looks_styled(text: str) -> bool:
    """Whether mrkdwn would eat characters of these words; there is no way to escape `*`, `_`, `~` and `` ` ``."""
    return _STYLED.search(ADDRESS.sub("", text)) is not None


def pieces(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters, divided at line ends or spaces where possible."""
    parts = []
    while len(text) > limit:
        at = max(text.rfind("\n", 1, limit), text.rfind(" ", limit // 2, limit))
        at = at if at > 0 else limit
        parts.append(text[:at])
        text = text[at:].lstrip()
    return [*parts, text] if text else parts


def as_typed(text: str) -> str:
    """What a person typed, from the form in which Slack sends it: links, mentions and entities undone."""
    plain = _MARKED.sub(_unmarked, text)
    return clean(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _unmarked(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    if label:
        return f"#{label}" if target.startswith("#") else label
    if target.startswith("!"):
        return f"@{target[1:]}"
    return target.removeprefix("mailto:").removeprefix("tel:")
