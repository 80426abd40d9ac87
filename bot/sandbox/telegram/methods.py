"""Every method the stand-in answers, by its name."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.telegram import editing, people, receiving, sending
from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.profile import Localised, scope_key
from bot.sandbox.telegram.state import Wire
from bot.sandbox.telegram.wire import full_chat_wire
from bot.sandbox.telegram.world import World

Handler = Callable[[World, Args], Any | Awaitable[Any]]

# Bot API, answerCallbackQuery.text.
MAX_TOAST = 200


def get_me(world: World, _args: Args) -> Wire:
    return world.bot_wire()


def get_chat(world: World, args: Args) -> Wire:
    return full_chat_wire(world, world.open_chat(args["chat_id"]))


def get_file(world: World, args: Args) -> Wire:
    file = world.files.find(args["file_id"])
    if file is None:
        raise bad_request("invalid file_id")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "file_path": file.path,
    }


def answer_callback_query(world: World, args: Args) -> bool:
    text, url = args.get("text") or None, args.get("url") or None
    if text is not None and len(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    # Without a game only a link that opens this bot again is allowed.
    if url is not None and urlsplit(url)[:3] != ("https", "t.me", f"/{world.bot.username}"):
        raise bad_request("URL_INVALID")
    world.answer(args["callback_query_id"], text, args.get("show_alert", False), url)
    return True


def create_invoice_link(world: World, args: Args) -> str:
    return world.till.make(args)


def answer_pre_checkout(world: World, args: Args) -> bool:
    checkout = world.till.answered(args)
    if checkout.state == "waits":
        people.paid(world, checkout)
    world.events.add("paying", checkout.user.id)
    return True


def set_my_commands(world: World, args: Args) -> bool:
    world.profile.set_commands(args["commands"], _scope(world, args), args.get("language_code", ""))
    world.events.add("profile")
    return True


def get_my_commands(world: World, args: Args) -> list[Wire]:
    return world.profile.commands.get((scope_key(_scope(world, args)), args.get("language_code", "")), [])


def delete_my_commands(world: World, args: Args) -> bool:
    world.profile.drop_commands(_scope(world, args), args.get("language_code", ""))
    world.events.add("profile")
    return True


def _scope(world: World, args: Args) -> Wire | None:
    """The scope of a menu; one of a single chat needs a chat that the bot has met."""
    scope: Wire | None = args.get("scope")
    if scope is not None and "chat_id" in scope:
        world.open_chat(scope["chat_id"])
    return scope


def set_chat_menu_button(world: World, args: Args) -> bool:
    button = args.get("menu_button", {"type": "default"})
    if "chat_id" in args:
        world.open_chat(args["chat_id"]).menu_button = button
    else:
        world.profile.menu_button = button
    world.events.add("profile")
    return True


def get_chat_menu_button(world: World, args: Args) -> Wire:
    chat = world.open_chat(args["chat_id"]) if "chat_id" in args else None
    return (chat.menu_button if chat else None) or world.profile.menu_button


def _text_methods(name: str, key: str, chosen: Callable[[World], Localised]) -> Mapping[str, Handler]:
    """The setter and the getter of one of the bot's texts."""

    def set_text(world: World, args: Args) -> bool:
        chosen(world).set(args.get(key, ""), args.get("language_code", ""))
        world.events.add("profile")
        return True

    def get_text(world: World, args: Args) -> Wire:
        return {key: chosen(world).get(args.get("language_code"))}

    return {f"setMy{name}": set_text, f"getMy{name}": get_text}


HANDLERS: Mapping[str, Handler] = {
    "getMe": get_me,
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    **_text_methods("Name", "name", lambda world: world.profile.name),
    **_text_methods("Description", "description", lambda world: world.profile.description),
    **_text_methods("ShortDescription", "short_description", lambda world: world.profile.short_description),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageMedia": editing.edit_media,
    "editMessageReplyMarkup": editing.edit_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": answer_callback_query,
    "createInvoiceLink": create_invoice_link,
    "answerPreCheckoutQuery": answer_pre_checkout,
    "pinChatMessage": editing.pin_message,
    "unpinChatMessage": editing.unpin_message,
    "getChat": get_chat,
    "getFile": get_file,
}
