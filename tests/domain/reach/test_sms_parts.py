"""How many parts a text is sent as, held against the stand-in's own count; and how accents are folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reach.sms_parts import fold, in_fewest_parts, is_gsm, parts_of
from bot.sandbox.twilio.segments import segments

LETTERS = st.sampled_from("aä€[]ñ·“č…ж漢🙂 \n1") | st.characters(exclude_categories=["Cs"])
TEXTS = st.text(LETTERS, max_size=400)


@pytest.mark.parametrize(
    ("text", "count", "gsm"),
    [
        ("", 1, True),
        ("a" * 160, 1, True),
        ("a" * 161, 2, True),
        ("a" * 306, 2, True),
        ("a" * 307, 3, True),
        ("äöüßé" * 32, 1, True),
        ("€" * 80, 1, True),
        ("€" * 81, 2, True),
        ("a" * 152 + "€" + "a" * 151, 2, True),  # an escape does not stand at the end of a part
        ("a" * 152 + "€" + "a" * 152, 3, True),
        ("ж" * 70, 1, False),
        ("ж" * 71, 2, False),
        ("ж" * 134, 2, False),
        ("ж" * 135, 3, False),
        ("🙂" * 35, 1, False),
        ("ж" * 66 + "🙂" + "ж" * 66, 3, False),  # nor the half of a character
        ("a" * 69 + "č" + "a", 2, False),
    ],
)
def test_parts(text: str, count: int, gsm: bool) -> None:
    assert (parts_of(text).count, parts_of(text).gsm) == (count, gsm)


@given(TEXTS)
def test_the_provider_counts_as_many(text: str) -> None:
    assert parts_of(text).count == segments(text)


@given(TEXTS)
def test_folding_saves_parts_or_leaves_the_text_as_it_is(text: str) -> None:
    chosen = in_fewest_parts(text)
    assert chosen == text or parts_of(chosen).count < parts_of(text).count


@given(TEXTS)
def test_what_was_folded_is_folded(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(max_codepoint=126, min_codepoint=32)))
def test_plain_letters_numbers_and_addresses_stay_as_they_are(text: str) -> None:
    assert fold(text.replace("`", "")) == text.replace("`", "")


def test_accents_are_folded_where_that_saves_a_part() -> None:
    long = "Petr Novák přijde v úterý v 15:00 (Praha). Odkaz: https://desk.example.org/go/abcdef"
    assert parts_of(long).count == 2
    short = "Petr Novak prijde v utery v 15:00 (Praha). Odkaz: https://desk.example.org/go/abcdef"
    assert in_fewest_parts(long) == short
    assert in_fewest_parts("Novák přijde") == "Novák přijde"


def test_signs_of_the_screens_have_plain_ones() -> None:
    assert fold("Tue 1 Dec, 15:00 (Kyiv) · 14:00 – “soon”…") == 'Tue 1 Dec, 15:00 (Kyiv) - 14:00 - "soon"...'
    assert fold("Łódź, Đà Nẵng, œuvre") == "Lodz, Dà Nang, oeuvre"
    assert is_gsm(fold("№ ﬁ Å"))


def test_what_has_no_nearest_letter_stays() -> None:
    assert fold("Київ 漢") == "Київ 漢"
