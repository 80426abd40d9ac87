"""What goes wrong outside: Stripe away, webhooks lost, everything twice, blocked chats, workspaces that leave."""

from dataclasses import replace

from tests.journeys.conftest import Open
from tests.journeys.stories import FREE, PAID, arrives, books, buys, cancels, first_day, holds, looks, practice
from tests.support.people.slack_hands import SlackHands
from tests.support.people.telegram_hands import TelegramHands
from tests.support.whole_product import ALWAYS, TEAM, WholeProduct


async def test_with_stripe_away_the_hold_stays_and_the_link_follows(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform)
    product.stripe.faults.add("/v1/*", "cut", times=ALWAYS)
    await looks(mia)
    await mia.taps("10:00")
    await mia.sees("Card payments cannot be taken right now. Your time stays held")
    await mia.never_sees("Something went wrong", seconds=0.3)
    product.stripe.faults.clear()
    await product.passes(minutes=1)
    await mia.sees("Held: Coaching")
    await mia.pays()
    await mia.sees("Booked: Coaching")
    await ana.sees("New booking")


async def test_a_payment_whose_webhook_was_lost_is_found(product: WholeProduct, platform: str) -> None:
    """The browser does not come back either."""
    ana, mia = await practice(product, platform, platform)
    hooks = product.stripe.webhooks
    hooks.options = replace(hooks.options, hold=True)
    await holds(mia)
    session = next(iter(product.stripe.account.sessions))
    await product.session.post(f"{product.served['stripe'].url}/_sandbox/pay", json={"session": session})
    await mia.never_sees("Booked:", seconds=0.5)
    await product.passes(minutes=1)
    await mia.sees("Booked: Coaching", "€45.00, paid")
    await ana.sees("New booking")


async def test_everything_delivered_twice_happens_once(product: WholeProduct, crossing: tuple[str, str]) -> None:
    product.telegram.options.duplicate = True
    product.slack.settings.duplicate = True
    hooks = product.stripe.webhooks
    hooks.options = replace(hooks.options, duplicates=1, reverse=True)
    ana, mia = await practice(product, *crossing)
    await looks(mia)
    await mia.taps("10:00")
    await _again(product, mia.platform)
    await mia.sees("Held: Coaching")
    await mia.pays()
    await mia.sees("Booked: Coaching")
    await ana.sees("New booking")
    await cancels(mia)
    await _again(product, mia.platform)
    await mia.sees("Cancelled: Coaching", "You cancelled it.", "goes back to the card")
    await ana.sees("Cancelled: Coaching with Mia Kovalenko")
    await product.until(lambda: bool(product.stripe.account.refunds))
    account = product.stripe.account
    assert len(account.sessions) == len(account.refunds) == 1
    assert [charge.amount for charge in account.charges.values()] == [4500]
    assert await mia.counts("Held:") + await mia.counts("held until") == 0


async def _again(product: WholeProduct, platform: str) -> None:
    """Slack sends a tap once; its second copy comes byte by byte, as from a proxy that tried again."""
    if platform == "slack":
        told = await _slack(product, "replay", kind="interactive")
        assert told["status"] == 200


async def _slack(product: WholeProduct, name: str, **body: object) -> dict[str, object]:
    async with product.session.post(f"{product.served['slack'].url}/_sandbox/slack/{name}", json=body) as answer:
        told: dict[str, object] = await answer.json()
        return told


async def test_the_coach_hears_of_a_client_who_blocked_the_bot(product: WholeProduct, platform: str) -> None:
    """On Slack it is an account that was closed."""
    ana, mia = await practice(product, "telegram", platform, FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")
    if isinstance(mia.hands, TelegramHands):
        await mia.hands.act("block")
    elif isinstance(mia.hands, SlackHands):
        await mia.hands.act("profile", deleted=True)
    await product.passes(hours=24)
    await ana.sees("Mia Kovalenko cannot be reached", "did not get my last message")
    await ana.says("/clients")
    await ana.sees("Mia Kovalenko")


async def test_a_workspace_leaves_and_comes_back(opened: Open) -> None:
    product = await opened(oauth=True)
    mia = product.person("slack", "Mia Kovalenko", "Kyiv")
    installed = await _slack(product, "install", team=TEAM, install_url=f"{product.url}/slack/install")
    assert installed["ok"], installed
    ana = product.owner("telegram")
    await first_day(ana, FREE)
    await arrives(mia)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")
    gone = await _slack(product, "uninstall", team=TEAM, events=["tokens_revoked", "app_uninstalled"])
    assert gone["statuses"] == [200, 200]
    await ana.says("/today")
    await ana.taps("Tue 2 Feb")
    await ana.taps("Wed 3 Feb")
    await ana.sees("First talk with Mia Kovalenko")
    await _slack(product, "install", team=TEAM, install_url=f"{product.url}/slack/install")
    await mia.says("/sessions")
    await mia.sees("Wed 3 Feb", "10:00")
    await product.passes(hours=47)
    await mia.sees("Reminder: First talk", "10:00 (Kyiv)")


async def test_the_second_workspace_is_told_to_the_owner(opened: Open) -> None:
    product = await opened(oauth=True)
    ana = product.owner("telegram")
    await first_day(ana, PAID)
    product.slack.slack.add_team("North Star", "north-star", "T0NORTH")
    noa = product.person("slack", "Noa Levi", "London", team="T0NORTH")
    await _slack(product, "install", team="T0NORTH", install_url=f"{product.url}/slack/install")
    await ana.sees("North Star")
    await noa.starts()
    await buys(noa, "Wed 3 Feb", "08:00")
    await ana.sees("New booking: Coaching with Noa Levi")


async def test_a_platform_says_slow_down_and_nothing_is_lost(product: WholeProduct, crossing: tuple[str, str]) -> None:
    _ana, mia = await practice(product, *crossing, offer=FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    if mia.platform == "slack":
        product.slack.faults.add("chat.postMessage", "rate_limit", retry_after=1, times=2)
    else:
        product.telegram.faults.add("sendMessage", "rate_limit", retry_after=1, times=2)
    await product.passes(hours=24)
    await mia.sees("Reminder: First talk", within=15)
    assert await mia.counts("Reminder: First talk") == 1


async def test_an_answer_that_telegram_refuses_for_long_comes_by_itself(product: WholeProduct) -> None:
    _ana, mia = await practice(product, "slack", "telegram", FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    product.telegram.faults.add("sendMessage", "rate_limit", retry_after=90)
    await mia.says("/sessions")
    await mia.never_sees("Your sessions", seconds=0.5)
    await product.passes(seconds=91)
    await mia.sees("Your sessions", within=15)
    assert await mia.counts("Your sessions") == 1
