"""Events of mails, in the shape and with the signature in which Resend posts them (through Svix)."""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook

from bot.sandbox.mail.mailboxes import Kept

SECRET = "whsec_c2FuZGJveC1zaWduaW5nLXNlY3JldC0xMjM="  # noqa: S105
WHY: dict[str, dict[str, Any]] = {
    "email.bounced": {"bounce": {"type": "Permanent", "subType": "General", "message": "No such user here"}},
    "email.failed": {"failed": {"reason": "reached_daily_quota"}},
    "email.suppressed": {"suppressed": {"type": "OnAccountSuppressionList", "message": "On the suppression list"}},
}
SOFT = {"bounce": {"type": "Transient", "subType": "MailboxFull", "message": "The mailbox is full"}}


def event(
    kind: str, mail: Kept, tags: dict[str, str], at: datetime, more: dict[str, Any] | None = None
) -> dict[str, Any]:
    """`id` and `type` are how a delivery is known; `body` is what is posted."""
    data = {
        "created_at": mail.at.isoformat(),
        "email_id": mail.id,
        "message_id": f"<{mail.id}@email.sandbox>",
        "from": mail.sender,
        "to": list(mail.to),
        "subject": mail.subject,
        "tags": tags,
        **(WHY.get(kind, {}) if more is None else more),
    }
    body = {"type": kind, "created_at": at.isoformat().replace("+00:00", "Z"), "data": data}
    return {"id": f"msg_{secrets.token_hex(12)}", "type": kind, "body": body}


def signer(secret: str, real_now: Callable[[], datetime]) -> Callable[[dict[str, Any]], tuple[bytes, dict[str, str]]]:
    """Signatures keep real time: the product checks them against its own wall clock."""

    def signed(told: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        return posted(told, secret, real_now())

    return signed


def posted(told: dict[str, Any], secret: str, at: datetime) -> tuple[bytes, dict[str, str]]:
    """Body and headers of an event signed at this moment."""
    body = json.dumps(told["body"])
    at = at.astimezone(UTC)
    return body.encode(), {
        "Content-Type": "application/json",
        "User-Agent": "Svix-Webhooks/1.0",
        "svix-id": told["id"],
        "svix-timestamp": str(int(at.timestamp())),
        "svix-signature": Webhook(secret).sign(told["id"], at, body),
    }
