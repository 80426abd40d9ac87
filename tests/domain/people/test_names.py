import pytest

from bot.domain.people.names import is_visible, one_line, shown_name


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u3164", "\u2800\u2800", "\u00ad\u2060", "\ufe0f", "\n\t"])
def test_a_name_without_a_visible_character_gets_a_stand_in(name: str) -> None:
    assert not is_visible(name)
    assert shown_name(name, "U0ABCD") == "Guest ABCD"


@pytest.mark.parametrize("name", ["Ana", "-", "🙂", "山", "שרה", "1"])
def test_whatever_can_be_seen_is_a_name(name: str) -> None:
    assert shown_name(name, "U0ABCD") == name


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\u2028", "\u2029", "\x85", "\v", "\f"])
def test_a_line_break_cannot_forge_a_line(line_break: str) -> None:
    assert shown_name(f"Ana{line_break}{line_break}Paid: €45.00", "1") == "Ana Paid: €45.00"
    assert one_line(f" a {line_break} b ") == "a b"
