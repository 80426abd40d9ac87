"""Methods that change or remove what is in a chat."""

from dataclasses import replace

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboards import checked_markup
from bot.sandbox.telegram.state import Chat, Content, Message, Wire
from bot.sandbox.telegram.texts import parsed_caption, parsed_text, refuse_far_dates
from bot.sandbox.telegram.wire import message_wire
from bot.sandbox.telegram.world import World

# Bot API, deleteMessage: only messages sent less than 48 hours ago.
DELETABLE_SECONDS = 48 * 3600


def edit_text(world: World, args: Args) -> Wire:
    message = _editable(world, args)
    if message.content.file is not None or not message.content.words.text:
        raise bad_request("there is no text in the message to edit")
    return _edit(
        world,
        message,
        Content(
            parsed_text(args),
            markup=checked_markup(args.get("reply_markup")),
            link_preview=args.get("link_preview_options"),
        ),
    )


def edit_caption(world: World, args: Args) -> Wire:
    message = _editable(world, args)
    if message.content.file is None:
        raise bad_request("there is no caption in the message to edit")
    markup = checked_markup(args.get("reply_markup"))
    return _edit(world, message, Content(parsed_caption(args), message.content.file, markup))


def edit_media(world: World, args: Args) -> Wire:
    message = _editable(world, args)
    media = args["media"]
    keep = world.files.photo if media["type"] == "photo" else world.files.document
    markup = checked_markup(args.get("reply_markup"))
    return _edit(world, message, Content(parsed_caption(media), keep(media["media"]), markup))


def edit_markup(world: World, args: Args) -> Wire:
    message = _editable(world, args)
    markup = checked_markup(args.get("reply_markup"))
    return _edit(world, message, replace(message.content, markup=markup))


def delete_message(world: World, args: Args) -> bool:
    chat = world.open_chat(args["chat_id"])
    message = chat.messages.get(args["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    own = message.sender.id == world.bot.id
    if world.now() - message.date >= DELETABLE_SECONDS or not (own or chat.type == "private"):
        raise bad_request("message can't be deleted for everyone")
    world.delete(chat, message.message_id)
    return True


def pin_message(world: World, args: Args) -> bool:
    chat = world.writable_chat(args["chat_id"])
    if args["message_id"] not in chat.messages:
        raise bad_request("message to pin not found")
    if args["message_id"] in chat.pinned:
        chat.pinned.remove(args["message_id"])
    chat.pinned.append(args["message_id"])
    world.events.add("pinned", chat.id, args["message_id"])
    return True


def unpin_message(world: World, args: Args) -> bool:
    chat = world.open_chat(args["chat_id"])
    message_id = args.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    world.events.add("pinned", chat.id, message_id)
    return True


def _editable(world: World, args: Args) -> Message:
    if "chat_id" not in args:
        raise bad_request("chat_id is empty")
    if "message_id" not in args:
        raise bad_request("message identifier is not specified")
    chat: Chat = world.open_chat(args["chat_id"])
    message = chat.messages.get(args["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    # MessagesManager.cpp, can_edit_message: what brought a keyboard or prompt to the foot of the chat stays.
    if message.sender.id != world.bot.id or (message.content.markup and not message.inline_keyboard):
        raise bad_request("message can't be edited")
    world.writable_chat(chat.id)
    return message


def _edit(world: World, message: Message, content: Content) -> Wire:
    refuse_far_dates(content.words, world.now())
    world.edit(message, content)
    return message_wire(world, message)
