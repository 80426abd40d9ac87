"""Limits of `reply_markup`."""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.telegram.errors import Refusal, bad_request

Markup = dict[str, Any]

# Undocumented, measured by python-telegram-bot (constants.InlineKeyboardMarkupLimit).
MAX_BUTTONS = 100
MAX_PER_ROW = 8
# Bot API: InlineKeyboardButton.callback_data, in bytes; CopyTextButton.text; input_field_placeholder.
MAX_CALLBACK_DATA = 64
MAX_COPY_TEXT = 256
MAX_PLACEHOLDER = 64
STYLES = ("danger", "success", "primary")
ACTIONS = ("callback_data", "url", "copy_text", "web_app")


def checked_markup(markup: Markup | None) -> Markup | None:
    """The markup as the chat keeps it: empty rows dropped, None when nothing is left."""
    if markup is None:
        return None
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= MAX_PLACEHOLDER:
        raise bad_request("input field placeholder must be 1-64 characters long")
    for kind, check in (("inline_keyboard", _inline_button), ("keyboard", _reply_button)):
        if kind in markup:
            rows = [row for row in markup[kind] if row]
            _check_size(rows)
            for button in (button for row in rows for button in row):
                check(button)
            return markup | {kind: rows} if rows else None
    return markup


def _check_size(rows: list[list[Markup]]) -> None:
    if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > MAX_PER_ROW for row in rows):
        raise bad_request("reply markup is too long")


def _inline_button(button: Markup) -> None:
    _check_label(button, "inline")
    actions = [action for action in ACTIONS if action in button]
    if not actions:
        raise _unparsed("inline", "Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unparsed("inline", f"a button has one action, not {' and '.join(actions)}")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= MAX_COPY_TEXT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in button:
        _check_url(button["url"])
    if "web_app" in button and urlsplit(button["web_app"]["url"]).scheme != "https":
        raise bad_request(
            f"inline keyboard button Web App URL '{button['web_app']['url']}' is invalid: Only HTTPS links are allowed"
        )


def _reply_button(button: Markup) -> None:
    _check_label(button, "keyboard")


def _check_label(button: Markup, kind: str) -> None:
    if not button["text"].strip():
        raise _unparsed(kind, "Button text must be non-empty")
    if button.get("style", STYLES[0]) not in STYLES:
        raise _unparsed(kind, "Invalid button style specified")


def _check_url(url: str) -> None:
    problem = None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "tg"):
        problem = "Unsupported URL protocol" if parts.scheme else "Wrong HTTP URL"
    elif parts.scheme != "tg" and not re.fullmatch(r"[^\s.]+(\.[^\s.]+)+", parts.hostname or ""):
        # A bare host name such as localhost is no link for Telegram; 127.0.0.1 is.
        problem = "Wrong HTTP URL"
    elif re.search(r"\s", url):
        problem = "Wrong HTTP URL"
    if problem:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {problem}")


def _unparsed(kind: str, why: str) -> Refusal:
    return bad_request(f"can't parse {kind} keyboard button: {why}")
