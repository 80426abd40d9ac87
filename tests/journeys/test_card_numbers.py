"""A card number that somebody types is answered with where cards are entered; it stands in no table and in no log."""

import logging
from typing import Any

import pytest
import sqlalchemy as sa

from bot.app import App
from storage.columns import metadata
from storage.engine import Tx
from storage.schema.sealed import sealed_columns, sealed_row
from tests.journeys.stories import FREE, books, practice
from tests.support.in_process import InProcess
from tests.support.whole_product import WholeProduct

CARD = "4242 4242 4242 4242"


async def test_a_card_number_typed_into_the_chat_is_not_kept(
    product: WholeProduct, platform: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(product, InProcess)
    caplog.set_level(logging.DEBUG)
    _ana, mia = await practice(product, platform, platform, FREE)
    await mia.says(f"my card is {CARD}, 12/28")
    await mia.sees("That looks like a card number, so I did not read or keep it.")
    await mia.says(f"/book {CARD}")
    await mia.comes_to_see(2, "That looks like a card number")
    await books(mia, "Wed 3 Feb", "10:00")
    await mia.taps("Message", on="Booked:")
    await mia.fills(f"Take {CARD}")
    await mia.sees("That looks like a card number", "Your message to Ana Fischer")
    kept = await everything(product.app)
    assert "Coaching" in kept, "what is sealed was opened"
    for digits in (CARD, CARD.replace(" ", "")):
        assert digits not in kept
        assert digits not in "".join(line.getMessage() + str(line.__dict__) for line in caplog.records)


async def everything(app: App) -> str:
    """Every cell of the database, with what is sealed opened."""

    def read(tx: Tx) -> str:
        sealed = sealed_columns()
        cells = []
        for table in metadata.sorted_tables:
            for row in tx.execute(sa.select(table)).mappings():
                cells += [str(value) for value in row.values()]
                cells += [_opened(tx, table, row, name) for name in sealed.get(table, []) if row[name] is not None]
        return "\n".join(cells)

    return await app.storage.read(read)


def _opened(tx: Tx, table: sa.Table, row: Any, name: str) -> str:
    return tx.sealer.open(row[name], f"{table.name}.{name}", sealed_row(table, row))
