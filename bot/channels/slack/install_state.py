"""Makes and checks the state of an installation: signed, good for ten minutes, and kept nowhere.

It need not be single-use: the code that Slack hands over with it is, and without a code a state does nothing.
The key is made of the app's client secret, which every process has and no browser.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

LIFETIME = timedelta(minutes=10)
_PURPOSE = b"rapport:install-state"


class InstallState:
    def __init__(self, client_secret: str) -> None:
        self._key = hmac.new(client_secret.encode(), _PURPOSE, hashlib.sha256).digest()

    def new(self, now: datetime) -> str:
        """A state for an installation that begins now; nobody can guess the one of another browser."""
        signed = f"{secrets.token_urlsafe(18)}.{int((now + LIFETIME).timestamp())}"
        return f"{signed}.{self._mac(signed)}"

    def holds(self, state: str, now: datetime) -> bool:
        """Whether the state is ours, and in time."""
        signed, _dot, mac = state.rpartition(".")
        if not hmac.compare_digest(mac.encode(errors="replace"), self._mac(signed).encode()):
            return False
        return now.timestamp() < int(signed.rpartition(".")[2])

    def _mac(self, signed: str) -> str:
        return hmac.new(self._key, signed.encode(errors="replace"), hashlib.sha256).hexdigest()
