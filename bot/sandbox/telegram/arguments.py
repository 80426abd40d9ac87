"""Reads a call's arguments from a form, multipart, JSON or the query, and checks them against the schema."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.telegram.errors import Refusal, bad_request
from bot.sandbox.telegram.schema import METHODS, OBJECTS, VARIANTS, Fields

Args = dict[str, Any]

ARRAY = "Array of "
ATTACHED = "attach://"
MARKUPS = {
    "inline_keyboard": "InlineKeyboardMarkup",
    "keyboard": "ReplyKeyboardMarkup",
    "remove_keyboard": "ReplyKeyboardRemove",
    "force_reply": "ForceReply",
}
# How Telegram words an absent argument where it has words of its own.
ABSENT = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
}


@dataclass(frozen=True)
class Upload:
    name: str
    content_type: str
    data: bytes


BASIC: Mapping[str, type] = {"Integer": int, "String": str, "Boolean": bool, "InputFile": Upload}


async def read_arguments(request: web.Request) -> Args:
    """The raw arguments: text from forms and the query, any JSON value from a JSON body, `Upload` for files."""
    raw: Args = dict(request.query)
    if request.content_type == "application/json" and request.body_exists:
        try:
            body = json.loads(await request.read())
        except ValueError as wrong:
            raise bad_request("can't parse JSON object") from wrong
        if not isinstance(body, dict):
            raise bad_request("object expected as request body")
        raw.update(body)
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, part in (await request.post()).items():
            raw[name] = part
            if isinstance(part, web.FileField):
                part.file.seek(0)
                raw[name] = Upload(part.filename, part.content_type, part.file.read())
    return raw


def check_arguments(method: str, raw: Mapping[str, Any]) -> Args:
    """Typed arguments of a method; uploads that others point to by `attach://` take their place."""
    table = METHODS[method]
    files = {name: part for name, part in raw.items() if isinstance(part, Upload) and name not in table}
    given = {name: part for name, part in raw.items() if name not in files and part is not None}
    return _object(method, table, given, files, outer=True)


def _object(where: str, table: Fields, given: Mapping[str, Any], files: Args, outer: bool = False) -> Args:
    for name in given:
        if name not in table:
            raise bad_request(f'unknown argument "{name}" in {where}')
    for name, field in table.items():
        if field.required and name not in given:
            raise bad_request(ABSENT.get(name, "") if outer and name in ABSENT else f'"{name}" is required')
    return {name: _any(name, table[name].kinds, value, files, outer) for name, value in given.items()}


def _any(name: str, kinds: tuple[str, ...], value: Any, files: Args, outer: bool) -> Any:
    refusal: Refusal | None = None
    if any(kind in MARKUPS.values() for kind in kinds):
        kinds = (_markup_kind(kinds, _decoded(name, value, outer)),)
    for kind in kinds:
        try:
            return _one(name, kind, value, files, outer)
        except Refusal as wrong:
            refusal = refusal or wrong
    raise refusal or bad_request(f'argument "{name}" has no type')


def _markup_kind(kinds: tuple[str, ...], markup: Any) -> str:
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    for key, kind in MARKUPS.items():
        if key in markup:
            if kind in kinds:
                return kind
            raise bad_request("inline keyboard expected")
    raise bad_request("can't parse reply markup: no known kind of keyboard")


def _one(name: str, kind: str, value: Any, files: Args, outer: bool) -> Any:
    if kind.startswith(ARRAY):
        items = _decoded(name, value, outer)
        if not isinstance(items, list):
            raise bad_request(f'expected an Array as "{name}"')
        return [_one(name, kind.removeprefix(ARRAY), item, files, False) for item in items]
    if kind in OBJECTS or kind in VARIANTS:
        return _nested(name, kind, _decoded(name, value, outer), files)
    return _basic(name, kind, value, files, outer)


def _nested(name: str, kind: str, value: Any, files: Args) -> Args:
    if not isinstance(value, dict):
        raise bad_request(f'object expected as "{name}"')
    if kind in VARIANTS:
        variant = VARIANTS[kind].get(str(value.get("type")))
        if variant is None:
            raise bad_request(f'unsupported type "{value.get("type")}" of "{name}"')
        kind = variant
    return _object(kind, OBJECTS[kind], value, files)


def _basic(name: str, kind: str, value: Any, files: Args, outer: bool) -> Any:
    text = value if isinstance(value, str) else None
    if text is not None and text.startswith(ATTACHED):
        upload = files.get(text.removeprefix(ATTACHED))
        if upload is None:
            raise bad_request("can't find file to attach")
        return upload
    if isinstance(value, BASIC[kind]) and not (kind == "Integer" and isinstance(value, bool)):
        return value
    if outer and kind == "Integer" and text is not None and re.fullmatch(r"-?\d{1,18}", text):
        return int(text)
    if outer and kind == "Boolean" and text in ("true", "True", "1", "false", "False", "0"):
        return text in ("true", "True", "1")
    raise bad_request(f'{kind} expected as "{name}"')


def _decoded(name: str, value: Any, outer: bool) -> Any:
    """Objects and arrays travel as JSON text in forms."""
    if not (outer and isinstance(value, str)):
        return value
    try:
        return json.loads(value)
    except ValueError as wrong:
        raise bad_request(f"can't parse {name} JSON object") from wrong
