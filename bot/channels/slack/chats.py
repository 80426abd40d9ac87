"""Posts, edits and finds messages in private chats on Slack."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from bot.channels.slack import render
from bot.channels.slack.api import Api, Refused, Unreadable
from bot.chat.channel import CannotReach, NotDelivered, Sent
from bot.chat.remembered import Remembered
from bot.chat.screen import File, Line, Picture, Screen
from bot.chat.shorten import shorten
from bot.chat.words import _
from bot.domain.people.people import Account, Profile, Unreachable

log = logging.getLogger(__name__)

Json = dict[str, Any]
T = TypeVar("T")

EVENT_TYPE = "rapport_message"
MOST = 10_000
NEWEST = 15  # Slack gives an app of many workspaces no more (Web API rate limits, conversations.history)
LIVING = 2000
NO_CHAT = {"channel_not_found", "is_archived", "not_in_channel"}
NOT_DRAWN = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}


class Chats:
    def __init__(self, api: Api) -> None:
        self._api = api
        self._direct: Remembered[tuple[str, str], str] = Remembered(MOST)
        self._living: Remembered[tuple[str, str], tuple[str, list[Json]]] = Remembered(LIVING)

    def known(self, workspace: str, user_ref: str) -> str | None:
        return self._direct.get((workspace, user_ref))

    def learn(self, workspace: str, user_ref: str, chat_ref: str) -> None:
        self._direct.put((workspace, user_ref), chat_ref)

    async def of(self, account: Account | Profile, token: str) -> str:
        """The private chat with a person; opened where it is not known yet."""
        known = self.known(account.workspace, account.user_ref) or account.chat_ref
        return known or await self._open(account, token)

    async def _open(self, account: Account | Profile, token: str) -> str:
        try:
            asked = self._api.client(token).conversations_open(users=account.user_ref)
            answer = await self._api.run("conversations.open", asked)
        except Refused as refused:
            raise CannotReach(Unreachable.NOT_FOUND) from refused
        chat_ref = _said((answer.get("channel") or {}).get("id"))
        self.learn(account.workspace, account.user_ref, chat_ref)
        return chat_ref

    async def post(
        self, account: Account | Profile, token: str, screen: Screen, *, key: str | None = None, notice: bool = False
    ) -> Sent:
        """A new message, found again by its `key`, below its file. A `notice` is kept when it is tapped."""
        said = await self.hand_over(account, token, screen)
        sent = await self._there(account, token, lambda chat: self._post(chat, token, said, key, notice=notice))
        if screen.picture is not None:
            await self._show_picture(sent.chat_ref, token, screen.picture)
        return sent

    async def _there(self, account: Account | Profile, token: str, act: Callable[[str], Awaitable[T]]) -> T:
        """Do it in the private chat. Where the one that was known is there no more, Slack says which one is."""
        try:
            return await act(await self.of(account, token))
        except Refused as refused:
            if refused.code not in NO_CHAT:
                raise
            self._direct.drop((account.workspace, account.user_ref))
            try:
                return await act(await self._open(account, token))
            except Refused as again:
                raise CannotReach(Unreachable.NOT_FOUND) from again

    async def _post(self, chat_ref: str, token: str, screen: Screen, key: str | None, *, notice: bool) -> Sent:
        text, blocks = render.drawn(screen, notice=notice)
        more: Json = {"unfurl_links": False, "unfurl_media": False}
        if key is not None:
            more["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        client = self._api.client(token)
        try:
            asked = client.chat_postMessage(channel=chat_ref, text=text, blocks=blocks, **more)
            answer = await self._api.run("chat.postMessage", asked)
        except Refused as refused:
            if refused.code not in NOT_DRAWN:
                raise
            blocks = []
            asked = client.chat_postMessage(channel=chat_ref, text=text, **more)
            answer = await self._api.run("chat.postMessage", asked)
        sent = Sent(str(answer.get("channel") or chat_ref), _said(answer.get("ts")))
        self._remember(sent, text, blocks, notice=notice)
        return sent

    async def edit(self, sent: Sent, token: str, screen: Screen, *, notice: bool = False) -> None:
        """Raises `Refused` when the message is not there any more."""
        text, blocks = render.drawn(screen, notice=notice)
        asked = self._api.client(token).chat_update(
            channel=sent.chat_ref, ts=sent.message_ref, text=text, blocks=blocks
        )
        # Before Slack has it: a turn that began earlier may end meanwhile, and would strip what stood there.
        self._remember(sent, text, blocks, notice=notice)
        await self._api.run("chat.update", asked)

    def _remember(self, sent: Sent, text: str, blocks: list[Json], *, notice: bool) -> None:
        """A message that keeps its buttons is remembered as one that has none to take off."""
        self._living.put((sent.chat_ref, sent.message_ref), (text, [] if notice else blocks))

    async def strip(self, sent: Sent, token: str, *, read: bool) -> None:
        """Take the buttons off a living message that is not the last one any more; one that says nothing without them
        goes. Its failure hurts nobody.

        Slack edits a message whole: what it said is known here, or read from the history where that is allowed.
        """
        place = (sent.chat_ref, sent.message_ref)
        said = self._living.get(place)
        self._living.drop(place)
        try:
            said = said or (await self._read(sent, token) if read else None)
            if said is None or not any(block.get("type") == "actions" for block in said[1]):
                return
            text, blocks = said
            left, client = render.without_buttons(blocks), self._api.client(token)
            if render.is_bare(left):
                asked = client.chat_delete(channel=sent.chat_ref, ts=sent.message_ref)
                await self._api.run("chat.delete", asked)
                return
            asked = client.chat_update(channel=sent.chat_ref, ts=sent.message_ref, text=text, blocks=left)
            await self._api.run("chat.update", asked)
        except (NotDelivered, Refused):
            return

    async def _read(self, sent: Sent, token: str) -> tuple[str, list[Json]] | None:
        asked = self._api.client(token).conversations_history(
            channel=sent.chat_ref, latest=sent.message_ref, inclusive=True, limit=1
        )
        found = (await self._api.run("conversations.history", asked)).get("messages") or []
        if not found or found[0].get("ts") != sent.message_ref or not found[0].get("bot_id"):
            return None
        return str(found[0].get("text") or ""), list(found[0].get("blocks") or [])

    async def find(self, chat_ref: str, token: str, key: str, since: float) -> Sent | None:
        """The message with this key among the newest since then (epoch seconds)."""
        asked = self._api.client(token).conversations_history(
            channel=chat_ref, oldest=f"{since:.6f}", limit=NEWEST, include_all_metadata=True
        )
        answer = await self._api.run("conversations.history", asked)
        for each in answer.get("messages") or []:
            metadata = each.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and (metadata.get("event_payload") or {}).get("key") == key:
                return Sent(chat_ref, str(each["ts"]))
        return None

    async def _show_picture(self, chat_ref: str, token: str, picture: Picture) -> None:
        """A file of its own below the message, which says the same in words and links."""
        try:
            await self._upload(chat_ref, token, File("picture.png", picture.png, picture.alt), alt_txt=picture.alt)
        except (NotDelivered, Refused):
            return

    async def hand_over(self, account: Account | Profile, token: str, screen: Screen) -> Screen:
        """Put the file of a screen into the private chat; the screen then says so, or that Slack did not take it."""
        file = screen.file
        if file is None:
            return screen
        try:
            await self._there(account, token, lambda chat: self._upload(chat, token, file))
        except Refused as refused:
            log.warning("slack.file_refused", extra={"ids": {"code": refused.code}})
            return replace(screen, file=None, body=(*screen.body, Line(_("Slack did not take the file."))))
        return replace(screen, file=None)

    async def _upload(self, chat_ref: str, token: str, file: File, alt_txt: str | None = None) -> None:
        """In three steps: Slack says where to, gets the bytes, and shows them in the chat."""
        asked = self._api.client(token).files_upload_v2(
            content=file.data, filename=file.name, title=shorten(file.about, 200), channel=chat_ref,
            alt_txt=None if alt_txt is None else shorten(alt_txt, 1000),
        )  # fmt: skip
        await self._api.run("files.upload", asked)


def _said(ref: object) -> str:
    """A reference that an answer must have. Raises `Unreadable`."""
    if not isinstance(ref, str) or not ref:
        raise Unreadable
    return ref
