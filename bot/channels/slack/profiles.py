"""Reads a person's name, zone and language by `users.info`; keeps them for minutes, never waits long."""

import asyncio
from dataclasses import dataclass, replace

from bot.channels.slack.api import Api, Json, Refused
from bot.channels.slack.background import Background
from bot.channels.slack.inbound import SlackSender, profile_of
from bot.chat.channel import CannotReach, NotDelivered
from bot.chat.remembered import Remembered
from bot.chat.words import DEFAULT_LANGUAGE
from bot.clock import Clock
from bot.domain.people.people import Profile, Unreachable

KEPT_SECONDS = 600.0
AGAIN_SECONDS = 30.0
"""Where Slack did not answer, it is not asked again before."""

ANSWER_SECONDS = 0.8
"""How long a turn waits. An answer that comes later is kept for the next one."""

MOST = 10_000


@dataclass(frozen=True)
class _Known:
    profile: Profile
    until: float
    bot: bool = False
    stranger: bool = False


class Profiles:
    def __init__(self, api: Api, background: Background, clock: Clock) -> None:
        self._api = api
        self._background = background
        self._clock = clock
        self._known: Remembered[tuple[str, str], _Known] = Remembered(MOST)
        self._spoken: Remembered[tuple[str, str], str] = Remembered(MOST)

    def spoke(self, workspace: str, user_ref: str, language: str) -> None:
        """The person was answered in this language."""
        self._spoken.put((workspace, user_ref), language)

    def language(self, workspace: str, user_ref: str) -> str:
        """For words of the channel's own, where the person's choice is not at hand."""
        known = self._known.get((workspace, user_ref))
        platform = known.profile.language if known is not None else None
        return self._spoken.get((workspace, user_ref)) or platform or DEFAULT_LANGUAGE

    async def of(self, sender: SlackSender, token: str, chat_ref: str | None) -> Profile | None:
        """The profile with that private chat; None for a bot.

        While Slack does not answer: what was known before, or what the payload says.
        """
        known = self._known.get((sender.workspace, sender.user_ref))
        if known is None or known.until < self._clock.monotonic():
            known = await self._ask(sender, token, known)
        return None if known.bot else replace(known.profile, chat_ref=chat_ref)

    async def _ask(self, sender: SlackSender, token: str, before: _Known | None) -> _Known:
        reading = self._background.begin(self._read(sender, token, before))
        await asyncio.wait({reading}, timeout=ANSWER_SECONDS)
        return reading.result() if reading.done() else self._keep(sender, self._unanswered(sender, before))

    async def _read(self, sender: SlackSender, token: str, before: _Known | None) -> _Known:
        asked = self._api.client(token).users_info(user=sender.user_ref, include_locale=True)
        try:
            answer = await self._api.run("users.info", asked)
        except (NotDelivered, Refused) as why:
            unknown = isinstance(why, CannotReach) and why.why is Unreachable.NOT_FOUND
            return self._keep(sender, replace(self._unanswered(sender, before), stranger=unknown))
        user: Json = answer.get("user") or {}
        until = self._clock.monotonic() + KEPT_SECONDS
        return self._keep(sender, _Known(profile_of(sender, user), until, bool(user.get("is_bot"))))

    def _unanswered(self, sender: SlackSender, before: _Known | None) -> _Known:
        until = self._clock.monotonic() + AGAIN_SECONDS
        return replace(before or _Known(profile_of(sender, {}), until), until=until)

    def _keep(self, sender: SlackSender, known: _Known) -> _Known:
        self._known.put((sender.workspace, sender.user_ref), known)
        return known

    def is_stranger(self, sender: SlackSender) -> bool:
        """Whether Slack said that the token's workspace has nobody of this id."""
        known = self._known.get((sender.workspace, sender.user_ref))
        return known is not None and known.stranger

    def follow(self, sender: SlackSender, user: Json) -> Profile | None:
        """What a `user_change` says, when that is news: Slack tells of every new status text, too."""
        key = (sender.workspace, sender.user_ref)
        known = self._known.get(key)
        profile = profile_of(sender, user)
        if profile.language is None and known is not None:
            profile = replace(profile, language=known.profile.language)
        if known is not None and known.profile == profile:
            return None
        until = self._clock.monotonic() + KEPT_SECONDS
        self._known.put(key, _Known(profile, until, bool(user.get("is_bot"))))
        return None if user.get("is_bot") else profile
