"""Visits the new conversation as a client would: through the composed product."""

import asyncio
import os

from bot.app import build
from bot.chat.channel import Incoming
from bot.chat.turn import Window, WindowKind
from bot.config import load
from bot.domain.people.people import Platform, Profile


async def main() -> None:
    app = await build(load(dict(os.environ)))
    client = Profile(Platform.TELEGRAM, "", "2002", "2002", "Clara")
    window = Window(WindowKind.MESSAGE, "2002")
    reply = await app.front.turn(Incoming(client, "telegram:1", window, address="about"))
    assert reply is not None
    buttons = [button.text for row in reply.screen.buttons for button in row]
    assert buttons[:1] == ["My sessions"], reply.screen
    await app.close()


asyncio.run(main())
