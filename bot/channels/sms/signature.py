"""How Twilio signs what it posts: https://www.twilio.com/docs/usage/security#validating-requests.

Over the address that it calls and the form, with the auth token and SHA-1; with SHA-256 where a SharedKey signs. There
is no time in it: whoever repeats a message is known by its id alone.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

HEADER = "X-Twilio-Signature"
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"
SHA256 = "algorithm=HMAC_SHA256"

Form = Sequence[tuple[str, str]]
"""Names and values as they were posted, blank ones too."""


def signature(secret: str, url: str, form: Form, *, sha256: bool = False) -> str:
    signed = url + "".join(name + value for name, value in sorted(set(form)))
    made = hmac.digest(secret.encode(), signed.encode(), hashlib.sha256 if sha256 else hashlib.sha1)
    return base64.b64encode(made).decode()


def is_signed(given: str, secrets: Iterable[str], url: str, form: Form, *, sha256: bool) -> bool:
    """Whether one of these secrets signed it for this address, whose port Twilio may or may not have named."""
    mark = given.encode("utf-8", "surrogateescape")
    made = [signature(secret, each, form, sha256=sha256) for secret in secrets for each in _ports(url)]
    return sum(hmac.compare_digest(mark, each.encode()) for each in made) > 0  # all are looked at


def names_sha256(settings: str) -> bool:
    """Whether the header of settings says so: `key=SK…,algorithm=HMAC_SHA256`."""
    return SHA256 in (each.strip() for each in settings.split(","))


def _ports(url: str) -> list[str]:
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if usual is None or parts.port not in {None, usual}:
        return [url]
    host = parts.netloc.removesuffix(f":{usual}")
    return [parts._replace(netloc=host).geturl(), parts._replace(netloc=f"{host}:{usual}").geturl()]
