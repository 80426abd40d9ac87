"""Who buys, as receipts are to name them: what a client entered of themselves, and why no tax is taken of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.payments.receipts import Party

NAME_LENGTH, ADDRESS_LENGTH, NUMBER_LENGTH, WHY_LENGTH = 100, 400, 40, 200


class Exemption(StrEnum):
    EXEMPT = "exempt"
    REVERSE = "reverse"  # the client owes the tax


@dataclass(frozen=True)
class Buyer:
    """`name` None: the one of the chat. `why`: the practice's reason for the exemption, which receipts name, or for
    taking it back; `by` is the person who did that, `since` when."""

    name: str | None = None
    address: str | None = None
    number: str | None = None
    exemption: Exemption | None = None
    why: str | None = None
    by: int | None = None
    since: datetime | None = None

    def party(self, otherwise: str, address: str | None = None) -> Party:
        """As it stands on a receipt; `otherwise` and `address` where they entered none."""
        return Party(self.name or otherwise, self.address or address, self.number)


def mistake(name: str, address: str, number: str) -> str | None:
    """Which of them is too long."""
    if len(name) > NAME_LENGTH:
        return "name"
    if len(address) > ADDRESS_LENGTH:
        return "address"
    return "tax_number" if len(number) > NUMBER_LENGTH else None
