"""The servers that Rapport is measured against: bare frameworks, and floors composed of the least that a turn needs.

Run as `python -m bench.anchors.servers NAME` with PORT, API_URL and, where it keeps data, DATABASE_URL; serves until
ended.

`slack`, `telegram`: the frameworks with the settings that cost least (bolt answering when its listener ends and one
shared session; python-telegram-bot over aiohttp). `telegram-default`: python-telegram-bot as it comes, over httpx.
`bolt`: two listeners that acknowledge. A tap on "book…" does a booking's database work, on "turn…" that of a plain
turn, and then one message is shown.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters
from telegram.request import BaseRequest, RequestData

from bench.anchors.data import Postgres, Sqlite, opened
from bench.scene import BOT_TOKEN, SIGNING_SECRET, SLACK_TOKEN

Handler = Callable[[web.Request], Awaitable[web.Response]]


class AiohttpRequest(BaseRequest):
    """The least transport for python-telegram-bot over one aiohttp session."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return 10.0

    async def initialize(self) -> None:
        self._session = aiohttp.ClientSession()

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: Any, **_more: Any
    ) -> tuple[int, bytes]:
        assert self._session is not None
        data = request_data.json_parameters if request_data else None
        async with self._session.request(method, url, data=data) as answer:
            return answer.status, await answer.read()


async def does(data: Postgres | Sqlite | None, what: str, *about: str) -> None:
    if data is not None:
        await (data.books if what.startswith("book") else data.turns)(*about)


async def telegram(data: Postgres | Sqlite | None, api_url: str, *, httpx: bool = False) -> tuple[str, Handler]:
    async def arrived(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert data is not None
        assert update.effective_chat is not None
        await data.arrives("telegram", str(update.effective_chat.id))

    async def tapped(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query, chat = update.callback_query, update.effective_chat
        assert query is not None
        assert chat is not None
        await does(data, query.data or "", "telegram", str(chat.id), str(update.update_id))
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("My sessions", callback_data="sessions")]])
        await query.edit_message_text("Booked: Tue 2 Feb, 09:00 (London)", reply_markup=keyboard)

    builder = Application.builder().token(BOT_TOKEN).base_url(f"{api_url}/bot").updater(None).job_queue(None)
    if not httpx:
        builder = builder.request(AiohttpRequest())
    app = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, arrived))
    app.add_handler(CallbackQueryHandler(tapped))
    await app.initialize()

    async def handle(request: web.Request) -> web.Response:
        await app.process_update(Update.de_json(await request.json(), app.bot))
        return web.Response()

    return "/telegram/webhook", handle


async def slack(data: Postgres | Sqlite | None, api_url: str) -> tuple[str, Handler]:
    client = AsyncWebClient(SLACK_TOKEN, base_url=f"{api_url}/api/", session=aiohttp.ClientSession())
    app = AsyncApp(signing_secret=SIGNING_SECRET, client=client, process_before_response=True)

    @app.action("r0c0")
    async def tapped(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        where, what = body["container"], body["actions"][0]["value"]
        if what == "arrives":
            assert data is not None
            await data.arrives("slack", where["channel_id"])
            return
        await does(data, what, "slack", where["channel_id"], body["trigger_id"])
        await client.chat_update(
            channel=where["channel_id"], ts=where["message_ts"], text="Booked: Tue 2 Feb, 09:00 (London)"
        )

    return "/slack/events", through(app)


async def bolt(_data: Postgres | Sqlite | None, api_url: str) -> tuple[str, Handler]:
    client = AsyncWebClient(SLACK_TOKEN, base_url=f"{api_url}/api/", session=aiohttp.ClientSession())
    app = AsyncApp(signing_secret=SIGNING_SECRET, client=client, process_before_response=True)

    @app.command("/book")
    async def typed(ack: AsyncAck) -> None:
        await ack()

    @app.action("url.r0c0")
    async def tapped(ack: AsyncAck) -> None:
        await ack()

    return "/slack/events", through(app)


def through(app: AsyncApp) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return handle


async def main(name: str) -> None:
    api_url, url = os.environ["API_URL"], os.environ.get("DATABASE_URL")
    data = opened(url) if url else None
    if data is not None:
        await data.open()
    match name:
        case "slack":
            path, handle = await slack(data, api_url)
        case "bolt":
            path, handle = await bolt(data, api_url)
        case _:
            path, handle = await telegram(data, api_url, httpx=name == "telegram-default")
    await listen(path, handle)


async def listen(path: str, handle: Handler) -> None:
    async def healthz(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_post(path, handle)
    app.router.add_get("/healthz", healthz)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
