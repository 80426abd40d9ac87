"""The other ways in: Telegram by polling and Slack by Socket Mode run the whole journey, and lose nothing."""

from tests.journeys.conftest import Open
from tests.journeys.stories import FREE, books, practice
from tests.journeys.test_paid_session import whole_story
from tests.support.house import House


async def polling(opened: Open) -> House:
    return await opened(TELEGRAM_MODE="polling", TELEGRAM_WEBHOOK_SECRET="")


async def socket_mode(opened: Open) -> House:
    house = await opened(SLACK_APP_TOKEN="xapp-1-A07RAPPORT-1-sandbox", SLACK_SIGNING_SECRET="")
    await house.until(lambda: house.slack.sockets.connected)
    return house


async def test_polling_runs_the_whole_journey(opened: Open) -> None:
    house = await polling(opened)
    await whole_story(house, *await practice(house, "telegram", "telegram"))


async def test_socket_mode_runs_the_whole_journey(opened: Open) -> None:
    house = await socket_mode(opened)
    house.slack.settings.request_url = ""
    await whole_story(house, *await practice(house, "slack", "slack"))


async def test_polling_loses_nothing_over_a_restart(opened: Open) -> None:
    house = await polling(opened)
    ana, mia = await practice(house, "telegram", "telegram", FREE)
    await mia.says("/book")
    await mia.taps("Wed 3 Feb")
    await house.stops("web")
    await mia.says("/sessions")
    await house.start_web()
    await mia.sees("Nothing is booked", within=15)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")


async def test_socket_mode_comes_back_when_it_is_sent_away(opened: Open) -> None:
    house = await socket_mode(opened)
    _ana, mia = await practice(house, "slack", "slack", FREE)
    await house.slack.sockets.disconnect("refresh_requested")
    await house.until(lambda: house.slack.sockets.connected, within=15)
    await books(mia, "Wed 3 Feb", "10:00")
