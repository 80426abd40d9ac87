"""What a session, or what was paid for one, can become instead."""

from bot.domain.payments.provider import ProviderTerms
from bot.services.exchanges.another_offer import OfferMoves
from bot.services.exchanges.as_credit import AsCredit
from bot.services.exchanges.late_money import LateMoney
from bot.services.kit.reaction import Reaction
from storage.engine import Storage


class Exchanges:
    """`provider`: which amounts can be charged; None while nobody charges anything."""

    def __init__(self, storage: Storage, react: Reaction, provider: ProviderTerms | None) -> None:
        self.as_credit = AsCredit(storage)
        self.late_money = LateMoney(storage)
        self.offer_moves = OfferMoves(storage, react, provider)
