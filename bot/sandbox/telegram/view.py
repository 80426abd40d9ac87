"""Renders a chat as JSON, as its person's client shows it."""

import time
from typing import Any

from bot.sandbox.telegram.state import Chat, Content, Message, User, Wire
from bot.sandbox.telegram.wire import chat_wire
from bot.sandbox.telegram.world import World

# Bot API, sendChatAction: the status is set for 5 seconds or less.
TYPING_SECONDS = 5.0


def chat_view(world: World, user: User, chat: Chat, file_root: str) -> dict[str, Any]:
    """JSON of one chat: who, the start screen, all messages oldest first, and what stands at the foot.

    `file_root` is the address under which uploaded files are served.
    """
    language = user.language_code
    toast = world.toasts.get(user.id)
    unanswered = [
        {"id": press.id, "message_id": press.message_id, "data": press.data, "overdue": not world.waits(press)}
        for press in world.callbacks.values()
        if press.chat_id == chat.id and press.user_id == user.id and not press.answered
    ]
    return {
        "bot": world.bot.wire()
        | {
            "name": world.profile.name.get(language) or world.bot.first_name,
            "description": world.profile.description.get(language),
            "short_description": world.profile.short_description.get(language),
        },
        "user": user.wire() | {"deactivated": user.deactivated},
        "chat": chat_wire(world, chat),
        "started": chat.started or chat.type != "private",
        "blocked": chat.blocked,
        "messages": [_message(world, chat, message, file_root) for message in chat.messages.values()],
        "pinned": list(chat.pinned),
        **_foot(world, chat),
        "toast": None if toast is None else vars(toast).copy(),
        "unanswered": unanswered,
        "commands": world.profile.commands_shown(chat.id, chat.type == "private", language),
        "menu_button": chat.menu_button or world.profile.menu_button,
        "pending_updates": len(world.delivery.pending),
        "last_event": world.events.last,
        "now": world.now(),
    }


def _foot(world: World, chat: Chat) -> dict[str, Any]:
    """Typing status, and the reply keyboard or reply prompt below the messages."""
    action, at = world.typing.get(chat.id, (None, 0.0))
    markup = chat.reply_markup or {}
    prompt = None
    if markup.get("force_reply"):
        prompt = {
            "message_id": chat.reply_markup_from,
            "placeholder": markup.get("input_field_placeholder"),
        }
    return {
        "typing": action if time.monotonic() - at <= TYPING_SECONDS else None,
        "reply_keyboard": markup if "keyboard" in markup else None,
        "force_reply": prompt,
    }


def _message(world: World, chat: Chat, message: Message, file_root: str) -> dict[str, Any]:
    sender = message.sender
    return {
        "message_id": message.message_id,
        "from": sender.wire(),
        "from_bot": sender.id == world.bot.id,
        "date": message.date,
        "edit_date": message.edit_date,
        **_content(message.content, file_root),
        "keyboard": [[_button(button) for button in row] for row in message.inline_keyboard],
        "reply_to": message.reply_to,
        "silent": message.silent,
        "pinned": message.message_id in chat.pinned,
        "paid": None if message.paid is None else message.paid.wire(),
        "joined": [user.wire() for user in message.joined],
        "history": [_content(content, file_root) for content in message.history],
    }


def _content(content: Content, file_root: str) -> dict[str, Any]:
    """`text` is the text, or the caption of a photo or document; `source` is what the bot sent."""
    file = content.file
    view: dict[str, Any] = {
        "text": content.words.text,
        "entities": list(content.words.entities),
        "source": content.words.source,
        "photo": None,
        "document": None,
        "link_preview": content.link_preview,
    }
    if file is not None and file.kind == "photo":
        view["photo"] = {"url": f"{file_root}/{file.path}", "width": file.width, "height": file.height}
    elif file is not None:
        view["document"] = {
            "url": f"{file_root}/{file.path}",
            "name": file.name,
            "mime_type": file.mime_type,
            "size": len(file.data),
        }
    return view


def _button(button: Wire) -> dict[str, Any]:
    kinds = ("callback_data", "url", "copy_text", "web_app")
    kind = next(name for name in kinds if name in button)
    return {"text": button["text"], "kind": kind, "style": button.get("style"), kind: button[kind]}
