"""Reads all settings from the environment; one message lists everything that is missing or wrong."""

import base64
import binascii
import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from bot.mail_settings import Mail, mail
from bot.setting_names import SETTINGS as SETTINGS
from bot.setting_reader import Reader
from bot.sms_settings import Twilio
from bot.sms_settings import read as read_twilio

SLACK_API = "https://slack.com/api/"
TELEGRAM_API = "https://api.telegram.org"
STRIPE_API = "https://api.stripe.com"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
REAL_HOSTS = ("slack.com", "telegram.org", "stripe.com", "resend.com", "twilio.com")

_DATABASES = re.compile(r"(sqlite(\+aiosqlite)?:///|postgres(ql)?(\+asyncpg)?://).+")
_OWNER = re.compile(r"telegram:(?P<chat>\d+)|slack:(?:(?P<team>[TE]\w+):)?(?P<user>[UW]\w+)")


_SHORTEST_COMPARED = 8  # HOST and PORT stand in many names of others
_MISSPELT = 0.9
"""About one letter wrong, missing or too much in ten; other vendors' names are less alike."""


class BadSettings(ValueError):
    """Some settings are missing or invalid; the message lists all of them."""


@dataclass(frozen=True)
class OwnerRef:
    """One entry of OWNERS. `workspace` None fits any workspace of that platform."""

    platform: str
    workspace: str | None
    user_ref: str


@dataclass(frozen=True)
class Slack:
    bot_token: str | None
    client_id: str | None
    client_secret: str | None
    signing_secret: str | None
    app_token: str | None
    api_url: str

    @property
    def on(self) -> bool:
        tokens = self.bot_token or (self.client_id and self.client_secret)
        return bool(tokens and (self.signing_secret or self.app_token))


@dataclass(frozen=True)
class Telegram:
    bot_token: str | None
    webhook_secret: str | None
    mode: str
    api_url: str
    payment_provider_token: str | None = None

    @property
    def on(self) -> bool:
        return bool(self.bot_token and (self.mode == "polling" or self.webhook_secret))


@dataclass(frozen=True)
class Stripe:
    secret_key: str | None
    webhook_secret: str | None
    api_url: str

    @property
    def on(self) -> bool:
        return bool(self.secret_key and self.webhook_secret)


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    public_url: str
    database_url: str
    secret_keys: tuple[str, ...]
    owners: tuple[OwnerRef, ...]
    slack: Slack
    telegram: Telegram
    stripe: Stripe
    mail: Mail
    twilio: Twilio
    clock_file: Path | None = None
    log_level: str = "INFO"
    hold_minutes: int = 15
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    security_contact: str | None = None


def environment() -> dict[str, str]:
    """The environment variables of this process: for `load`, and for processes that it starts."""
    return dict(os.environ)


def load(env: Mapping[str, str]) -> Settings:
    """Read settings from a mapping (the environment). Raises `BadSettings` that lists all that is wrong."""
    reader = Reader(env)
    port = reader.number("PORT", 8080, 0, 65535)
    settings = Settings(
        host=reader.text("HOST", "127.0.0.1") or "",
        port=port,
        public_url=reader.url("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        database_url=_database(reader),
        secret_keys=_keys(reader),
        owners=_owners(reader),
        slack=_slack(reader),
        telegram=_telegram(reader),
        stripe=Stripe(
            reader.text("STRIPE_SECRET_KEY"),
            reader.text("STRIPE_WEBHOOK_SECRET"),
            reader.url("STRIPE_API_URL", STRIPE_API).rstrip("/"),
        ),
        mail=mail(reader),
        twilio=read_twilio(reader),
        clock_file=Path(clock) if (clock := reader.text("CLOCK_FILE")) else None,
        log_level=_log_level(reader),
        hold_minutes=reader.number("HOLD_MINUTES", 15, 5, 25),
        trusted_proxies=_proxies(reader),
        security_contact=_security_contact(reader),
    )
    _refuse_false_clock(settings, reader)
    _refuse_misspelt(env, reader)
    if reader.wrong:
        raise BadSettings("These settings must be mended:\n" + "\n".join(f"  - {line}" for line in reader.wrong))
    return settings


def _refuse_misspelt(env: Mapping[str, str], reader: Reader) -> None:
    """A setting that is missing while the environment has one of nearly that name was most likely misspelt."""
    missing = [name for name in SETTINGS if name not in env and len(name) >= _SHORTEST_COMPARED]
    for name in sorted(set(env) - set(SETTINGS)):
        if near := difflib.get_close_matches(name, missing, n=1, cutoff=_MISSPELT):
            reader.wrong.append(f"{name} is no setting: {near[0]} is meant, most likely")


def _security_contact(reader: Reader) -> str | None:
    """As security.txt has it: `mailto:` or `https:`."""
    raw = reader.text("SECURITY_CONTACT")
    if raw is None:
        return None
    address = raw.removeprefix("mailto:")
    if re.fullmatch(r"[^\s@]+@[^\s@]+", address) and "/" not in address:
        return f"mailto:{address}"
    if not re.fullmatch(r"https://[^\s@/]+(/\S*)?", raw):
        reader.wrong.append(f"SECURITY_CONTACT must be an e-mail address or an https address, not {raw!r}")
    return raw


def _log_level(reader: Reader) -> str:
    level = (reader.text("LOG_LEVEL", "INFO") or "").upper()
    if level not in LOG_LEVELS:
        reader.wrong.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {level!r}")
    return level


def _database(reader: Reader) -> str:
    url = reader.text("DATABASE_URL", "sqlite:///rapport.db") or ""
    if not _DATABASES.fullmatch(url):
        reader.wrong.append("DATABASE_URL must look like sqlite:///path or postgresql://user:password@host/name")
    return url


def _keys(reader: Reader) -> tuple[str, ...]:
    keys = tuple(part.strip() for part in (reader.text("SECRET_KEYS") or "").split(",") if part.strip())
    if not keys:
        reader.wrong.append("SECRET_KEYS is missing: make one key with `rapport keys new`")
    for number, key in enumerate(keys, 1):
        try:
            good = len(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))) == 32
        except (binascii.Error, ValueError):
            good = False
        if not good:
            reader.wrong.append(f"SECRET_KEYS: key {number} is not 32 bytes of url-safe base64")
    return keys


def _owners(reader: Reader) -> tuple[OwnerRef, ...]:
    owners = []
    for part in (reader.text("OWNERS") or "").split(","):
        entry = part.strip()
        if not entry:
            continue
        match = _OWNER.fullmatch(entry)
        if match is None:
            reader.wrong.append(f"OWNERS: {entry!r} is none of telegram:1001, slack:T0AAA:U0AAA, slack:U0AAA")
        elif match["chat"]:
            owners.append(OwnerRef("telegram", "", match["chat"]))
        else:
            owners.append(OwnerRef("slack", match["team"], match["user"]))
    return tuple(owners)


def _proxies(reader: Reader) -> tuple[IPv4Network | IPv6Network, ...]:
    found = []
    for part in (reader.text("TRUSTED_PROXIES") or "").split(","):
        entry = part.strip()
        try:
            found += [ip_network(entry, strict=False)] if entry else []
        except ValueError:
            reader.wrong.append(f"TRUSTED_PROXIES: {entry!r} is no address and no network, such as 10.0.0.0/8")
    return tuple(found)


def _slack(reader: Reader) -> Slack:
    url = reader.url("SLACK_API_URL", SLACK_API)
    return Slack(
        bot_token=reader.text("SLACK_BOT_TOKEN"),
        client_id=reader.text("SLACK_CLIENT_ID"),
        client_secret=reader.text("SLACK_CLIENT_SECRET"),
        signing_secret=reader.text("SLACK_SIGNING_SECRET"),
        app_token=reader.text("SLACK_APP_TOKEN"),
        api_url=url if url.endswith("/") else url + "/",
    )


def _telegram(reader: Reader) -> Telegram:
    mode = reader.text("TELEGRAM_MODE", "webhook") or ""
    if mode not in {"webhook", "polling"}:
        reader.wrong.append(f"TELEGRAM_MODE must be webhook or polling, not {mode!r}")
    secret = reader.text("TELEGRAM_WEBHOOK_SECRET")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        reader.wrong.append("TELEGRAM_WEBHOOK_SECRET may hold 1 to 256 of A-Z a-z 0-9 _ - only")
    return Telegram(
        bot_token=reader.text("TELEGRAM_BOT_TOKEN"),
        webhook_secret=secret,
        mode=mode,
        api_url=reader.url("TELEGRAM_API_URL", TELEGRAM_API).rstrip("/"),
        payment_provider_token=reader.text("TELEGRAM_PAYMENT_PROVIDER_TOKEN"),
    )


def _refuse_false_clock(settings: Settings, reader: Reader) -> None:
    """A shifted clock beside real money or real people would send reminders and close holds at the wrong time."""
    if settings.clock_file is None:
        return
    if (settings.stripe.secret_key or "").startswith(("sk_live", "rk_live")):
        reader.wrong.append("CLOCK_FILE is refused with a live key in STRIPE_SECRET_KEY")
    used = {
        "SLACK_API_URL": settings.slack.api_url if settings.slack.on else "",
        "TELEGRAM_API_URL": settings.telegram.api_url if settings.telegram.on else "",
        "STRIPE_API_URL": settings.stripe.api_url if settings.stripe.on else "",
        "RESEND_API_URL": settings.mail.resend.api_url if settings.mail.provider == "resend" else "",
        "TWILIO_API_URL": settings.twilio.api_url if settings.twilio.on else "",
    }
    if settings.mail.smtp is not None and not settings.mail.smtp.loopback:
        reader.wrong.append("CLOCK_FILE is refused while SMTP_URL is another machine's")
    for name, url in used.items():
        host = (urlsplit(url).hostname or "").rstrip(".")
        if any(host == real or host.endswith("." + real) for real in REAL_HOSTS):
            reader.wrong.append(f"CLOCK_FILE is refused while {name} is the real one")
