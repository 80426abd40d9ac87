"""Python runs this at the start of every process that a test starts: the guard holds there too."""

from tests.support import loopback

loopback.guard()
