"""The way to plan several sessions at once, where somebody looks for it."""

from collections.abc import Sequence

from bot.chat.address import address
from bot.chat.screen import Button, Row
from bot.chat.words import _, ngettext
from bot.domain.plans.rhythm import FEWEST, MOST
from bot.services.credits.balances import Balance


def several() -> Button:
    """Beside a single one, of whatever can be booked."""
    return Button(_("Plan several at once"), "plan")


def several_of(offer: int, coach: int) -> Button:
    """As `several`, of this offer. `coach` 0 is any."""
    to = address("plan", offer, coach, "n") if coach else address("plan", offer)
    return Button(_("Plan several at once"), to)


def first_of(balances: Sequence[Balance]) -> list[Row]:
    """One row, to plan what is left of the first of which that is several."""
    rows: list[Row] = [(each,) for each in map(_of_grant, balances) if each is not None]
    return rows[:1]


def _of_grant(balance: Balance) -> Button | None:
    grant, left = balance.holding.grant, min(balance.holding.credits.available, MOST)
    if left < FEWEST:
        return None
    offer = next(iter(grant.offer_ids)) if len(grant.offer_ids) == 1 else None
    to = address("plan", f"n{left}") if offer is None else address("plan", offer, f"n{left}")
    words = ngettext("Plan {n} session", "Plan {n} sessions", left)
    return Button(words, to, label=_("{act}: {name}", act=words, name=grant.name))
