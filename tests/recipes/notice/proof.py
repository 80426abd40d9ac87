"""A notice of the new kind is kept with what its rule says, and shows its screen to whom it is for."""

import asyncio
import os

from bot.app import build
from bot.chat.channel import Incoming
from bot.chat.turn import Window, WindowKind
from bot.config import load
from bot.domain.notices.notices import Notice, NoticeKind, address_of, expiry_of
from bot.domain.people.people import Platform, Profile
from storage.notices import outbox


async def main() -> None:
    app = await build(load(dict(os.environ)))
    client = Profile(Platform.TELEGRAM, "", "2002", "2002", "Clara")
    window = Window(WindowKind.MESSAGE, "2002")
    kind, now = NoticeKind("welcome"), app.clock.now()
    await app.front.turn(Incoming(client, "telegram:1", window, text="hello"))
    notice = Notice("key", 1, kind, address_of(kind), now, expiry_of(kind, now))
    row_id = await app.storage.write(lambda tx: outbox.put(tx, notice, now))
    assert row_id is not None
    row = await app.storage.read(lambda tx: outbox.find(tx, row_id))
    assert row is not None
    assert row.notice.kind is kind
    assert row.notice.expires is not None
    reply = await app.front.turn(Incoming(client, "telegram:2", window, address=row.notice.address))
    assert reply is not None
    assert reply.screen.title.startswith("Welcome to "), reply.screen
    await app.close()


asyncio.run(main())
