"""`python -m bench.anchors_start`: the frameworks alone, imported and started, with nothing to do."""

import asyncio
import os

import aiohttp
import stripe
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import create_async_engine
from telegram.ext import Application

from bench.anchors import AiohttpRequest, listen, through
from bench.scene import BOT_TOKEN, SIGNING_SECRET, SLACK_TOKEN


async def main() -> None:
    api_url = os.environ["API_URL"]
    client = AsyncWebClient(SLACK_TOKEN, base_url=f"{api_url}/api/", session=aiohttp.ClientSession())
    app = AsyncApp(signing_secret=SIGNING_SECRET, client=client, process_before_response=True)

    @app.action("r0c0")
    async def tapped(ack: AsyncAck) -> None:
        await ack()

    telegram = Application.builder().token(BOT_TOKEN).base_url(f"{api_url}/bot").updater(None).job_queue(None)
    bot = telegram.request(AiohttpRequest()).build()
    await bot.initialize()
    create_async_engine("postgresql+asyncpg://nobody@127.0.0.1/nothing")
    stripe.StripeClient("sk_test_bench")
    AsyncIOScheduler().start()
    await listen("/slack/events", through(app))


if __name__ == "__main__":
    asyncio.run(main())
