import pytest

from bot.domain.bookings.reasons import Reason, Usual


@pytest.mark.parametrize("words", ["I'm ill", "sick", "Ich bin krank.", "Fieber und Husten", "The flu!"])
def test_words_that_say_somebody_is_ill(words: str) -> None:
    assert Reason(words).is_illness


@pytest.mark.parametrize("words", ["I'll be away", "My train stands still", "illegal parking", "Something came up"])
def test_words_that_do_not(words: str) -> None:
    assert not Reason(words).is_illness


def test_a_reason_that_was_chosen_is_what_was_chosen() -> None:
    assert Reason("Nie wieder krank", Usual.ILL).is_illness
    assert not Reason("Something came up, nobody is ill", Usual.CAME_UP).is_illness
