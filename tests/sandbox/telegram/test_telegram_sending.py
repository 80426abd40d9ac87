"""Messages, keyboards and edits through the real client."""

import struct
import zlib

import pytest
from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest

from tests.sandbox.telegram.running_telegram import RunningTelegram


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\x00" * ((width + 1) * height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


async def test_the_bot_knows_itself(running: RunningTelegram) -> None:
    me = await running.bot.get_me()
    assert (me.id, me.username, me.is_bot) == (700001, "rapport_bot", True)


async def test_html_becomes_text_and_entities(running: RunningTelegram) -> None:
    user = await running.started()
    moment = '<tg-time unix="1647531900" format="wDt">22:45</tg-time>'
    source = f'<b>Tue 😀</b> <a href="https://x.org/a">map</a> {moment} 5 &lt; 6'
    sent = await running.bot.send_message(user, source, parse_mode="HTML")
    assert sent.text == "Tue 😀 map 22:45 5 < 6"
    shapes = [(entity.type, entity.offset, entity.length) for entity in sent.entities]
    assert shapes == [("bold", 0, 6), ("text_link", 7, 3), ("date_time", 11, 5)]
    assert sent.entities[2].unix_time is not None
    shown = (await running.chat(user))["messages"][-1]
    assert shown["source"] == source
    assert shown["entities"][1]["url"] == "https://x.org/a"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a <x>b</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("é<b>b", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é<b>b</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("b</b>", "Unexpected end tag at byte offset 1"),
        ("1 <b", "Unclosed start tag at byte offset 2"),
        ("<tg-time unix='x'>a</tg-time>", "Invalid date-time specified"),
    ],
)
async def test_bad_html_is_refused_in_telegrams_words(running: RunningTelegram, source: str, words: str) -> None:
    user = await running.started()
    with pytest.raises(BadRequest, match=r"(?i)can't parse entities") as refused:
        await running.bot.send_message(user, source, parse_mode="HTML")
    assert refused.value.message.lower().endswith(words.lower())


async def test_text_is_1_to_4096_characters_after_parsing(running: RunningTelegram) -> None:
    user = await running.started()
    await running.bot.send_message(user, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="essage is too long"):
        await running.bot.send_message(user, "x" * 4097)
    with pytest.raises(BadRequest, match="essage text is empty"):
        await running.bot.send_message(user, "<b> </b>", parse_mode="HTML")


@pytest.mark.parametrize(
    ("button", "words"),
    [
        (InlineKeyboardButton("A", callback_data="é" * 33), "button_data_invalid"),
        (InlineKeyboardButton("A", url="http://localhost:8080/pay"), "Wrong HTTP URL"),
        (InlineKeyboardButton("A", url="javascript:alert(1)"), "Unsupported URL protocol"),
        (InlineKeyboardButton("A", callback_data="a", api_kwargs={"style": "loud"}), "style"),
        (InlineKeyboardButton("A"), "Text buttons are unallowed"),
        (InlineKeyboardButton("A", callback_data="a", api_kwargs={"colour": "red"}), "colour"),
    ],
)
async def test_buttons_have_limits(running: RunningTelegram, button: InlineKeyboardButton, words: str) -> None:
    user = await running.started()
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await running.bot.send_message(user, "Choose", reply_markup=keyboard([button]))


async def test_keyboards_have_limits(running: RunningTelegram) -> None:
    user = await running.started()
    button = InlineKeyboardButton("A", callback_data="x" * 64)
    await running.bot.send_message(user, "Full", reply_markup=keyboard(*[[button] * 8] * 12))
    for rows in ([[button] * 9], [[button] * 8] * 13):
        with pytest.raises(BadRequest, match="eply markup is too long"):
            await running.bot.send_message(user, "Too full", reply_markup=keyboard(*rows))


async def test_unknown_and_missing_arguments_are_refused(running: RunningTelegram) -> None:
    user = await running.started()
    status, told = await running.raw("sendMessage", chat_id=user, text="Hi", disable_web_page_preview=True)
    assert (status, told["error_code"]) == (400, 400)
    assert "disable_web_page_preview" in told["description"]
    assert (await running.raw("sendMessage", text="Hi"))[1]["description"] == "Bad Request: chat_id is empty"
    assert (await running.raw("sendMessage", chat_id="x", text=5))[0] == 400
    assert (await running.raw("sendPigeon"))[0] == 404


async def test_an_edit_replaces_words_and_keyboard(running: RunningTelegram) -> None:
    user = await running.started()
    sent = await running.bot.send_message(
        user, "One", reply_markup=keyboard([InlineKeyboardButton("A", callback_data="a")])
    )
    with pytest.raises(BadRequest, match="essage is not modified"):
        await running.bot.edit_message_text("One", user, sent.message_id, reply_markup=sent.reply_markup)
    edited = await running.bot.edit_message_text("Two", user, sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("Two", None)
    assert edited.edit_date is not None
    with pytest.raises(BadRequest, match="essage is not modified"):
        await running.bot.edit_message_reply_markup(user, sent.message_id)
    with pytest.raises(BadRequest, match="essage to edit not found"):
        await running.bot.edit_message_text("Three", user, 999)
    shown = (await running.chat(user))["messages"][-1]
    assert [old["text"] for old in shown["history"]] == ["One"]


async def test_what_is_not_the_bots_or_asks_for_a_reply_cannot_be_edited(running: RunningTelegram) -> None:
    user = await running.started()
    prompt = await running.bot.send_message(user, "Your name?", reply_markup=ForceReply(input_field_placeholder="Name"))
    for message_id in (1, prompt.message_id):
        with pytest.raises(BadRequest, match="essage can't be edited"):
            await running.bot.edit_message_text("No", user, message_id)


async def test_a_prompt_is_answered_by_the_next_words(running: RunningTelegram) -> None:
    user = await running.started()
    prompt = await running.bot.send_message(user, "Your name?", reply_markup=ForceReply(input_field_placeholder="Name"))
    seen = await running.chat(user)
    assert seen["force_reply"] == {"message_id": prompt.message_id, "placeholder": "Name"}
    await running.act("say", user=user, text="Ana")
    seen = await running.chat(user)
    assert (seen["force_reply"], seen["messages"][-1]["reply_to"]) == (None, prompt.message_id)
    await running.bot.send_message(
        user, "Pick", reply_markup=ReplyKeyboardMarkup([["Yes", "No"]], one_time_keyboard=True)
    )
    assert (await running.chat(user))["reply_keyboard"]["keyboard"][0][0] == {"text": "Yes"}


async def test_replies_pins_and_deletions(running: RunningTelegram) -> None:
    user = await running.started()
    first = await running.bot.send_message(user, "One")
    second = await running.bot.send_message(user, "Two", reply_parameters=ReplyParameters(first.message_id))
    assert second.reply_to_message is not None
    assert second.reply_to_message.text == "One"
    await running.bot.pin_chat_message(user, first.message_id)
    pinned = (await running.bot.get_chat(user)).pinned_message
    assert pinned is not None
    assert pinned.message_id == first.message_id
    await running.bot.delete_message(user, first.message_id)
    assert (await running.chat(user))["pinned"] == []
    with pytest.raises(BadRequest, match="essage to delete not found"):
        await running.bot.delete_message(user, first.message_id)
    running.standin.clock.advance(48 * 3600)
    with pytest.raises(BadRequest, match="can't be deleted for everyone"):
        await running.bot.delete_message(user, second.message_id)


async def test_a_photo_is_kept_and_served(running: RunningTelegram) -> None:
    user = await running.started()
    picture = png(30, 20)
    sent = await running.bot.send_photo(user, InputFile(picture, "qr.png"), caption="<i>Scan</i>", parse_mode="HTML")
    assert (sent.photo[0].width, sent.photo[0].height, sent.caption) == (30, 20, "Scan")
    again = await running.bot.send_photo(user, sent.photo[0].file_id)
    assert again.photo[0].file_unique_id == sent.photo[0].file_unique_id
    file = await running.bot.get_file(sent.photo[0].file_id)
    assert bytes(await file.download_as_bytearray()) == picture
    async with running.session.get((await running.chat(user))["messages"][-1]["photo"]["url"]) as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", picture)
    edited = await running.bot.edit_message_media(InputMediaPhoto(png(8, 8), caption="New"), user, sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.photo[0].width, edited.caption) == (8, "New")
    captioned = await running.bot.edit_message_caption(user, sent.message_id, caption="Newer")
    assert not isinstance(captioned, bool)
    assert captioned.caption == "Newer"
    with pytest.raises(BadRequest, match="here is no text in the message to edit"):
        await running.bot.edit_message_text("Words", user, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await running.bot.send_photo(user, InputFile(b"no picture", "x.png"))


async def test_a_document_has_its_name(running: RunningTelegram) -> None:
    user = await running.started()
    sent = await running.bot.send_document(user, InputFile(b"BEGIN:VCALENDAR", "session.ics"), caption="Yours")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("session.ics", 15)
    assert (await running.chat(user))["messages"][-1]["document"]["name"] == "session.ics"


async def test_previews_and_quiet_messages_are_kept(running: RunningTelegram) -> None:
    user = await running.started()
    await running.bot.send_message(
        user,
        "https://example.org/x.",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
    )
    shown = (await running.chat(user))["messages"][-1]
    assert (shown["link_preview"], shown["silent"]) == ({"is_disabled": True}, True)
    assert shown["entities"] == [{"type": "url", "offset": 0, "length": 21}]
