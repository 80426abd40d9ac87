"""What a strict mail server finds wrong with a mail: what some server somewhere would refuse, or mend as it likes."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

LONGEST_LINE = 998
NEEDED = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version")
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")


def faults(raw: bytes, message: EmailMessage) -> Iterator[str]:
    """Each in a few words, by RFC 5321 and 5322."""
    if _BARE.search(raw):
        yield "a line that does not end with CR LF"
    if not raw.isascii():
        yield "eight bits, and nobody said 8BITMIME"
    if any(len(line) > LONGEST_LINE for line in raw.split(b"\r\n")):
        yield "a line of more than 998 characters"
    for name in NEEDED:
        if len(message.get_all(name, [])) != 1:
            yield f"{name} does not stand there once"
    if message.defects:
        yield f"not well-formed: {type(message.defects[0]).__name__}"
    for name, value in message.items():
        if getattr(value, "defects", ()):
            yield f"{name} is not well-formed"
