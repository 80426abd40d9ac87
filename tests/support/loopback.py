"""Refuses every connection and look-up that would leave this machine."""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path
from typing import Any


class OutsideWorldError(RuntimeError):
    """A test tried to speak to something that is not this machine."""


# Goes first on PYTHONPATH, so that the processes which a test starts are guarded as well.
CHILDREN = Path(__file__).with_name("children")

refused: list[str] = []


def guard() -> None:
    """Watch this process from now on. An audit hook sees what patched methods miss, and cannot be undone."""
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if host is None or is_local(host):
        return
    refused.append(str(host))
    raise OutsideWorldError(f"a test tried to reach {host!r}; only loopback is allowed")


def is_local(host: str | bytes) -> bool:
    """Whether this is loopback, a wildcard to listen on, or the name that always means this machine."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
