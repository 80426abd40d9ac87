"""The simulator's page in a real browser: everything that may arrive is drawn, and what is not says so."""

from typing import Any

import aiohttp
import pytest
from playwright.async_api import Route, expect

from bot.sandbox.slack.blocks.block_elements import ELEMENTS
from bot.sandbox.slack.blocks.block_kit import BLOCKS
from tests.support.people.chromium_page import page_on
from tests.support.quiet_product import QuietProduct, quiet_stage

pytestmark = pytest.mark.browser

Json = dict[str, Any]
TEAM = "T0HARBOUR"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[Json]:
    return [{"text": words(name), "value": name.lower()} for name in names]


CONFIRM = {"title": words("Cancel it?"), "text": words("All is given back."), "confirm": words("Cancel session"),
           "deny": words("Keep it"), "style": "danger"}  # fmt: skip
CHOICES: list[Json] = [
    {"type": "static_select", "action_id": "s", "placeholder": words("Pick one"), "options": options("One", "Two")},
    {"type": "users_select", "action_id": "users"},
    {"type": "radio_buttons", "action_id": "radio", "options": options("Alpha", "Beta")},
    {"type": "checkboxes", "action_id": "boxes", "options": options("Gamma", "Delta")},
    {"type": "datepicker", "action_id": "date"},
    {"type": "timepicker", "action_id": "time"},
    {"type": "datetimepicker", "action_id": "moment"},
]
BUTTONS: list[Json] = [
    {"type": "button", "action_id": "b1", "text": words("Book"), "value": "book", "style": "primary"},
    {"type": "button", "action_id": "b2", "text": words("Cancel"), "style": "danger", "confirm": CONFIRM},
    {"type": "overflow", "action_id": "more", "options": options("Edit", "Delete")},
]
MESSAGE: list[Json] = [
    {"type": "header", "text": words("Your session")},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Tue* _15:00_ &lt;b&gt; $1,000.50 <@U0BEN>"},
     "accessory": {"type": "image", "image_url": PIXEL, "alt_text": "a dot"}},
    {"type": "section", "text": words("Several"), "accessory": {
        "type": "multi_static_select", "action_id": "many", "options": options("Red", "Green")}},
    {"type": "divider"},
    {"type": "context", "elements": [words("plain"), {"type": "mrkdwn", "text": "`code`"}]},
    {"type": "actions", "elements": BUTTONS},
    {"type": "actions", "elements": CHOICES},
    {"type": "image", "image_url": PIXEL, "alt_text": "a dot"},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}]},
    {"type": "markdown", "text": "## Heading\n- **bold** item"},
]  # fmt: skip
TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")


def form() -> list[Json]:
    elements: list[Json] = [{"type": kind, "action_id": kind} for kind in TYPED]
    elements[1]["is_decimal_allowed"] = False
    elements += [dict(element) for element in CHOICES]
    alert: Json = {"type": "alert", "text": words("Free to cancel until Monday."), "level": "info"}
    return [alert] + [
        {"type": "input", "block_id": f"f{number}", "label": words(f"Field {number}"), "element": element,
         "optional": number > 0}
        for number, element in enumerate(elements)
    ]  # fmt: skip


async def installed(session: aiohttp.ClientSession, url: str) -> str:
    async with session.post(f"{url}/_sandbox/slack/install", json={"team": TEAM}) as answer:
        return str((await answer.json())["token"])


async def directly(product: QuietProduct, token: str) -> str:
    return str((await product.slack(token, "conversations.open", users="U0LEO"))["channel"]["id"])


async def test_every_block_and_element_is_drawn_and_works(chromium: str) -> None:
    async with quiet_stage() as (stage, product, url), aiohttp.ClientSession() as session:
        token = await installed(session, url)
        channel = await directly(product, token)
        await product.slack(token, "chat.postMessage", channel=channel, text="all", blocks=MESSAGE)
        sent = {block["type"] for block in MESSAGE} | {"input", "alert"}
        assert sent == set(BLOCKS), "a new kind of block has to be drawn, and to be here"
        drawn = {one["type"] for one in [*BUTTONS, *CHOICES]} | {*TYPED, "image", "multi_static_select"}
        assert drawn | {"plain_text", "mrkdwn"} == set(ELEMENTS), "so has a new kind of element"

        async def hear(sent: Json) -> Json | None:
            if "command" in sent:
                view = {"type": "modal", "title": words("A form"), "submit": words("Save"), "blocks": form()}
                await product.slack(token, "views.open", trigger_id=sent["trigger_id"], view=view)
            if sent.get("type") == "view_submission":
                said = sent["view"]["state"]["values"]["f0"]["plain_text_input"]["value"]
                return {"response_action": "errors", "errors": {"f0": "Not that one."}} if said == "bad" else {}
            return None

        product.hear = hear
        async with page_on(chromium, url) as page:
            slack = page.get_by_label("Slack", exact=True)
            await slack.get_by_role("button", name="Book").click()
            await slack.get_by_label("Pick one").select_option("two")
            await slack.get_by_role("button", name="Cancel").click()
            await page.get_by_role("button", name="Cancel session").click()
            await expect(page.locator(".dialog")).to_have_count(0)
            await slack.get_by_role("button", name="More actions").click()
            await slack.get_by_role("menuitem", name="Delete").click()
            await page.wait_for_timeout(300)
            pressed = [one["actions"][0] for one in product.got if one.get("type") == "block_actions"]
            assert [one["action_id"] for one in pressed] == ["b1", "s", "b2", "more"]
            await slack.get_by_label("Message", exact=True).fill("/book")
            await page.keyboard.press("Enter")
            modal = page.get_by_role("dialog", name="A form")
            await expect(modal.get_by_text("Free to cancel until Monday.")).to_be_visible()
            await modal.get_by_label("Field 0").fill("bad")
            await page.keyboard.press("Enter")
            await expect(modal.get_by_text("Not that one.")).to_be_visible()
            await expect(modal.get_by_label("Field 0")).to_have_value("bad")
            await modal.get_by_label("Field 0").fill("good")
            await modal.get_by_role("button", name="Save").click()
            await expect(modal).to_have_count(0)
            assert await page.evaluate("window.__undrawn") == []
        assert stage.undrawn == []


async def test_what_cannot_be_drawn_is_visible_and_reported(chromium: str) -> None:
    async with quiet_stage() as (stage, product, url), aiohttp.ClientSession() as session:
        token = await installed(session, url)
        channel = await directly(product, token)
        await product.slack(token, "chat.postMessage", channel=channel, text="x", blocks=MESSAGE[:1])
        async with page_on(chromium, "about:blank") as page:

            async def change(route: Route) -> None:
                answer = await route.fetch()
                await route.fulfill(response=answer, body=(await answer.text()).replace('"header"', '"hologram"'))

            await page.route("**/_sandbox/slack/state*", change)
            await page.goto(url)
            await expect(page.get_by_text("Cannot draw a Slack block: hologram")).to_be_visible()
        assert {one["type"] for one in stage.undrawn} == {"hologram"}


async def test_each_footnote_has_a_line_of_its_own(chromium: str) -> None:
    """Slack breaks the lines of a context where we do."""
    async with quiet_stage() as (_stage, product, url), aiohttp.ClientSession() as session:
        token = await installed(session, url)
        channel = await directly(product, token)
        words = "Wed 2 Dec: nothing free, next is Fri 4 Dec\nThu 3 Dec: nothing free, next is Fri 4 Dec"
        context = {"type": "context", "elements": [{"type": "mrkdwn", "text": words}]}
        await product.slack(token, "chat.postMessage", channel=channel, text="x", blocks=[context])
        async with page_on(chromium, url) as page:
            shown = page.locator(".sk-context span").last
            await expect(shown).to_be_visible()
            assert await shown.inner_text() == words


async def test_it_begins_with_the_owner_where_nothing_is_set_up(chromium: str) -> None:
    async with quiet_stage() as (stage, _product, url):
        for empty, people in ((False, ["Mia Kovalenko", "Leo Martin"]), (True, ["Ana Fischer", "Olivia Grant"])):
            await stage.start(empty=empty)
            async with page_on(chromium, url) as page:
                chosen = page.locator(".people [aria-pressed=true]")
                await expect(chosen).to_have_count(2)
                named = [await one.get_attribute("aria-label") or "" for one in await chosen.all()]
                assert [name.split(",")[0] for name in named] == people


async def test_telegram_is_drawn_with_its_entities_and_keyboards(chromium: str) -> None:
    text = (
        "<b>bold</b> <i>italic</i> <u>under</u> <s>gone</s> <tg-spoiler>secret</tg-spoiler> <code>code</code> "
        "<a href='https://t.me/rapport_bot?start=coach-ana'>link</a> 😀 <b>after &lt;b&gt;</b> /help @somebody "
        "<blockquote>quoted</blockquote><pre>block</pre><tg-time unix='1647531900' format='wDt'>Tue</tg-time>"
    )
    styles = ["primary", "success", "danger", None]
    rows: list[list[Json]] = [
        [{"text": f"{style}", "callback_data": f"do/{style}"} | ({"style": style} if style else {})] for style in styles
    ]
    rows.append([{"text": "Copy", "copy_text": {"text": "abc"}}])
    async with quiet_stage() as (stage, product, url), page_on(chromium, url) as page:
        telegram = page.get_by_label("Telegram", exact=True)
        await telegram.get_by_role("button", name="START", exact=True).click()
        await expect(telegram.get_by_text("/start", exact=True)).to_be_visible()
        markup = {"inline_keyboard": rows}
        await product.telegram("sendMessage", chat_id=1002, text=text, parse_mode="HTML", reply_markup=markup)
        await expect(telegram.get_by_text("after <b>")).to_be_visible()
        await telegram.get_by_role("button", name="danger").click()
        await page.wait_for_timeout(300)
        [tap] = [update["callback_query"] for update in product.got if "callback_query" in update]
        assert tap["data"] == "do/danger"
        answer = {"callback_query_id": tap["id"], "text": "Look here", "show_alert": True}
        await product.telegram("answerCallbackQuery", **answer)
        await page.get_by_role("alertdialog").get_by_role("button", name="OK").click()
        await telegram.get_by_role("link", name="link").click()
        await telegram.get_by_role("button", name="START", exact=True).click()
        await expect(telegram.get_by_text("/start coach-ana")).to_be_visible()
        assert await page.evaluate("window.__undrawn") == []
        assert stage.undrawn == []


async def test_it_works_by_keyboard_and_on_a_phone(chromium: str) -> None:
    async with quiet_stage() as (_stage, product, url), page_on(chromium, url) as page:
        await page.set_viewport_size({"width": 390, "height": 844})
        telegram = page.get_by_label("Telegram", exact=True)
        await telegram.get_by_role("button", name="START", exact=True).press("Enter")
        message = telegram.get_by_label("Message", exact=True)
        await expect(message).to_be_focused()
        await message.press_sequentially("hello")
        await message.press("Enter")
        await expect(telegram.get_by_text("hello")).to_be_visible()
        await expect(message).to_be_focused()
        await message.press("ArrowUp")
        await page.keyboard.press("ArrowUp")
        await expect(telegram.locator("article").last).to_be_focused()
        await page.get_by_role("button", name="Slack").first.click()
        await expect(telegram).to_be_hidden()
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        assert [update["message"]["text"] for update in product.got if "message" in update] == ["/start", "hello"]
