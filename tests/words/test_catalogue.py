"""German is complete, whole and within what the platforms show."""

import gettext
import re

import pytest

from bot.chat.words import LOCALE_DIR
from tests.architecture.test_words import key, messages
from tests.words.spoken import PLACE, catalogue, german, marked, pairs, plurals, template

BUTTON = 30
"""What a button shows on a phone; names, days and prices come on top."""

MODAL_SUBMIT = 24
"""https://docs.slack.dev/reference/views/modal-views"""

SAME_IN_BOTH = {
    "Start", "Workspaces", "Name", "Coach", "coach", "Coach: {name}", "{n} minute",
}  # fmt: skip


def test_the_template_is_of_today() -> None:
    assert {key(message.id) for message in template() if message.id} == messages(), "run `make catalogues`"


def test_nothing_is_guessed_empty_or_left_over() -> None:
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []
    assert [pair.english for pair in pairs() if not pair.german.strip()] == []
    assert list(catalogue().obsolete) == []


def test_what_has_words_is_translated() -> None:
    same = {pair.english for pair in pairs() if pair.english == pair.german}
    assert {text for text in same if re.search(r"[^\W\d_]", PLACE.sub("", text))} <= SAME_IN_BOTH


def test_each_place_is_filled_once() -> None:
    """Also in each plural form by itself: a form that counts nothing needs no number."""
    for pair in pairs():
        assert sorted(PLACE.findall(pair.english)) == sorted(PLACE.findall(pair.german)), pair
        assert "{" not in PLACE.sub("", pair.german), pair


def test_sentences_end_alike() -> None:
    for pair in pairs():
        for mark in (".", "?", ":", "…"):
            if pair.english.endswith(mark):
                assert pair.german.rstrip("“”").endswith(mark), pair
        assert pair.german == pair.german.strip(), pair
        assert "  " not in pair.german, pair
        assert pair.german.count("„") == pair.german.count("“"), pair
        assert not {"'", '"', "”"} & set(pair.german), pair


def test_the_reader_is_addressed_formally() -> None:
    familiar = re.compile(r"\b(du|dich|dir|dein\w*|euch|euer\w*)\b", re.IGNORECASE)
    assert [pair for pair in pairs() if familiar.search(pair.german)] == []


def test_compiled_plurals_are_those_of_the_source() -> None:
    with (LOCALE_DIR / "de" / "LC_MESSAGES" / "rapport.mo").open("rb") as handle:
        spoken = gettext.GNUTranslations(handle)
    assert plurals()
    for one, many in plurals():
        heard = [spoken.ngettext(one.english, many.english, n) for n in (1, 0, 2, 21)]
        assert heard == [one.german, *[many.german] * 3], "run `make catalogues`"


@pytest.mark.parametrize(("call", "position"), [("Button", 0), ("Link", 0), ("Choice", 1)])
def test_buttons_fit_in_both_languages(call: str, position: int) -> None:
    """A choice of a form is a button where there are no modals."""
    found = list(marked(call, position))
    assert found
    for where, english in found:
        for words in (english, german()[english]):
            assert len(PLACE.sub("", words)) <= BUTTON, (where, words)


def test_forms_fit_in_both_languages() -> None:
    submits = list(marked("Form", 2, "submit"))
    assert submits
    for where, english in submits:
        assert len(english) <= MODAL_SUBMIT, (where, english)
        assert len(german()[english]) <= MODAL_SUBMIT, (where, german()[english])
