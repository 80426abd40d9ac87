"""For whom a connection is counted, and who asks through a proxy."""

from ipaddress import ip_network

import pytest

from bot.web.addresses import of_peer, of_visitor

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def test_whom_a_connection_is_counted_for() -> None:
    assert of_peer(("203.0.113.7", 5)) == "203.0.113.7"
    assert of_peer(("::ffff:203.0.113.7", 5, 0, 0)) == "203.0.113.7"
    assert of_peer(("2001:db8:1:2:3::4%eth0", 5, 0, 0)) == of_peer(("2001:db8:1:2:9::9", 5, 0, 0))
    assert of_peer(("2001:db8:1:2::1", 5, 0, 0)) != of_peer(("2001:db8:1:3::1", 5, 0, 0))
    assert of_peer(None) == of_peer("") == ""


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),  # a stranger's word
        ("10.1.1.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.1.1", ["192.0.2.9, 198.51.100.1", "10.2.2.2"], "198.51.100.1"),  # to the left stands what was made up
        ("10.1.1.1", ["198.51.100.1, nonsense"], "10.1.1.1"),
        ("10.1.1.1", [], "10.1.1.1"),
        ("::ffff:10.1.1.1", ["198.51.100.1"], "198.51.100.1"),
        ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("10.1.1.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.1.1.1", ["[2001:db8:1:2:3:4:5:6]:4711"], "2001:db8:1:2::/64"),
        (None, ["198.51.100.1"], ""),
    ],
)
def test_whose_address_it_is(peer: str | None, forwarded: list[str], found: str) -> None:
    assert of_visitor(peer, forwarded, PROXIES) == found
