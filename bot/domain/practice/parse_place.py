"""A place as one typed line: a link is a video call, a number is a phone call, anything else an address."""

import re
from urllib.parse import urlsplit

from bot.domain.practice.offers import Place, PlaceKind

_PHONE = re.compile(r"\+?[\d\s()./-]{6,24}")
_COACH_CALLS = re.compile(
    r"^\s*(?:(?:i|we)(?:['’]ll| will)? (?:call|ring|phone)(?: you)?"
    r"|(?:ich rufe|wir rufen)(?: sie| dich)? an|anruf von)\b[:,\s]*(?:from|von|unter|mit|with|on)?\s*",
    re.IGNORECASE,
)
_CLIENT_CALLS = re.compile(
    r"^\s*(?:(?:please )?(?:call|ring|phone) (?:me|us)|(?:bitte )?rufen sie (?:mich|uns) an|(?:by )?phone(?: call)?"
    r"|tel(?:ephone)?|(?:per )?telefon|mobile|handy)\b[.:,\s]*(?:at|on|under|unter)?\s*",
    re.IGNORECASE,
)
_BARE_LINK = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d{1,5})?(?:/\S*)?", re.IGNORECASE)
"""A link without its scheme: "meet.google.com/abc-defg-hij"."""

_LINK_BY_NAME = re.compile(rf"(?P<how>[^\W\d_][^:,]*?)\s*[:,]?\s+(?P<link>{_BARE_LINK.pattern})", re.IGNORECASE)
"""The same behind the name of the service: "Zoom: zoom.us/j/123"."""

_NUMBER_BY_NAME = re.compile(rf"(?P<how>[^\W\d_][^\d+:,(]*?)\s*[:,]?\s*(?P<number>{_PHONE.pattern})")
_CHATS = {"whatsapp": "https://wa.me/"}
"""Links that open a chat with a number: https://faq.whatsapp.com/5913398998672934"""

_HOW_ALONE = {
    "phone", "call", "phone call", "by phone", "telephone", "mobile", "telefon", "telefonisch", "anruf", "per telefon",
    "handy", "video", "video call", "videocall", "videoanruf", "per video", "online", "zoom", "google meet", "meet",
    "teams", "skype", "facetime", "whatsapp", "signal",
}  # fmt: skip
MAX_LENGTH = 200


def says_only_how(text: str) -> bool:
    """ "Phone", "Zoom": a way to meet without the number or the link that it takes."""
    return " ".join(text.casefold().strip(" .!").split()) in _HOW_ALONE


def number_of_service(text: str) -> tuple[str, ...]:
    """What may be meant by the name of a service before a number, "WhatsApp +43 660 1234567": a link that opens it,
    where it has such links, or the number to call. Empty for anything else."""
    found = _NUMBER_BY_NAME.fullmatch(text.strip())
    if found is None or not says_only_how(found["how"]) or _CLIENT_CALLS.match(text):
        return ()
    number = found["number"].strip()
    link = _CHATS.get(found["how"].casefold())
    links = (f"{link}{''.join(filter(str.isdigit, number))}",) if link and number.startswith("+") else ()
    return (*links, number)


def parse_place(text: str) -> Place | None:
    """ "https://…" is the coach's video link, "+43 660 1234567" or "call me at …" a number that the client calls,
    "I call from +43 660 1234567" a call by the coach, everything else an address. None when it is empty, too long,
    or only says how ("phone"), or how before a number that it does not fit ("WhatsApp +43 …")."""
    words = text.strip()
    if not 3 <= len(words) <= MAX_LENGTH or says_only_how(words) or number_of_service(words):
        return None
    if "://" in words or words.lower().startswith("www.") or _BARE_LINK.fullmatch(words):
        return _video(words)
    named = _LINK_BY_NAME.fullmatch(words)
    if named is not None and says_only_how(named["how"]):
        return _video(named["link"])
    calls = _COACH_CALLS.match(words)
    before = calls or _CLIENT_CALLS.match(words)
    number = words[before.end() :] if before else words
    if calls and not any(letter.isdigit() for letter in number):
        return None
    if _PHONE.fullmatch(number) and sum(letter.isdigit() for letter in number) >= 6:
        return Place(PlaceKind.PHONE_COACH_CALLS if calls else PlaceKind.PHONE_CLIENT_CALLS, number.strip())
    return Place(PlaceKind.ADDRESS, words)


def _video(words: str) -> Place | None:
    link = words if "://" in words else f"https://{words}"
    parts = urlsplit(link)
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or "") or " " in link:
        return None
    return Place(PlaceKind.VIDEO, link)
