"""Reads single settings of a mapping, such as the environment."""

from collections.abc import Mapping
from urllib.parse import urlsplit


class Reader:
    """`wrong` collects what is wrong with the settings read so far, a sentence each."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.wrong: list[str] = []

    def text(self, name: str, default: str | None = None) -> str | None:
        return self._env.get(name, "").strip() or default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        raw = self.text(name)
        if raw is None:
            return default
        if raw.isascii() and raw.isdigit() and low <= int(raw) <= high:
            return int(raw)
        self.wrong.append(f"{name} must be a number from {low} to {high}, not {raw!r}")
        return default

    def url(self, name: str, default: str) -> str:
        raw = self.text(name, default) or default
        try:
            parts = urlsplit(raw)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:  # a port that is no number, an unclosed bracket
            good = False
        if not good:
            self.wrong.append(f"{name} must be an http or https address, not {raw!r}")
            return default
        return raw
