"""Takes one payload, from the person it is about to the answer that Slack gets.

A turn ends when its transaction has committed. Only opening a modal and the answer to a form run before the
acknowledgement; messages follow in the background.
"""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from typing import Any

from bot.channels.slack import inbound, modal
from bot.channels.slack.api import Api, Refused
from bot.channels.slack.background import Background
from bot.channels.slack.inbound import SlackSender
from bot.channels.slack.profiles import Profiles
from bot.channels.slack.recent import Ack
from bot.channels.slack.turns import Turns, lane
from bot.chat.channel import Incoming, NotDelivered, Reply
from bot.chat.turn import Window, WindowKind
from bot.chat.words import _, speaking
from bot.clock import Clock
from bot.domain.people.people import Profile, Unreachable
from storage.engine import StorageAway

log = logging.getLogger(__name__)

Json = dict[str, Any]

ACK_SECONDS = 2.2
"""Slack shows an error after three; what takes longer goes on without it."""

DONE = Ack()
AWAY = Ack(503)


class SlackReceiver:
    def __init__(self, turns: Turns, profiles: Profiles, api: Api, background: Background, clock: Clock) -> None:
        self._turns = turns
        self._profiles = profiles
        self._api = api
        self._background = background
        self._clock = clock

    async def event(self, body: Json) -> Ack:
        """Slack delivers an event again when it gets no 2xx, so this one is waited for to its end."""
        try:
            await self._event(body["event"], body)
        except StorageAway:
            return AWAY
        except inbound.Malformed as wrong:
            log.info("slack.malformed", extra={"ids": {"why": str(wrong)}})
        except Exception:
            # Delivered again it would fail again.
            log.exception("slack.event_failed")
        return DONE

    async def _event(self, event: Json, body: Json) -> None:
        kind = event["type"]
        if kind in ("app_uninstalled", "tokens_revoked"):
            tokens = event.get("tokens")
            if kind == "app_uninstalled" or (isinstance(tokens, dict) and tokens.get("bot")):
                await self._turns.front.workspace_gone(inbound.workspace_of(body)[0], inbound.happened(body))
        elif kind == "user_change":
            await self._user_changed(inbound.about(event), body)
        elif (kind == "message" and event.get("channel_type") == "im") or (
            kind == "app_home_opened" and event.get("tab", "home") == "home"
        ):
            sender = inbound.author_of(body)
            known = None if sender is None else await self._turns.known(sender, body)
            if known is not None:
                token, profile = known
                read = inbound.message if kind == "message" else inbound.home
                await self._turns.receive(read(body, profile), token)

    async def _user_changed(self, user: Json, body: Json) -> None:
        workspace, enterprise = inbound.workspace_of(body)
        sender = SlackSender(workspace, enterprise, inbound.ref(user.get("id"), "user.id"))
        if user.get("deleted"):
            await self._turns.front.reachable(inbound.profile_of(sender, user), Unreachable.DEACTIVATED)
            return
        profile = self._profiles.follow(sender, user)
        if profile is not None:
            await self._turns.front.profile_changed(profile)

    async def command(self, body: Json) -> Ack:
        """A slash command. Slack never repeats one, so whoever typed it is told when nothing was done."""
        sender = inbound.sender_of(body)
        with self._speaking(sender):
            failed = _text(_("Something went wrong on our side. Please try again in a moment."))
            return await self._in_time(self._command(sender, body), sender, body, failed)

    async def _command(self, sender: SlackSender, body: Json) -> Ack:
        try:
            known = await self._turns.known(sender, body)
            if known is None:
                return _text(_("Nobody answers in this workspace."))
            token, profile = known
            await self._turns.receive(inbound.command(body, profile), token)
        except StorageAway:
            return _text(nothing_changed())
        return DONE

    async def tap(self, body: Json) -> Ack:
        """A pressed button; others of its kind are acknowledged."""
        sender = inbound.sender_of(body)
        with self._speaking(sender):
            return await self._in_time(self._tap(sender, body), sender, body, DONE)

    async def _tap(self, sender: SlackSender, body: Json) -> Ack:
        known = None
        try:
            known = await self._turns.known(sender, body)
            if known is None:
                return DONE
            token, profile = known
            incoming = inbound.tap(body, profile)
            if incoming is not None:
                await self._turns.receive(incoming, token, inbound.origin_of(body))
        except StorageAway:
            words, found = nothing_changed(), known
            self._background.follow(lane(sender), lambda: self._say(words, sender, body, found))
        return DONE

    async def submission(self, body: Json) -> Ack:
        """A filled form, a chosen time, or the act that a modal asked about."""
        sender = inbound.sender_of(body)
        with self._speaking(sender):
            failed = _errors(body["view"], {"": _("Something went wrong on our side. Please try again in a moment.")})
            return await self._in_time(self._submission(sender, body), sender, body, failed)

    async def _submission(self, sender: SlackSender, body: Json) -> Ack:
        began, known = self._clock.monotonic(), None
        try:
            known = await self._turns.known(sender, body)
            if known is None:
                return DONE
            token, profile = known
            incoming = inbound.submission(body, profile)
            reply = await self._turns.front.turn(incoming)
        except StorageAway:
            return replace(_errors(body["view"], {"": nothing_changed()}), known=known)
        if reply is None:
            return DONE
        return await self._submitted(body, incoming, reply, token, began)

    async def _submitted(self, body: Json, incoming: Incoming, reply: Reply, token: str, began: float) -> Ack:
        origin = inbound.origin_of(body)
        in_time = self._clock.monotonic() - began < ACK_SECONDS
        if reply.errors and in_time:
            return _errors(body["view"], dict(reply.errors))
        if reply.screen.is_step and in_time:
            with speaking(reply.language):
                view = modal.modal(reply.screen, origin)
            return Ack(body={"response_action": "update", "view": view})
        if reply.screen.is_step:
            asked = replace(incoming, answers=None, form_at=None, form_to=None, submitted=False)
            await self._turns.ask_in_chat(asked, reply, token)
            return DONE
        kind = WindowKind.HOME if origin.window == "home" else WindowKind.MESSAGE
        self._turns.show(reply, Window(kind), token)
        return Ack(body={"response_action": "clear"})

    def _speaking(self, sender: SlackSender) -> AbstractContextManager[None]:
        return speaking(self._profiles.language(sender.workspace, sender.user_ref))

    async def _in_time(self, work: Coroutine[Any, Any, Ack], sender: SlackSender, body: Json, failed: Ack) -> Ack:
        """Slack's answer to something that it sends once: in time, whatever happens."""
        task = self._background.begin(_caught(work, failed))
        done, _pending = await asyncio.wait({task}, timeout=ACK_SECONDS)
        if done:
            return task.result()
        task.add_done_callback(lambda late: self._told_late(late, sender, body))
        return DONE

    def _told_late(self, late: asyncio.Task[Ack], sender: SlackSender, body: Json) -> None:
        """Words that were meant for the answer go the longer way."""
        meant = DONE if late.cancelled() else late.result()
        if meant.words:
            self._background.follow(lane(sender), lambda: self._say(meant.words, sender, body, meant.known))

    async def _say(self, words: str, sender: SlackSender, body: Json, known: tuple[str, Profile] | None) -> None:
        """Beside the message that was tapped or where a command was typed, over a view, or else in the private chat."""
        url = inbound.url_of(body)
        if url is not None:
            answer = {"text": words, "response_type": "ephemeral", "replace_original": False}
            try:
                await self._api.respond(url, answer)
                return
            except Refused:  # its half hour is over, or it never was one of Slack's
                log.info("slack.url_unused")
        with suppress(StorageAway):  # without a token nobody can be told
            known = known or await self._turns.known(sender, body)
            if known is not None:
                token, profile = known
                await self._say_over(words, profile, body, token)

    async def _say_over(self, words: str, profile: Profile, body: Json, token: str) -> None:
        client, trigger = self._api.client(token), body["trigger_id"]
        in_modal = (body.get("view") or {}).get("type") == "modal"
        view = modal.notice(_("Try again"), words)
        try:
            asked = (client.views_push if in_modal else client.views_open)(trigger_id=trigger, view=view)
            await self._api.run("views.open", asked)
        except (NotDelivered, Refused):  # the modal is closed by now, or its three seconds are over
            await self._turns.say_in_chat(words, profile, token)


async def _caught(work: Coroutine[Any, Any, Ack], failed: Ack) -> Ack:
    """A listener never raises: what is unexpected here is logged, and the person told to try again."""
    try:
        return await work
    except Exception:
        log.exception("slack.turn_failed")
        return failed


def nothing_changed() -> str:
    return _("I cannot reach my records right now. Nothing was changed; please try again in a minute.")


def _text(words: str) -> Ack:
    return Ack(body={"text": words}, words=words)


def _errors(view: Json, errors: dict[str, str]) -> Ack:
    """The modal stays as it is: with words under its inputs, or below a small one where it has none."""
    found, words = modal.errors_by_block(view, errors), " ".join(errors.values())
    if found:
        return Ack(body={"response_action": "errors", "errors": found}, words=words)
    return Ack(body={"response_action": "push", "view": modal.notice(_("Try again"), words)}, words=words)
