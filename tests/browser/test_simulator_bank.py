"""The simulator's bank: what a kept card says next, a dispute and its end, a fraud warning, each by one tap."""

import aiohttp
import pytest
from playwright.async_api import expect

from bot.sandbox.stripe.cards import CARDS
from bot.sandbox.stripe.customers import customers, methods
from bot.sandbox.stripe.intents import intents
from tests.support.people.chromium_page import page_on
from tests.support.quiet_product import quiet_stage

pytestmark = pytest.mark.browser


async def test_banks_speak_by_the_buttons_of_the_page(chromium: str) -> None:
    async with quiet_stage() as (stage, _product, url), page_on(chromium, url) as page:
        account = stage.standins.stripe.account
        await page.get_by_role("button", name="More", exact=True).click()
        menu = page.locator("#more")
        await expect(menu).to_contain_text("Nothing is paid and no card is kept yet.")
        await page.keyboard.press("Escape")

        customer = customers.create(account, {})
        method = methods.attach(account, methods.make(account, CARDS["success"], None), customer.id)
        asked = {"amount": 6000, "currency": "eur", "customer": customer.id, "payment_method": method.id}
        intents.create(account, asked | {"confirm": True, "description": "Single with Ana"}, url)
        await page.get_by_role("button", name="More", exact=True).click()
        await menu.get_by_label("What the bank says to Visa ··4242").select_option("check")
        await expect(menu).to_contain_text("€60.00Single with Ana")
        await menu.get_by_role("button", name="Fraud warning").click()
        await expect(menu.get_by_role("button", name="Fraud warning")).to_have_count(0)
        await menu.get_by_role("button", name="Dispute").click()
        await expect(menu).to_contain_text("needs response")
        await menu.get_by_role("button", name="Won").click()
        await expect(menu).to_contain_text("won")
        assert method.says == "check"
        async with aiohttp.ClientSession() as session, session.get(f"{url}/_sandbox/stripe/state") as answer:
            state = await answer.json()
        assert [one["status"] for one in state["disputes"]] == ["won"]
