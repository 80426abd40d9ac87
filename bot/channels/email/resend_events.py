"""What Resend posts of the mails that it took: `POST /webhooks/resend`, signed as Svix signs."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bot.channels.email.resend import ACCOUNT_TAG
from bot.domain.notices.delivery_news import DeliveryNews, Fact, Stage
from bot.integrations.vendor import Event, NotAuthentic, VendorRefused

GUARD = "Resend's signature over the raw body, at most five minutes old"
TOLERANCE_S = 300
PERMANENT, ON_ITS_LIST = "Permanent", "Suppressed"
_NAMES = {f"svix-{each}": f"webhook-{each}" for each in ("id", "timestamp", "signature")}
_KEPT = ("email_id", "to", "tags")
"""What is kept of an event beside its reason: neither the subject nor who wrote."""


class ResendEvents:
    """Implements `bot.integrations.vendor.EventSource`."""

    name = "resend"
    guard = GUARD

    def __init__(self, secret: str) -> None:
        self._webhook = Webhook(secret)

    def check_headers(self, headers: Mapping[str, str], real_now: datetime) -> None:
        if not all(headers.get(name) for name in _NAMES):
            raise NotAuthentic("not signed")
        stamp = headers["svix-timestamp"]
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 20):
            raise NotAuthentic("not signed")
        if abs(real_now.timestamp() - int(stamp)) > TOLERANCE_S:
            raise NotAuthentic("stale")

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Event:
        signed = {ours: headers.get(theirs, "") for theirs, ours in _NAMES.items()}
        try:
            event = self._webhook.verify(body, signed)
        except (WebhookVerificationError, ValueError, RecursionError) as refused:
            raise NotAuthentic("signature") from refused
        if not isinstance(event, dict) or not isinstance(event.get("data"), dict):
            raise NotAuthentic("no event")
        kind, at, data = event.get("type"), event.get("created_at"), event["data"]
        if not (isinstance(kind, str) and kind and isinstance(at, str)):
            raise NotAuthentic("no event")
        return Event(signed["webhook-id"], kind, {"created_at": at, **_reason(data), **_some(data, _KEPT)})


def read(kind: str, body: Mapping[str, Any]) -> DeliveryNews | None:
    """What an event tells; None for one that is of no message of ours. Raises `VendorRefused` for an unreadable one."""
    tells = _KINDS.get(kind)
    account = _account(body.get("tags"))
    if tells is None or account is None:
        return None
    why = body.get("why")
    stage, fact = tells(why if isinstance(why, Mapping) else {})
    try:
        [address] = body["to"]
        at = datetime.fromisoformat(body["created_at"]).astimezone(UTC)
        return DeliveryNews(account, str(address), str(body["email_id"]), at, stage, fact, _code(why))
    except (KeyError, TypeError, ValueError) as error:
        raise VendorRefused("unreadable") from error


def _bounced(why: Mapping[str, Any]) -> tuple[Stage, Fact | None]:
    if why.get("type") != PERMANENT:
        return Stage.FAILED, Fact.BOUNCED_FOR_NOW
    return Stage.FAILED, Fact.SUPPRESSED if why.get("subType") == ON_ITS_LIST else Fact.BOUNCED


def _plainly(stage: Stage, fact: Fact | None = None) -> Callable[[Mapping[str, Any]], tuple[Stage, Fact | None]]:
    return lambda _why: (stage, fact)


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], tuple[Stage, Fact | None]]] = {
    "email.sent": _plainly(Stage.SENT),
    "email.delivery_delayed": _plainly(Stage.DELAYED),
    "email.delivered": _plainly(Stage.DELIVERED),
    "email.complained": _plainly(Stage.DELIVERED, Fact.COMPLAINED),
    "email.bounced": _bounced,
    "email.suppressed": _plainly(Stage.FAILED, Fact.SUPPRESSED),
    "email.failed": _plainly(Stage.FAILED),
}


def _reason(data: Mapping[str, Any]) -> dict[str, Any]:
    """Why it was not delivered, in Resend's short words: what a server said in its own may have anything in it."""
    for name in ("bounce", "suppressed", "failed"):
        found = data.get(name)
        if isinstance(found, Mapping):
            return {"why": _some(found, ("type", "subType", "reason"))}
    return {}


def _some(data: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}


def _account(tags: object) -> int | None:
    """By the tag that the mail carried: Resend gives tags as an object, and took them as a list."""
    if isinstance(tags, list):
        tags = {each.get("name"): each.get("value") for each in tags if isinstance(each, Mapping)}
    value = tags.get(ACCOUNT_TAG) if isinstance(tags, Mapping) else None
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19 else None


def _code(why: object) -> str | None:
    if not isinstance(why, Mapping):
        return None
    words = [each for each in (why.get("type"), why.get("subType"), why.get("reason")) if isinstance(each, str)]
    return " ".join(words)[:80] or None
