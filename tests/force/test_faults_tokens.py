"""A token that a vendor accepts no more: the person is told, nothing is lost, and all goes on once it is mended."""

import pytest

from bot.sandbox.slack.workspace import Installation
from tests.journeys.stories import FREE, books, looks, practice, reviews
from tests.promises.everything import ask
from tests.support.whole_product import ALWAYS, TEAM, WholeProduct

pytestmark = pytest.mark.timeout(240)


def installed(product: WholeProduct) -> Installation:
    found = product.slack.slack.teams[TEAM].installation
    assert found is not None
    return found


def refuses(product: WholeProduct, vendor: str) -> None:
    if vendor == "slack":
        installed(product).state = "token_expired"
    else:
        product.telegram.faults.add("*", "status", status=401, times=ALWAYS)


def mends(product: WholeProduct, vendor: str) -> None:
    if vendor == "slack":
        installed(product).state = "active"
    else:
        product.telegram.faults.clear()


async def unreachable(product: WholeProduct) -> int:
    [(count,)] = await ask(product.database_url, "SELECT count(*) FROM accounts WHERE unreachable IS NOT NULL")
    assert isinstance(count, int)
    return count


@pytest.mark.parametrize("vendor", ["slack", "telegram"])
async def test_a_reminder_waits_for_a_token_that_works(product: WholeProduct, vendor: str) -> None:
    ana, mia = await practice(product, "telegram" if vendor == "slack" else "slack", vendor, FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")
    refuses(product, vendor)
    await product.passes(hours=24)
    await mia.never_sees("Reminder:", seconds=2)
    assert await unreachable(product) == 0
    mends(product, vendor)
    await product.passes(minutes=2)
    await mia.sees("Reminder: First talk", within=20)
    assert await mia.counts("Reminder: First talk") == 1
    await ana.never_sees("cannot be reached", seconds=0.3)


async def test_slack_answers_taps_and_commands_without_its_token(product: WholeProduct) -> None:
    """By the address that comes with them, which needs none. A modal brings none: what it led to is told later."""
    ana, mia = await practice(product, "telegram", "slack", FREE)
    await reviews(mia)
    refuses(product, "slack")
    await mia.taps("Book it")
    await ana.sees("New booking")
    await mia.says("/sessions")
    await mia.sees("Wed 3 Feb", "10:00")
    await mia.taps("Help", on="Wed 3 Feb")
    await mia.sees("My commands")
    mends(product, "slack")
    await product.passes(minutes=2)
    await mia.still_sees("Booked: First talk", "Wed 3 Feb")
    assert await mia.counts("Booked: First talk") == 1


async def test_a_hold_waits_for_a_stripe_key_that_works(product: WholeProduct) -> None:
    ana, mia = await practice(product, "slack", "telegram")
    product.stripe.faults.add("/v1/*", "status", status=401, times=ALWAYS)
    await looks(mia)
    await mia.taps("10:00")
    await mia.sees("Card payments cannot be taken right now. Your time stays held")
    await ana.sees("Card payments do not work", "Stripe does not accept the key")
    product.stripe.faults.clear()
    await product.passes(minutes=2)
    await mia.pays()
    await mia.sees("Booked: Coaching")
    await ana.sees("New booking")
    assert len(product.stripe.account.sessions) == 1
