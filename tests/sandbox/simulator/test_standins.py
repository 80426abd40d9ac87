"""Where the simulator's stand-ins and the product listen."""

from pathlib import Path

from bot.sandbox.simulator.standins import StandIns

FIRST_OUTGOING = 32_768
"""Of Linux, which gives lower numbers to its outgoing connections than any other system that people use."""


async def test_no_connection_takes_the_products_port_before_it_listens(tmp_path: Path) -> None:
    """The demo once ended at its start, now and then: a call of the stand-ins had the port that was chosen."""
    standins = await StandIns.open(tmp_path)
    await standins.close()
    assert standins.product_port < FIRST_OUTGOING
