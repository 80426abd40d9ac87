"""Shows an answer in the window that the question came from, or in the private chat if that window is gone."""

import asyncio
import logging
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.channels.slack import modal, render
from bot.channels.slack.api import Api, BadToken, Refused
from bot.channels.slack.chats import Chats
from bot.channels.slack.modal import Origin
from bot.channels.slack.remembered import Remembered
from bot.chat.channel import CannotReach, Front, NotDelivered, Reply, Sent, TryLater
from bot.chat.elsewhere import elsewhere
from bot.chat.late import Late
from bot.chat.screen import Kept, Line, Link, Screen, Style
from bot.chat.turn import Window, WindowKind
from bot.chat.words import _, speaking
from bot.domain.people.people import Account, Profile
from storage.engine import StorageAway

log = logging.getLogger(__name__)

Json = dict[str, Any]

OPEN_SECONDS = 1.5
WAIT_SECONDS = 3.0
UNKNOWN_SECONDS = 5.0
"""When nobody knows whether an answer stands."""


class SlackWindows:
    """`reads` tells whether old messages may be read to take their buttons off."""

    def __init__(self, api: Api, chats: Chats, *, reads: bool) -> None:
        self._api = api
        self._chats = chats
        self._reads = reads
        self._late = Late()
        self._newest: Remembered[str, int] = Remembered(10_000)
        host = urlsplit(api.base_url)
        self._root = f"{host.scheme}://{host.netloc}"

    async def open_form(self, reply: Reply, window: Window, token: str, origin: Origin) -> bool:
        """Show the reply's form as a modal, while the trigger lives. False: it could not be opened."""
        with speaking(reply.language):
            view = modal.modal(reply.screen, origin)
        client = self._api.client(token)
        try:
            if window.kind is WindowKind.MODAL and window.view_ref is not None:
                asked = client.views_update(view_id=window.view_ref, view=view)
                await self._api.run("views.update", asked, OPEN_SECONDS)
            elif window.trigger is not None:
                asked = client.views_open(trigger_id=window.trigger, view=view)
                await self._api.run("views.open", asked, OPEN_SECONDS)
            else:
                return False
        except (NotDelivered, Refused):
            return False
        return True

    def is_newest(self, of: Account | Profile, window: Window, number: int) -> bool:
        """Whether nothing that came later is shown there already; from now on nothing earlier is newest."""
        newest = self._newest.get(_place(of, window))
        if newest is not None and newest > number:
            return False
        self._newest.put(_place(of, window), number)
        return True

    async def show(self, front: Front, reply: Reply, window: Window, token: str, number: int) -> None:
        """Show a screen without a form. Where Slack asks for a wait it is shown later, unless a newer one comes.

        What is not shown in a private chat is left to the outbox; elsewhere the next screen says how things stand.
        An answer that was overtaken by the one to a later tap does not take its place. Raises `Refused` for what is
        a mistake of ours.
        """
        where = _place(reply.account, window)
        in_place = window.kind in (WindowKind.HOME, WindowKind.MESSAGE) and window.private
        if in_place and not self.is_newest(reply.account, window, number) and not reply.new:
            log.info("slack.overtaken", extra={"ids": {"account": reply.account.id}})
            return
        await self._late.replace(where)
        try:
            try:
                await self._show(front, reply, window, token)
            except TryLater as later:
                if later.seconds > WAIT_SECONDS:
                    raise
                await asyncio.sleep(later.seconds)
                await self._show(front, reply, window, token)
        except BadToken as refused:
            if not await self._without_token(reply, window):
                await _put_off(front, reply, window, refused)
        except TryLater as later:
            show = partial(self._show, front, reply, window, token)
            await self._late.wait(where, later, show, partial(_put_off, front, reply, window))
        except NotDelivered as why:
            await _put_off(front, reply, window, why)

    async def _without_token(self, reply: Reply, window: Window) -> bool:
        """Show the asker alone what was answered, by the address that came with the question and needs no token."""
        if window.response_url is None:
            return False
        with speaking(reply.language):
            body: Json = {"text": render.fallback(reply.screen), "blocks": render.message(reply.screen)}
        try:
            await self._api.respond(
                window.response_url, body | {"response_type": "ephemeral", "replace_original": False}
            )
        except (NotDelivered, Refused):
            return False
        return True

    async def close(self) -> None:
        """Screens that still wait are left to the outbox."""
        await self._late.close()

    async def _show(self, front: Front, reply: Reply, window: Window, token: str) -> None:
        with speaking(reply.language):
            if window.kind is WindowKind.HOME:
                await self.publish(reply.account.user_ref, reply.screen, token)
            elif window.kind is WindowKind.MODAL and window.view_ref is not None:
                await self._in_modal(front, reply, window, token)
            elif window.private and window.kind is not WindowKind.EPHEMERAL:
                await self._in_chat(front, reply, window, token)
            else:
                await self._beside_others(front, reply, window, token)

    async def publish(self, user_ref: str, screen: Screen, token: str) -> None:
        asked = self._api.client(token).views_publish(user_id=user_ref, view=render.home(screen))
        await self._api.run("views.publish", asked)

    async def _in_modal(self, front: Front, reply: Reply, window: Window, token: str) -> None:
        origin = Origin(window="new" if window.notice else "")
        view = modal.modal(reply.screen, origin)
        try:
            asked = self._api.client(token).views_update(view_id=window.view_ref, view=view)
            await self._api.run("views.update", asked)
        except Refused:
            await self._post(front, reply, token)

    async def _in_chat(self, front: Front, reply: Reply, window: Window, token: str) -> None:
        chat_ref = await self._chats.of(reply.account, token)
        if window.response_url is not None and window.message_ref is None and window.chat_ref != chat_ref:
            # A command typed in a chat between two people.
            await self._beside_others(front, reply, window, token)
            return
        edited = window.message_ref or reply.living_ref
        if reply.new or edited is None:
            await self._post(front, reply, token)
            return
        try:
            keeps = reply.screen.kept is not None
            await self._chats.edit(Sent(window.chat_ref or chat_ref, edited), token, reply.screen, notice=keeps)
        except Refused as refused:
            if not refused.gone:
                raise
            await self._post(front, reply, token)
            return
        if edited != reply.living_ref or keeps:
            await self._shown(front, reply, Sent(window.chat_ref or chat_ref, edited), token)

    async def _post(self, front: Front, reply: Reply, token: str) -> Sent:
        kept = reply.screen.kept
        key = None if kept is None else f"{kept.kind}:{kept.subject}"
        sent = await self._chats.post(reply.account, token, reply.screen, key=key)
        await self._shown(front, reply, sent, token)
        return sent

    async def _shown(self, front: Front, reply: Reply, sent: Sent, token: str) -> None:
        dead = {reply.living_ref}
        kept = reply.screen.kept
        if kept is None:
            await front.shown(reply.account, sent.message_ref)
        else:
            before = await front.kept(reply.account, kept, sent)
            if before not in {None, sent.message_ref} and await self._point(kept, str(before), sent, token):
                dead.discard(before)
            else:
                dead.add(before)
        for message_ref in dead - {None, sent.message_ref}:
            await self._chats.strip(Sent(sent.chat_ref, str(message_ref)), token, read=self._reads)

    async def _point(self, kept: Kept, before: str, sent: Sent, token: str) -> bool:
        """The message of a hold says where the hold goes on; False where it stays as it is."""
        words = elsewhere(kept, below=float(before) < float(sent.message_ref))
        if words is None:
            return False
        try:
            await self._chats.edit(Sent(sent.chat_ref, before), token, words)
        except (NotDelivered, Refused):
            return False
        return True

    async def _beside_others(self, front: Front, reply: Reply, window: Window, token: str) -> None:
        """In a channel the asker alone reads public facts; everything else goes to the private chat.

        What the asker wanted posted is read by everybody.
        """
        screen = reply.screen
        posted = screen.public and screen.posted
        if not screen.public:
            sent = await self._post(front, reply, token)
            screen = self._pointer(reply.account.workspace, sent)
        elif window.response_url is None:
            await self._post(front, reply, token)
        if window.response_url is None:
            return
        replaces = window.kind is WindowKind.EPHEMERAL and window.message_ref is not None and not posted
        body: Json = {
            "text": render.fallback(screen),
            "blocks": render.message(screen),
            "response_type": "in_channel" if posted else "ephemeral",
            "replace_original": replaces,
        }
        try:
            await self._api.respond(window.response_url, body)
        except (Refused, NotDelivered):
            if reply.screen.public:
                await self._post(front, reply, token)

    def _pointer(self, workspace: str, sent: Sent) -> Screen:
        query = urlencode({"team": workspace, "channel": sent.chat_ref})
        link = Link(_("Open our chat"), f"{self._root}/app_redirect?{query}", Style.PRIMARY)
        return Screen("", (Line(_("I have written to you in our private chat.")),), ((link,),))


async def _put_off(front: Front, reply: Reply, window: Window, why: NotDelivered) -> None:
    log.warning("slack.not_shown", extra={"ids": {"account": reply.account.id, "why": type(why).__name__}})
    if isinstance(why, CannotReach) or window.kind is WindowKind.HOME or reply.screen.public:
        return
    try:
        await front.unseen(reply, why.seconds if isinstance(why, TryLater) else UNKNOWN_SECONDS)
    except StorageAway:
        log.warning("slack.reply_lost", extra={"ids": {"account": reply.account.id}})


def _place(of: Account | Profile, window: Window) -> str:
    return f"{of.workspace}:{of.user_ref}:{window.kind is WindowKind.HOME}"
