"""The Telegram stand-in against Telegram's own description of its methods and types.

Without the description (Bot API 10.1; `tests.support.specs`) these checks are left out, and pytest tells their number.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from telegram import (
    BotCommand,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LabeledPrice,
    ReplyParameters,
)

from bot.sandbox.telegram.methods import HANDLERS
from bot.sandbox.telegram.schema import METHODS, OBJECTS, VARIANTS, Fields
from tests.sandbox.telegram.running_telegram import RunningTelegram, open_room
from tests.support import specs

# What Telegram changed after 10.1, as (method or type, field): known here, absent from the description.
ADDED_SINCE: frozenset[tuple[str, str]] = frozenset()
# Fields that are required today and were not in 10.1, or the other way round.
REQUIRED_CHANGED_SINCE: frozenset[tuple[str, str]] = frozenset()

BASIC: Mapping[str, type | tuple[type, ...]] = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "True": bool,
    "Float": (int, float),
}
# A union of objects, told apart by one of their fields.
TOLD_APART = {
    "ChatMember": ("status", {"member": "ChatMemberMember", "kicked": "ChatMemberBanned", "left": "ChatMemberLeft"}),
    "MenuButton": ("type", VARIANTS["MenuButton"]),
}
GIF = b"GIF89a" + struct.pack("<HH", 4, 3) + b"\x00" * 3


class Spec:
    def __init__(self, document: dict[str, Any]) -> None:
        self.methods: dict[str, Any] = document["methods"]
        self.types: dict[str, Any] = document["types"]

    def problems(self, kind: str, value: Any, where: str) -> Iterator[str]:
        """What is wrong with a value that should be of this type, with the path to it."""
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                yield f"{where}: not an array"
                return
            for at, item in enumerate(value):
                yield from self.problems(kind.removeprefix("Array of "), item, f"{where}[{at}]")
        elif kind in BASIC:
            if not isinstance(value, BASIC[kind]) or (kind == "Integer" and isinstance(value, bool)):
                yield f"{where}: {value!r} is no {kind}"
        elif not isinstance(value, dict):
            yield f"{where}: {value!r} is no {kind}"
        else:
            yield from self._object(self._concrete(kind, value), value, where)

    def _concrete(self, kind: str, value: dict[str, Any]) -> str:
        if kind == "MaybeInaccessibleMessage":
            return "InaccessibleMessage" if value.get("date") == 0 else "Message"
        if kind in TOLD_APART:
            field, kinds = TOLD_APART[kind]
            return kinds[value[field]]
        return kind

    def _object(self, kind: str, value: dict[str, Any], where: str) -> Iterator[str]:
        fields = {field["name"]: field for field in self.types[kind].get("fields", [])}
        for name, part in value.items():
            if name in fields:
                yield from self._either(fields[name]["types"], part, f"{where}.{name}")
            elif (kind, name) not in ADDED_SINCE:
                yield f"{where}: {kind} has no {name}"
        for name, field in fields.items():
            if field["required"] and name not in value and (kind, name) not in REQUIRED_CHANGED_SINCE:
                yield f"{where}: {kind} needs {name}"

    def _either(self, kinds: list[str], value: Any, where: str) -> Iterator[str]:
        found = [list(self.problems(kind, value, where)) for kind in kinds]
        if all(found):
            yield from found[0]


@pytest.fixture(scope="module")
def spec() -> Spec:
    return Spec(json.loads(specs.described("telegram-bot-api-10.1.json").read_text()))


TABLES = {**METHODS, **OBJECTS}


@pytest.mark.parametrize("name", TABLES)
def test_the_arguments_taken_are_telegrams(spec: Spec, name: str) -> None:
    described = spec.methods.get(name) or spec.types[name]
    theirs = {field["name"]: field for field in described.get("fields", [])}
    ours: Fields = TABLES[name]
    for field, own in ours.items():
        if (name, field) in ADDED_SINCE:
            continue
        assert field in theirs
        assert own.kinds == tuple(theirs[field]["types"])
        assert own.required == theirs[field]["required"] or (name, field) in REQUIRED_CHANGED_SINCE
    missing = {field for field, other in theirs.items() if other["required"]} - ours.keys()
    assert not missing, "what Telegram requires has to be taken"


def test_every_variant_is_one_of_telegrams(spec: Spec) -> None:
    for union, kinds in VARIANTS.items():
        assert set(kinds.values()) <= set(spec.types[union]["subtypes"])


def test_there_is_a_table_for_each_method_and_a_handler_for_each_table() -> None:
    assert METHODS.keys() == HANDLERS.keys()
    kinds = {kind for table in TABLES.values() for field in table.values() for kind in field.kinds}
    plain = {kind.replace("Array of ", "") for kind in kinds} - BASIC.keys() - {"InputFile"}
    assert plain <= OBJECTS.keys() | VARIANTS.keys()


async def test_every_answer_and_update_has_telegrams_shape(spec: Spec) -> None:
    async with open_room() as running, running.webhook(secret_token="s") as heard:
        await _live_a_little(running)
        updates = heard.updates
        answers = [(call.name, call.answer) for call in running.standin.journal.calls()]
    assert {name for update in updates for name in update} == {
        *("update_id", "message", "edited_message", "callback_query", "pre_checkout_query", "my_chat_member")
    }
    problems = [problem for update in updates for problem in spec.problems("Update", update, "update")]
    assert {name for name, answer in answers if answer["ok"]} == HANDLERS.keys()
    for name, answer in answers:
        if answer["ok"]:
            kinds = spec.methods[name]["returns"]
            problems += spec._either(kinds, answer["result"], name)
        else:
            problems += [f"{name}: {key}" for key in answer.keys() - {"ok", "error_code", "description", "parameters"}]
            problems += spec.problems("ResponseParameters", answer.get("parameters", {}), name)
    assert not problems


async def _live_a_little(running: RunningTelegram) -> None:
    """One of everything that the stand-in answers or tells."""
    ana = await running.person(last_name="Ruiz", username="ana", language_code="es")
    ben = await running.person("Ben")
    for user in (ana, ben):
        await running.act("start", user=user, payload="offer-3")
    group = (await running.act("groups", user=ana, title="Team", members=[ben]))["chat_id"]
    await _chat(running, ana)
    await _send_files(running, ana)
    await _introduce(running, ana)
    await running.bot.send_message(group, "Hello")
    await running.act("say", user=ben, chat=group, text="/help@rapport_bot")
    await running.act("block", user=ben)
    await running.raw("sendMessage", chat_id=ben, text="Hi")
    await running.act("unblock", user=ben)
    await running.act("remove_bot", user=ana, chat=group)
    for name in ("getMe", "getWebhookInfo", "getUpdates"):
        await running.raw(name)
    for chat in (ana, group):
        await running.raw("getChat", chat_id=chat)
    running.standin.faults.add("getMe", "rate_limit")
    await running.raw("getMe")
    await running.until_quiet()
    await running.raw("deleteWebhook")
    await running.raw("getUpdates")


async def _chat(running: RunningTelegram, user: int) -> None:
    buttons = InlineKeyboardMarkup(
        [[InlineKeyboardButton("A", callback_data="a"), InlineKeyboardButton("B", url="https://example.org")]]
    )
    words = '<b>1</b> <pre><code class="language-py">2</code></pre> <tg-time unix="1700000000" format="t">3</tg-time>'
    sent = await running.bot.send_message(
        user, words, parse_mode="HTML", reply_markup=buttons, reply_parameters=ReplyParameters(1), protect_content=True
    )
    await running.raw("sendMessage", chat_id=user, text="x", link_preview_options={"is_disabled": True})
    await running.bot.send_chat_action(user, "typing")
    pressed = await running.act("tap", user=user, message_id=sent.message_id, text="A")
    await running.bot.answer_callback_query(pressed["id"])
    await running.bot.edit_message_text("Now", user, sent.message_id, reply_markup=buttons)
    await running.bot.edit_message_reply_markup(user, sent.message_id)
    await running.bot.pin_chat_message(user, sent.message_id)
    await running.raw("getChat", chat_id=user)
    await _pay(running, user)
    await running.bot.unpin_chat_message(user)
    await running.bot.delete_message(user, sent.message_id)
    await running.act("tap", user=user, message_id=sent.message_id, data="gone", forge=True)
    await running.bot.send_message(user, "Name?", reply_markup=ForceReply())
    said = await running.act("say", user=user, text="Ana, ana@example.org https://example.org/x /help @rapport_bot")
    await running.act("edit", user=user, message_id=said["message_id"], text="Anna")


async def _pay(running: RunningTelegram, user: int) -> None:
    token = running.standin.world.till.provider_token
    link = await running.bot.create_invoice_link("T", "D", "order:1", "EUR", [LabeledPrice("L", 100)], token)
    paying = await running.act("pay", user=user, link=link)
    await running.bot.answer_pre_checkout_query(paying["checkout"], True)


async def _send_files(running: RunningTelegram, user: int) -> None:
    photo = await running.bot.send_photo(user, InputFile(GIF, "a.gif"), caption="<b>c</b>", parse_mode="HTML")
    await running.bot.edit_message_caption(user, photo.message_id, caption="d")
    await running.raw(
        "editMessageMedia",
        chat_id=user,
        message_id=photo.message_id,
        media={"type": "photo", "media": photo.photo[0].file_id},
    )
    await running.bot.send_document(user, InputFile(b"x", "a.txt"))
    await running.bot.get_file(photo.photo[0].file_id)


async def _introduce(running: RunningTelegram, user: int) -> None:
    await running.bot.set_my_commands([BotCommand("book", "Book")])
    await running.bot.get_my_commands()
    await running.bot.delete_my_commands()
    for name, key in (("Name", "name"), ("Description", "description"), ("ShortDescription", "short_description")):
        await running.raw(f"setMy{name}", **{key: "Words"})
        await running.raw(f"getMy{name}")
    await running.raw("setChatMenuButton", chat_id=user, menu_button={"type": "commands"})
    await running.raw("getChatMenuButton", chat_id=user)
    await running.raw("getChatMenuButton")
