"""Whose address it is: for whom a connection is counted, and who asks through a proxy."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

ONE_HOUSE = 64
"""Bits of an IPv6 address that a network gives away as one: whoever has one has all below it."""

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def of_peer(peer: object) -> str:
    """Whom a connection is counted for; `peer` as its socket names it."""
    host = peer[0] if isinstance(peer, tuple) and peer else None
    return _as_one(_read(host), host)


def of_visitor(peer: str | None, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """Who asks: the peer of the connection, unless that is a proxy of ours, which says in whose name it asks.

    Each proxy adds whom it heard to the right; what stands to the left of the first stranger, that stranger wrote.
    """
    said = [each.strip() for line in forwarded for each in line.split(",")]
    found = _read(peer)
    while found is not None and said and any(found in network for network in proxies):
        before = _read(said.pop())
        if before is None:
            break
        found = before
    return _as_one(found, peer)


def _as_one(found: Address | None, said: str | None) -> str:
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, ONE_HOUSE), strict=False))
    return str(found or said or "")


def _read(text: str | None) -> Address | None:
    """An address as sockets and proxies write it: some with a zone, some with a port."""
    bare = (text or "").removeprefix("[").split("]")[0].split("%")[0]
    if bare.count(":") == 1:
        bare = bare.split(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
