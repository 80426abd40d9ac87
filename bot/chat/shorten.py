"""Shortens words to the room they have: at the end of a word where one is near, with a sign that more was said."""

from collections.abc import Callable


def shorten(text: str, most: int, length: Callable[[str], int] = len) -> str:
    """At most `most` characters, the sign among them; `length` counts in another unit."""
    if length(text) <= most:
        return text
    kept = text[: most - 1]
    while length(kept) > most - 1:
        kept = kept[:-1]
    words = kept if text[len(kept)].isspace() else kept.rpartition(" ")[0]
    return (words if len(words) > len(kept) // 2 else kept).rstrip() + "…"
