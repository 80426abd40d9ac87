"""What sentences mean, in English and German."""

import pytest

from bot.domain.conversation import intents


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("Termin absagen", "cancel"),
        ("I can’t make it tomorrow", "absent"),
        ("ich kann morgen leider nicht kommen", "absent"),
        ("Ich kann am Freitag leider nicht", "absent"),
        ("ich kann den Link nicht öffnen", None),
        ("Wie teuer ist das?", "price"),
        ("wann ist mein Termin", "sessions"),
        ("is Olga free on friday?", "free"),
        ("refund please", "pay"),
        ("I'm running late!", "late"),
        ("ich verspäte mich um 10 Minuten", "late"),
        ("how much is it?", "price"),
        ("was kostet das", "price"),
        ("stop", "stop"),
        ("thanks a lot", "thanks"),
        ("Vielen Dank", "thanks"),
        ("talk to a human please", "human"),
        ("can I book tuesday at 3", "book"),
        ("please reshedule my session", "move"),
        ("cancle", "cancel"),
        ("cancell my session", "cancel"),
        ("I will stop by the office and bring the papers with me", None),
        ("the moving van was costly", None),
        ("who's next", None),
    ],
)
def test_a_sentence_is_found_by_whole_words_and_near_spellings(words: str, intent: str | None) -> None:
    assert intents.find(words, coach=False) == intent


@pytest.mark.parametrize(("words", "intent"), [("Who's next?", "next"), ("cancel all of friday", "clear")])
def test_a_coach_says_more(words: str, intent: str) -> None:
    assert intents.find(words, coach=True) == intent
