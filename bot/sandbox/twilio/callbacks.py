"""Posts to the product what Twilio posts: signed forms, late, doubled, out of order or never on request."""

import asyncio
import base64
import hmac
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox.webhooks import Disturbances


def sign(secret: str, url: str, form: Mapping[str, str], algorithm: str = "sha1") -> str:
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), algorithm).digest()).decode()


@dataclass(frozen=True)
class Attempt:
    """One try to tell; status 0 when nobody answered, and what the product answered."""

    url: str
    form: Mapping[str, str]
    status: int
    answer: str


class Callbacks:
    """`shared_key`: signs with SHA-256 instead of the auth token with SHA-1.

    Of the disturbances `drop` names statuses, `reverse` turns those of one message round, `delay` comes before each.
    """

    def __init__(
        self,
        auth_token: str,
        session: Callable[[], aiohttp.ClientSession],
        spawn: Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]],
    ) -> None:
        self.auth_token = auth_token
        self.shared_key: str | None = None
        self.options = Disturbances()
        self.attempts: list[Attempt] = []
        self._session, self._spawn = session, spawn
        self._held: list[tuple[str, list[dict[str, str]]]] = []
        self._running: set[asyncio.Task[Any]] = set()

    def tell(self, url: str, forms: list[dict[str, str]]) -> None:
        """What becomes of one message, in order."""
        if self.options.hold:
            self._held.append((url, forms))
            return
        task = self._spawn(self._post_all(url, forms))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def release(self) -> None:
        """After the options changed."""
        if not self.options.hold:
            held, self._held = self._held, []
            for url, forms in held:
                self.tell(url, forms)

    async def told(self) -> None:
        """Wait until all that is under way was posted."""
        while self._running:
            await asyncio.wait(self._running)

    async def _post_all(self, url: str, forms: list[dict[str, str]]) -> None:
        left = [form for form in forms if form.get("MessageStatus") not in self.options.drop]
        for form in reversed(left) if self.options.reverse else left:
            for _copy in range(1 + self.options.duplicates):
                await asyncio.sleep(self.options.delay)
                await self.post(url, form)

    async def post(self, url: str, form: dict[str, str]) -> Attempt:
        """One try; Twilio repeats only where nobody could be reached."""
        headers = {"User-Agent": "TwilioProxy/1.1", "X-Twilio-Signature": sign(self.auth_token, url, form)}
        if self.shared_key is not None:
            headers["X-Twilio-Signature"] = sign(self.shared_key, url, form, "sha256")
            headers["X-Twilio-Webhooks-Signature-Settings"] = "key=SK0,algorithm=HMAC_SHA256"
        try:
            async with self._session().post(url, data=form, headers=headers, allow_redirects=False) as answer:
                attempt = Attempt(url, form, answer.status, await answer.text())
        except (aiohttp.ClientError, TimeoutError):
            attempt = Attempt(url, form, 0, "")
        self.attempts.append(attempt)
        return attempt
