"""The stand-in's Telegram: one bot, its people and chats, and what may happen in them."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.standin import SandboxClock
from bot.sandbox.telegram.delivery import Delivery
from bot.sandbox.telegram.errors import bad_request, forbidden
from bot.sandbox.telegram.events import Events
from bot.sandbox.telegram.flood import Flood
from bot.sandbox.telegram.invoices import Paid, Till
from bot.sandbox.telegram.profile import Profile
from bot.sandbox.telegram.state import Chat, Content, Files, Message, User, Wire

SUPERGROUP_IDS_FROM = -1_002_000_000_000


@dataclass
class Callback:
    """A press of a button. `at` is a monotonic second: how long a person waits is real time."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    data: str
    at: float
    answered: bool = False


@dataclass(frozen=True)
class Toast:
    callback_id: str
    text: str | None
    show_alert: bool
    url: str | None


@dataclass
class World:
    """`callback_patience` is how many seconds a press waits for its answer: undocumented, reported as 15."""

    bot: User
    clock: SandboxClock
    delivery: Delivery
    flood: Flood
    callback_patience: float = 15.0
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: Files = field(default_factory=Files)
    events: Events = field(default_factory=Events)
    profile: Profile = field(default_factory=Profile)
    callbacks: dict[str, Callback] = field(default_factory=dict)
    toasts: dict[int, Toast] = field(default_factory=dict)
    till: Till = field(default_factory=Till)
    typing: dict[int, tuple[str, float]] = field(default_factory=dict)
    last_message_id: int = 0

    def now(self) -> int:
        return int(self.clock.now().timestamp())

    def add_user(self, user: User) -> None:
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private", members={user.id, self.bot.id})
        self.events.add("member", user.id)

    def add_group(self, title: str, members: set[int]) -> Chat:
        number = SUPERGROUP_IDS_FROM - sum(chat.type == "supergroup" for chat in self.chats.values())
        chat = Chat(number, "supergroup", title, members | {self.bot.id})
        self.chats[chat.id] = chat
        self.events.add("member", chat.id)
        return chat

    def next_message_id(self, chat: Chat) -> int:
        """A supergroup counts its own messages; the private chats of an account share one counter."""
        if chat.type == "supergroup":
            chat.last_message_id += 1
            return chat.last_message_id
        self.last_message_id += 1
        return self.last_message_id

    def open_chat(self, chat_id: int | str) -> Chat:
        """The chat that the bot may read; Refusal 400 for one that it never met."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or (chat.type == "private" and not chat.started):
            raise bad_request("chat not found")
        return chat

    def writable_chat(self, chat_id: int | str) -> Chat:
        """The chat that the bot may write to now: known, reachable, and not written to too fast."""
        chat = self.open_chat(chat_id)
        if chat.type == "private":
            if self.users[chat.id].deactivated:
                raise forbidden("user is deactivated")
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
        elif self.bot.id not in chat.members:
            raise forbidden("bot was kicked from the supergroup chat")
        self.flood.take(chat.id, time.monotonic())
        return chat

    def post(
        self,
        chat: Chat,
        sender: User,
        content: Content,
        *,
        reply_to: int | None = None,
        silent: bool = False,
        protected: bool = False,
        joined: Sequence[User] = (),
        paid: Paid | None = None,
    ) -> Message:
        message = Message(
            chat.id,
            self.next_message_id(chat),
            sender,
            self.now(),
            content,
            reply_to,
            silent,
            protected,
            joined=joined,
            paid=paid,
        )
        chat.messages[message.message_id] = message
        self._lay_keyboard(chat, message)
        if sender.id == self.bot.id:
            self.typing.pop(chat.id, None)
        self.events.add("message", chat.id, message.message_id)
        return message

    def edit(self, message: Message, content: Content) -> None:
        old = message.content
        shown = (content.words.text, list(content.words.entities), content.file, content.markup)
        if shown == (old.words.text, list(old.words.entities), old.file, old.markup):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        message.history.append(old)
        message.content = content
        message.edit_date = self.now()
        self.events.add("edited", message.chat_id, message.message_id)

    def delete(self, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        if message_id in chat.pinned:
            chat.pinned.remove(message_id)
        if chat.reply_markup_from == message_id:
            chat.reply_markup = chat.reply_markup_from = None
        self.events.add("deleted", chat.id, message_id)

    def press(self, user: User, chat: Chat, message_id: int, data: str) -> Callback:
        callback = Callback(str(secrets.randbits(62)), user.id, chat.id, message_id, data, time.monotonic())
        self.callbacks[callback.id] = callback
        self.toasts.pop(user.id, None)
        self.events.add("asked", chat.id, message_id)
        return callback

    def waits(self, callback: Callback) -> bool:
        return not callback.answered and time.monotonic() - callback.at <= self.callback_patience

    def answer(self, callback_id: str, text: str | None, show_alert: bool, url: str | None) -> None:
        callback = self.callbacks.get(callback_id)
        if callback is None or not self.waits(callback):
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        callback.answered = True
        if text or url:
            self.toasts[callback.user_id] = Toast(callback.id, text, show_alert, url)
        self.events.add("answered", callback.chat_id, callback.message_id)

    def _lay_keyboard(self, chat: Chat, message: Message) -> None:
        """A reply keyboard or prompt moves from the message to the foot of the chat."""
        markup = message.content.markup
        if markup is None or "inline_keyboard" in markup:
            return
        chat.reply_markup = None if "remove_keyboard" in markup else markup
        chat.reply_markup_from = message.message_id

    def answered_prompt(self, chat: Chat) -> None:
        """A person wrote: the prompt to reply is gone, and so is a keyboard for one use."""
        markup = chat.reply_markup or {}
        if markup.get("force_reply") or markup.get("one_time_keyboard"):
            chat.reply_markup = chat.reply_markup_from = None

    def bot_wire(self) -> Wire:
        return {
            **self.bot.wire(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
