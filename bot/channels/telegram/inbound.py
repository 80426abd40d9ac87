"""Reads Telegram's updates into what a person said or did. Everything in them is untrusted text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from telegram.constants import ChatMemberStatus, ChatType, MessageAttachmentType

from bot.channels.telegram.render import NOTICE_FLAG
from bot.chat.channel import Incoming
from bot.chat.clean import clean
from bot.chat.turn import Window, WindowKind
from bot.domain.payments.invoices import Collected, Question
from bot.domain.payments.money import Money
from bot.domain.people.people import Platform, Profile, Unreachable

Wire = Mapping[str, Any]

MAX_NAME = 128
MAX_REF = 255
MAX_NUMBER = 2**52
"""Bot API, Chat.id: at most 52 significant bits."""

# A start link made in a group brings the command over into the private chat.
COMMAND_PAYLOAD = "go-"
START = "/start"
_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w{1,64}))?(?:\s+(.*))?", re.ASCII | re.DOTALL)
_CURRENCY = re.compile(r"[A-Z]{3}")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Malformed(ValueError):
    """An update without what every update of its kind has."""


@dataclass(frozen=True)
class Heard:
    """One update as far as it concerns us.

    Updates of one `chat_ref` are taken one after the other. `query_id`: a button spins until it is answered.
    `standing`: the person blocked the bot (`unreachable`) or let it in again (None). `asked_in` is the message of a
    group that carried a command. `question`: they are about to pay, under `question_id`; `collected`: they have paid.
    """

    chat_ref: str
    private: bool
    profile: Profile
    incoming: Incoming | None = None
    query_id: str | None = None
    standing: bool = False
    unreachable: Unreachable | None = None
    asked_in: int | None = None
    question: Question | None = None
    question_id: str | None = None
    collected: Collected | None = None


def read(update: Wire, key: str, username: str | None) -> Heard | None:
    """None for what nobody said to this bot: edits, other bots, what a group says among itself.

    Only what is used here is read, so that parts which Telegram adds or changes hold up nothing. Raises `Malformed`.
    """
    order = _known_number(update.get("update_id"))
    if update.get("callback_query") is not None:
        return _tap(_part(update, "callback_query"), key, order)
    if update.get("pre_checkout_query") is not None:
        return _about_to_pay(_part(update, "pre_checkout_query"))
    if update.get("my_chat_member") is not None:
        return _standing(_part(update, "my_chat_member"))
    if update.get("message") is None:
        return None
    message = _part(update, "message")
    if message.get("from") is None or _part(message, "from").get("is_bot"):
        return None
    if _is_private(message):
        is_paid = message.get("successful_payment") is not None
        return _paid(message) if is_paid else _private(message, key, order)
    return _group(message, key, order, username)


def _about_to_pay(query: Wire) -> Heard:
    """Of whoever holds the invoice, which may have been passed on."""
    profile = _profile(query, None)
    question = Question(_words(query, "invoice_payload"), _money(query))
    return Heard(f"pays:{profile.user_ref}", True, profile, question=question, question_id=_words(query, "id"))


def _paid(message: Wire) -> Heard:
    paid, chat_ref = _part(message, "successful_payment"), _chat_ref(message)
    refs = (_words(paid, "telegram_payment_charge_id"), _words(paid, "provider_payment_charge_id"))
    if not all(0 < len(ref) <= MAX_REF for ref in refs):
        raise Malformed("successful_payment")
    collected = Collected(_words(paid, "invoice_payload"), _money(paid), *refs)
    return Heard(chat_ref, True, _profile(message, chat_ref), collected=collected)


def _money(paid: Wire) -> Money:
    currency = _words(paid, "currency")
    if not _CURRENCY.fullmatch(currency):
        raise Malformed("currency")
    return Money(_number(paid, "total_amount"), currency)


def _private(message: Wire, key: str, order: int | None) -> Heard | None:
    text = _words(message, "text") or _words(message, "caption")
    if not text and not any(message.get(kind) for kind in MessageAttachmentType):
        return None  # a chat's own news, such as a pinned message
    chat_ref = _chat_ref(message)
    profile = _profile(message, chat_ref)
    said = _said(text, profile, key, Window(WindowKind.MESSAGE, chat_ref=chat_ref))
    return Heard(chat_ref, True, profile, replace(said, order=order, replies_to=_replied(message)))


def _replied(message: Wire) -> str | None:
    """The message that somebody chose Reply on."""
    replied = message.get("reply_to_message")
    number = _known_number(replied.get("message_id")) if isinstance(replied, Mapping) else None
    return None if number is None else str(number)


def _said(text: str, profile: Profile, key: str, window: Window) -> Incoming:
    """Words, a command with its words, or a deep link. A picture or a sticker has no words: `text` is empty."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return Incoming(profile, key, window, text=text)
    command, words = f"/{found[1].lower()}", (found[3] or "").strip()
    if command == START and words.startswith(COMMAND_PAYLOAD):
        return Incoming(profile, key, window, command="/" + words.removeprefix(COMMAND_PAYLOAD), text="")
    if command == START and _PAYLOAD.fullmatch(words):
        return Incoming(profile, key, window, payload=words)
    return Incoming(profile, key, window, command=command, text="" if command == START else words)


def _group(message: Wire, key: str, order: int | None, username: str | None) -> Heard | None:
    """Commands only, and not those to another bot. Their words stay in the group: nothing is done there."""
    found = _COMMAND.fullmatch(_words(message, "text").strip())
    if found is None or (found[2] and username and found[2].lower() != username.lower()):
        return None
    chat_ref = _chat_ref(message)
    profile = _profile(message, None)
    window = Window(WindowKind.MESSAGE, chat_ref=chat_ref, private=False)
    incoming = Incoming(profile, key, window, command=f"/{found[1].lower()}", text="", modals=True, order=order)
    return Heard(chat_ref, False, profile, incoming, asked_in=_number(message, "message_id"))


def _tap(query: Wire, key: str, order: int | None) -> Heard | None:
    """Data is untrusted: a client may send what stands on no button."""
    user, query_id = _part(query, "from"), _words(query, "id")
    if user.get("is_bot"):
        return None
    message = None if query.get("message") is None else _part(query, "message")
    if message is None or not _is_private(message):
        chat_ref = str(_number(user, "id")) if message is None else _chat_ref(message)
        return Heard(chat_ref, False, _profile(query, None), query_id=query_id)
    chat_ref, data = _chat_ref(message), _words(query, "data")
    profile = _profile(query, chat_ref)
    if not data:
        return Heard(chat_ref, True, profile, query_id=query_id)
    notice = data.startswith(NOTICE_FLAG)
    tapped = str(_number(message, "message_id"))
    window = Window(WindowKind.MESSAGE, chat_ref=chat_ref, message_ref=tapped, notice=notice)
    address = data.removeprefix(NOTICE_FLAG) if notice else data
    return Heard(chat_ref, True, profile, Incoming(profile, key, window, address=address, order=order), query_id)


def _standing(change: Wire) -> Heard | None:
    if not _is_private(change):
        return None
    chat_ref = _chat_ref(change)
    blocked = _part(change, "new_chat_member").get("status") == ChatMemberStatus.BANNED
    unreachable = Unreachable.BLOCKED if blocked else None
    return Heard(chat_ref, True, _profile(change, chat_ref), standing=True, unreachable=unreachable)


def _profile(said: Wire, chat_ref: str | None) -> Profile:
    """Of whoever said or did it."""
    user = _part(said, "from")
    name = " ".join(part for part in (_words(user, "first_name"), _words(user, "last_name")) if part)
    return Profile(
        platform=Platform.TELEGRAM,
        workspace="",
        user_ref=str(_number(user, "id")),
        chat_ref=chat_ref,
        name=name.strip()[:MAX_NAME],
        language=_words(user, "language_code") or None,
    )


def _is_private(said: Wire) -> bool:
    return _part(said, "chat").get("type") == ChatType.PRIVATE


def _chat_ref(said: Wire) -> str:
    return str(_number(_part(said, "chat"), "id"))


def _part(whole: Wire, name: str) -> Wire:
    found = whole.get(name)
    if not isinstance(found, Mapping):
        raise Malformed(name)
    return found


def _number(whole: Wire, name: str) -> int:
    found = _known_number(whole.get(name))
    if found is None:
        raise Malformed(name)
    return found


def _known_number(value: object) -> int | None:
    """None for what is no number of Telegram's."""
    return value if type(value) is int and abs(value) < MAX_NUMBER else None


def _words(whole: Wire, name: str) -> str:
    """Empty where there are none."""
    found = whole.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Malformed(name)
    return clean(found)
