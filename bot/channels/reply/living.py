"""The living message: a private chat has one message whose buttons work, and taps change it where it stands.

What came before it loses its buttons. Messages about a booking stay: no page is ever written over one, and when a newer
one takes their place, they lead to it. So a tap on any other message than the living one is answered below.
"""

import asyncio
import logging

from bot.channels.reply.port import PrivateChat, Revised
from bot.chat.channel import Front, Reply, Sent
from bot.chat.elsewhere import elsewhere
from bot.chat.turn import Window
from bot.logs import describe
from storage.engine import StorageAway

log = logging.getLogger(__name__)

SLOW_S = 0.3
"""A page that was on its way for longer may have been overtaken by the person's next tap, at another process."""


def tapped(window: Window) -> str | None:
    """The message whose button was pressed in the private chat; None for a notice, which stays as it is."""
    return window.message_ref if window.private and not window.notice else None


async def stand(front: Front, chat: PrivateChat, window: Window, reply: Reply) -> Sent:
    """Show a reply in the private chat and tell the front in which message it stands.

    Raises what `chat` raises, and then nothing is shown, or nobody knows.
    """
    before, loop = _place(front, window, reply), asyncio.get_running_loop()
    began = loop.time()
    sent, unfit = await _show(chat, before, reply)
    unsure = reply.again or loop.time() - began > SLOW_S
    if unsure and sent.message_ref == before and not await front.is_living(reply.account, before):
        await front.drawn_over(reply.account, before)
    await _keep_one_living(front, chat, reply, sent, unfit)
    return sent


async def show(front: Front, chat: PrivateChat, window: Window, reply: Reply) -> str | None:
    """As `stand`; the living message, None where the reply became the message about a booking, which stays."""
    if reply.again and not reply.new and _stands(front, window, reply):
        return reply.living_ref
    if reply.waited and await _overtaken(front, window, reply):
        return None
    sent = await stand(front, chat, window, reply)
    return sent.message_ref if reply.screen.kept is None else None


def _stands(front: Front, window: Window, reply: Reply) -> bool:
    """Whether what comes again is in the chat already, as the message about a booking or as what followed it."""
    living = _living(front, reply)
    return living is None or (reply.screen.kept is not None and living != window.message_ref)


async def _overtaken(front: Front, window: Window, reply: Reply) -> bool:
    """Whether the message that a waiting reply was to take over is another by now: the person has gone on."""
    before = _place(front, window, reply)
    return before is not None and not await front.is_living(reply.account, before)


def _place(front: Front, window: Window, reply: Reply) -> str | None:
    """The message that the reply takes over: the living one, unless another message was tapped or it stands below."""
    if reply.new or window.notice:
        return None
    living = _living(front, reply)
    return living if reply.again or window.message_ref in (None, living) else None


def _living(front: Front, reply: Reply) -> str | None:
    """As it was when the reply was made, if it was not kept since."""
    living = reply.living_ref
    return None if living is None or front.keeps(reply.account, living) else living


async def _show(chat: PrivateChat, before: str | None, reply: Reply) -> tuple[Sent, str | None]:
    """Where the reply now stands, and the message that should have held it (`before`) and could not."""
    keeps, unfit = reply.screen.kept is not None, None
    if before is not None:
        revised = await chat.revise(before, reply.screen, notice=keeps)
        if revised is Revised.DONE:
            return Sent(chat.chat_ref, before), None
        unfit = before if revised is Revised.UNFIT else None
    return await chat.post(reply.screen, notice=keeps), unfit


async def _keep_one_living(front: Front, chat: PrivateChat, reply: Reply, sent: Sent, unfit: str | None) -> None:
    """Failing here loses nothing but tidiness."""
    replaced = None
    if sent.message_ref != reply.living_ref or reply.screen.kept is not None:
        try:
            replaced = await _remember(front, reply, sent)
        except StorageAway:
            log.warning("reply.living_not_kept", extra={"ids": {"account": reply.account.id}})
    for message_ref in {_living(front, reply), unfit, replaced} - {None, sent.message_ref}:
        assert message_ref is not None
        try:
            if message_ref != replaced or not await _point(chat, message_ref, reply, sent):
                await chat.strip(message_ref)
        except Exception as failed:  # noqa: BLE001 - the reply itself is shown, whatever the platform raises here
            log.info("reply.buttons_left", extra={"ids": {"error": describe(failed)}})


async def _remember(front: Front, reply: Reply, sent: Sent) -> str | None:
    """The message is the living one, or the one about a booking; returns one whose place it takes."""
    if reply.screen.kept is None:
        await front.shown(reply.account, sent.message_ref, reply.key)
        return None
    return await front.kept(reply.account, reply.screen.kept, sent, reply.key)


async def _point(chat: PrivateChat, replaced: str, reply: Reply, sent: Sent) -> bool:
    """The earlier message of a hold says where the hold goes on; False where it stays as it is."""
    kept = reply.screen.kept
    words = None if kept is None else elsewhere(kept, below=chat.is_below(sent.message_ref, replaced))
    return words is not None and await chat.revise(replaced, words, notice=False) is Revised.DONE
