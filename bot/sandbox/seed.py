"""A lively practice, made by people who write and tap: nothing is put into the database past the product."""

from bot.sandbox.simulator.standins import StandIns


async def play(standins: StandIns) -> None:
    """The owner sets up, coaches join, clients book."""
