"""Asks the new provider for the page of a held session, and posts one of its events to the product."""

import asyncio
import os

from bot import doctor
from bot.app import App, build
from bot.config import load
from bot.http_routes import http_routes
from bot.sandbox.standin import serve
from bot.web.server import application
from tests.services.bare_practice import CLIENT, NOW, made
from tests.services.selling_practice import SellingPractice


async def page(app: App) -> str | None:
    practice = await SellingPractice(app.storage).open()
    at = (await practice.starts(practice.paid))[0]
    booking_id = made(await practice.try_hold(CLIENT, practice.paid, at))
    payment = await app.desk.payments.ready(booking_id, NOW)
    return None if payment is None else payment.checkout_url


async def heard(app: App, secret: str) -> int:
    served = await serve(application(http_routes(app)))
    event = {"id": "event-1", "kind": "page.paid"}
    url, headers = f"{served.url}/webhooks/deskpay", {"DeskPay-Secret": secret}
    async with app.session.post(url, json=event, headers=headers) as answer:
        status = answer.status
    await served.close()
    return status


async def main() -> None:
    settings = load(dict(os.environ))
    app = await build(settings)
    found = await page(app)
    assert found == "https://pay.example/page-1", found
    answers = [await heard(app, secret) for secret in ("s3cret", "false")]
    assert answers == [200, 400], answers
    await app.close()
    lines = {line.name: line.state for line in await doctor.all_lines(settings)}
    assert lines["deskpay"] == "on", lines


asyncio.run(main())
