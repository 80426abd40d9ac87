"""What the rules look at more closely than a story does: rows of buttons, and what clients draw from."""

import re
from itertools import groupby
from typing import Any

from tests.support.people.person import Person
from tests.support.people.seen import Key, Seen
from tests.support.people.slack_hands import SlackHands
from tests.support.people.telegram_hands import TelegramHands
from tests.support.whole_product import WholeProduct

Json = dict[str, Any]
# Marks such as a tick stand beside words that say the same; they are no pictures.
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2728-\u27bf\u2b00-\u2bff\ufe0f]|:[a-z_]+:")
CLOCK = re.compile(r"(?<![\d:–-])\d{2}:\d{2}(?![\d:–-])")


def rows(seen: Seen) -> list[list[Key]]:
    return [list(row) for _place, row in groupby(seen.keys, key=lambda key: re.split(r"[. ]", key.at)[0])]


def last_row(seen: Seen) -> list[str]:
    return [key.label for key in rows(seen)[-1]]


async def of_bot(person: Person) -> list[Seen]:
    """All that the bot has written, oldest first."""
    return [seen for seen in await person.hands.look() if not seen.mine]


async def with_buttons(person: Person) -> list[Seen]:
    return [seen for seen in await of_bot(person) if any(key.url is None for key in seen.keys) and seen.ref != "home"]


async def raw_messages(product: WholeProduct, person: Person) -> list[Json]:
    """The bot's messages as the platform keeps them."""
    if isinstance(person.hands, SlackHands):
        shown = await person.hands.state()
        chats = [channel["messages"] for channel in shown["channels"] if channel["is_im"]]
        return [message for messages in chats for message in messages if message.get("user") != person.hands.user]
    assert isinstance(person.hands, TelegramHands)
    chat = product.telegram.world.chats[person.hands.user]
    return [
        {"text": message.content.words.text, "keyboard": message.inline_keyboard}
        for message in chat.messages.values()
        if message.sender.id == product.telegram.world.bot.id
    ]


def elements(message: Json) -> list[Json]:
    """The buttons of one raw message."""
    if "keyboard" in message:
        return [button for row in message["keyboard"] for button in row]
    return [each for block in message.get("blocks", []) if block["type"] == "actions" for each in block["elements"]]


def label_of(element: Json) -> str:
    text = element["text"]
    return str(text["text"] if isinstance(text, dict) else text)


def styles(message: Json) -> dict[str, str]:
    """Labels of the buttons that stand out, and how."""
    return {label_of(each): each["style"] for each in elements(message) if each.get("style")}


def block_texts(blocks: list[Json]) -> list[str]:
    """Every text of a Slack message's blocks, buttons aside."""
    found = []
    for block in blocks:
        parts = (
            block.get("elements", []) if block["type"] == "context" else [block.get("text"), *block.get("fields", [])]
        )
        found += [part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str)]
    return found
