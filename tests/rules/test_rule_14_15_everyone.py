"""Rules 14 and 15: nothing hangs on emoji, colour or position; everybody reads their own language."""

import re
from collections import Counter
from collections.abc import Sequence

from tests.journeys.stories import FREE, practice
from tests.rules.looking import CLOCK, EMOJI, Json, block_texts, elements, label_of, raw_messages
from tests.support.people.person import Person
from tests.support.people.slack_hands import SlackHands
from tests.support.whole_product import WholeProduct

OF_CLIENT = ("hello", "/help", "/settings", "/sessions", "past", "zone", "language")
OF_STAFF = ("/setup", "/today", "/availability", "/clients", "/coach", "/audit", "/help")
LONG_LABEL = 12
MOST = 8
# A day, a time, a clock or a session to choose: lists, whose length the reader chose.
CHOICES = re.compile(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) |\d{2}:\d{2}|^(Move|Cancel|Details of) \w{3} ")


async def visits(person: Person, pages: Sequence[str]) -> None:
    for words in pages:
        await person.says(words)


async def seen_by_both(product: WholeProduct, platform: str) -> list[Json]:
    """Every kind of message that a client and an owner get in the story of one booking, as it is sent."""
    ana, mia = await practice(product, platform, platform, FREE)
    sent: list[Json] = []
    await mia.says("/book")
    sent += await raw_messages(product, mia)
    await mia.taps("Wed 3 Feb")
    sent += await raw_messages(product, mia)
    await mia.taps("10:00")
    sent += await raw_messages(product, mia)
    await mia.taps("Book it")
    await mia.sees("Booked:")
    for words in OF_CLIENT:
        await mia.says(words)
        sent += await raw_messages(product, mia)
    for words in OF_STAFF:
        await ana.says(words)
        sent += await raw_messages(product, ana)
    await product.passes(hours=24)
    await mia.sees("Reminder")
    await ana.sees("Reminder")
    return [*sent, *await raw_messages(product, mia), *await raw_messages(product, ana)]


async def test_14_buttons_can_be_told_apart_and_are_few(product: WholeProduct, platform: str) -> None:
    for message in await seen_by_both(product, platform):
        labels = [label_of(element) for element in elements(message)]
        twice = [label for label, count in Counter(labels).items() if count > 1]
        assert not twice, (twice, message)
        others = [label for label in labels if not CHOICES.search(label)]
        assert len(others) <= MOST, others
        assert all(len(label) <= 40 for label in labels)
        assert not any(EMOJI.search(label) for label in labels), labels
        assert all(re.search(r"\w", label) for label in labels)
        for row in message.get("keyboard", []):
            long = [button["text"] for button in row if len(button["text"]) > LONG_LABEL]
            assert len(row) <= 2 or not long, row
        for element in elements(message):
            assert len(element.get("accessibility_label", "")) <= 75


async def test_14_nothing_is_said_by_emoji_or_picture_alone(product: WholeProduct, platform: str) -> None:
    for message in await seen_by_both(product, platform):
        assert not EMOJI.search(CLOCK.sub("", message["text"])), message["text"]


async def test_14_slack_reads_the_same_without_blocks(product: WholeProduct) -> None:
    """Notifications and screen readers get `text`; a button that is only a time says the whole of it."""
    for message in await seen_by_both(product, "slack"):
        plain = "".join(message["text"].replace("*", "").split())
        for text in block_texts(message.get("blocks", [])):
            for line in text.splitlines():
                assert "".join(line.replace("*", "").split()) in plain, (line, message["text"])
        for element in elements(message):
            if re.fullmatch(r"\d{2}:\d{2}", label_of(element)):
                assert re.search(r"\w{3} \d+ \w{3}.*\(.+\)", element["accessibility_label"]), element


async def test_15_the_language_comes_from_the_platform_and_the_choice_wins(
    product: WholeProduct, platform: str
) -> None:
    ana, _mia = await practice(product, platform, platform, FREE)
    uwe = product.person(platform, "Uwe Krause", "Vienna", language="de" if platform == "telegram" else "de-DE")
    await arrives_in_german(uwe)
    await uwe.says("/book")
    await uwe.sees("First talk:")
    await uwe.taps("Mi., 3. Feb.")
    await uwe.sees("First talk: Mi., 3. Feb.")
    if platform == "slack":
        await uwe.leaves_form()
    await uwe.says("language")
    await uwe.taps("English")
    await uwe.sees("Language: English")
    await uwe.says("/book")
    await uwe.sees("First talk:")
    await uwe.taps("Wed 3 Feb")
    await uwe.sees("All times are Vienna time")
    await ana.says("/sessions")
    await ana.sees("Your sessions")


async def arrives_in_german(person: Person) -> None:
    await person.starts()
    if isinstance(person.hands, SlackHands):
        return
    await person.says("zone")
    seen = (await person.hands.look())[-1]
    key = next(key for key in seen.keys if "Wien" in key.label or "Vienna" in key.label or "Berlin" in key.label)
    await person.taps(key.label)


async def test_15_telegram_menus_are_told_in_each_language(product: WholeProduct) -> None:
    profile = product.telegram.world.profile

    def described(language: str) -> dict[str, str]:
        return {each["command"]: each["description"] for each in profile.commands_shown(1, True, language)}

    await product.until(lambda: described("de").get("book") == "Sitzung buchen")
    assert described("en")["book"] == "Book a session"
    assert list(described("en")) == list(described("de")), "commands stay English"
    await product.until(lambda: "Bot" in str(profile.description.get("de")))
    assert profile.description.get("de") != profile.description.get("en")
