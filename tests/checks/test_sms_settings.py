"""The settings of SMS: what switches them on, what is refused, and who can surely be answered."""

import pytest

from bot import sms_settings
from bot.config import BadSettings, Settings, load
from tests.storage.support import new_key

SID, SERVICE = "AC" + "0a" * 16, "MG" + "0a" * 16
GOOD = {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "pGk2vT7xQ9wLm4Zs", "TWILIO_FROM": "+4366012345678"}


def settings(**more: str) -> Settings:
    return load({"SECRET_KEYS": new_key(), **more})


@pytest.mark.parametrize("name", GOOD)
def test_each_of_them_is_needed(name: str) -> None:
    found = settings(**{each: value for each, value in GOOD.items() if each != name}).twilio
    assert settings(**GOOD).twilio.on
    assert not found.on
    assert name in sms_settings.missing(found)


@pytest.mark.parametrize(
    ("sender", "answered"),
    [
        ({"TWILIO_FROM": "+4366012345678"}, True),
        ({"TWILIO_FROM": "24365"}, True),
        ({"TWILIO_FROM": "Olga Talks"}, False),
        ({"TWILIO_FROM": "", "TWILIO_MESSAGING_SERVICE_SID": SERVICE}, False),
    ],
)
def test_who_can_be_answered(sender: dict[str, str], answered: bool) -> None:
    found = settings(**GOOD | sender).twilio
    assert found.on
    assert found.is_answered is answered


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"TWILIO_FROM": "066012345678901"}, "TWILIO_FROM must be a number with its country"),
        ({"TWILIO_FROM": "Olga's practice"}, "TWILIO_FROM must be"),
        ({"TWILIO_FROM": "+0123456789"}, "TWILIO_FROM must be"),
        ({"TWILIO_ACCOUNT_SID": "SK" + "0" * 32}, "TWILIO_ACCOUNT_SID must be AC and 32"),
        ({"TWILIO_MESSAGING_SERVICE_SID": "12"}, "TWILIO_MESSAGING_SERVICE_SID must be MG and 32"),
        ({"TWILIO_MESSAGING_SERVICE_SID": SERVICE}, "both say who sends"),
        ({"TWILIO_API_URL": "api.twilio.com"}, "TWILIO_API_URL must be an http or https address"),
        ({"CLOCK_FILE": "/tmp/clock"}, "CLOCK_FILE is refused while TWILIO_API_URL is the real one"),
    ],
)
def test_what_is_refused(wrong: dict[str, str], said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        settings(**GOOD | wrong)


def test_a_sandbox_may_move_the_clock() -> None:
    assert settings(**GOOD, CLOCK_FILE="/tmp/clock", TWILIO_API_URL="http://127.0.0.1:9").twilio.on
