"""What Twilio posts to `/webhooks/twilio`: how far messages came, and what people write to the number."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from bot.channels.sms.errors import GONE
from bot.channels.sms.signature import HEADER, SETTINGS_HEADER, is_signed, names_sha256
from bot.domain.notices.delivery_news import Stage
from bot.domain.reach.sms_words import SmsWord
from bot.integrations.vendor import Event, NotAuthentic
from bot.services.reach.sms_news import News, SmsStatus, SmsText
from bot.sms_settings import Twilio

NAME = "twilio"
PATH = f"/webhooks/{NAME}"
MOST_FIELDS = 200
STATUS, TEXT = "status", "text"

_STAGES = {
    "accepted": Stage.HANDED_OVER, "scheduled": Stage.HANDED_OVER, "queued": Stage.HANDED_OVER,
    "sending": Stage.HANDED_OVER, "sent": Stage.SENT, "partially_delivered": Stage.SENT,
    "delivered": Stage.DELIVERED, "read": Stage.DELIVERED,
    "undelivered": Stage.FAILED, "failed": Stage.FAILED, "canceled": Stage.FAILED,
}  # fmt: skip
_KEPT = ("MessageSid", "MessageStatus", "ErrorCode", "From", "To", "Body", "OptOutType")


class TwilioEvents:
    """Implements `bot.integrations.vendor.EventSource`. `public_url` is that of the settings: what a request says of
    its own host is a stranger's word."""

    name = NAME
    guard = "a signature over our address and the form, compared in constant time; each status is applied once"

    def __init__(self, settings: Twilio, public_url: str) -> None:
        self._settings = settings
        self._url = public_url.rstrip("/") + PATH
        self._secrets = [each for each in (settings.auth_token, settings.shared_key) if each]

    def check_headers(self, headers: Mapping[str, str], real_now: datetime) -> None:
        """There is no time in the signature to be judged by."""
        if not _header(headers, HEADER):
            raise NotAuthentic("no signature")

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Event:
        try:
            form = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise NotAuthentic("no form") from error
        sha256 = names_sha256(_header(headers, SETTINGS_HEADER))
        if not is_signed(_header(headers, HEADER), self._secrets, self._url, form, sha256=sha256):
            raise NotAuthentic("signature")
        return self._event(dict(form))

    def _event(self, form: Mapping[str, str]) -> Event:
        sid, status = form.get("MessageSid", ""), form.get("MessageStatus", "")
        if form.get("AccountSid") != self._settings.account_sid or not (sid.isascii() and sid.isalnum()):
            raise NotAuthentic("not of our account")
        body = {name: form[name] for name in _KEPT if name in form}
        told = status if status and "Body" not in form else ""
        if told and not (told.isascii() and told.replace("_", "").isalnum() and len(told) <= 40):
            raise NotAuthentic("not a status")
        return Event(f"{sid}:{told or 'received'}", STATUS if told else TEXT, body)


def read(kind: str, body: Mapping[str, object]) -> News | None:
    """What an event tells; None for a status that is of no concern."""
    told = {name: value for name, value in body.items() if isinstance(value, str)}
    if kind == STATUS:
        return _status(told)
    flag = told.get("OptOutType", "").upper()
    number = told.get("From", "")
    meant = SmsWord(flag) if flag in set(SmsWord) else None
    return SmsText(number, told.get("Body", ""), meant) if number.startswith("+") else None


def _status(told: Mapping[str, str]) -> SmsStatus | None:
    stage = _STAGES.get(told.get("MessageStatus", ""))
    if stage is None:
        return None
    code = told.get("ErrorCode", "")
    number = int(code) if code.isascii() and code.isdigit() and len(code) < 10 else None
    if stage is not Stage.FAILED:
        return SmsStatus(told["MessageSid"], stage)
    closes = None if number is None else GONE.get(number)
    return SmsStatus(told["MessageSid"], stage, None if number is None else str(number), closes)


def _header(headers: Mapping[str, str], name: str) -> str:
    """In any case of letters."""
    found = headers.get(name)
    return (
        found if found is not None else next((each for key, each in headers.items() if key.lower() == name.lower()), "")
    )
