"""Telegram's updates, read into what a person said or did. Everything in them is somebody else's text."""

import re
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, Update, User

from bot.channels.telegram.render import NOTICE_FLAG
from bot.chat.channel import Incoming
from bot.chat.turn import Window, WindowKind
from bot.domain.people import Platform, Profile, Unreachable

MAX_NAME = 128
# A start link made in a group brings the command over into the private chat.
COMMAND_PAYLOAD = "go-"
START = "/start"
_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w{1,64}))?(?:\s+(.*))?", re.ASCII | re.DOTALL)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Heard:
    """One update as far as it concerns us.

    Updates of one `chat_ref` are taken one after the other. `query_id`: a button spins until it is answered.
    `standing`: the person blocked the bot (`unreachable`) or let it in again (None). `asked_in` is the message of a
    group that carried a command.
    """

    chat_ref: str
    private: bool
    profile: Profile
    incoming: Incoming | None = None
    query_id: str | None = None
    standing: bool = False
    unreachable: Unreachable | None = None
    asked_in: int | None = None


def read(update: Update, key: str, username: str | None) -> Heard | None:
    """None for what nobody said to this bot: edits, other bots, what a group says among itself."""
    if update.callback_query is not None:
        return _tap(update.callback_query, key)
    if update.my_chat_member is not None:
        return _standing(update.my_chat_member)
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    if message.chat.type == Chat.PRIVATE:
        return _private(message, message.from_user, key)
    return _group(message, message.from_user, key, username)


def _private(message: Message, user: User, key: str) -> Heard | None:
    text = message.text or message.caption
    if text is None and message.effective_attachment is None:
        return None  # a chat's own news, such as a pinned message
    chat_ref = str(message.chat.id)
    profile = _profile(user, chat_ref)
    window = Window(WindowKind.MESSAGE, chat_ref=chat_ref)
    return Heard(chat_ref, True, profile, _said(clean(text or ""), profile, key, window))


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


def _group(message: Message, user: User, key: str, username: str | None) -> Heard | None:
    """Commands only, and not those to another bot. Their words stay in the group: nothing is done there."""
    found = _COMMAND.fullmatch(clean(message.text or "").strip())
    if found is None or (found[2] and username and found[2].lower() != username.lower()):
        return None
    chat_ref = str(message.chat.id)
    profile = _profile(user, None)
    window = Window(WindowKind.MESSAGE, chat_ref=chat_ref, private=False)
    incoming = Incoming(profile, key, window, command=f"/{found[1].lower()}", text="", modals=True)
    return Heard(chat_ref, False, profile, incoming, asked_in=message.message_id)


def _tap(query: CallbackQuery, key: str) -> Heard | None:
    """Data is untrusted: a client may send what stands on no button."""
    if query.from_user.is_bot:
        return None
    message = query.message
    if message is None or message.chat.type != Chat.PRIVATE:
        chat_ref = str(query.from_user.id if message is None else message.chat.id)
        return Heard(chat_ref, False, _profile(query.from_user, None), query_id=query.id)
    chat_ref = str(message.chat.id)
    profile = _profile(query.from_user, chat_ref)
    if not query.data:
        return Heard(chat_ref, True, profile, query_id=query.id)
    notice = query.data.startswith(NOTICE_FLAG)
    window = Window(WindowKind.MESSAGE, chat_ref=chat_ref, message_ref=str(message.message_id), notice=notice)
    address = clean(query.data.removeprefix(NOTICE_FLAG) if notice else query.data)
    return Heard(chat_ref, True, profile, Incoming(profile, key, window, address=address), query.id)


def _standing(change: ChatMemberUpdated) -> Heard | None:
    if change.chat.type != Chat.PRIVATE:
        return None
    chat_ref = str(change.chat.id)
    blocked = change.new_chat_member.status == ChatMember.BANNED
    unreachable = Unreachable.BLOCKED if blocked else None
    return Heard(chat_ref, True, _profile(change.from_user, chat_ref), standing=True, unreachable=unreachable)


def _profile(user: User, chat_ref: str | None) -> Profile:
    return Profile(
        platform=Platform.TELEGRAM,
        workspace="",
        user_ref=str(user.id),
        chat_ref=chat_ref,
        name=clean(user.full_name).strip()[:MAX_NAME],
        language=user.language_code,
    )


def clean(text: str) -> str:
    """Without what a database or a socket cannot carry: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
