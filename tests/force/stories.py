"""Whole stories for the tests that bring every payload again: with money, with both sides acting, on each platform."""

from tests.force.recorded_payloads import Recorder
from tests.journeys.stories import FREE, books, buys, cancels, holds, moves, practice, proposes


async def paid_moved_and_cancelled(product: Recorder) -> None:
    """Both on Telegram: held, let go, held again, paid, moved, cancelled with the money back."""
    ana, mia = await practice(product, "telegram", "telegram")
    await holds(mia, "Thu 4 Feb", "10:00")
    await mia.taps("Let it go")
    await mia.sees("Let go: Coaching")
    await buys(mia)
    await ana.sees("New booking")
    await moves(mia, "11:00", "Thu 4 Feb")
    await mia.sees("Moved, and I am letting Ana Fischer know")
    await cancels(mia)
    await mia.sees("Done: the session is cancelled")
    await ana.sees("Cancelled: Coaching")


async def proposed_and_declined(product: Recorder) -> None:
    """Both on Slack: paid, words exchanged, another time proposed by the coach and declined with the money back."""
    ana, mia = await practice(product, "slack", "slack")
    await buys(mia)
    await mia.taps("Message", on="Booked")
    await mia.fills("I bring my notebook.")
    await ana.sees("Mia Kovalenko writes")
    await proposes(ana)
    await mia.sees("Ana Fischer asks for another time")
    await mia.taps("Decline, with refund")
    await mia.taps("Cancel session", on="Decline and cancel?")
    await mia.sees("Declined, and I am letting Ana Fischer know")
    await ana.sees("Mia Kovalenko declined")


async def reminded_settled_and_gone(product: Recorder) -> None:
    """Coach on Slack, client on Telegram: free, reminded, late, settled; then the client leaves the chat."""
    ana, mia = await practice(product, "slack", "telegram", FREE)
    await books(mia, "Tue 2 Feb", "11:30")
    await ana.sees("New booking")
    await product.passes(hours=24, minutes=30)
    await mia.sees("Reminder", "In one hour")
    await mia.taps("Running late", on="Reminder")
    await mia.taps("10 minutes")
    await ana.sees("running about 10 minutes late")
    await product.passes(hours=3)
    await ana.sees("How did it go?")
    await ana.taps("10:30 no-show", on="How did it go?")
    await ana.sees("undo it for a day")
    await ana.says("/availability mon-thu 10-12")
    await ana.taps("Save")
    await ana.sees("Saved")


STORIES = (paid_moved_and_cancelled, proposed_and_declined, reminded_settled_and_gone)
