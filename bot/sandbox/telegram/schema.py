"""What each Bot API method takes, as far as the stand-in goes: fields, types, which are required.

Written as in the Bot API's own tables (`Array of X`, `Integer|String`); `!` marks a required field. Anything
else is refused, while Telegram ignores it: a misspelt argument has to fail here rather than do nothing there.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """`kinds` are alternatives: basic types, `Array of …`, or names of OBJECTS and VARIANTS."""

    kinds: tuple[str, ...]
    required: bool


Fields = Mapping[str, Field]


def fields(text: str) -> Fields:
    table = {}
    for item in filter(None, text.split(", ")):
        name, _, kinds = item.partition(": ")
        table[name.rstrip("!")] = Field(tuple(kinds.split("|")), name.endswith("!"))
    return table


METHODS: Mapping[str, Fields] = {
    "getMe": fields(""),
    "getUpdates": fields("offset: Integer, limit: Integer, timeout: Integer, allowed_updates: Array of String"),
    "setWebhook": fields(
        "url!: String, max_connections: Integer, allowed_updates: Array of String, "
        "drop_pending_updates: Boolean, secret_token: String"
    ),
    "deleteWebhook": fields("drop_pending_updates: Boolean"),
    "getWebhookInfo": fields(""),
    "setMyCommands": fields("commands!: Array of BotCommand, scope: BotCommandScope, language_code: String"),
    "getMyCommands": fields("scope: BotCommandScope, language_code: String"),
    "deleteMyCommands": fields("scope: BotCommandScope, language_code: String"),
    "setMyDescription": fields("description: String, language_code: String"),
    "getMyDescription": fields("language_code: String"),
    "setMyShortDescription": fields("short_description: String, language_code: String"),
    "getMyShortDescription": fields("language_code: String"),
    "setMyName": fields("name: String, language_code: String"),
    "getMyName": fields("language_code: String"),
    "setChatMenuButton": fields("chat_id: Integer, menu_button: MenuButton"),
    "getChatMenuButton": fields("chat_id: Integer"),
    "sendMessage": fields(
        "chat_id!: Integer|String, text!: String, parse_mode: String, entities: Array of MessageEntity, "
        "link_preview_options: LinkPreviewOptions, disable_notification: Boolean, "
        "protect_content: Boolean, reply_parameters: ReplyParameters, "
        "reply_markup: InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
    ),
    "sendPhoto": fields(
        "chat_id!: Integer|String, photo!: InputFile|String, caption: String, parse_mode: String, "
        "caption_entities: Array of MessageEntity, show_caption_above_media: Boolean, "
        "has_spoiler: Boolean, disable_notification: Boolean, protect_content: Boolean, "
        "reply_parameters: ReplyParameters, "
        "reply_markup: InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
    ),
    "sendDocument": fields(
        "chat_id!: Integer|String, document!: InputFile|String, caption: String, parse_mode: String, "
        "caption_entities: Array of MessageEntity, disable_content_type_detection: Boolean, "
        "disable_notification: Boolean, protect_content: Boolean, reply_parameters: ReplyParameters, "
        "reply_markup: InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
    ),
    "sendChatAction": fields("chat_id!: Integer|String, action!: String"),
    "editMessageText": fields(
        "chat_id: Integer|String, message_id: Integer, text: String, parse_mode: String, "
        "entities: Array of MessageEntity, link_preview_options: LinkPreviewOptions, "
        "reply_markup: InlineKeyboardMarkup"
    ),
    "editMessageCaption": fields(
        "chat_id: Integer|String, message_id: Integer, caption: String, parse_mode: String, "
        "caption_entities: Array of MessageEntity, show_caption_above_media: Boolean, "
        "reply_markup: InlineKeyboardMarkup"
    ),
    "editMessageMedia": fields(
        "chat_id: Integer|String, message_id: Integer, media!: InputMedia, reply_markup: InlineKeyboardMarkup"
    ),
    "editMessageReplyMarkup": fields(
        "chat_id: Integer|String, message_id: Integer, reply_markup: InlineKeyboardMarkup"
    ),
    "deleteMessage": fields("chat_id!: Integer|String, message_id!: Integer"),
    "answerCallbackQuery": fields(
        "callback_query_id!: String, text: String, show_alert: Boolean, url: String, cache_time: Integer"
    ),
    "createInvoiceLink": fields(
        "title!: String, description!: String, payload!: String, provider_token: String, currency!: String, "
        "prices!: Array of LabeledPrice"
    ),
    "answerPreCheckoutQuery": fields("pre_checkout_query_id!: String, ok!: Boolean, error_message: String"),
    "pinChatMessage": fields("chat_id!: Integer|String, message_id!: Integer, disable_notification: Boolean"),
    "unpinChatMessage": fields("chat_id!: Integer|String, message_id: Integer"),
    "getChat": fields("chat_id!: Integer|String"),
    "getFile": fields("file_id!: String"),
}

OBJECTS: Mapping[str, Fields] = {
    "MessageEntity": fields(
        "type!: String, offset!: Integer, length!: Integer, url: String, language: String, "
        "unix_time: Integer, date_time_format: String"
    ),
    "InlineKeyboardMarkup": fields("inline_keyboard!: Array of Array of InlineKeyboardButton"),
    "InlineKeyboardButton": fields(
        "text!: String, style: String, url: String, callback_data: String, web_app: WebAppInfo, "
        "copy_text: CopyTextButton"
    ),
    "CopyTextButton": fields("text!: String"),
    "WebAppInfo": fields("url!: String"),
    "ReplyKeyboardMarkup": fields(
        "keyboard!: Array of Array of KeyboardButton, is_persistent: Boolean, resize_keyboard: Boolean, "
        "one_time_keyboard: Boolean, input_field_placeholder: String, selective: Boolean"
    ),
    "KeyboardButton": fields("text!: String, style: String, request_contact: Boolean, request_location: Boolean"),
    "ReplyKeyboardRemove": fields("remove_keyboard!: Boolean, selective: Boolean"),
    "ForceReply": fields("force_reply!: Boolean, input_field_placeholder: String, selective: Boolean"),
    "LinkPreviewOptions": fields(
        "is_disabled: Boolean, url: String, prefer_small_media: Boolean, prefer_large_media: Boolean, "
        "show_above_text: Boolean"
    ),
    "ReplyParameters": fields("message_id!: Integer, allow_sending_without_reply: Boolean"),
    "LabeledPrice": fields("label!: String, amount!: Integer"),
    "BotCommand": fields("command!: String, description!: String"),
    "InputMediaPhoto": fields(
        "type!: String, media!: String, caption: String, parse_mode: String, "
        "caption_entities: Array of MessageEntity, show_caption_above_media: Boolean, "
        "has_spoiler: Boolean"
    ),
    "InputMediaDocument": fields(
        "type!: String, media!: String, caption: String, parse_mode: String, "
        "caption_entities: Array of MessageEntity, disable_content_type_detection: Boolean"
    ),
    "BotCommandScopeDefault": fields("type!: String"),
    "BotCommandScopeAllPrivateChats": fields("type!: String"),
    "BotCommandScopeAllGroupChats": fields("type!: String"),
    "BotCommandScopeAllChatAdministrators": fields("type!: String"),
    "BotCommandScopeChat": fields("type!: String, chat_id!: Integer|String"),
    "BotCommandScopeChatAdministrators": fields("type!: String, chat_id!: Integer|String"),
    "BotCommandScopeChatMember": fields("type!: String, chat_id!: Integer|String, user_id!: Integer"),
    "MenuButtonDefault": fields("type!: String"),
    "MenuButtonCommands": fields("type!: String"),
    "MenuButtonWebApp": fields("type!: String, text!: String, web_app!: WebAppInfo"),
}

# A union of objects, told apart by their `type`.
VARIANTS: Mapping[str, Mapping[str, str]] = {
    "InputMedia": {"photo": "InputMediaPhoto", "document": "InputMediaDocument"},
    "MenuButton": {
        "default": "MenuButtonDefault",
        "commands": "MenuButtonCommands",
        "web_app": "MenuButtonWebApp",
    },
    "BotCommandScope": {
        "default": "BotCommandScopeDefault",
        "all_private_chats": "BotCommandScopeAllPrivateChats",
        "all_group_chats": "BotCommandScopeAllGroupChats",
        "all_chat_administrators": "BotCommandScopeAllChatAdministrators",
        "chat": "BotCommandScopeChat",
        "chat_administrators": "BotCommandScopeChatAdministrators",
        "chat_member": "BotCommandScopeChatMember",
    },
}
