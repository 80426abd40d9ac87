"""The bare bots that Rapport is measured against: the frameworks alone, answering one button, with no database.

Run as `python -m bench.anchors ptb|bolt PORT API_URL`; prints nothing, serves until it is ended.
"""

import asyncio
import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bench.scene import BOT_TOKEN, SIGNING_SECRET, SLACK_TOKEN


async def ptb(port: int, api_url: str) -> None:
    """python-telegram-bot as its documentation shows it, fed by a webhook."""

    async def tapped(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer()
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])
        await query.edit_message_text(f"Tapped {query.data} {update.update_id}", reply_markup=keyboard)

    builder = Application.builder().token(BOT_TOKEN).base_url(f"{api_url}/bot")
    app = builder.updater(None).job_queue(None).build()
    app.add_handler(CallbackQueryHandler(tapped))
    await app.initialize()

    async def door(request: web.Request) -> web.Response:
        await app.process_update(Update.de_json(await request.json(), app.bot))
        return web.Response()

    await _serve(port, "/telegram/webhook", door)


async def bolt(port: int, api_url: str) -> None:
    """slack-bolt as its documentation shows it, mounted in aiohttp."""
    client = AsyncWebClient(SLACK_TOKEN, base_url=f"{api_url}/api/")
    app = AsyncApp(signing_secret=SIGNING_SECRET, client=client)

    @app.action("r0c0")
    async def tapped(ack: AsyncAck, body: dict[str, dict[str, str]], client: AsyncWebClient) -> None:
        await ack()
        where = body["container"]
        await client.chat_update(channel=where["channel_id"], ts=where["message_ts"], text="Tapped")

    async def door(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    await _serve(port, "/slack/events", door)


async def _serve(port: int, path: str, door: object) -> None:
    async def healthz(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_post(path, door)  # type: ignore[arg-type]
    app.router.add_get("/healthz", healthz)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run({"ptb": ptb, "bolt": bolt}[sys.argv[1]](int(sys.argv[2]), sys.argv[3]))
