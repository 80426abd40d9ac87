"""Builds Telegram's JSON objects from the stand-in's records."""

from bot.sandbox.telegram.state import Chat, Message, User, Wire
from bot.sandbox.telegram.world import Callback, World


def chat_wire(world: World, chat: Chat) -> Wire:
    if chat.type == "supergroup":
        return {"id": chat.id, "type": chat.type, "title": chat.title}
    user = world.users[chat.id].wire()
    names: Wire = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
    return {"id": chat.id, "type": chat.type, **names}


def full_chat_wire(world: World, chat: Chat) -> Wire:
    full = {
        **chat_wire(world, chat),
        "accent_color_id": chat.id % 7 if chat.id > 0 else 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }
    if chat.pinned and chat.pinned[-1] in chat.messages:
        full["pinned_message"] = message_wire(world, chat.messages[chat.pinned[-1]])
    return full


def message_wire(world: World, message: Message, with_reply: bool = True) -> Wire:
    chat = world.chats[message.chat_id]
    wire: Wire = {
        "message_id": message.message_id,
        "from": message.sender.wire(),
        "chat": chat_wire(world, chat),
        "date": message.date,
    }
    if message.edit_date is not None:
        wire["edit_date"] = message.edit_date
    if message.protected:
        wire["has_protected_content"] = True
    replied = chat.messages.get(message.reply_to or 0)
    if with_reply and replied is not None:
        wire["reply_to_message"] = message_wire(world, replied, with_reply=False)
    if message.joined:
        wire["new_chat_members"] = [user.wire() for user in message.joined]
    if message.paid is not None:
        wire["successful_payment"] = message.paid.wire()
    return wire | _content_wire(message)


def _content_wire(message: Message) -> Wire:
    wire: Wire = {}
    content = message.content
    words, file = content.words, content.file
    if file is not None:
        wire |= {"photo": file.photo_sizes()} if file.kind == "photo" else {"document": file.document()}
    text, entities = ("caption", "caption_entities") if file else ("text", "entities")
    if words.text:
        wire[text] = words.text
    if words.entities:
        wire[entities] = list(words.entities)
    if content.link_preview is not None:
        wire["link_preview_options"] = content.link_preview
    if message.inline_keyboard:
        wire["reply_markup"] = {"inline_keyboard": message.inline_keyboard}
    return wire


def callback_wire(world: World, callback: Callback) -> Wire:
    chat = world.chats[callback.chat_id]
    message = chat.messages.get(callback.message_id)
    shown = (
        {"chat": chat_wire(world, chat), "message_id": callback.message_id, "date": 0}
        if message is None
        else message_wire(world, message)
    )
    return {
        "id": callback.id,
        "from": world.users[callback.user_id].wire(),
        "message": shown,
        "chat_instance": str(callback.chat_id * 7_919),
        "data": callback.data,
    }


def member_wire(world: World, chat: Chat, by: User, old: str, new: str) -> Wire:
    """`my_chat_member`: the bot's own standing in a chat went from `old` to `new` (member, left, kicked)."""

    def member(status: str) -> Wire:
        standing: Wire = {"status": status, "user": world.bot.wire()}
        return standing | {"until_date": 0} if status == "kicked" else standing

    return {
        "chat": chat_wire(world, chat),
        "from": by.wire(),
        "date": world.now(),
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }
