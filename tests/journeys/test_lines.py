"""The other ways in: Telegram by polling and Slack by Socket Mode run the whole journey, and lose nothing."""

from tests.journeys.conftest import Open
from tests.journeys.stories import FREE, books, practice
from tests.journeys.test_paid_session import whole_story
from tests.support.whole_product import WholeProduct


async def polling(opened: Open) -> WholeProduct:
    return await opened(TELEGRAM_MODE="polling", TELEGRAM_WEBHOOK_SECRET="")


async def socket_mode(opened: Open) -> WholeProduct:
    product = await opened(SLACK_APP_TOKEN="xapp-1-A07RAPPORT-1-sandbox", SLACK_SIGNING_SECRET="")
    await product.until(lambda: product.slack.sockets.connected)
    return product


async def test_polling_runs_the_whole_journey(opened: Open) -> None:
    product = await polling(opened)
    await whole_story(product, *await practice(product, "telegram", "telegram"))


async def test_socket_mode_runs_the_whole_journey(opened: Open) -> None:
    product = await socket_mode(opened)
    product.slack.settings.request_url = ""
    await whole_story(product, *await practice(product, "slack", "slack"))


async def test_polling_loses_nothing_over_a_restart(opened: Open) -> None:
    product = await polling(opened)
    ana, mia = await practice(product, "telegram", "telegram", FREE)
    await mia.says("/book")
    await mia.taps("Wed 3 Feb")
    await product.stops("web")
    await mia.says("/sessions")
    await product.start_web()
    await mia.sees("You have nothing booked", within=15)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")


async def test_socket_mode_comes_back_when_it_is_sent_away(opened: Open) -> None:
    product = await socket_mode(opened)
    _ana, mia = await practice(product, "slack", "slack", FREE)
    await product.slack.sockets.disconnect("refresh_requested")
    await product.until(lambda: product.slack.sockets.connected, within=15)
    await books(mia, "Wed 3 Feb", "10:00")
