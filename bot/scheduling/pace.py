"""Messages leave evenly spaced, just under what the platforms allow."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.people import Platform

# Telegram: 30 messages a second for a bot, one a second into a chat (Bots FAQ, "How can I message all of my
# bot's subscribers"). Slack: one a second into a channel (Web API, `chat.postMessage`).
PER_PLATFORM: Mapping[Platform, float] = {Platform.TELEGRAM: 1 / 29.5}
PER_CHAT_SECONDS = 1.0
_MANY_CHATS = 1000


@dataclass
class Pace:
    """Seconds between two messages of a platform, and of one chat."""

    per_platform: Mapping[Platform, float] = field(default_factory=lambda: PER_PLATFORM)
    per_chat: float = PER_CHAT_SECONDS
    _platforms: dict[Platform, float] = field(default_factory=dict)
    _chats: dict[tuple[Platform, str], float] = field(default_factory=dict)

    async def turn(self, platform: Platform, chat: str) -> None:
        """Wait until a message may go into this chat."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._platforms.get(platform, now), self._chats.get((platform, chat), now))
        self._platforms[platform] = at + self.per_platform.get(platform, 0.0)
        if len(self._chats) > _MANY_CHATS:
            self._chats = {key: free for key, free in self._chats.items() if free > now}
        self._chats[platform, chat] = at + self.per_chat
        if at > now:
            await asyncio.sleep(at - now)
