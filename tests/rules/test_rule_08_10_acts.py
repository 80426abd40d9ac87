"""Rules 8 to 10: loss is confirmed once with the facts, hours can be undone, no time without its zone."""

from tests.journeys.stories import FREE, PAID, buys, first_day, practice
from tests.rules.looking import CLOCK, of_bot, raw_messages, styles
from tests.support.whole_product import WholeProduct


async def test_08_cancelling_is_confirmed_once_with_the_facts(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, PAID)
    await buys(mia)
    await mia.says("/sessions")
    await mia.taps("Cancel", on="Your sessions")
    asked = await mia.sees(
        "Cancel this session?", "Coaching with Ana Fischer", "Wed 3 Feb, 10:00 (Kyiv)",
        "Cancelling now is free: you get €45.00 back",
    )  # fmt: skip
    labels = [key.label for key in asked.keys]
    assert labels[:1] == ["Cancel session"]
    assert "Keep it" in labels
    assert not {"Yes", "No", "OK"} & set(labels)
    shown = styles((await raw_messages(product, mia))[-1])
    assert {label: style for label, style in shown.items() if style == "danger"} == {"Cancel session": "danger"}
    await mia.taps("Cancel session", on="Cancel this session?")
    await mia.sees("Done: the session is cancelled")


async def test_08_what_is_agreed_is_said_before_money(product: WholeProduct, platform: str) -> None:
    _ana, mia = await practice(product, platform, platform, PAID)
    await mia.says("/book")
    await mia.taps("Wed 3 Feb")
    await mia.taps("10:00")
    await mia.sees("Held:", "50 minutes · €45.00", "Free to cancel until", "held until")
    for message in await raw_messages(product, mia):
        assert len([style for style in styles(message).values() if style != "danger"]) <= 1


async def test_09_hours_are_changed_in_one_line_and_undone(product: WholeProduct, platform: str) -> None:
    ana, _mia = await practice(product, platform, platform, FREE)
    await ana.says("/availability mon-fri 10-16")
    await ana.sees("This would change", "Mon: 09:00–17:00 → 10:00–16:00")
    await ana.taps("Save")
    await ana.sees("Saved. You can undo it for ten minutes.", "Mon: 10:00–16:00")
    await ana.taps("Undo the last change")
    await ana.sees("Undo the last change?", "Mon: 10:00–16:00 → 09:00–17:00")
    await ana.taps("Undo", on="Undo the last change?")
    await ana.sees("Undone. Your hours are as they were before.", "Mon: 09:00–17:00")


async def test_09_undo_is_offered_for_ten_minutes(product: WholeProduct, platform: str) -> None:
    ana, _mia = await practice(product, platform, platform, FREE)
    await ana.says("/availability mon-fri 10-16")
    await ana.taps("Save")
    await ana.sees("You can undo it for ten minutes")
    await product.passes(minutes=11)
    await ana.taps("Undo the last change")
    await ana.sees("The ten minutes for undoing are over.", "Mon: 10:00–16:00")
    await ana.says("/availability")
    hours = await ana.sees("Your hours")
    assert hours.key("Undo") is None


async def test_10_no_time_is_without_its_zone(product: WholeProduct, platform: str) -> None:
    """Also both clocks where they differ, the weekday with the date, and never a bare "tomorrow"."""
    ana, mia = await practice(product, platform, platform, FREE)
    await mia.says("/book")
    await mia.taps("Wed 3 Feb")
    await mia.sees("All times are Kyiv time")
    await mia.taps("10:00")
    await mia.sees("Wed 3 Feb, 10:00 (Kyiv) · 09:00 for Ana Fischer (Vienna)")
    await mia.taps("Book it")
    await mia.sees("Booked:", "Wed 3 Feb, 10:00 (Kyiv) · 09:00 for Ana Fischer (Vienna)")
    await ana.sees("Wed 3 Feb, 09:00 (Vienna) · 10:00 for Mia Kovalenko (Kyiv)")
    await product.passes(hours=24)
    await mia.sees("Reminder", "Tomorrow: Wed 3 Feb, 10:00 (Kyiv)")
    for person in (ana, mia):
        await person.says("/settings")
        for seen in await of_bot(person):
            if "I show times in" in seen.text or "Setup" in seen.text:
                continue
            for line in seen.text.splitlines():
                assert "tomorrow" not in line.lower() or CLOCK.search(line), line
                named = "(Kyiv)" in line or "(Vienna)" in line or "where it is" in line or "14:30" in line
                assert named or not CLOCK.search(line), line


async def test_10_telegram_asks_once_by_the_clock(product: WholeProduct) -> None:
    ana = product.owner("telegram")
    await first_day(ana, FREE)
    mia = product.person("telegram", "Mia Kovalenko", "Kyiv")
    await mia.starts()
    await mia.taps("Book a session")
    await mia.sees("where you are? I show Vienna time")
    await mia.taps("Change zone")
    await mia.sees("Then I can show every time in your own time zone")
    await mia.taps("Another city or time")
    await mia.fills("Kyiv")
    await mia.sees("All times are Kyiv time")
    await mia.says("/book")
    await mia.sees("which day?")
