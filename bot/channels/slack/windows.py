"""Shows an answer in the window that the question came from, or in the private chat if that window is gone."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.channels.reply import living
from bot.channels.reply.port import Revised
from bot.channels.reply.replies import Patience, Replies
from bot.channels.slack import render
from bot.channels.slack.api import AWAY_SECONDS, Api, BadToken, Refused
from bot.channels.slack.chats import Chats
from bot.channels.slack.modal import Origin
from bot.channels.slack.views import Views
from bot.chat.channel import Away, FellOver, Front, NotDelivered, PerhapsDelivered, Reply, Sent
from bot.chat.remembered import Remembered
from bot.chat.screen import Line, Link, Screen, Style
from bot.chat.turn import Window, WindowKind
from bot.chat.words import _, speaking
from bot.domain.people.people import Account, Profile

log = logging.getLogger(__name__)

Json = dict[str, Any]

OPEN_SECONDS = 1.5
PATIENCE = Patience(at_once_s=3.0, after_fault_s=1.0)
"""Answers stand in a line of their own, which holds up nobody. After a fault no sooner than a second: Slack takes one
message a second for a chat (Web API rate limits, chat.postMessage), and the one that failed may count."""


LOOKS_AFTER_S = 1.0
"""How long a message is given to stand before it is looked for, where Slack said nothing of it at all."""

Look = Callable[[Account, str], Awaitable[Sent | None]]
"""Finds a message in the private chat by its key. Raises `NotDelivered` where nobody can look."""


class SlackWindows:
    """`look` finds messages that were just posted; `reads` tells whether old ones may be read to take their buttons
    off."""

    def __init__(self, api: Api, chats: Chats, look: Look, *, reads: bool) -> None:
        self._api = api
        self._chats = chats
        self._look = look
        self._reads = reads
        self._views = Views(api)
        self._replies = Replies(PATIENCE)
        self._newest: Remembered[str, int] = Remembered(10_000)
        host = urlsplit(api.base_url)
        self._root = f"{host.scheme}://{host.netloc}"

    async def open_step(self, reply: Reply, window: Window, token: str, origin: Origin, number: int) -> bool:
        """Show a step towards an act as a modal, while the trigger lives. False: it could not be opened."""
        screen, workspace = reply.screen, reply.account.workspace
        try:
            with speaking(reply.language):
                if window.kind is WindowKind.MODAL and window.view_ref is not None:
                    await self._views.update(screen, origin, window, token, workspace, number, OPEN_SECONDS)
                elif window.trigger is not None:
                    await self._views.open(screen, origin, window, token, workspace, OPEN_SECONDS)
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

    async def show(
        self, front: Front, reply: Reply, window: Window, token: str, number: int, origin: Origin | None = None
    ) -> None:
        """Show a screen without a form. Where Slack asks for a wait it is shown later, unless a newer one comes.

        What is not shown in a private chat is left to the outbox; elsewhere the next screen says how things stand.
        An answer that was overtaken by the one to a later tap does not take its place.
        """
        in_place = window.kind in (WindowKind.HOME, WindowKind.MESSAGE) and window.private
        if in_place and not self.is_newest(reply.account, window, number) and not reply.new:
            log.info("slack.overtaken", extra={"ids": {"account": reply.account.id}})
            return

        async def show(shown: Reply) -> str | None:
            try:
                if window.kind is WindowKind.MODAL and window.view_ref is not None:
                    await self._in_modal(front, shown, window, token, number, origin or Origin())
                    return None
                return await self._show(front, shown, window, token)
            except BadToken:
                if not await self._without_token(shown, window):
                    raise
                return None

        again = window.kind is not WindowKind.HOME and not reply.screen.public
        await self._replies.give(front, reply, _place(reply.account, window), show, again=again)

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
        await self._replies.close()

    async def _show(self, front: Front, reply: Reply, window: Window, token: str) -> str | None:
        """The living message, where the reply is shown in one."""
        with speaking(reply.language):
            if window.kind is WindowKind.HOME:
                screen = await self._chats.hand_over(reply.account, token, reply.screen)
                await self.publish(reply.account.user_ref, screen, token)
            elif window.private and window.kind is not WindowKind.EPHEMERAL:
                return await self._in_chat(front, reply, window, token)
            else:
                await self._beside_others(front, reply, window, token)
        return None

    async def publish(self, user_ref: str, screen: Screen, token: str) -> None:
        asked = self._api.client(token).views_publish(user_id=user_ref, view=render.home(screen))
        await self._api.run("views.publish", asked)

    async def _in_modal(
        self, front: Front, reply: Reply, window: Window, token: str, number: int, origin: Origin
    ) -> None:
        with speaking(reply.language):
            try:
                own = Origin(window=origin.window)
                screen = await self._chats.hand_over(reply.account, token, reply.screen)
                await self._views.update(screen, own, window, token, reply.account.workspace, number)
            except Refused:
                await self._post(front, reply, token)

    async def _in_chat(self, front: Front, reply: Reply, window: Window, token: str) -> str | None:
        chat_ref = await self._chats.of(reply.account, token)
        if window.response_url is not None and window.message_ref is None and window.chat_ref != chat_ref:
            # A command typed in a chat between two people.
            await self._beside_others(front, reply, window, token)
            return None
        return await living.show(front, self._private(reply, token, window.chat_ref or chat_ref), window, reply)

    async def _post(self, front: Front, reply: Reply, token: str) -> Sent:
        chat_ref = await self._chats.of(reply.account, token)
        return await living.stand(front, self._private(reply, token, chat_ref), Window(), replace(reply, new=True))

    def _private(self, reply: Reply, token: str, chat_ref: str) -> "SlackPrivateChat":
        return SlackPrivateChat(self._chats, self._look, reply, token, chat_ref, reads=self._reads)

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


class SlackPrivateChat:
    """Implements `bot.channels.reply.port.PrivateChat`. `reads`: whether the chat's history may be read."""

    def __init__(self, chats: Chats, look: Look, reply: Reply, token: str, chat_ref: str, *, reads: bool) -> None:
        self._chats = chats
        self._look = look
        self._account = reply.account
        self._key = None if reply.key is None else f"answer:{reply.key}"
        self._token = token
        self._reads = reads
        self.chat_ref = chat_ref

    async def post(self, screen: Screen, *, notice: bool) -> Sent:
        """One that may stand, though Slack did not say so, is looked for: said again, it would stand there twice."""
        try:
            return await self._chats.post(self._account, self._token, screen, key=self._key, notice=notice)
        except (FellOver, PerhapsDelivered) as unsure:
            found = await self._stands(0 if isinstance(unsure, FellOver) else LOOKS_AFTER_S)
            if found is None:
                raise
            return found

    async def _stands(self, wait_s: float) -> Sent | None:
        if self._key is None:
            return None
        await asyncio.sleep(wait_s)
        try:
            return await self._look(self._account, self._key)
        except NotDelivered:
            return None

    async def revise(self, message_ref: str, screen: Screen, *, notice: bool) -> Revised:
        sent = Sent(self.chat_ref, message_ref)
        try:
            await self._chats.edit(sent, self._token, screen, notice=notice)
            after = await self._chats.hand_over(self._account, self._token, screen)
            if after.body != screen.body:
                await self._chats.edit(sent, self._token, after, notice=notice)
        except PerhapsDelivered as failed:
            raise Away(AWAY_SECONDS) from failed  # an edit that is made twice harms nobody
        except Refused as refused:
            if not refused.gone:
                raise
            return Revised.GONE
        return Revised.DONE

    async def strip(self, message_ref: str) -> None:
        await self._chats.strip(Sent(self.chat_ref, message_ref), self._token, read=self._reads)

    def is_below(self, message_ref: str, other_ref: str) -> bool:
        return float(message_ref) > float(other_ref)


def _place(of: Account | Profile, window: Window) -> str:
    view = window.view_ref if window.kind is WindowKind.MODAL else None
    return f"{of.workspace}:{of.user_ref}:{view or window.kind is WindowKind.HOME}"
