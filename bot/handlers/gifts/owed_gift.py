"""What could not go back of a gift that was taken back: an owner sends it to the card once more, or has paid it."""

from bot.chat import tell
from bot.chat.address import address
from bot.chat.router import Route, do, show
from bot.chat.screen import Button, Line, Redirect, Screen, Style, Tone
from bot.chat.turn import Turn
from bot.chat.words import _
from bot.domain.payments.giving_back import Unreturnable
from bot.domain.people.permissions import Permission
from bot.domain.refusals import Code, Refusal
from bot.handlers.credits import return_words
from bot.handlers.gifts import gift_words
from bot.handlers.kit import failures, refusals
from bot.services.desk import Desk
from bot.services.gifts.owed_gifts import OwedGift

MAY = Permission.KEEP_EVERY_BOOKING
CARD, OTHERWISE = "card", "otherwise"


async def ask(turn: Turn, desk: Desk, gift: int) -> Screen:
    found = await desk.owed_gifts.find(gift)
    if found is None:
        return failures.missing()
    back = address("order", found.gift.order_id)
    if not found.owed:
        return refusals.screen(turn, Refusal(Code.UNRETURNABLE, Unreturnable.NOTHING_LEFT), back)
    lines = (
        Line(gift_words.what(found.gift)),
        Line(return_words.owed_to(found.owed, found.giver_name), Tone.STRONG),
        Line(_("If you have paid it by transfer or in cash, I only write that down."), Tone.QUIET),
    )
    rows = (
        (Button(_("Back to the card"), address("gift", gift, "owed", CARD)),),
        (Button(_("I paid it another way"), address("gift", gift, "owed", OTHERWISE)),),
        (Button(_("Leave it"), back, label=_("Give nothing back")),),
    )
    return Screen(_("Give money back"), lines, rows)


async def confirm(turn: Turn, desk: Desk, gift: int, how: str) -> Screen | Redirect:
    found = await desk.owed_gifts.find(gift)
    if found is None:
        return failures.missing()
    if how not in (CARD, OTHERWISE) or not found.owed:
        return Redirect(address("gift", gift, "owed"))
    yes = turn.do("gift", gift, "owed", how, "yes", stated=(found.owed.amount, how))
    act = Button(_("I paid it") if how == OTHERWISE else _("Give it back"), yes, Style.DANGER)
    again = Button(_("Change it"), address("gift", gift, "owed"))
    return Screen(_title(found, how), (Line(_happens(found, how)),), ((act, again),))


def _title(found: OwedGift, how: str) -> str:
    amount = tell.amount(found.owed)
    if how == OTHERWISE:
        return _("You paid {amount} another way?", amount=amount)
    return _("Give {amount} back?", amount=amount)


def _happens(found: OwedGift, how: str) -> str:
    amount, name = tell.amount(found.owed), found.giver_name
    if how == OTHERWISE:
        words = _("You have paid {amount} to {name} yourself. I write it down, and nothing goes to the card.")
        return words.format(amount=amount, name=name)
    return _("{amount} goes back to {name}, to the card that was paid with.", amount=amount, name=name)


async def settle(turn: Turn, desk: Desk, gift: int, how: str) -> Screen | Redirect:
    found = await desk.owed_gifts.find(gift)
    if found is None:
        return failures.missing()
    turn.require(found.owed.amount, how)
    act, to = turn.act(address("order", found.gift.order_id)), address("gift", gift, "owed")
    outcome = await desk.owed_gifts.settle(act, gift, found.owed, another_way=how == OTHERWISE)
    amount, name = tell.amount(found.owed), found.giver_name
    said = _("{amount} goes back, and I am letting {name} know.", amount=amount, name=name)
    if how == OTHERWISE:
        said = _("Written down, and I am letting {name} know.", name=name)
    return refusals.or_next(turn, outcome, to, said)


ROUTES: tuple[Route, ...] = (
    show("gift/{gift:id}/owed", ask, permission=MAY),
    show("gift/{gift:id}/owed/{how:word}", confirm, permission=MAY),
    do("gift/{gift:id}/owed/{how:word}/yes", settle, back="gift/{gift:id}/owed", permission=MAY),
)
