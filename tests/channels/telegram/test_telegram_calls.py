"""The calls of a turn say on the wire what python-telegram-bot's own methods would say."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest

from bot.channels.telegram.calls import Calls
from bot.channels.telegram.posting import Poster
from bot.channels.telegram.request import AiohttpRequest
from bot.chat.channel import PerhapsDelivered
from bot.chat.screen import Button, File, Line, Link, Picture, Screen, Style
from bot.sandbox.standin import serve
from tests.channels.telegram.test_telegram_windows import PIXEL
from tests.sandbox.telegram.running_telegram import RunningTelegram, open_room

ROW = (Button("Go", "a/b", Style.PRIMARY), Button("Wait", "c"), Link("Web", "https://a.example"))
SCREEN = Screen("Ünï & <code>", (Line("two\nlines 🧘"),), (ROW,))
HTML = "<b>Ünï &amp; &lt;code&gt;</b>\n\ntwo\nlines 🧘"
KEYBOARD = InlineKeyboardMarkup.from_row(
    [
        InlineKeyboardButton("Go", callback_data="a/b", style="primary"),
        InlineKeyboardButton("Wait", callback_data="c"),
        InlineKeyboardButton("Web", url="https://a.example"),
    ]
)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
STAMP = replace(SCREEN, picture=Picture(PIXEL, "a stamp"))


@pytest.fixture
async def running() -> AsyncIterator[RunningTelegram]:
    async with open_room() as opened:
        yield opened


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest() as opened:
        yield opened


async def test_what_goes_over_the_wire_is_what_the_library_sends(
    running: RunningTelegram, request_: AiohttpRequest
) -> None:
    ana, library = await running.started("Ana"), running.bot
    poster = Poster(Calls(library.base_url, request_))
    text: dict[str, Any] = {"parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
    await library.send_message(ana, HTML, reply_markup=KEYBOARD, **text)
    first = int(await poster.post(str(ana), SCREEN))
    reply = ReplyParameters(first, allow_sending_without_reply=True)
    await library.send_message(ana, HTML, reply_markup=KEYBOARD, reply_parameters=reply, **text)
    await poster.post(str(ana), SCREEN, under=first)
    caption: dict[str, Any] = {"caption": f"{HTML}\n\n<i>a stamp</i>", "parse_mode": "HTML"}
    await library.send_photo(ana, PIXEL, reply_markup=KEYBOARD, **caption)
    photo = int(await poster.post(str(ana), STAMP))
    paper = b"%PDF-1.7"
    await library.send_document(
        ana, paper, caption=HTML, parse_mode="HTML", reply_markup=KEYBOARD, filename="R-00001.pdf"
    )
    await poster.post(str(ana), replace(SCREEN, file=File("R-00001.pdf", paper, "Receipt")))
    await library.edit_message_text("<b>Now</b>", ana, first, **text)
    assert await poster.revise(str(ana), str(first), Screen("Now"))  # "not modified" is as good as done
    await library.edit_message_caption(ana, photo, caption="<b>Now</b>", parse_mode="HTML")
    assert await poster.recaption(str(ana), str(photo), Screen("Now"))
    with pytest.raises(BadRequest):
        await library.edit_message_reply_markup(ana, first)
    await poster.strip(str(ana), str(first))
    _theirs_and_ours_are_the_same(running)


async def test_a_released_button_says_what_the_library_says(running: RunningTelegram, request_: AiohttpRequest) -> None:
    calls = Calls(running.bot.base_url, request_)
    told: list[dict[str, Any]] = [{}, {"text": "Words", "show_alert": True}, {"url": "https://t.me/a_bot?start=go-b"}]
    for more in told:
        with pytest.raises(BadRequest):  # nobody tapped
            await running.bot.answer_callback_query("1", **more)
        with pytest.raises(BadRequest):
            await calls.call("answerCallbackQuery", {"callback_query_id": "1", **more})
    _theirs_and_ours_are_the_same(running)


def _theirs_and_ours_are_the_same(running: RunningTelegram) -> None:
    sent = [(call.name, _read(call.params)) for call in running.standin.journal.calls() if call.name != "getMe"]
    assert sent[::2] == sent[1::2]
    assert len(sent) > 4


def _read(params: dict[str, Any]) -> dict[str, Any]:
    """With what is JSON read: the order of its names says nothing."""
    return {
        name: json.loads(value) if isinstance(value, str) and value[0] == "{" else value
        for name, value in params.items()
    }


async def test_a_message_without_a_number_may_have_been_delivered(request_: AiohttpRequest) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": {"message_id": "7"}})

    app = web.Application()
    app.router.add_post("/sendMessage", answer)
    served = await serve(app)
    try:
        with pytest.raises(PerhapsDelivered):
            await Poster(Calls(served.url, request_)).post("1", SCREEN)
    finally:
        await served.close()
