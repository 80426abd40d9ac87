"""What is left out of an SMS for it to be two parts long, and what never is."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reach.sms_fit import MOST_PARTS, SmsLine, fitted, plain
from bot.domain.reach.sms_parts import fold, parts_of

LINK = "https://desk.example.org/go/0123456789abcdef0123456789abcdef"
TIME = "Tue 1 Dec, 15:00 (Kyiv)"
WHEN = SmsLine(f"{TIME} · 14:00 for Ana Kovalenko (Vienna)", TIME, TIME, stays=True)
WORDS = st.text(st.sampled_from("abc dé€ж\n "), max_size=200)


def test_what_fits_is_said_whole() -> None:
    what = SmsLine("Reminder: Talk with Ana", "Reminder: Talk with Ana", "Reminder: Talk")
    assert fitted([what, WHEN], [LINK]) == f"Reminder: Talk with Ana\n{WHEN.text}\n{LINK}".replace("·", "-")


def test_the_other_clock_goes_first_and_then_the_name() -> None:
    filler = plain("Bring the notes of last time, and what you wrote since. " * 3, stays=True)
    long = SmsLine(
        "Reminder: A long talk with Ana Kovalenko-Hohenberg", "Reminder: A long talk with Ana", "Reminder: Talk"
    )
    clockless = fitted([long, WHEN, filler], [LINK])
    assert "Vienna" not in clockless
    assert "Ana" in clockless
    nameless = fitted([long, WHEN, filler, plain("x" * 30, stays=True)], [LINK])
    assert "Ana" not in nameless
    assert TIME in nameless
    assert parts_of(nameless).count <= MOST_PARTS


def test_then_lines_from_the_end_and_at_last_words_of_the_first() -> None:
    lines = [plain("one"), WHEN, plain("two " * 30), plain("three " * 30)]
    kept = fitted(lines, [LINK])
    assert "two" in kept
    assert "three" not in kept
    cut = fitted([plain("word " * 200), WHEN], [LINK])
    assert cut.startswith("word word")
    assert cut.endswith(f"...\n{TIME}\n{LINK}")


def test_times_and_links_stay_whatever_it_costs() -> None:
    stays = [plain("x" * 300, stays=True), WHEN]
    assert parts_of(fitted(stays, [LINK])).count > MOST_PARTS
    assert TIME in fitted(stays, [LINK])
    assert LINK in fitted(stays, [LINK])


@given(st.lists(st.builds(plain, WORDS) | st.just(WHEN), max_size=6), st.lists(st.just(LINK), max_size=2))
def test_whatever_is_said_two_parts_have_room_for_its_times_and_links(lines: list[SmsLine], tail: list[str]) -> None:
    text = fitted(lines, tail)
    must = [TIME for each in lines if each.stays] + tail
    if parts_of("\n".join(must)).count <= MOST_PARTS:
        assert parts_of(text).count <= MOST_PARTS
    left = text
    for each in must:
        assert fold(each) in fold(left)
        left = left.partition(each)[2]
