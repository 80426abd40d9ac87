"""What a person does in a Telegram client, and the updates that the bot gets of it.

Whatever a real client would not let a person do raises `Impossible`.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.telegram.invoices import Checkout, Paid
from bot.sandbox.telegram.markup import utf16_length
from bot.sandbox.telegram.state import Chat, Content, Message, User, Wire
from bot.sandbox.telegram.texts import MAX_TEXT, plain
from bot.sandbox.telegram.wire import callback_wire, member_wire, message_wire
from bot.sandbox.telegram.world import World

# Bot API server, Client.cpp: callback queries and payments queue by user, membership by chat, messages by chat.
CALLBACKS = "callbacks of {}"
PAYMENTS = "payments of {}"
MEMBERS = "membership in {}"
MESSAGES = "messages of {}"
# Telegram's deep linking page.
MAX_START_PAYLOAD = 64


class Impossible(Exception):
    """No Telegram client offers this to the person now."""


@dataclass(frozen=True)
class Place:
    """A button by its row and column from 0, by its text or by its data."""

    row: int | None = None
    col: int | None = None
    text: str | None = None
    data: str | None = None

    def find(self, keyboard: list[list[Wire]]) -> Wire | None:
        if self.row is not None and self.col is not None:
            in_range = 0 <= self.row < len(keyboard) and 0 <= self.col < len(keyboard[self.row])
            return keyboard[self.row][self.col] if in_range else None
        buttons = [button for row in keyboard for button in row]
        if self.text is not None:
            return next((button for button in buttons if button["text"] == self.text), None)
        return next((button for button in buttons if button.get("callback_data") == self.data), None)


def say(world: World, user: User, chat: Chat, text: str, reply_to: int | None = None) -> Message:
    """Write a message. In a private chat an open reply prompt is answered unless `reply_to` says otherwise
    (0 for no reply). RAISES Impossible before START, when blocked, or for an empty or too long text."""
    words = plain(text)
    if not 1 <= utf16_length(words.text) <= MAX_TEXT:
        raise Impossible("a message has 1 to 4096 characters")
    if chat.type == "private" and not chat.started and not re.match(r"/start\b", words.text):
        raise Impossible("before START there is only the START button")
    if chat.type == "private" and chat.blocked:
        raise Impossible("the bot is blocked: unblock it first")
    if user.id not in chat.members:
        raise Impossible("not a member of this chat")
    chat.started = True
    prompt = (chat.reply_markup or {}).get("force_reply")
    if reply_to is None and prompt and chat.type == "private":
        reply_to = chat.reply_markup_from
    message = world.post(chat, user, Content(words), reply_to=reply_to or None)
    if chat.type == "private":
        world.answered_prompt(chat)
    if chat.type == "private" or _reaches_bot(world, chat, message):
        world.delivery.put("message", MESSAGES.format(chat.id), message_wire(world, message))
    return message


def _reaches_bot(world: World, chat: Chat, message: Message) -> bool:
    """In a group a bot with privacy mode sees commands, mentions of itself and replies to it."""
    if world.bot.id not in chat.members:
        return False
    text, mine = message.content.words.text, f"@{world.bot.username}".lower()
    replied = chat.messages.get(message.reply_to or 0)
    to_another = re.match(r"/\w+@(\w+)", text)
    if text.startswith("/"):
        return to_another is None or f"@{to_another[1]}".lower() == mine
    return mine in text.lower() or (replied is not None and replied.sender.id == world.bot.id)


def edit_own(world: World, user: User, chat: Chat, message_id: int, text: str) -> Message:
    message = chat.messages.get(message_id)
    if message is None or message.sender.id != user.id:
        raise Impossible("only one's own messages can be edited")
    world.edit(message, Content(plain(text)))
    world.delivery.put("edited_message", MESSAGES.format(chat.id), message_wire(world, message))
    return message


def start(world: World, user: User, payload: str = "") -> Message:
    """Open the bot's link and press START (RESTART after a block)."""
    if not re.fullmatch(rf"[A-Za-z0-9_-]{{0,{MAX_START_PAYLOAD}}}", payload):
        raise Impossible("a start payload has at most 64 of A-Z, a-z, 0-9, _ and -")
    chat = world.chats[user.id]
    if chat.blocked:
        unblock(world, user)
    return say(world, user, chat, f"/start {payload}".strip(), reply_to=0)


def tap(world: World, user: User, chat: Chat, message_id: int, place: Place, forge: bool = False) -> Wire:
    """Press a button under a message: what the client then does, by `kind`.

    `callback` (with the query's id) tells the bot; `url`, `copy` and `web_app` stay in the client, as does `invoice`,
    which is paid by `pay`; a link that opens this bot has `start` too. With `forge` the data need not stand on any
    button, nor the message exist.
    """
    message = chat.messages.get(message_id)
    if forge:
        if place.data is None or not 1 <= len(place.data.encode()) <= 64:
            raise Impossible("forged data has 1 to 64 bytes")
        return _callback(world, user, chat, message_id, place.data)
    if message is None:
        raise Impossible(f"there is no message {message_id}")
    button = place.find(message.inline_keyboard)
    if button is None:
        labels = [[button["text"] for button in row] for row in message.inline_keyboard]
        raise Impossible(f"no such button; the keyboard is {labels}")
    if "callback_data" in button:
        return _callback(world, user, chat, message_id, button["callback_data"])
    invoice = world.till.of_link(button.get("url", ""))
    if invoice is not None:
        return {"kind": "invoice", **vars(invoice)}
    if "url" in button:
        return {"kind": "url", "url": button["url"], "start": _own_link(world, button["url"])}
    if "copy_text" in button:
        return {"kind": "copy", "text": button["copy_text"]["text"]}
    return {"kind": "web_app", "url": button["web_app"]["url"]}


def pay(world: World, user: User, slug: str) -> Checkout:
    """Open an invoice by its link and confirm the payment: the bot has ten seconds to agree."""
    invoice = world.till.invoices.get(slug)
    if invoice is None:
        raise Impossible("there is no such invoice")
    begun = world.till.begin(user, invoice)
    world.delivery.put("pre_checkout_query", PAYMENTS.format(user.id), begun.wire())
    return begun


def paid(world: World, checkout: Checkout) -> None:
    """The bot agreed: the provider takes the money, and the chat says so."""
    asked = checkout.invoice
    done = Paid(asked, secrets.token_hex(12), world.till.collect(asked.total, asked.currency))
    checkout.state = "paid"
    chat = world.chats[checkout.user.id]
    message = world.post(chat, checkout.user, Content(), paid=done)
    world.delivery.put("message", MESSAGES.format(chat.id), message_wire(world, message))


def _callback(world: World, user: User, chat: Chat, message_id: int, data: str) -> Wire:
    if chat.blocked:
        raise Impossible("the bot is blocked: unblock it first")
    callback = world.press(user, chat, message_id, data)
    world.delivery.put("callback_query", CALLBACKS.format(user.id), callback_wire(world, callback))
    return {"kind": "callback", "id": callback.id, "data": data}


def _own_link(world: World, url: str) -> str | None:
    """The payload of a link that opens this bot, None for any other link."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    on_web = (parts.hostname, parts.path) == ("t.me", f"/{world.bot.username}")
    in_app = parts.scheme == "tg" and query.get("domain") == [world.bot.username]
    return query.get("start", [""])[0] if on_web or in_app else None


def block(world: World, user: User) -> None:
    _change_standing(world, user, blocked=True)


def unblock(world: World, user: User) -> None:
    _change_standing(world, user, blocked=False)


def _change_standing(world: World, user: User, blocked: bool) -> None:
    chat = world.chats[user.id]
    if not chat.started or chat.blocked == blocked:
        raise Impossible("not started yet" if not chat.started else "that is how it is already")
    chat.blocked = blocked
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    world.delivery.put("my_chat_member", MEMBERS.format(chat.id), member_wire(world, chat, user, old, new))
    world.events.add("member", chat.id)


def make_group(world: World, user: User, title: str, members: set[int]) -> Chat:
    """A new group of these people with the bot in it."""
    chat = world.add_group(title, members | {user.id})
    update = member_wire(world, chat, user, "left", "member")
    world.delivery.put("my_chat_member", MEMBERS.format(chat.id), update)
    joined = world.post(chat, user, Content(), joined=(world.bot,))
    world.delivery.put("message", MESSAGES.format(chat.id), message_wire(world, joined))
    return chat


def remove_bot(world: World, user: User, chat: Chat) -> None:
    if chat.type == "private" or world.bot.id not in chat.members:
        raise Impossible("the bot is not in this group")
    chat.members.discard(world.bot.id)
    update = member_wire(world, chat, user, "member", "left")
    world.delivery.put("my_chat_member", MEMBERS.format(chat.id), update)
    world.events.add("member", chat.id)


def change_profile(world: World, user: User, changes: Mapping[str, Any]) -> None:
    """Another name, username or app language; `deactivated` closes the account."""
    known = ("first_name", "last_name", "username", "language_code", "deactivated")
    for name, value in changes.items():
        if name not in known:
            raise Impossible(f"a profile has no {name}")
        setattr(user, name, value)
    world.events.add("member", user.id)
