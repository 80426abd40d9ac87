"""Records what happens in the account as Stripe's events."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.sandbox.stripe.objects import new_id

API_VERSION = "2026-10-28.endive"


class Events:
    """The account's events, oldest first; each new one is handed to `deliver`."""

    def __init__(self, deliver: Callable[[dict[str, Any]], None]) -> None:
        self._deliver = deliver
        self._cause: dict[str, str | None] = {"id": None, "idempotency_key": None}
        self.all: dict[str, dict[str, Any]] = {}

    @contextmanager
    def caused_by(self, request_id: str, idempotency_key: str | None) -> Iterator[None]:
        """Events inside name the API request; those of the page or the clock name none."""
        before = self._cause
        self._cause = {"id": request_id, "idempotency_key": idempotency_key}
        try:
            yield
        finally:
            self._cause = before

    def add(self, kind: str, thing: dict[str, Any], at: int, previous: dict[str, Any] | None = None) -> None:
        """`at` in epoch seconds of the sandbox's clock; `previous` are the attributes before an update."""
        data = {"object": thing} if previous is None else {"object": thing, "previous_attributes": previous}
        event: dict[str, Any] = {
            "id": new_id("evt_1"),
            "object": "event",
            "api_version": API_VERSION,
            "created": at,
            "data": data,
            "livemode": False,
            "pending_webhooks": 1,
            "request": dict(self._cause),
            "type": kind,
        }
        self.all[event["id"]] = event
        self._deliver(event)
