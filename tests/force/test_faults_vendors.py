"""Vendors that fail after the work was done, fall over, ask to wait without saying how long, or take their time."""

import time
from collections.abc import Callable

import pytest

from tests.journeys.stories import FREE, books, buys, holds, looks, practice
from tests.support.whole_product import WholeProduct

SLACK_WAITS = 3.0
SEND = {"slack": "chat.postMessage", "telegram": "sendMessage"}

pytestmark = pytest.mark.timeout(240)


def fails(product: WholeProduct, vendor: str, kind: str, **details: int) -> None:
    faults = product.slack.faults if vendor == "slack" else product.telegram.faults
    faults.add(SEND[vendor], kind, **details)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("vendor", "kind", "details", "at_most"),
    [
        ("slack", "cut_after", {}, 1),  # looked for by its key, and found
        ("telegram", "cut_after", {}, 2),  # nobody can look: a reminder twice is better than none
        ("slack", "status", {"status": 500}, 1),
        ("telegram", "status", {"status": 500}, 1),
        ("slack", "status", {"status": 429}, 1),  # without Retry-After
        ("telegram", "status", {"status": 429}, 1),
    ],
)
async def test_a_reminder_arrives_whatever_the_platform_does_to_it(
    product: WholeProduct, vendor: str, kind: str, details: dict[str, int], at_most: int
) -> None:
    ana, mia = await practice(product, "telegram" if vendor == "slack" else "slack", vendor, FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")
    fails(product, vendor, kind, **details)
    await product.passes(hours=24)
    for _minute in range(4):
        await product.passes(minutes=1)
    await mia.sees("Reminder: First talk", within=20)
    assert 1 <= await mia.counts("Reminder: First talk") <= at_most


@pytest.mark.attack("Loses every answer of Telegram for an hour, after the work was done")
async def test_an_hour_of_lost_answers_makes_two_messages_of_a_reminder(
    product: WholeProduct, record_property: Callable[[str, object], None]
) -> None:
    """Telegram does the work, and cuts the line before it answers."""
    ana, mia = await practice(product, "slack", "telegram", FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")
    fails(product, "telegram", "cut_after", times=500)
    await product.passes(hours=24)
    for _minute in range(60):
        await product.passes(minutes=1)
    began = time.monotonic()
    await ana.sees("A message to Mia Kovalenko may be lost", within=20)
    waited_s = time.monotonic() - began
    copies = await mia.counts("Reminder: First talk")
    record_property("outcome", f"{copies} copies of one reminder, and the coach reads that it may be lost")
    record_property("cost", f"the coach's own message of it, on Slack, came within {waited_s:.1f} s")
    assert copies == 2


async def test_a_page_whose_closing_was_not_heard_of_is_closed_once(product: WholeProduct) -> None:
    _ana, mia = await practice(product, "slack", "telegram")
    await holds(mia)
    product.stripe.faults.add("POST /v1/checkout/sessions/{id}/expire", "cut_after", times=3)
    await mia.taps("Let it go")
    await mia.sees("Let go: Coaching")
    await product.passes(minutes=1)
    assert [page.status for page in product.stripe.account.sessions.values()] == ["expired"]
    await buys(mia, "Thu 4 Feb", "10:00")
    assert [charge.amount for charge in product.stripe.account.charges.values()] == [4500]


@pytest.mark.parametrize(("status", "times"), [(429, 1), (500, 3)])
async def test_a_hold_gets_its_page_when_stripe_comes_round(product: WholeProduct, status: int, times: int) -> None:
    """429 comes without a word on how long to wait; the SDK itself tries three times after 500."""
    _ana, mia = await practice(product, "slack", "telegram")
    product.stripe.faults.add("POST /v1/checkout/sessions", "status", status=status, times=times)
    await looks(mia)
    await mia.taps("10:00")
    await mia.sees("Card payments cannot be taken right now. Your time stays held")
    for _look in range(4):
        await product.passes(seconds=30)
    await mia.pays()
    await mia.sees("Booked: Coaching")
    assert len(product.stripe.account.sessions) == 1


@pytest.mark.parametrize("slow", ["stripe", "users.info", "chat.*"])
async def test_slack_has_its_answer_in_time_however_slow_others_are(product: WholeProduct, slow: str) -> None:
    _ana, mia = await practice(product, "telegram", "slack")
    sam = product.person("slack", "Sam Hughes", "London")
    await looks(mia)
    if slow == "stripe":
        product.stripe.faults.add("/v1/*", "slow", seconds=6, times=3)
    else:
        product.slack.faults.add(slow, "slow", seconds=6, times=3)
    _seen, key = await mia.finds("10:00")
    block, action, _submit, chosen = key.at.split(" ")
    began = time.monotonic()
    told = await mia.hands.act("submit", values={block: {action: chosen}})  # type: ignore[attr-defined]
    assert told["ok"]
    assert time.monotonic() - began < SLACK_WAITS
    began = time.monotonic()
    told = await sam.hands.act("command", command="/book", text="")  # type: ignore[attr-defined]
    assert told["ok"]
    assert time.monotonic() - began < SLACK_WAITS
    await mia.still_sees("Held: Coaching", within=30)
    await sam.still_sees("", within=30)
