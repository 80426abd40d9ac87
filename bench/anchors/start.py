"""`python -m bench.anchors.start`: the frameworks alone, imported and started, with next to nothing to do."""

import asyncio
import os

import stripe
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.ext.asyncio import create_async_engine

from bench.anchors.servers import listen, slack, telegram


async def main() -> None:
    api_url = os.environ["API_URL"]
    await telegram(None, api_url)
    create_async_engine("postgresql+asyncpg://nobody@127.0.0.1/nothing")
    stripe.StripeClient("sk_test_bench")
    AsyncIOScheduler().start()
    await listen(*await slack(None, api_url))


if __name__ == "__main__":
    asyncio.run(main())
