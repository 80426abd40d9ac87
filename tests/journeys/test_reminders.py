"""Reminders by a separate worker: at their time, in both chats, with buttons that work, corrected, and never lost."""

from tests.journeys.conftest import Open
from tests.journeys.stories import FREE, books, practice
from tests.support.whole_product import WholeProduct


async def test_both_reminders_in_both_chats(product: WholeProduct, pairing: tuple[str, str]) -> None:
    ana, mia = await practice(product, *pairing, offer=FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await product.passes(hours=23)
    await mia.never_sees("Reminder:", seconds=1.2)
    await product.passes(hours=1)
    await mia.sees("Reminder: First talk", "Wed 3 Feb, 10:00 (Kyiv) · 09:00 for Ana Fischer (Vienna)")
    await ana.sees("Reminder: First talk", "Wed 3 Feb, 09:00 (Vienna) · 10:00 for Mia Kovalenko (Kyiv)")
    await product.passes(hours=23)
    for person in (mia, ana):
        await person.comes_to_see(2, "Reminder: First talk")
    await product.passes(hours=2)
    for person in (mia, ana):
        assert await person.counts("Reminder: First talk") <= 2


async def test_buttons_of_a_reminder(product: WholeProduct, platform: str) -> None:
    ana, mia = await practice(product, platform, platform, FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await product.passes(hours=24)
    await mia.sees("Reminder: First talk")
    await ana.sees("Reminder: First talk")
    await ana.taps("The session", on="Reminder")
    await ana.sees("First talk with Mia Kovalenko", "09:00 (Vienna)")
    await mia.taps("Move session", on="Reminder")
    await mia.taps("Thu 4 Feb")
    await mia.taps("14:00")
    await mia.taps("Move it")
    await mia.sees("Moved: First talk", "Thu 4 Feb, 14:00 (Kyiv)", "Moved from: Wed 3 Feb, 10:00")
    for person in (mia, ana):
        await person.sees_no_more("Reminder: First talk")
    await product.passes(hours=28)
    await ana.sees("Reminder: First talk", "Thu 4 Feb, 13:00 (Vienna)")
    await mia.sees("Reminder: First talk", "Tomorrow: Thu 4 Feb, 14:00 (Kyiv)")
    await mia.taps("Stop these", on="Reminder")
    await mia.sees("Reminders from now on: 1 hour before")
    await mia.taps("No reminders")
    await product.passes(hours=23)
    await ana.sees("Reminder: First talk", "In one hour: Thu 4 Feb")
    assert await mia.counts("Reminder: First talk") == 1


async def test_a_worker_that_died_loses_none(opened: Open, database_url: str) -> None:
    """Killed before they fall due, and another starts after; on SQLite `web` sweeps too, and is gone for good."""
    product = await opened(database_url)
    ana, mia = await practice(product, "slack", "telegram", FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")
    await product.kills("web" if database_url.startswith("sqlite") else "worker")
    await product.passes(hours=24, minutes=10)
    await mia.never_sees("Reminder:", seconds=1.0)
    await product.start("worker")
    await mia.sees("Reminder: First talk", "10:00 (Kyiv)", within=15)
    await ana.sees("Reminder: First talk", "09:00 (Vienna)", within=15)
    for person in (mia, ana):
        assert await person.counts("Reminder: First talk") == 1


async def test_everything_survives_a_crash_of_both_processes(opened: Open, database_url: str) -> None:
    product = await opened(database_url)
    ana, mia = await practice(product, "telegram", "slack", FREE)
    await books(mia, "Wed 3 Feb", "10:00")
    await ana.sees("New booking")
    await product.kills("web", "worker")
    await product.passes(hours=24, minutes=10)
    await product.start_web()
    if not database_url.startswith("sqlite"):
        await product.start("worker")
    await mia.sees("Reminder: First talk", "10:00 (Kyiv)", within=15)
    await mia.taps("Move session", on="Reminder")
    await mia.sees("Now: Wed 3 Feb, 10:00")
    await ana.sees("Reminder: First talk", "09:00 (Vienna)", within=15)
