"""The settings of SMS, which go by Twilio."""

import re
from dataclasses import dataclass, field

from bot.setting_reader import Reader

TWILIO_API = "https://api.twilio.com"

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_SHORT_CODE = re.compile(r"\d{3,8}")
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


@dataclass(frozen=True)
class Twilio:
    """`sender` is a number, a short code or a name; or a messaging service chooses one. `shared_key` signs what Twilio
    posts where one is set up there, else the auth token does."""

    account_sid: str | None = None
    auth_token: str | None = field(default=None, repr=False)
    sender: str | None = None
    messaging_service_sid: str | None = None
    shared_key: str | None = field(default=None, repr=False)
    api_url: str = TWILIO_API

    @property
    def on(self) -> bool:
        return bool(self.account_sid and self.auth_token and (self.sender or self.messaging_service_sid))

    @property
    def is_answered(self) -> bool:
        """Whether whoever gets an SMS can surely answer it: a name takes nothing, and a messaging service may use
        one."""
        return self.sender is not None and bool(_NUMBER.fullmatch(self.sender) or _SHORT_CODE.fullmatch(self.sender))


def read(reader: Reader) -> Twilio:
    """What is wrong is added to the reader's."""
    twilio = Twilio(
        account_sid=_sid(reader, "TWILIO_ACCOUNT_SID", "AC"),
        auth_token=reader.text("TWILIO_AUTH_TOKEN"),
        sender=reader.text("TWILIO_FROM"),
        messaging_service_sid=_sid(reader, "TWILIO_MESSAGING_SERVICE_SID", "MG"),
        shared_key=reader.text("TWILIO_SHARED_KEY"),
        api_url=reader.url("TWILIO_API_URL", TWILIO_API).rstrip("/"),
    )
    sender = twilio.sender
    if sender is not None and not any(kind.fullmatch(sender) for kind in (_NUMBER, _SHORT_CODE, _NAME)):
        reader.wrong.append(
            "TWILIO_FROM must be a number with its country such as +4366012345678, a short code, or a name of up to 11 "
            f"letters and digits, not {sender!r}"
        )
    if sender is not None and twilio.messaging_service_sid is not None:
        reader.wrong.append("TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID both say who sends: set one of them")
    return twilio


def missing(twilio: Twilio) -> str:
    """The settings without which it is off."""
    given = {
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN": twilio.auth_token,
        "TWILIO_FROM (or TWILIO_MESSAGING_SERVICE_SID)": twilio.sender or twilio.messaging_service_sid,
    }
    return " and ".join(name for name, value in given.items() if not value)


def _sid(reader: Reader, name: str, begins: str) -> str | None:
    sid = reader.text(name)
    if sid is not None and not re.fullmatch(rf"{begins}[0-9a-f]{{32}}", sid):
        reader.wrong.append(f"{name} must be {begins} and 32 of 0-9 a-f")
    return sid
