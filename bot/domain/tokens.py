"""Tokens in links, which are start payloads too: a beginning that says of what, then letters that nobody guesses."""

import re
from dataclasses import dataclass

LETTERS = "abcdefghjkmnpqrstuvwxyz"
ALPHABET = f"{LETTERS}23456789"
"""No letters that are mistaken for digits, and no digits that are mistaken for letters."""


@dataclass(frozen=True)
class TokenShape:
    """`prefix`, then `length` of the alphabet."""

    prefix: str
    length: int

    def fits(self, payload: str) -> bool:
        """Whether this could be such a token; it may be used, over or nobody's."""
        return re.fullmatch(rf"{self.prefix}[{ALPHABET}]{{{self.length}}}", payload) is not None


INVITATION = TokenShape("j-", 27)  # 133 bits
GIFT = TokenShape("g-", 26)  # 128 bits
