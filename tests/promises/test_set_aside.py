"""A message of a kind that no process here knows keeps nobody's messages back, and whoever runs Rapport reads of it."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.notices.notices import Notice, NoticeKind
from storage import tables
from storage.columns import SCHEMA
from storage.engine import Storage, Tx
from storage.notices import outbox
from tests.journeys.stories import FREE, books, practice
from tests.promises.commands import rapport
from tests.storage.support import NOW, new_sealer
from tests.support.whole_product import WholeProduct


@pytest.mark.attack("Writes messages of unknown kinds, one as the next version would, before those of everybody else")
async def test_messages_of_unknown_kinds_stop_nobody(
    database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with WholeProduct(tmp_path, database_url) as product:
        await product.opens()
        ana, mia = await practice(product, "telegram", "slack", FREE)
        await _write(product, "ours", SCHEMA)
        await _write(product, "newer", SCHEMA + 1)
        await books(mia, "Wed 3 Feb", "10:00")
        await mia.sees("Booked:")
        began = time.monotonic()
        await ana.sees("New booking")
        record_property("outcome", "both are set aside under a reference, the owner is told once for each")
        record_property("cost", f"the coach read of a new booking {time.monotonic() - began:.1f} s after its client")
        await product.passes(minutes=1)
        await ana.sees("There are entries that I cannot read", "a message", "I do not know this kind.")
        await product.passes(minutes=16)
        await ana.sees("A newer version wrote it")

        said = await rapport(product.environment(), "doctor")
        assert said.status == 1
        assert re.search(r"broken +set-aside +of a kind that .*outbox \d+ for 0 h: start the newest version", said.out)
        assert re.search(r"broken +set-aside +written by a newer version.*outbox \d+ for", said.out), said.out
        reference = re.findall(r"([A-Z2-9]{6}) outbox", said.out)[0]
        assert "row.set_aside" in (await rapport(product.environment(), "trace", reference)).out
        async with product.session.get(f"{product.url}/metrics") as answer:
            assert "rapport_rows_set_aside 2\n" in await answer.text()


async def _write(product: WholeProduct, key: str, writer: int) -> None:
    """As a process does that knows one kind more: to whoever it was that wrote first, who is the owner."""

    def work(tx: Tx) -> None:
        first = int(tx.execute(sa.select(sa.func.min(tables.persons.c.id))).scalar_one())
        row = outbox.put(tx, Notice(key, first, NoticeKind.OPENED, "opened", NOW), NOW)
        # The clock of a story stands where it likes: what was due at its beginning is due.
        change = sa.update(tables.outbox).where(tables.outbox.c.id == row)
        tx.execute(change.values(kind="of-tomorrow", writer=writer, due=0))

    storage = await Storage.open(product.database_url, new_sealer())
    try:
        await storage.write(work)
    finally:
        await storage.close()
