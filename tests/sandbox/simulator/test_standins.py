"""Where the simulator's stand-ins and the product listen."""

from pathlib import Path

import yaml

from bot.sandbox.simulator.standins import COMMANDS, StandIns
from tests.architecture.source import ROOT

FIRST_OUTGOING = 32_768
"""Of Linux, which gives lower numbers to its outgoing connections than any other system that people use."""


async def test_no_connection_takes_the_products_port_before_it_listens(tmp_path: Path) -> None:
    """The demo once ended at its start, now and then: a call of the stand-ins had the port that was chosen."""
    standins = await StandIns.open(tmp_path)
    await standins.close()
    assert standins.product_port < FIRST_OUTGOING


def test_slack_in_the_simulator_has_the_commands_of_the_manifest() -> None:
    """One that is missing there is typed into nothing: the page says no word of it."""
    manifest = yaml.safe_load((ROOT / "docs" / "slack-manifest.yaml").read_text())
    assert sorted(COMMANDS) == sorted(each["command"] for each in manifest["features"]["slash_commands"])
