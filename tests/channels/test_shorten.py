"""Words that have no room lose their end, and one sees it."""

import pytest

from bot.channels.telegram.render import length
from bot.chat.shorten import shorten


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("Remove Anna", 11, "Remove Anna"),
        ("Executive coaching for leaders", 24, "Executive coaching for…"),
        ("Executive coaching for leaders", 20, "Executive coaching…"),
        ("Executive coaching for leaders", 19, "Executive coaching…"),
        ("Donaudampfschifffahrtsgesellschaft", 24, "Donaudampfschifffahrtsg…"),
        ("Dr. Donaudampfschifffahrtsgesellschaft", 24, "Dr. Donaudampfschifffah…"),
        ("", 5, ""),
    ],
)
def test_the_end_of_a_word_is_kept_where_one_is_near(text: str, most: int, shown: str) -> None:
    assert shorten(text, most) == shown
    assert len(shown) <= most


def test_a_platform_counts_in_its_own_units() -> None:
    assert shorten("🧘🧘🧘", 4, length) == "🧘…"
    assert shorten("🧘🧘🧘", 6, length) == "🧘🧘🧘"
