"""How many segments a text is: Twilio's `num_segments`, counted here without the product's own rules."""

from collections.abc import Callable

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {"\f": 10, "^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64, "€": 101}
ESCAPE = 27


def segments(text: str) -> int:
    codes = _septets(text)
    if codes is not None:
        return 1 if len(codes) <= 160 else _split(codes, 153, lambda code: code == ESCAPE)
    units = text.encode("utf-16-be", "surrogatepass")
    words = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    return 1 if len(words) <= 70 else _split(words, 67, lambda word: 0xD800 <= word < 0xDC00)


def _septets(text: str) -> list[int] | None:
    """None where a character is in neither table."""
    codes: list[int] = []
    for each in text:
        if each in EXTENSION:
            codes += [ESCAPE, EXTENSION[each]]
        elif each in GSM and each != "\x1b":
            codes.append(GSM.index(each))
        else:
            return None
    return codes


def _split(units: list[int], room: int, leads: Callable[[int], bool]) -> int:
    """A unit that leads another one goes with it into the next segment."""
    count, at = 0, 0
    while at < len(units):
        end = at + room
        if end < len(units) and leads(units[end - 1]):
            end -= 1
        count, at = count + 1, end
    return count
