"""Methods that put something new into a chat."""

import time

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboards import checked_markup
from bot.sandbox.telegram.state import Chat, Content, StoredFile, Wire
from bot.sandbox.telegram.texts import parsed_caption, parsed_text, refuse_far_dates
from bot.sandbox.telegram.wire import message_wire
from bot.sandbox.telegram.world import World

ACTIONS = (
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
)


def send_message(world: World, args: Args) -> Wire:
    content = Content(
        parsed_text(args),
        markup=checked_markup(args.get("reply_markup")),
        link_preview=args.get("link_preview_options"),
    )
    return _send(world, args, content)


def send_photo(world: World, args: Args) -> Wire:
    return _send(world, args, _with_file(args, world.files.photo(args["photo"])))


def send_document(world: World, args: Args) -> Wire:
    return _send(world, args, _with_file(args, world.files.document(args["document"])))


def send_chat_action(world: World, args: Args) -> bool:
    chat = world.open_chat(args["chat_id"])
    if args["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.writable_chat(chat.id)
    world.typing[chat.id] = (args["action"], time.monotonic())
    world.events.add("typing", chat.id)
    return True


def _with_file(args: Args, file: StoredFile) -> Content:
    return Content(parsed_caption(args), file, checked_markup(args.get("reply_markup")))


def _send(world: World, args: Args, content: Content) -> Wire:
    refuse_far_dates(content.words, world.now())
    chat = world.open_chat(args["chat_id"])
    reply_to = _replied(chat, args.get("reply_parameters"))
    message = world.post(
        world.writable_chat(chat.id),
        world.bot,
        content,
        reply_to=reply_to,
        silent=args.get("disable_notification", False),
        protected=args.get("protect_content", False),
    )
    return message_wire(world, message)


def _replied(chat: Chat, parameters: Wire | None) -> int | None:
    if parameters is None:
        return None
    if parameters["message_id"] in chat.messages:
        return int(parameters["message_id"])
    if parameters.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")
